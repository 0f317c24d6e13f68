#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The ledger: a batch of 100,000 entries, 5,000 appends one by one, stock git on the result, and the questions people ask
# of a ledger of 100,000 entries. Prints figures; asserts only that the outcome is whole.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh" || exit 1
probe="$AXEV_BUILD_ROOT/tests/ledger_probe"
appends=${AXEV_BENCH_APPENDS:-5000}

seconds() { # of the rest of the line
  { /usr/bin/env TIMEFORMAT=%R bash -c 'time "$@" >/dev/null 2>&1' bash "$@"; } 2>&1 | tail -n 1
}
best() { # of $1 runs of the rest
  local runs=$1
  shift
  for _ in $(seq "$runs"); do seconds "$@"; done | sort -n | head -n 1
}

# Wall clock, and processor time: what else the machine does shows in the first only.
read -r wall user system < <({ /usr/bin/env TIMEFORMAT='%R %U %S' bash -c \
  "'$probe' init batch; time '$probe' append batch 100000 100000 >/dev/null"; } 2>&1 | tail -n 1)
python3 - "$wall" "$user" "$system" <<'PY'
import sys
wall, user, system = map(float, sys.argv[1:])
print(f"batch of 100,000 entries, durable: {wall:.2f} s = {100000 / wall:.0f} entries/s (aim 50,000);"
      f" processor time {user + system:.2f} s")
PY

"$probe" init single
"$probe" time single "$appends" >times || exit 1
python3 - "$(ls single/ledger.git/objects/pack/*.pack | wc -l)" <<'PY'
import statistics, sys
times = [float(line) for line in open("times")]
first, last = times[:100], times[-100:]
print(f"{len(times)} appends one by one, durable each: first 100 median {statistics.median(first):.1f} ms,"
      f" mean {statistics.mean(first):.1f}; last 100 median {statistics.median(last):.1f} ms,"
      f" mean {statistics.mean(last):.1f}; ratio of means {statistics.mean(last) / statistics.mean(first):.2f};"
      f" slowest {max(times):.0f} ms; {sys.argv[1]} packs")
PY
check "the log is whole" "$probe" check single
echo "ledger check of it: $(seconds "$probe" check single) s"
check "git fsck" git -C single/ledger.git fsck --strict --no-progress
check "git clone and fsck of the clone" sh -c 'GIT_LFS_SKIP_SMUDGE=1 git clone -q "file://$PWD/single/ledger.git" clone && git -C clone fsck --strict --no-progress'
check "git verify-commit" git -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$PWD/single/keys/allowed_signers" \
  -C single/ledger.git verify-commit ledger
echo "git clone: $(rm -rf clone; seconds git clone -q "file://$PWD/single/ledger.git" clone) s"

"$axev" init L --origin test.example/log >/dev/null
head -c 1000 /dev/urandom >file.bin
id=$("$axev" capture file file.bin --ledger L --json | member id)
"$probe" history L 33333
echo "100,000 entries, 33,334 packages:"
echo "  first list (makes the index): $(seconds "$axev" list --ledger L) s; then $(best 5 "$axev" list --ledger L) s"
echo "  show: $(best 5 "$axev" show "$id" --ledger L) s"
echo "  prove: $(best 5 "$axev" ledger prove "$id" --ledger L) s"
echo "  export: $(best 3 "$axev" export "$id" --ledger L -o "$PWD/bundle.asice") s"
echo "  capture and seal one more: $(best 3 "$axev" capture file file.bin --ledger L) s"
conclude
