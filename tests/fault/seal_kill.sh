#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kill -9 at random moments of capturing and sealing: the ledger stays clean and every acknowledged id is there.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
rounds=${AXEV_KILL_ROUNDS:-200}

head -c 200000 /dev/urandom >file.bin
"$axev" init L --origin test.example/log >/dev/null || exit 1

now_ms() { echo $(($(date +%s%N) / 1000000)); }

# The kills must fall on every step, before the acknowledgement and after it: how long does one run take here?
longest=1
for _ in 1 2 3 4 5; do
  begin=$(now_ms)
  "$axev" capture file file.bin --ledger L --json >answer || exit 1
  took=$(($(now_ms) - begin))
  [ "$took" -gt "$longest" ] && longest=$took
done

# How long a run takes changes with what else the machine does: the window follows, so that both kinds go on happening.
window=$((longest * 3 / 2))
acknowledged=
cut_short=0
for round in $(seq "$rounds"); do
  : >answer
  "$axev" capture file file.bin --ledger L --json >answer 2>/dev/null &
  pid=$!
  delay_ms=$((RANDOM % (window + 1)))
  sleep "$(printf '%d.%03d' $((delay_ms / 1000)) $((delay_ms % 1000)))"
  kill -9 "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  if [ $? -eq 137 ]; then
    cut_short=$((cut_short + 1))
    window=$((window * 11 / 10 + 1))
  else
    window=$((window * 8 / 10 + 1))
  fi
  if grep -q '"state":"sealed"' answer; then
    acknowledged="$acknowledged $(member id <answer)"
  fi
done
count=$(set -- $acknowledged; echo $#)
echo "# kills within $window ms at the end: $cut_short of $rounds were cut short, $count were acknowledged"
# Without both kinds this test would show nothing.
check "at least a tenth were cut short" test "$cut_short" -ge $((rounds / 10))
check "at least a tenth were acknowledged" test "$count" -ge $((rounds / 10))
check "ledger check is clean" "$axev" ledger check --ledger L
"$axev" list --ledger L --json >list.json
lost=0
for id in $acknowledged; do
  grep -q "\"id\":\"$id\",\"state\":\"sealed\"" list.json || { echo "# lost: $id"; lost=$((lost + 1)); }
done
check "every acknowledged package is sealed in the ledger" test "$lost" -eq 0
last=${acknowledged##* }
check "the last of them can be exported" "$axev" export "$last" --ledger L -o last.asice
check_exit "and is valid" 0 "$verify" last.asice --policy L/policy.json
# What was captured but not sealed can still be sealed.
for id in $(python3 -c 'import json; [print(p["id"]) for p in json.load(open("list.json"))["packages"] if p["state"] == "captured"]' | head -n 5); do
  check "draft ${id:0:8} can be sealed after the crash" "$axev" seal "$id" --ledger L
done
check "ledger check is clean at the end" "$axev" ledger check --ledger L
check "git fsck agrees" git -C L/ledger.git fsck --strict --no-progress
conclude
