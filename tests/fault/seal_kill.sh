#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kill -9 at random moments of capturing and sealing: the ledger stays clean and every acknowledged id is there.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
rounds=${AXEV_KILL_ROUNDS:-200}

head -c 200000 /dev/urandom >file.bin
"$axev" init L --origin test.example/log >/dev/null || exit 1
acknowledged=
killed=0
for round in $(seq "$rounds"); do
  : >answer
  "$axev" capture file file.bin --ledger L --json >answer 2>/dev/null &
  pid=$!
  sleep "0.0$(printf '%02d' $((RANDOM % 60)))"
  kill -9 "$pid" 2>/dev/null && killed=$((killed + 1))
  wait "$pid" 2>/dev/null
  if grep -q '"state":"sealed"' answer; then
    acknowledged="$acknowledged $(member id <answer)"
  fi
done
count=$(set -- $acknowledged; echo $#)
echo "# $killed of $rounds were killed, $count were acknowledged"
check "some were killed before they ended" test "$killed" -gt 0
check "ledger check is clean" "$axev" ledger check --ledger L
"$axev" list --ledger L --json >list.json
for id in $acknowledged; do
  grep -q "\"id\":\"$id\",\"state\":\"sealed\"" list.json || { echo "not ok - acknowledged $id is not sealed"; failures=$((failures + 1)); }
done
# What was captured but not sealed can still be sealed.
for id in $(python3 -c 'import json; [print(p["id"]) for p in json.load(open("list.json"))["packages"] if p["state"] == "captured"]' | head -n 5); do
  check "draft ${id:0:8} can be sealed after the crash" "$axev" seal "$id" --ledger L
done
check "ledger check is clean at the end" "$axev" ledger check --ledger L
check "git fsck agrees" git -C L/ledger.git fsck --strict --no-progress
conclude
