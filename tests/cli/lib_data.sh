# SPDX-License-Identifier: Apache-2.0
# Sourced by tests of databases and files of data.

capture_options=() # of every capture that is to come

# capture NAME arguments...: sealed, exported as NAME.asice, unpacked with its parts into NAME/.
capture() {
  local name=$1 id
  shift
  "$axev" capture db "$@" "${capture_options[@]}" --ledger L --json >"$name.json" 2>"$name.err" || { cat "$name.err"; return 1; }
  id=$(member id <"$name.json")
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null && unzip -qo "$name.asice" -d "$name.bundle" &&
    unzip -qo "$name.bundle/data/packages/0001.asice" -d "$name" || return 1
  for part in "$name"/data/parts/*.zip; do
    unzip -qo "$part" -d "$name" || return 1
  done
}
# refused SENTENCE ENGLISH arguments...
refused() {
  local sentence=$1 words=$2
  shift 2
  "$axev" capture db "$@" --ledger L --json >.refused 2>&1
  local code=$?
  check "$sentence" sh -c "[ $code -ne 0 ] && grep -qF -- \"\$1\" .refused || { cat .refused; false; }" sh "$words"
}
manifest() { python3 -c "import json,sys; m=json.load(open(sys.argv[1]+'/data/evidence.json')); sys.exit(0 if eval(sys.argv[2]) else str(m['source'])+str(m.get('record_sets')))" "$1" "$2"; }
# cells RECORDS: a line for each record of a set.
cells() { python3 "$AXEV_SOURCE_ROOT/tests/cli/lib_records_cells.py" "$1"; }
# needs_at_most SENTENCE MIB capture's arguments...: peak memory of a capture. Sanitizers need memory of their own.
needs_at_most() {
  local sentence=$1 most=$2 kib
  shift 2
  read -r _ kib < <("$AXEV_BUILD_ROOT/tests/spawn_time" 1 "$axev" capture db "$@" --ledger L --json)
  grep -aq __asan_init "$axev" || check "$sentence ($((${kib:-0} / 1024)) MiB)" test "${kib:-999999999}" -lt $((most * 1024))
}
