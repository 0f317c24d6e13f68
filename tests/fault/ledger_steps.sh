#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One append, stopped at each of its writes, links, renames, removals and fsyncs in turn: by kill -9, by an I/O error
# and by a full disk. After each: the log is whole, what was acknowledged is in it, and appending goes on.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh" || exit 1
probe="$AXEV_BUILD_ROOT/tests/ledger_probe"
calls="write pwrite64 fsync renameat link linkat unlink unlinkat mkdirat openat fchmod flock"

"$probe" init L0
# So many that the append under test also merges packs: every step of that is stopped, too.
"$probe" append L0 62 >/dev/null
cp -a L0 L
before=$(ls L/ledger.git/objects/pack/*.pack | wc -l)
entries=62

# How often is each call made on behalf of the ledger? What the loader does before main() is not of interest.
strace -f -qq -e trace="${calls// /,}" -o trace "$probe" append L 1 >/dev/null
after=$(ls L/ledger.git/objects/pack/*.pack | wc -l)
check "the append under test merges packs: $before before, $after after" test "$after" -lt 10

stopped=0 acknowledged=0 forward=0 bad=0
# stop CALL NUMBER FAULT: make the NUMBERth CALL fail.
stop() {
  local call=$1 number=$2 fault=$3 acked now
  rm -rf L && cp -a L0 L
  acked=$(timeout 60 strace -f -qq -e trace="$call" -e inject="$call:$fault:when=$number" -o /dev/null \
    "$probe" append L 1 2>/dev/null)
  stopped=$((stopped + 1))
  [ -z "$acked" ] || acknowledged=$((acknowledged + 1))
  outcome=$("$probe" check L 2>&1) || { echo "# $call $number $fault: $outcome"; bad=$((bad + 1)); return; }
  now=${outcome%% *}
  [ -n "$acked" ] || [ "$now" -eq "$entries" ] || forward=$((forward + 1))
  if [ "$now" -ne "$entries" ] && [ "$now" -ne $((entries + 1)) ]; then
    echo "# $call $number $fault: $now entries"
    bad=$((bad + 1))
  fi
  if [ -n "$acked" ] && [ "$now" -ne $((entries + 1)) ]; then
    echo "# $call $number $fault: acknowledged, and lost"
    bad=$((bad + 1))
  fi
  "$probe" append L 1 >/dev/null 2>.err || { echo "# $call $number $fault: cannot go on: $(cat .err)"; bad=$((bad + 1)); }
  outcome=$("$probe" check L 2>&1) && [ "${outcome%% *}" -eq $((now + 1)) ] ||
    { echo "# $call $number $fault: afterwards: $outcome"; bad=$((bad + 1)); }
  git -C L/ledger.git fsck --strict --no-dangling --no-progress >.out 2>&1 ||
    { echo "# $call $number $fault: git fsck: $(cat .out)"; bad=$((bad + 1)); }
}

for call in $calls; do
  # openat: only what is opened below the ledger.
  first=$(grep -n "$call(" trace | grep -n 'ledger.git' | head -n 1 | cut -d: -f1)
  total=$(grep -c "$call(" trace)
  [ "$total" -gt 0 ] || continue
  [ "$call" = openat ] || first=1
  # Merging reads and removes many packs: of the many steps alike, some.
  step=1
  [ $((total - first)) -lt 30 ] || step=$(((total - first) / 6))
  for number in $(seq "$first" "$step" "$total"); do
    stop "$call" "$number" signal=KILL
    case $call in
    fsync | renameat | link | linkat) stop "$call" "$number" error=EIO ;;
    write | pwrite64 | mkdirat | openat) stop "$call" "$number" error=ENOSPC ;;
    esac
  done
done
echo "# $stopped stops: $acknowledged acknowledged all the same, $forward rolled forward unacknowledged"
check "some stops came after the acknowledgement" test "$acknowledged" -gt 0
check "some batches were rolled forward" test "$forward" -gt 0
check "most stops came before" test "$acknowledged" -lt $((stopped * 9 / 10))
check "no stop did harm" test "$bad" -eq 0
conclude
