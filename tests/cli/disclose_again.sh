#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A disclosure made of a disclosure, and one made of that, before and after the original was erased: verified alone, by a script that
# knows the specification, and searched for what was dropped on the way.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

python3 - <<'PY'
import sqlite3
db = sqlite3.connect('shop.db')
db.execute('CREATE TABLE orders(id INTEGER PRIMARY KEY, phone TEXT, total NUMERIC, note)')
db.executemany('INSERT INTO orders VALUES(?,?,?,?)',
               [(i, f'138000{i * 7919 % 100000:05d}', i / 4, f'备注{i:04d}') for i in range(1, 301)])
db.execute('CREATE TABLE scans(id INTEGER PRIMARY KEY, page, name TEXT)')
db.executemany('INSERT INTO scans VALUES(?,?,?)', [(1, b'\1' * (3 << 19), 'one'), (2, b'\2' * (3 << 19), 'two')])
db.execute('CREATE TABLE visits(page TEXT, place TEXT)')
db.executemany('INSERT INTO visits VALUES(?,?)', [('/a', 'east'), ('/b', 'west'), ('/a', 'east')])
db.commit()
PY
"$axev" init L --origin test.example/log >/dev/null || exit 1
id=$("$axev" capture db sqlite:shop.db --ledger L --json 2>/dev/null | member id)
"$axev" export "$id" --ledger L -o b.asice >/dev/null
unzip -qo b.asice -d b && unzip -qo b/data/packages/0001.asice -d p && unzip -qo p/data/parts/0001.zip -d p

# disclosed OF NAME APPROVER arguments...: the id; NAME.asice, unpacked into NAME.bundle/, the package into NAME/.
disclosed() {
  local of=$1 name=$2 approver=$3
  shift 3
  "$axev" disclose "$of" --ledger L --approver "$approver" --ground "依据 $name" -o "$name.asice" --json "$@" >"$name.out" 2>&1 ||
    { cat "$name.out" >&2; return 1; }
  unzip -qo "$name.asice" -d "$name.bundle" && unzip -qo "$name.bundle/data/packages/0001.asice" -d "$name"
  member id <"$name.out"
}
said() {
  local name=$1 code=$2 words=$3
  shift 3
  "$@" >.said 2>&1
  local found=$?
  check "$name" sh -c "[ $found -eq $code ] && grep -qF -- \"\$1\" .said || { echo exit $found; cat .said; false; }" sh "$words"
}

notary=$(disclosed "$id" notary 王公证员 --set orders --rows 10-200,250 --withhold-columns phone --set scans --withhold-columns name \
  --set visits --withhold-columns place)
court=$(disclosed "$notary" court 李法官 --set orders --rows 12-14,100,250 --columns id,total --set scans --rows 2 --columns page \
  --set visits --withhold-columns place)
party=$(disclosed "$court" party 赵书记员 --set orders --rows 13,250 --columns total)
check "there are three" test "${#notary}" = 64 -a "${#court}" = 64 -a "${#party}" = 64

said "the second is valid under the policy" 0 'record 14 total: 3.5' "$verify" court.asice --policy L/policy.json --full
said "and says what it was made from" 0 "made from disclosure $notary (ledger entry " "$verify" court.asice --policy L/policy.json
said "whose approver is stated, not proven" 0 'approved by 王公证员 on the ground: 依据 notary. Who approved that one and why is stated by the maker' \
  "$verify" court.asice --policy L/policy.json
said "in Chinese" 0 "自述由披露件 $notary 分出" "$verify" court.asice --policy L/policy.json --lang zh
said "the package alone" 0 'content: unchanged' "$verify" court.bundle/data/packages/0001.asice --policy L/policy.json
said "the third names both" 0 "made from disclosure $court" "$verify" party.asice --policy L/policy.json
check "the first one, too" grep -qF "made from disclosure $notary" .said
said "with its numbers" 0 '记录 records 2 / 300; 出示 shown 2; 遮盖 withheld 6' "$verify" party.asice --policy L/policy.json --full
check "the manifest says so" python3 - "$id" "$notary" "$court" <<'PY'
import hashlib, json, sys
source = json.load(open("party/data/evidence.json"))["source"]
first, second = source["derived_from"]
assert source["about"] == [sys.argv[1]] and (first["id"], second["id"]) == (sys.argv[2], sys.argv[3]), source
assert (first["approver"], first["ground"], second["approver"]) == ("王公证员", "依据 notary", "李法官")
assert source["approver"] == "赵书记员" and source["package_sha256"] == hashlib.sha256(open("b/data/packages/0001.asice", "rb").read()).hexdigest()
for name in "notary", "court":
    assert hashlib.sha256(open(name + "/data/evidence.json", "rb").read()).hexdigest() in (first["id"], second["id"])
PY
check "the report is of the schema" sh -c '"$1" party.asice --policy L/policy.json --json >report.json
  python3 -c "
