#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sealing one 2 GiB file against cp + sync + sha256, verifying its bundle against sha256, and a small bundle.
# Prints figures and ratios; asserts nothing. Baselines are the best of five.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
size_mib=${AXEV_BENCH_MIB:-2048}

seconds() { # best of $1 runs of the rest
  local runs=$1 best= took
  shift
  for _ in $(seq "$runs"); do
    took=$( { /usr/bin/env TIMEFORMAT=%R bash -c 'time "$@" >/dev/null 2>&1' bash "$@"; } 2>&1 | tail -n 1)
    if [ -z "$best" ] || python3 -c "import sys; sys.exit(not $took < $best)"; then best=$took; fi
  done
  echo "$best"
}
ratio() { python3 -c "print(f'{$1 / $2:.2f}')"; }

head -c "${size_mib}M" /dev/urandom >big.bin
cat big.bin >/dev/null
hash_s=$(seconds 5 openssl dgst -sha256 big.bin)
copy_s=$(seconds 5 sh -c 'rm -f copy.bin; cp big.bin copy.bin && sync copy.bin && openssl dgst -sha256 copy.bin')
rm -f copy.bin

"$axev" init L --origin test.example/log >/dev/null
: >seal.log
/usr/bin/env TIMEFORMAT=%R bash -c "time '$axev' capture file big.bin --ledger L --json >seal.json" 2>seal.log
seal_s=$(tail -n 1 seal.log)
id=$(member id <seal.json)
"$axev" export "$id" --ledger L -o big.asice >/dev/null
cat big.asice >/dev/null
verify_s=$(seconds 3 "$verify" big.asice --policy L/policy.json)
echo "seal ${size_mib} MiB: $seal_s s; cp + sync + sha256: $copy_s s; ratio $(ratio "$seal_s" "$copy_s") (aim 1.5)"
echo "verify its bundle: $verify_s s; sha256: $hash_s s; ratio $(ratio "$verify_s" "$hash_s") (aim 1.6)"
rm -f big.bin big.asice

head -c 1M /dev/urandom >small.bin
small=$("$axev" capture file small.bin --ledger L --json | member id)
"$axev" export "$small" --ledger L -o small.asice >/dev/null
echo "verify a 1 MB bundle: $(seconds 5 "$verify" small.asice --policy L/policy.json) s (aim 0.015)"
