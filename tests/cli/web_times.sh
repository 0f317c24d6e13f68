#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Dates in the archive are by the clock of the browser's log. Where that is not the machine's, the manifest says by how much, and
# the dates are left as they are; where it is, they are when the request came, however late the server read it.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
web="$AXEV_SOURCE_ROOT/tests/web"
chromium=/usr/lib/chromium/chromium
# The browser's user must be able to run what stands in its place.
shared=$(mktemp -d /tmp/axev-times-XXXXXX)
chmod 755 "$shared"
trap 'rm -rf "$shared"; finish' EXIT
"$axev" init L --origin test.example/log >/dev/null || exit 1
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

# Between the browser and the recorder: the log begins at another time of day.
cat >"$shared/log.py" <<'PY'
import re, sys
line = sys.stdin.buffer.readline()
line, count = re.subn(rb'"timeTickOffset":(\d+)', lambda found: b'"timeTickOffset":%d' % (int(found[1]) + int(sys.argv[1])), line)
assert count == 1, line[:200]
sys.stdout.buffer.write(line)
sys.stdout.buffer.flush()
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
PY
browser() { # NAME MILLISECONDS
  cat >"$shared/$1" <<EOF
#!/bin/bash
for given; do
  case \$given in
  --log-net-log=*) log=\${given#*=}; kept+=("--log-net-log=\$HOME/log") ;;
  *) kept+=("\$given") ;;
  esac
done
[ -p "\$HOME/log" ] || mkfifo "\$HOME/log"
python3 $shared/log.py $2 <"\$HOME/log" >"\$log" 3>&- 4>&- &
exec $chromium "\${kept[@]}"
EOF
}
browser behind -5000
browser ahead 3000
chmod 755 "$shared"/*

# capture NAME PATH OPTION...: NAME.json is the manifest, NAME.warc the archive, NAME.truth what the site logged.
capture() {
  local name=$1 path=$2 id server url
  shift 2
  mkdir "$name.truth"
  python3 "$web/truth_server.py" "$name.truth" >"$name.urls" 2>"$name.err" &
  server=$!
  started_pids="$started_pids $server"
  for _ in $(seq 300); do [ -s "$name.urls" ] && break; sleep 0.1; done
  url=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["urls"]["http"])' "$name.urls")
  id=$("$axev" capture web "$url$path" --ledger L --json "$@" 2>"$name.said" | member id)
  kill "$server" && wait "$server"
  unpack_capture "$name" "$id" || return
  unzip -qp "$name.package" data/page.wacz >"$name.wacz"
  unzip -qp "$name.wacz" archive/data.warc >"$name.warc"
}
# says NAME WORDS LEAST MOST: that is all that is missing; milliseconds between both.
says() {
  python3 - "$1.json" "$2" "$3" "$4" <<'PY'
import json, re, sys
name, words, least, most = sys.argv[1:]
(missing,) = json.load(open(name))['complete']
assert missing['what'] == 'times of the network log, WARC-Date among them', missing
found = re.fullmatch(rf"compared at its beginning and end: (\d+) ms {words} the machine's clock", missing['why'])
assert found and int(least) <= int(found[1]) <= int(most), missing
PY
}
off_by() { # NAME SECONDS: every date, and no less and no more
  python3 "$web/compare_warc.py" "$1.truth/truth.jsonl" "$1.warc" >"$1.compared"
  python3 -c 'import re,sys
found = [float(x) for x in re.findall(r"not when it happened: (\S+) s from", open(sys.argv[1]).read())]
sys.exit(not (len(found) >= 4 and all(abs(x - float(sys.argv[2])) < 0.5 for x in found)))' "$1.compared" "$2"
}

capture right landing
check "nothing is said of a clock that is right" is_true right.json "m['complete'] is True"
check "and dates are when the requests came" python3 "$web/compare_warc.py" right.truth/truth.jsonl right.warc
capture behind landing --browser "$shared/behind"
check "a log that is behind is said to be" says behind behind 4900 5100
check "and its dates are those of the log" off_by behind -5
capture ahead landing --browser "$shared/ahead"
check "one that is ahead, too" says ahead 'ahead of' 2900 3100
check "with its dates" off_by ahead 3
# Who ended it does not hang on the time of day.
capture stream events-page --browser "$shared/behind"
check "what the capture ended is not said to have been ended by the site" python3 - <<'PY'
import json
assert [one['why'] for one in json.load(open('stream.json'))['complete'] if one['what'].endswith('/events')] == [
    'still being received when the capture ended'], json.load(open('stream.json'))['complete']
PY
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
