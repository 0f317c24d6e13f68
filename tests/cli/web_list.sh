#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A list of addresses: each captured once, two at a time, one that cannot be reached told apart; stopped half-way it goes
# on where it was; a site is not asked faster than wanted.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

mkdir site
for i in 1 2 3 4 5; do echo "<!doctype html><title>page $i</title><p>page $i" >"site/$i.html"; done
# One request after the other with the time of each, so that pauses can be seen.
cat >server.py <<'PY'
import http.server, sys, time
class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path.endswith('.html'):
            with open(sys.argv[1], 'a') as log:
                log.write(f'{time.time()} {self.path}\n')
        super().do_GET()
    def log_message(self, *words):
        pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), lambda *a: Handler(*a, directory='site'))
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 server.py asked.log >port 2>server.err &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
site="http://127.0.0.1:$(cat port)"
"$axev" init L --origin test.example/log >/dev/null || exit 1
export AXEV_LEDGER=L
{
  echo "# shops of the county"
  for i in 1 2 3; do echo "  $site/$i.html"; done
  echo
  echo "$site/1.html"
  echo "http://127.0.0.1:1/closed"
} >urls.txt
is_true() { python3 -c 'import json,sys; m=[json.loads(l) for l in open(sys.argv[1])]; sys.exit(not eval(sys.argv[2]))' "$@"; }

check_exit "one of four cannot be reached: the exit status says so" 3 \
  "$axev" capture web --list urls.txt --jobs 2 --delay 0 --lang-page en
cp .out said
check "each once, also the one that the list names twice" is_true urls.txt.results 'len(m) == 4 and len({r["url"] for r in m}) == 4'
check "three are sealed" is_true urls.txt.results 'sum(r["state"] == "sealed" and len(r["id"]) == 64 and r["complete"] for r in m) == 3'
check "the fourth has its reason" is_true urls.txt.results '[r for r in m if r["state"] == "failed"][0]["problem"].find("net::ERR_CONNECTION_REFUSED") > 0 or [r for r in m if r["state"] == "failed"][0]["problem"].find("net::ERR_UNSAFE_PORT") > 0'
check "the table names all" sh -c 'test "$(grep -c "^    http" said)" -eq 4'
check "the ledger is whole" "$axev" ledger check
"$axev" list --json >listed.json
check "and has three packages" python3 -c 'import json; assert len(json.load(open("listed.json"))["packages"]) == 3'

before=$(wc -l <asked.log)
check_exit "again: only what failed is tried" 3 "$axev" capture web --list urls.txt --json
check "the site was not asked again" test "$(wc -l <asked.log)" -eq "$before"

# ---- stopped half-way ----
for i in 1 2 3 4 5; do echo "$site/$i.html"; done >five.txt
rm -rf M && "$axev" init M --origin test.example/log2 >/dev/null
setsid "$axev" capture web --list five.txt --delay 0 --ledger M >/dev/null 2>&1 &
group=$!
for _ in $(seq 600); do [ "$(cat five.txt.results 2>/dev/null | wc -l)" -ge 2 ] && break; sleep 0.1; done
kill -9 -- "-$group"
wait "$group" 2>/dev/null
printf '{"state":"sealed","id":"' >>five.txt.results # as a stop in the middle of a line would leave it
done_before=$(grep -c '"sealed".*}$' five.txt.results)
check "it was stopped half-way" test "$done_before" -ge 2 -a "$done_before" -lt 5
check "started again it ends well" "$axev" capture web --list five.txt --delay 0 --ledger M
check "all five are sealed, none twice" python3 - <<'PY'
import json
rows = []
for line in open('five.txt.results'):
    try:
        rows.append(json.loads(line))
    except ValueError:
        pass
assert len({r['id'] for r in rows}) == len(rows) == len({r['url'] for r in rows}) == 5, rows
PY
check "and the ledger is whole" "$axev" ledger check --ledger M

# ---- politeness ----
: >asked.log
printf '%s\n' "$site/1.html" "$site/2.html" >two.txt
check "two pages of one host with a delay" "$axev" capture web --list two.txt --jobs 2 --delay 3
check "were asked for three seconds apart, or more" python3 - <<'PY'
times = [float(line.split()[0]) for line in open('asked.log')]
assert len(times) == 2 and times[1] - times[0] >= 3, times
PY

# ---- mistakes are found before anything is captured ----
printf '%s\nftp://x/\n' "$site/1.html" >bad.txt
check_exit "an address that is none" 3 "$axev" capture web --list bad.txt
cp .out said
check "is named with its line" grep -qx 'axev: bad.txt: line 2: expected an address as https://shop.example/' said
check_exit "no list" 3 "$axev" capture web --list absent.txt
check_exit "an empty list" 3 sh -c ': >empty.txt; "$1" capture web --list empty.txt' - "$axev"
check_exit "too many jobs" 2 "$axev" capture web --list two.txt --jobs 99
check_exit "an address beside the list" 2 "$axev" capture web "$site/1.html" --list two.txt
conclude
