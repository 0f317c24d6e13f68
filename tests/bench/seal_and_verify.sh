#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sealing one large file against cp + sync + sha256, verifying its bundle against sha256, a bundle of 1 MB, and memory.
# Prints figures and ratios and asserts none, because a busy machine proves nothing; what does not run is an error.
# Each figure is the best of AXEV_BENCH_RUNS runs, each peer is measured in the same round. AXEV_BENCH_MIB: size.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
set -e
mib=${AXEV_BENCH_MIB:-2048} runs=${AXEV_BENCH_RUNS:-5}
spawn_time="$AXEV_BUILD_ROOT/tests/spawn_time"

declare -A seconds kib # of each thing measured: the best time, the most memory
measure() { # NAME RUNS COMMAND...
  local name=$1 took most
  shift
  read -r took most < <("$spawn_time" "$@") || { echo "$name: could not be measured"; exit 1; }
  [ -n "${seconds[$name]:-}" ] && [ "$(awk "BEGIN{print ($took < ${seconds[$name]})}")" = 0 ] || seconds[$name]=$took
  [ "${kib[$name]:-0}" -ge "$most" ] || kib[$name]=$most
}
ratio() { awk "BEGIN{printf \"%.2f\", ${seconds[$1]} / ${seconds[$2]}}"; }
export_id() { "$axev" export "$(member id <"$1")" --ledger "$2" -o "$3" >/dev/null; }
figure() { printf '%-46s %10s   %s\n' "$1" "$2" "$3"; }

head -c "${mib}M" /dev/urandom >big.bin
cat >copy.sh <<'EOF'
cp big.bin copy.bin && sync copy.bin && openssl dgst -sha256 copy.bin
EOF
for _ in $(seq "$runs"); do
  rm -rf copy.bin L && sync
  measure copy 1 sh copy.sh
  rm -f copy.bin && sync
  "$axev" init L --origin test.example/log >/dev/null
  measure seal 1 "$axev" capture file big.bin --ledger L --json
done
"$axev" list --ledger L --json >list.json
id=$(python3 -c 'import json,sys; print(json.load(sys.stdin)["packages"][0]["id"])' <list.json)
"$axev" export "$id" --ledger L -o big.asice >/dev/null
rm -f big.bin
cat big.asice >/dev/null
for _ in $(seq "$runs"); do
  measure hash 1 openssl dgst -sha256 big.asice
  measure verify 1 "$verify" big.asice --policy L/policy.json
done
rm -f big.asice

head -c 1M /dev/urandom >small.bin
"$axev" capture file small.bin --ledger L --json >small.json
export_id small.json L small.asice
for _ in $(seq "$runs"); do
  measure small 10 "$verify" small.asice --policy L/policy.json
  measure nothing 10 true
done

figure "seal $mib MiB" "${seconds[seal]} s" "${kib[seal]} KiB at most (aim 65536)"
figure "cp + sync + openssl dgst -sha256" "${seconds[copy]} s" "ratio $(ratio seal copy) (aim 1.5)"
figure "verify its bundle" "${seconds[verify]} s" "${kib[verify]} KiB at most (aim 65536)"
figure "openssl dgst -sha256 of it" "${seconds[hash]} s" "ratio $(ratio verify hash) (aim 1.6)"
figure "verify a bundle of 1 MB" "${seconds[small]} s" "${kib[small]} KiB at most (aim 0.015 s)"
figure "a program that does nothing" "${seconds[nothing]} s" ""
figure "processors, load" "$(nproc)" "$(cut -d ' ' -f 1-3 /proc/loadavg)"
