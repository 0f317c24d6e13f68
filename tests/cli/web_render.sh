#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How a page is shown: scrolled to its end for what loads only when it is seen, at rest before its picture is taken, on the
# device and in the time zone that were asked for; a long page's picture is right to the last row; a page that crashes is
# tried once more and no oftener.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
web="$AXEV_SOURCE_ROOT/tests/web"

"$axev" init L --origin test.example/log >/dev/null || exit 1
python3 "$web/render_site.py" asked >port 2>server.log &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
base="http://127.0.0.1:$(cat port)"

# capture NAME PATH OPTION...: sealed, exported, valid; NAME/ is the package.
capture() {
  local name=$1 path=$2 id
  shift 2
  id=$("$axev" capture web "$base/$path" --ledger L --json "$@" 2>"$name.said" | member id 2>/dev/null)
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { sed 's/^/#   /' "$name.said"; return 1; }
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  mkdir "$name"
  unzip -qp "$name.asice" data/packages/0001.asice >"$name.package"
  unzip -q "$name.package" -d "$name"
}
is_true() { # NAME EXPRESSION: python, true of m, the manifest, and step(ACTION), the result of that step
  python3 -c '
import json, sys
m = json.load(open(sys.argv[1] + "/data/evidence.json"))
step = lambda action: [s["result"] for s in m["capture"]["steps"] if s["action"] == action][-1]
missing = [] if m["complete"] is True else m["complete"]
text = open(sys.argv[1] + "/data/text.txt").read()
ok = eval(sys.argv[2])
if not ok: print(m["capture"]["steps"], m["complete"], m["source"]["options"], text[:600])
sys.exit(not ok)' "$@"
}
asked() { grep -c "\"path\": \"$1\"" asked; }

# ---- scrolling ----
capture lazy lazy
check "what is seen only at the end was asked for" is_true lazy "'the end was seen' in text"
check "all eight lazy pictures came" test "$(asked '/picture/[0-9]')" -eq 8
check "how far it went is told" is_true lazy "step('scroll').endswith('after: end of the page') and m['complete'] is True"
capture unscrolled lazy --no-scroll
check "switched off, that is told, and the end was not seen when the text was read" is_true unscrolled \
  "step('scroll') == 'not done: switched off' and m['source']['options']['scroll'] is False and 'not seen' in text"
capture late late
check "a page that grows behind its load event is scrolled again, so that its end is asked for" is_true late \
  "'long' in text and int(step('scroll').split(' to row ')[1].split(';')[0]) > 6000"
check "its lazy picture came" test "$(asked /picture/90)" -eq 1
capture inside inside
check "an area that scrolls inside of the page is scrolled to its end, as it grows" is_true inside \
  "'more 2' in text and 'row 80' in step('scroll inside') and step('scroll inside').endswith('end of the page')"
check "what is loaded at its end came" test "$(asked /picture/91)" -eq 1
check "that its picture shows only the beginning is told" is_true inside \
  "missing == [{'what': 'screenshot.png', 'why': 'an area that scrolls inside of the page shows only its beginning'}]"
capture endless endless
check "a page without end is left at the limit" is_true endless \
  "step('scroll').endswith(('more rows than are scrolled', 'time ran out')) and any(o['what'] == 'what is loaded when it is scrolled to' for o in missing)"
capture held held
check "a page that will not be scrolled is told of" is_true held \
  "step('scroll').endswith('did not scroll further') and missing != []"

# ---- rest ----
capture moving moving
check "a layout that never rests is named" is_true moving \
  "step('rest') == 'not at rest; loading stopped' and any(o['what'] == 'layout of the page' and o['why'] == 'its size still changed' for o in missing)"
check "a layout that rests is called so" is_true lazy "step('rest') == 'no traffic and a still layout for 500 ms'"
capture leaving leaving
check "frames that come and go do not hold it up" is_true leaving "'a frame that goes and comes' in text"

# ---- device and time zone ----
: >asked
capture phone who --device phone --time-zone America/New_York
check "the page sees a telephone" is_true phone \
  "'Android' in text and '\"width\":390' in text and '\"ratio\":3' in text and '\"touch\":5' in text and '\"coarse\":true' in text"
check "in the time zone that was chosen" is_true phone \
  "'America/New_York' in text and m['source']['options']['time_zone'] == 'America/New_York'"
