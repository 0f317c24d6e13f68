#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A person at a browser that can be seen, played by xdotool on a display of its own: what they do is listed, what they type
# as a password is not, and the video shows the display from the first to the last second. AXEV_SESSION_SECONDS makes it longer.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_display.sh"
seconds=${AXEV_SESSION_SECONDS:-15}

"$axev" init L --origin test.example/log >/dev/null || exit 1
python3 "$AXEV_SOURCE_ROOT/tests/web/login_site.py" >port 2>server.log &
started_pids="$started_pids $!"
start_display
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
base="http://127.0.0.1:$(cat port)"
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

xsetroot -solid '#3060a0'

password=sesame42
export ORDER_NUMBER=geheim-4711
begun=$(date +%s)
"$axev" capture web "$base/" --ledger L --json --interactive --video --session "$seconds" --viewport 1200x800 \
  --secret-env ORDER_NUMBER >said 2>problem </dev/null &
capture=$!
started_pids="$started_pids $capture"
await_window Entrance
sleep 2
key() { xdotool key --delay 40 "$@"; sleep 0.2; }
# Without a window manager the address bar has the focus: the first field is clicked.
xdotool mousemove 60 222 click 1
sleep 0.3
key ctrl+a
xdotool type --delay 50 buyer7
key ctrl+a
xdotool type --delay 50 geheim-4711
key ctrl+a
xdotool type --delay 50 buyer7
key Tab
xdotool type --delay 50 "$password"
key Return
await_window Orders
sleep 1.5
xdotool mousemove 640 500 click 1
wait "$capture"
check "the session ends by itself" test $? -eq 0
check "without a complaint" test ! -s problem
id=$(member id <said)
"$axev" export "$id" --ledger L -o s.asice >/dev/null
check_exit "valid under the demo policy" 0 "$verify" s.asice --policy L/policy.json
unzip -qp s.asice data/packages/0001.asice >package && unzip -q package -d package.d
manifest=package.d/data/evidence.json
check "the site got what was typed" grep -q 'user=buyer7&password=sesame42' posted.txt
python3 - $manifest >acts <<'PY'
import json, re, sys
for step in json.load(open(sys.argv[1]))['capture']['steps']:
    if step['action'].startswith(('operator:', 'page:', 'end of the session')):
        print(re.sub(r'at \d+,\d+', 'at X,Y', step['action']) + (' - ' + step['result'] if 'end' in step['action'] else ''))
PY
cat >did <<END
page: $base/
operator: clicks input#user at X,Y
operator: presses Control+a in input#user
operator: types buyer7 into input#user
operator: presses Control+a in input#user
operator: types 11 keys, not kept, into input#user
operator: presses Control+a in input#user
operator: types buyer7 into input#user
operator: presses Tab in input#user
operator: types 8 keys, not kept, into input#password
operator: presses Enter in input#password
page: $base/orders
operator: clicks div#cover at X,Y
end of the session - the time limit
END
check "the list of steps is what was done, in its order" diff did acts
check "each step has its time" is_true $manifest \
  "(lambda t: all(t) and t == sorted(t))([s['time'] for s in m['capture']['steps']])"
check "each has its picture" sh -c 'test $(ls package.d/data/steps/*.png | wc -l) -eq 2'
check "the last page has its views" is_true $manifest \
  "m['source']['title'] == 'Orders' and {'screenshot', 'dom', 'mhtml', 'text'} <= {o['role'] for o in m['objects']}"
check "the password stands in what was sent, and nowhere else" test \
  "$(cd package.d && grep -rla "$password" . | sort | tr '\n' ' ')" = "./data/page.wacz "
check "a declared secret that was not sent stands nowhere" sh -c '! grep -rla geheim-4711 package.d said problem'
mkdir wacz && unzip -q package.d/data/page.wacz -d wacz
check "in the archive it is the body of the request alone" test \
  "$(cd wacz && grep -rla "$password" . | grep -vE '^./(archive/data.warc|indexes/index.cdxj?)(.gz)?$')" = ""
ffprobe -v error -count_frames -show_entries stream=codec_name,width,height,nb_read_frames:format=duration -of json package.d/data/video.webm >probe.json 2>probe.err
check "ffprobe has no complaint about the video" test ! -s probe.err
check "it is of the whole display, with the strip below" is_true probe.json \
  "(lambda s: s['codec_name'] == 'vp8' and s['width'] == 1300 and s['height'] == 952)(m['streams'][0])"
check "from the start to the end" is_true probe.json "float(m['format']['duration']) >= $seconds"
check "with as many frames as the manifest tells" is_true probe.json \
  "int(m['streams'][0]['nb_read_frames']) == $(python3 -c 'import json; print(json.load(open("'$manifest'"))["video"]["frames"])') > $seconds / 2"

check "it began before the first check of this machine, and ended behind the last" is_true $manifest \
  "(lambda v, times, steps: v['started'] <= min(times) and steps[0] == ('video', 'begun') and steps[-1] == ('video', 'ended'))(m['video'], [c['started'] for c in m['environment']['checks'] if 'started' in c], [(s['action'], s['result']) for s in m['capture']['steps']])"
cat >look.py <<'PY'
# Of at most one picture a second: the brightest and darkest value, and what the strip and the picture above it hold.
import subprocess, sys
width, height = 1300, 952
raw = subprocess.run(['ffmpeg', '-v', 'error', '-i', sys.argv[1], '-vf', r'select=isnan(prev_selected_t)+gte(t-prev_selected_t\,1)', '-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'],
                     stdout=subprocess.PIPE, check=True).stdout
pictures = [raw[i:i + width * height] for i in range(0, len(raw), width * height)]
above = [p[:width * 900] for p in pictures]
assert len(pictures) >= int(sys.argv[2]) / 3, len(pictures)
assert all(sum(p) / len(p) > 20 for p in above), [sum(p) // len(p) for p in above]
assert len(set(p[width * 900:] for p in pictures)) == len(pictures), 'the clock stands'
assert len(set(above)) > 3, 'the display stands'
PY
check "no picture is black, the clock goes on, and the display changes" python3 look.py package.d/data/video.webm "$seconds"

# ---- the window is closed ----
"$axev" capture web "$base/" --ledger L --json --interactive --session 60 --viewport 1200x800 >said 2>problem </dev/null &
capture=$!
started_pids="$started_pids $capture"
for _ in $(seq 300); do xdotool search --onlyvisible --name Entrance >/dev/null 2>&1 && break; sleep 0.1; done
sleep 4
key ctrl+w
wait "$capture"
check "closing the window ends the session" test $? -eq 0
id=$(member id <said)
"$axev" export "$id" --ledger L -o closed.asice >/dev/null
check_exit "what there is is valid" 0 "$verify" closed.asice --policy L/policy.json
unzip -qp closed.asice data/packages/0001.asice >closed.package && unzip -qp closed.package data/evidence.json >closed.json
check "and says that there are no last views" is_true closed.json \
  "{'what': 'views of the page', 'why': 'the operator closed the window'} in m['complete'] and any(o['role'] == 'step-screenshot' for o in m['objects'])"
check_exit "no display, no session" 2 env -u DISPLAY "$axev" capture web "$base/" --ledger L --interactive
conclude
