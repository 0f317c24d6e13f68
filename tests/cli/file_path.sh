#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The whole path with files: init, capture, seal, list, export, verify, and every command of VERIFY.md.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
facts="$AXEV_SOURCE_ROOT/doc/examples/case-facts.json"

mkdir -p in/sub
printf 'order 4711\n' >in/order.txt
head -c 300000 /dev/urandom >in/sub/photo.bin
: >in/empty
printf 'x' >"in/$(printf 'line\nbreak')"
printf 'y' >"in/$(printf 'not-utf8-\xff')"
printf 'z' >in/订单.txt
ln -s /etc/passwd in/link-out
mkfifo in/pipe

check "init makes a ledger" "$axev" init L --origin test.example/log
check_exit "a second init is refused" 3 "$axev" init L --origin test.example/log
id=$("$axev" capture file in --ledger L --case "$facts" --json | member id)
check "the id has 64 digits" test "${#id}" -eq 64
check "list names the package" sh -c "'$axev' list --ledger L --json | grep -q $id"
check "show accepts a short id" "$axev" show "${id:0:8}" --ledger L
check "export writes a bundle" "$axev" export "$id" --ledger L -o case.asice
check_exit "verify without a policy is indeterminate" 4 "$verify" case.asice
check_exit "verify with the demo policy is valid" 0 "$verify" case.asice --policy L/policy.json
check_exit "axev verify by id agrees" 4 "$axev" verify "$id" --ledger L
check "ledger check is clean" "$axev" ledger check --ledger L

# Both bounds of the time, each only from an authority that the policy trusts.
"$verify" case.asice --policy L/policy.json --json >trusted.json
"$verify" case.asice --json >stranger.json
check "the report bounds the package's time from both sides" python3 - <<'PY'
import json, re
trusted, stranger = (json.load(open(name))['times'] for name in ('trusted.json', 'stranger.json'))
assert trusted['is_embedded_only'] is True and trusted['is_not_before_embedded'] is True, trusted
assert re.match(r'\d{4}-', trusted['not_before']) and trusted['not_before'] <= trusted['not_after'], trusted
assert (stranger['not_before'], stranger['not_after']) == ('', ''), stranger
assert stranger['claimed'], stranger
PY
check "every check has the members and the form of id that the schema names" python3 - "$AXEV_SOURCE_ROOT" <<'PY'
import json, re, sys
schema = json.load(open(sys.argv[1] + '/doc/schema/report.schema.json'))['$defs']['check']
def walk(checks):
    for check in checks:
        assert sorted(check) == sorted(schema['required']), sorted(check)
        for key in ('id', 'reason'):
            assert re.search(schema['properties'][key]['pattern'], check[key]), check[key]
        assert check['found_zh'] or not check['found'], check
        walk(check['children'])
walk(json.load(open('trusted.json'))['checks'])
PY
check "without trust it says that neither bound is proven" sh -c \
  "'$verify' case.asice --lang en | grep -c ': not proven$' | grep -qx 2 && '$verify' case.asice --lang zh | grep -c '：未证明$' | grep -qx 2"

check "unzip finds the bundle whole" unzip -tq case.asice
mkdir open && unzip -q case.asice -d open
check "unzip finds the package whole" unzip -tq open/data/packages/0001.asice
mkdir package && unzip -q open/data/packages/0001.asice -d package
check "every file is in the package byte for byte" python3 - <<'PY'
import base64, hashlib, json, os
manifest = json.load(open('package/data/evidence.json', 'rb'))
found = {}
for item in manifest['objects']:
    name = item['name'].encode() if 'name' in item else base64.b64decode(item['name_base64'])
    if item['role'] == 'file':
        found[name] = open('package/' + item['path'], 'rb').read()
wanted = {}
for root, _, names in os.walk(b'in'):
    for name in names:
        path = os.path.join(root, name)
        if os.path.isfile(path) and not os.path.islink(path):
            wanted[path] = open(path, 'rb').read()
assert found == wanted, (sorted(found), sorted(wanted))
why = {item['what']: item['why'] for item in manifest['complete']}
assert why == {'in/link-out': 'symbolic link, not followed', 'in/pipe': 'named pipe'}, why
PY

# VERIFY.md, line by line as a stranger would type it.
recipe open/VERIFY.md >recipe.sh
check "VERIFY.md repeats the ledger's proof" grep -q "pkeyutl -verify" recipe.sh
check "VERIFY.md repeats the lower bound of the time" grep -q "token_sha256.*anchor/checkpoint.tst" recipe.sh
check "VERIFY.md has commands" test "$(wc -l <recipe.sh)" -gt 8
check "every command of VERIFY.md passes" sh -c 'cd open && sh -x ../recipe.sh'

# The recipe finds what it is for: another entry, another root, another key.
spoil() { # spoil "sentence" FILE PYTHON-EXPRESSION over b
  cp -r open spoilt && rm -rf spoilt/unpacked
  python3 -c "import sys; b = open(sys.argv[1], 'rb').read(); open(sys.argv[1], 'wb').write($3)" "spoilt/$2"
  sed -i '/sha256sum -c manifest/d; /ASiCManifest001.xml -CAfile/d' recipe.sh
  check_exit "$1" 1 sh -c 'cd spoilt && sh ../recipe.sh >/dev/null 2>&1 || exit 1'
  rm -rf spoilt
}
check "without the digest list the recipe still passes" sh -c 'cp -r open again && rm -rf again/unpacked && sed "/sha256sum -c manifest/d; /ASiCManifest001.xml -CAfile/d" recipe.sh >short.sh && cd again && sh ../short.sh'
spoil "a changed entry does not lead to the root" data/proofs/0001/sealed.entry.json "b.replace(b'sealed', b'Sealed')"
spoil "a changed root is not what was signed" data/ledger/checkpoint "b.replace(b'test.example', b'next.example', 1)"
spoil "another key did not sign the checkpoint" data/trust/ledger.vkey "b[:-6] + bytes([b[-6] ^ 1]) + b[-5:]"

# A changed byte is never anything but invalid.
for offset in 0 40 200 5000 100000; do
  cp case.asice flipped.asice
  python3 - "$offset" <<'PY'
import sys
with open('flipped.asice', 'r+b') as f:
    f.seek(int(sys.argv[1])); b = f.read(1); f.seek(-1, 1); f.write(bytes([b[0] ^ 0x20]))
PY
  check_exit "byte $offset changed: invalid, with a policy" 1 "$verify" flipped.asice --policy L/policy.json
  check_exit "byte $offset changed: invalid, without one" 1 "$verify" flipped.asice
done
head -c 100000 case.asice >short.asice
check_exit "a truncated bundle is invalid" 1 "$verify" short.asice
check_exit "a missing file is the environment's fault" 3 "$verify" nothing.asice
check_exit "no file is a usage error" 2 "$verify"
conclude
