# SPDX-License-Identifier: Apache-2.0
# Sourced by the script tests: a scratch folder, the built tools, and assertions that name what they assert.
set -u
axev="$AXEV_BUILD_ROOT/tools/axev"
verify="$AXEV_BUILD_ROOT/tools/axev-verify"
scratch=$(mktemp -d)
started_pids=
finish() {
  for pid in $started_pids; do kill "$pid" 2>/dev/null; done
  rm -rf "$scratch"
}
trap finish EXIT
cd "$scratch" || exit 1
export LC_ALL=C.UTF-8
failures=0

# check "sentence" command...: the command must succeed.
check() {
  local sentence=$1
  shift
  if "$@" >"$scratch/.out" 2>&1; then
    echo "ok - $sentence"
  else
    echo "not ok - $sentence"
    sed 's/^/#   /' "$scratch/.out"
    failures=$((failures + 1))
  fi
}

# check_exit "sentence" CODE command...: the command must end with this code.
check_exit() {
  local sentence=$1 want=$2
  shift 2
  "$@" >"$scratch/.out" 2>&1
  local got=$?
  if [ "$got" -eq "$want" ]; then
    echo "ok - $sentence"
  else
    echo "not ok - $sentence: expected exit $want, found $got"
    sed 's/^/#   /' "$scratch/.out"
    failures=$((failures + 1))
  fi
}

# The JSON member of the last line of standard input.
member() { python3 -c 'import json,sys; print(json.loads(sys.stdin.read())[sys.argv[1]])' "$1"; }

# unpack_capture NAME ID: into the ledger L, exported and valid; NAME.asice is the bundle, NAME.package the package, NAME.json its manifest.
# Without an ID NAME.said tells why.
unpack_capture() {
  local name=$1 id=$2
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { sed 's/^/#   /' "$name.said"; return 1; }
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  unzip -qp "$name.asice" data/packages/0001.asice >"$name.package"
  unzip -qp "$name.package" data/evidence.json >"$name.json"
}

# recipe VERIFY.md: its commands, each line by itself as a stranger would type it.
recipe() {
  python3 - "$1" <<'PY'
import re, sys
print('set -e')
for block in re.findall(r'```sh\n(.*?)```', open(sys.argv[1], encoding='utf-8').read(), re.S):
    for line in block.splitlines():
        print('( ' + line + ' )')
PY
}

conclude() {
  [ "$failures" -eq 0 ] || exit 1
  exit 0
}
