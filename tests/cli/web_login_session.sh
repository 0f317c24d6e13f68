#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A person logs in once, in a browser that can be seen (xdotool plays the person); a later capture, with nobody there, uses the
# state that was saved. The state is in a file of the operator's and in no package but where the site itself set it.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_display.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
export ACCOUNT_SID=Zq7-session-8f3a91c2
node "$AXEV_SOURCE_ROOT/tests/web/account_site.mjs" >ports 2>server.log &
started_pids="$started_pids $!"
start_display
for _ in $(seq 100); do [ -s ports ] && break; sleep 0.1; done
base="http://127.0.0.1:$(member http <ports)"

# person NAME SECONDS: logs in at the entrance.
person() {
  "$axev" capture web "$base/" --ledger L --json --no-checks --interactive --session "$2" --viewport 1200x800 \
    --save-cookies "$1.json" >"$1.out" 2>"$1.said" </dev/null &
  capture=$!
  started_pids="$started_pids $capture"
  await_window Entrance
  sleep 1.5
  xdotool mousemove 300 400 click 1
  await_window Account
  sleep 1.5
}
unpack() { # NAME
  "$axev" export "$(member id <"$1.out")" --ledger L -o "$1.asice" >/dev/null
  check_exit "$1: valid under the demo policy" 0 "$verify" "$1.asice" --policy L/policy.json
  unzip -qp "$1.asice" data/packages/0001.asice >"$1.package" && unzip -q "$1.package" -d "$1.d"
  unzip -q "$1.d/data/page.wacz" -d "$1.wacz"
}

person first 9
wait "$capture"
check "the session ends by itself" test $? -eq 0
unpack first
check "the state is there, for its owner alone" test "$(stat -c %a first.json)" = 600
check "with what the site set" python3 -c "
import json
held = {c['name']: c for c in json.load(open('first.json'))}
assert held['sid']['value'] == '$ACCOUNT_SID' and held['sid']['httpOnly'] and held['sid']['sameSite'] == 'Lax', held
assert held['seen']['value'] == '1', held"
check "what the browser sent is masked" grep -aqx $'Cookie: sid=\*\{20\}; seen=\*\r' first.wacz/archive/data.warc
check "the value stands where the site set it alone" test "$(grep -ac "$ACCOUNT_SID" first.wacz/archive/data.warc)" -eq 1
check "in the package of the session nowhere else" test "$(grep -rla "$ACCOUNT_SID" first.d)" = first.d/data/page.wacz
check "which is told" grep -q 'log out before it is handed on' first.said
check "the session says that it was saved, outside" python3 -c "
import json
m = json.load(open('first.d/data/evidence.json'))
assert m['source']['login']['cookies_saved'] == 2 and m['source']['login']['cookies'] == [], m['source']['login']
assert any(s['result'] == 'written to a file outside of the package: 2, left out 0' for s in m['capture']['steps'])"
check_exit "a file that is there is never written over" 2 "$axev" capture web "$base/" --ledger L --interactive --save-cookies first.json

# The window is closed, and the browser with it: what it held on its last page is saved.
person closed 60
xdotool key ctrl+w
wait "$capture"
code=$?
check "a window that is closed ends the session" sh -c "cat closed.said; test $code -eq 0"
check "and its state is saved all the same" grep -q "$ACCOUNT_SID" closed.json

"$axev" capture web "$base/account" --ledger L --json --no-checks --cookies first.json >later.out 2>later.said
unpack later
check "a later capture is let in with it" grep -q 'Account of buyer-7' later.d/data/text.txt
check "and its package holds no value" sh -c "! grep -rla $ACCOUNT_SID later.d later.wacz"
conclude
