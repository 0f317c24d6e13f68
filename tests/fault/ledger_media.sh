#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A full disk, a read-only medium, a ledger in use: reading goes on, writing says why not, and nothing is lost.
# Mounts are made in a mount namespace of this script's own.
if [ -z "${AXEV_IN_NAMESPACE:-}" ]; then
  export AXEV_IN_NAMESPACE=1
  if [ "$(id -u)" -eq 0 ]; then exec unshare -m bash "$0" "$@"; else exec unshare -rm bash "$0" "$@"; fi
fi
. "$AXEV_SOURCE_ROOT/tests/scenario.sh" || exit 1
trap 'cd /; umount "$scratch/disk" "$scratch/frozen" 2>/dev/null; finish' EXIT
probe="$AXEV_BUILD_ROOT/tests/ledger_probe"

# says "sentence" CODE "text of the one error line" command...
says() {
  local sentence=$1 want=$2 text=$3
  shift 3
  "$@" >.stdout 2>.stderr
  local got=$?
  if [ "$got" -eq "$want" ] && grep -qF -- "$text" .stderr && [ "$(wc -l <.stderr)" -eq 1 ]; then
    echo "ok - $sentence"
  else
    echo "not ok - $sentence: expected exit $want and one line with '$text', found exit $got and:"
    sed 's/^/#   /' .stderr
    failures=$((failures + 1))
  fi
}

# ---- full disk, at many sizes, so that it fills at different steps ----
mkdir disk
bad=0 full=0
for size in $(seq 128 12 248); do
  mount -t tmpfs -o "size=${size}k" tmpfs disk
  if "$probe" init disk/L 2>/dev/null; then
    "$probe" append disk/L 100000 40 >acknowledged 2>.stderr && { echo "# ${size}k never filled"; bad=$((bad + 1)); }
    full=$((full + 1))
    grep -q 'No space left on device' .stderr || { echo "# ${size}k: $(cat .stderr)"; bad=$((bad + 1)); }
    last=$(tail -n 1 acknowledged)
    outcome=$("$probe" check disk/L 2>&1) && [ "${outcome%% *}" -gt "${last:--1}" ] ||
      { echo "# ${size}k, full: acknowledged ${last:-none}, found $outcome"; bad=$((bad + 1)); }
    mount -o remount,size=4m disk
    "$probe" append disk/L 40 40 >/dev/null 2>.stderr || { echo "# ${size}k, room again: $(cat .stderr)"; bad=$((bad + 1)); }
    outcome=$("$probe" check disk/L 2>&1) && [ "${outcome%% *}" -gt $((${last:--1} + 40)) ] ||
      { echo "# ${size}k, room again: $outcome"; bad=$((bad + 1)); }
    git -C disk/L/ledger.git fsck --strict --no-dangling --no-progress >.out 2>&1 || { cat .out; bad=$((bad + 1)); }
  fi
  umount disk
done
check "$full disks filled up" test "$full" -gt 5
check "a full disk loses nothing that was acknowledged, and can be read" test "$bad" -eq 0

head -c 30000 /dev/urandom >file.bin
mount -t tmpfs -o size=900k tmpfs disk
check "init" "$axev" init disk/L --origin test.example/log
check "capture" "$axev" capture file file.bin --ledger disk/L
id=$("$axev" list --ledger disk/L --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["packages"][0]["id"])')
dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null
says "full disk: capture says so" 3 "No space left on device" "$axev" capture file file.bin --ledger disk/L
check "full disk: list" "$axev" list --ledger disk/L
check "full disk: check" "$axev" ledger check --ledger disk/L
check "full disk: export to another disk" "$axev" export "$id" --ledger disk/L -o full.asice
check_exit "and the bundle is valid" 0 "$verify" full.asice --policy disk/L/policy.json
rm disk/filler
check "room again: capture" "$axev" capture file file.bin --ledger disk/L
check "room again: check" "$axev" ledger check --ledger disk/L
umount disk

# Records stand in the package, and have to move aside when a long cell comes: there is room for the file and for 5 MB of them, not for
# these twice.
python3 -c 'import random
print("id,note", *(f"{i},{random.randbytes(80).hex()}" for i in range(30000)), "30000," + "x" * 1100000, sep="\r\n")' >shop.csv
mount -t tmpfs -o size=13m tmpfs disk
check "init" "$axev" init disk/L --origin test.example/log
says "no room to move records aside: capture says so" 3 "No space left on device" "$axev" capture db csv:shop.csv --ledger disk/L
check "nothing is left of it" test -z "$(ls disk/L/drafts)"
check "no room: check" "$axev" ledger check --ledger disk/L
mount -o remount,size=64m disk
check "room again: capture" "$axev" capture db csv:shop.csv --ledger disk/L
id=$("$axev" list --ledger disk/L --json | python3 -c 'import json,sys; print([p["id"] for p in json.load(sys.stdin)["packages"] if p["state"] == "sealed"][-1])')
check "room again: export" "$axev" export "$id" --ledger disk/L -o moved.asice
check_exit "and the bundle is valid" 0 "$verify" moved.asice --policy disk/L/policy.json
umount disk

# ---- read-only medium ----
check "init" "$axev" init L --origin test.example/log
check "capture" "$axev" capture file file.bin --ledger L
id=$("$axev" list --ledger L --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["packages"][0]["id"])')
mkdir frozen
mount --bind L frozen && mount -o remount,bind,ro frozen
check "read-only: list" "$axev" list --ledger frozen
check "read-only: show" "$axev" show "$id" --ledger frozen
check "read-only: status" "$axev" ledger status --ledger frozen
check "read-only: prove" "$axev" ledger prove "$id" --ledger frozen
check "read-only: check" "$axev" ledger check --ledger frozen
check "read-only: export" "$axev" export "$id" --ledger frozen -o frozen.asice
check_exit "and the bundle is valid" 0 "$verify" frozen.asice --policy L/policy.json
says "read-only: capture says so" 3 "Read-only file system" "$axev" capture file file.bin --ledger frozen
umount frozen

# ---- in use by another process ----
flock --no-fork L/lock sleep 30 &
started_pids=$!
sleep 0.3
check "held by another: list does not wait" timeout 3 "$axev" list --ledger L
check "held by another: check does not wait" timeout 3 "$axev" ledger check --ledger L
check "held by another: export does not wait" timeout 3 "$axev" export "$id" --ledger L -o held.asice
says "held by another: capture says so and what to do" 3 "another process holds the ledger; try again when it is done" \
  "$axev" capture file file.bin --ledger L
kill "$started_pids" && wait "$started_pids" 2>/dev/null
started_pids=

# Several at a time, each batch durable: nobody starves, nothing is lost.
"$probe" init P
for i in 1 2 3 4; do "$probe" append P 60 >"acknowledged.$i" 2>".stderr.$i" & done
wait
check "four processes appended sixty each" test "$(cat acknowledged.? | sort -n | uniq | wc -l)" -eq 240
cat .stderr.?
check "and the log is whole" sh -c "'$probe' check P | grep -q '^240 entries'"
conclude