import json, jsonschema, sys
report = json.load(open(\"report.json\"))
jsonschema.validate(report, json.load(open(sys.argv[1])))
assert [row[\"id\"] for row in report[\"derived_from\"]] == sys.argv[2:], report[\"derived_from\"]
" "$2" "$3" "$4"' sh "$verify" "$AXEV_SOURCE_ROOT/doc/schema/report.schema.json" "$notary" "$court"

check "both in one bundle" "$axev" export "$court" "$notary" --ledger L -o both.asice
said "then what is said of the first is compared" 0 '依据 notary. That one is in this bundle and states the same' "$verify" both.asice --policy L/policy.json
said "in Chinese" 0 '与卷宗内该件所写一致' "$verify" both.asice --policy L/policy.json --lang zh
check "the report is of the schema" sh -c '"$1" both.asice --policy L/policy.json --json >report.json
  python3 -c "
import json, jsonschema, sys
report = json.load(open(\"report.json\"))
jsonschema.validate(report, json.load(open(sys.argv[1])))
assert [row[\"compared\"] for row in report[\"derived_from\"]] == [True]
" "$2"' sh "$verify" "$AXEV_SOURCE_ROOT/doc/schema/report.schema.json"

# ---- without our library ----
check "what binds the original is byte for byte the same in all three" sh -c 'diff -r notary/data/original court/data/original && diff -r notary/data/original party/data/original'
check "a script from the specification gets the original's roots" sh -c 'for name in court party; do
    for proof in $name/data/disclosed/*.json; do
      python3 "$1" $proof "$(python3 -c "
import base64, json, sys
name = json.loads(base64.b64decode(json.load(open(sys.argv[1]))[\"header\"]))[\"name\"]
print(next(s[\"root\"] for s in json.load(open(\"p/data/evidence.json\"))[\"record_sets\"] if s[\"name\"] == name))" $proof)" || exit 1
    done
  done >cells.txt' sh "$AXEV_SOURCE_ROOT/tests/interop/record_proof.py"
check "what they show is in the database" grep -q "249 2" cells.txt
check "the entries are in the ledger: RFC 9162 by a script of its own" python3 - "$id" "$notary" "$court" <<'PY'
import base64, hashlib, json, sys
def sha256(data):
    return hashlib.sha256(data).digest()
def root_of(entry, index, size, path):  # RFC 9162 2.1.3.2
    fn, sn, node = index, size - 1, sha256(b"\0" + entry)
    for p in path:
        assert sn > 0
        if fn & 1 or fn == sn:
            node = sha256(b"\1" + p + node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = sha256(b"\1" + node + p)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return node
original, *ids = sys.argv[1:]
for number, (one, entry_about) in enumerate(zip(ids, ([original], [original, ids[0]])), 1):
    entry = open("party/data/derived/%03d.entry.json" % number, "rb").read()
    head, checkpoint = open("party/data/derived/%03d.tlog-proof" % number).read().split("\n\n", 1)
    lines = head.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    index, path = int(lines[1].split()[1]), [base64.b64decode(text) for text in lines[2:]]
    origin, size, root = checkpoint.split("\n")[:3]
    assert root_of(entry, index, int(size), path) == base64.b64decode(root)
    said = json.loads(entry)
    assert (said["event"], said["about"], said["disclosure"]) == ("disclosed", entry_about, one), said
    row = json.load(open("party/data/evidence.json"))["source"]["derived_from"][number - 1]
    assert (row["entry"], row["disclosed"], row["id"]) == (index, said["time"], one)
PY
recipe party.bundle/VERIFY.md >recipe.sh
check "VERIFY.md looks at both entries" test "$(grep -c 'data/derived/00[12].entry.json' recipe.sh)" = 2
check "each of its commands passes" sh -c '(cd party.bundle && bash -e ../recipe.sh) >said.verify 2>&1 || { cat said.verify; false; }'
check "and its program gets the root" grep -qx "data/records/001.bin proofs OK" said.verify
sed -i "s/$notary/$(printf %064d 7)/" party.bundle/unpacked/0001/data/derived/001.entry.json
check "a recipe over another entry fails" sh -c 'cd party.bundle && grep "data/derived/001" ../recipe.sh >../part.sh && ! bash -e ../part.sh'

check "no value that was dropped, and no salt, is in the second and the third" python3 - <<'PY'
import base64, json, os, sys
def everything(name):
    return b"".join(open(os.path.join(f, n), "rb").read() for f, _, names in os.walk(name) for n in names)
def shown(name):
    cells = {}
    for proof in sorted(os.listdir(name + "/data/disclosed")):
        proof = json.load(open(name + "/data/disclosed/" + proof))
        for i, record in enumerate(proof["proven"]):
            for k, field in enumerate(record):
                if "salt" in field:
                    cells[proof["header"], int(proof["first"]) + i, k] = (field["salt"], field["cell"])
    return cells
first = shown("notary")
for name in "court", "party":
    kept, held = shown(name), everything(name)
    assert set(kept) < set(first) and all(first[cell] == kept[cell] for cell in kept)
    for cell, (salt, value) in first.items():
        assert (salt.encode() in held) == (cell in kept), (name, cell)
        if cell[2] == 3:  # notes: each is another one
            assert value.encode() not in held and base64.b64decode(value) not in held
    manifest = json.load(open("notary/data/evidence.json"))
    files = {row["sha256"]: row["path"] for row in manifest["objects"] if row["role"] == "record-proof"}
    mine = {row["sha256"] for row in json.load(open(name + "/data/evidence.json"))["objects"]}
    dropped = set(files) - mine  # a set of which all is shown again has the same proof
    assert len(dropped) >= 3
    for sha256 in dropped:
        assert sha256.encode() not in held, files[sha256]
    assert open("notary/data/evidence.json", "rb").read() not in held
assert len(first) > 500
PY

# ---- print ----
check "it is printed" "$axev" print court.asice -o court.pdf
pdftotext court.pdf - | tr -d ' \n\f' >court.txt
for words in 由其他披露件分出 王公证员 依据notary 李法官 为本件制作方所述，未证明 出自另一披露件所示; do
  check "the print has $words" grep -qF "$words" court.txt
done
check "and the other's id, in groups" sh -c 'grep -qF "$1" court.txt' sh "${notary:0:24}"
check "in English" "$axev" print court.bundle/data/packages/0001.asice -o court-en.pdf --lang en --form disclosure
check "the English print says it" sh -c 'pdftotext court-en.pdf - | tr "\n" " " | grep -q "Made from other disclosures"'

# ---- what is refused, and leaves nothing ----
before=$("$axev" ledger status --ledger L --json | member size)
refuse() { said "$1" "$2" "$3" "$axev" disclose "$notary" --ledger L --approver x --ground y -o no.asice "${@:4}"; }
refuse "a row that it does not show" 2 "the disclosure does not show record 9 (counted from 1)" --set orders --rows 9-12
refuse "a row between those that it shows" 2 "the disclosure does not show record 201 (counted from 1)" --set orders --rows 200-250
refuse "a row that there never was" 2 "expected records of the 300 there are" --set orders --rows 301
refuse "a column that it withholds" 2 "the disclosure withholds column 'phone' of record 10 (counted from 1)" --set orders --columns id,phone
refuse "a look for a value in one" 2 "the disclosure withholds column 'phone' of record 10" --set orders --where-key phone=13800007919
refuse "a value of a row that it does not show" 3 "no record that the disclosure shows has '5' in column id" --set orders --where-key id=5
refuse "no column left" 2 "nothing is left to be shown" --set orders --withhold-columns id,total,note
said "a set that was dropped" 2 "the disclosure does not show record set 'scans' of its original" \
  "$axev" disclose "$party" --ledger L --approver x --ground y -o no.asice --set scans
check "nothing was sealed, logged or left" sh -c '[ ! -e no.asice ] && [ -z "$(ls L/drafts)" ] && [ "$1" = "$2" ]' sh "$before" \
  "$("$axev" ledger status --ledger L --json | member size)"
check "by value, what it does show" disclosed "$notary" byvalue 甲 --set orders --where-key note=备注0123 --columns note
said "just that" 0 'record 123 note: 备注0123' "$verify" byvalue.asice --policy L/policy.json
said "count and page of rows without a key; one that is not in the file of the first" 0 'visits record 1 (count): 2' "$verify" court.asice --policy L/policy.json --full

# ---- when the original is gone ----
said "the original is erased; what was made of a disclosure stands for a set as any other" 0 "" \
  "$axev" erase "$id" --ledger L --yes --disclosure "$court" --approver 赵局长 --ground 个人信息保护法第四十七条
check "its file is gone" sh -c '! "$1" export "$2" --ledger L -o gone.asice 2>/dev/null' sh "$axev" "$id"
after=$(disclosed "$court" after 钱法官 --set orders --rows 14 --columns id)
said "what is left is narrowed all the same" 0 'record 14 id: 14' "$verify" after.asice --policy L/policy.json
check "and says that the original was erased" grep -q "the original of the disclosure was erased" .said
check "the ledger is whole" "$axev" ledger check --ledger L
check "a script from the specification gets the root" sh -c 'python3 "$1" after/data/disclosed/001.json "$(python3 -c "
import json; print(next(s[\"root\"] for s in json.load(open(\"p/data/evidence.json\"))[\"record_sets\"] if s[\"name\"] == \"orders\"))")"' \
  sh "$AXEV_SOURCE_ROOT/tests/interop/record_proof.py"
said "a disclosure itself is not erased" 1 "it is of another original" \
  "$axev" erase "$notary" --ledger L --yes --disclosure "$court" --approver x --ground y

check "any byte that is changed is found" python3 - "$verify" <<'PY'
import random, subprocess, sys
data = open("party.bundle/data/packages/0001.asice", "rb").read()
rnd = random.Random(7)
for _ in range(25):
    place = rnd.randrange(len(data))
    with open("flipped.asice", "wb") as file:
        file.write(data[:place] + bytes([data[place] ^ 1]) + data[place + 1:])
    code = subprocess.run([sys.argv[1], "flipped.asice", "--policy", "L/policy.json"], stdout=subprocess.DEVNULL).returncode
    assert code == 1, (place, code)
PY
conclude