check "the manifest says that it is emulated, and what the browser itself would say" is_true phone \
  "m['source']['options']['user_agent_emulated'] is True and 'Android' in m['source']['user_agent'] and 'Linux x86_64' in m['source']['options']['browser_user_agent']"
check "that user agent is what was sent, by the frame of another site as well" python3 - <<'PY'
import json
rows = [json.loads(line) for line in open('asked')]
agent = json.load(open('phone/data/evidence.json'))['source']['user_agent']
rows = [row for row in rows if row['path'] in ('/who', '/who-frame')]
assert len(rows) == 2 and all(row['agent'] == agent for row in rows), rows
PY
check "the frame's scripts see the same" python3 - <<'PY'
strings = [s for f in __import__('json').load(open('phone/data/dom.json'))['frames'] for s in f['snapshot']['strings']]
frame = [s for s in strings if s.startswith('FRAME ')]
assert frame and all('Android' in s and 'America/New_York' in s for s in frame), frame
PY
check "its picture has three pixels for one" python3 - <<'PY'
import struct
assert struct.unpack('>I', open('phone/data/screenshot.png', 'rb').read()[16:20])[0] == 1170
PY
capture desktop who
check "a desktop is not emulated" is_true desktop \
  "m['source']['options']['user_agent_emulated'] is False and 'Android' not in text and m['source']['options']['time_zone_set'] is False"
check "the frame of another site is in the MHTML too" grep -aq "FRAME Mozilla" desktop/data/page.mhtml
check "and its text is kept with its address" python3 - <<'PY'
kept = __import__('json').load(open('desktop/data/frame-texts.json'))
assert [(f['url'].rsplit('/', 1)[1], f['text'].startswith('FRAME Mozilla')) for f in kept['frames']] == [('who-frame', True)], kept
PY
check "a page without frames has no such object" test ! -e lazy/data/frame-texts.json
for bad in "--device tablet" "--time-zone Nowhere/Never" "--time-zone a'b"; do
  # shellcheck disable=SC2086
  check_exit "refused: $bad" 2 "$axev" capture web "$base/who" --ledger L $bad
done

# ---- the picture of a long page ----
capture tall tall
check "40,000 rows have the colour that they should, and the header stands once" \
  node "$web/pixels.mjs" bands tall/data/screenshot.png 400 100 50

# ---- a page that crashes ----
# kill_page COUNT: the process that shows the page, so many times, once it waits for /never.
kill_page() {
  local seen=0 killed=0 pid
  while [ $killed -lt "$1" ]; do
    while [ "$(asked /never)" -le $seen ]; do
      kill -0 "$capture_pid" 2>/dev/null || return # it has ended without asking again
      sleep 0.1
    done
    seen=$(asked /never)
    sleep 0.5
    browser=$(pgrep -P "$capture_pid" -f -- --remote-debugging-pipe | head -1)
    directory=$(grep -aoE '/tmp/axev-web-[A-Za-z0-9]{6}' "/proc/$browser/cmdline" | head -1)
    for pid in $(pgrep -f -- "--type=renderer.*--user-data-dir=$directory/"); do kill -9 "$pid"; done
    killed=$((killed + 1))
  done
}
crash() { # NAME KILLS: its exit code in $code
  : >asked
  "$axev" capture web "$base/stall" --ledger L --json --timeout 8 >"$1.json" 2>"$1.said" &
  capture_pid=$!
  kill_page "$2"
  wait "$capture_pid"
  code=$?
}
crash once 1
check "a page that crashed once is captured by a second browser" test "$code" -eq 0
id=$(member id <once.json)
"$axev" export "$id" --ledger L -o once.asice >/dev/null && mkdir once && unzip -qp once.asice data/packages/0001.asice >once.package &&
  unzip -q once.package -d once
check_exit "valid under the demo policy" 0 "$verify" once.asice --policy L/policy.json
check "and the first attempt is told" is_true once \
  "step('attempt') == 'the page crashed in the browser; begun again with a new one' and len([s for s in m['capture']['steps'] if s['action'] == 'start the browser']) == 2"
crash twice 2
check "a page that crashes twice ends the capture" test "$code" -ne 0
check "and says so" grep -q 'the page crashed in the browser' twice.said
check "nothing of the browsers is left" test -z "$(pgrep -f "user-data-dir=${directory:-none}/")"
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
