#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rows and cells proven alone: to the verifier with the package or the root, and to a script that knows the specification.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

python3 - <<'PY'
import sqlite3
db = sqlite3.connect('shop.db')
db.execute('CREATE TABLE orders(id INTEGER PRIMARY KEY, phone TEXT, total NUMERIC, note)')
db.executemany('INSERT INTO orders VALUES(?,?,?,?)',
               [(i, f'138000{i * 7919 % 10000:05d}', i / 4, '王小明' if i % 3 else None) for i in range(1, 701)])
db.execute('CREATE TABLE visits(page TEXT)')
db.executemany('INSERT INTO visits VALUES(?)', [('a',), ('b',), ('a',)])
db.commit()
PY
"$axev" init L --origin test.example/log >/dev/null || exit 1
id=$("$axev" capture db sqlite:shop.db --ledger L --json 2>/dev/null | member id)
"$axev" export "$id" --ledger L -o b.asice >/dev/null
unzip -qo b.asice -d b && unzip -qo b/data/packages/0001.asice -d p && unzip -qo p/data/parts/0001.zip -d p
root=$(python3 -c "import json; print([s['root'] for s in json.load(open('p/data/evidence.json'))['record_sets'] if s['name']=='orders'][0])")
oracle=$AXEV_SOURCE_ROOT/tests/interop/record_proof.py
# said NAME CODE WORDS command...
said() {
  local name=$1 code=$2 words=$3
  shift 3
  "$@" >.said 2>&1
  local found=$?
  check "$name" sh -c "[ $found -eq $code ] && grep -qF -- \"\$1\" .said || { cat .said; false; }" sh "$words"
}

check "one cell of one row, by key" "$axev" proof "$id" --ledger L --set orders --key id=321 --columns total -o cell.json
check "rows, out of a bundle" "$axev" proof b.asice --set orders --row 250-270 -o rows.json
said "the verifier, with the package" 0 'record 321 total: 80.25' "$verify" cell.json --package b.asice --policy L/policy.json
said "the verifier, with the root: nobody says whose" 4 'record 321 phone: [withheld] leaf' "$verify" cell.json --root "$root"
said "in Chinese" 4 '〔已遮盖〕叶摘要' "$verify" cell.json --root "$root" --lang zh
said "a script from the specification: one cell" 0 "320 2 b'@T" python3 "$oracle" cell.json "$root"
said "a script from the specification: rows" 0 "269 3" python3 "$oracle" rows.json "$root"
check "the report is of the schema" sh -c '"$1" rows.json --root "$2" --json >report.json
  python3 -c "
import json, jsonschema, sys
report = json.load(open(\"report.json\"))
jsonschema.validate(report, json.load(open(sys.argv[1])))
assert len(report[\"shown\"]) == 84 and report[\"shown\"][2][\"text\"] == \"62.5\"
" "$3"' sh "$verify" "$root" "$AXEV_SOURCE_ROOT/doc/schema/report.schema.json"
check "a multiset: the count comes along" "$axev" proof b.asice --set visits --row 1 --columns page -o visit.json
said "it is shown" 0 'record 1 (count): 2' "$verify" visit.json --package b.asice --policy L/policy.json

said "another package" 1 "the proof does not lead to the root of the record set" \
  sh -c '"$1" capture db sqlite:shop.db --ledger L --json 2>/dev/null >o.json; "$1" export "$(python3 -c "import json; print(json.load(open(\"o.json\"))[\"id\"])")" --ledger L -o o.asice >/dev/null
    "$2" cell.json --package o.asice --policy L/policy.json' sh "$axev" "$verify"
said "a package that was changed" 1 "changed" sh -c 'cp b.asice c.asice; printf x | dd of=c.asice bs=1 seek=9000 conv=notrunc 2>/dev/null
    "$1" cell.json --package c.asice --policy L/policy.json' sh "$verify"
said "a proof needs a root" 2 "a proof of records is verified with --package or --root" "$verify" cell.json
said "no such row" 2 "expected 1 to 10000 records of the 700 there are" "$axev" proof b.asice --set orders --row 701 -o no.json
said "no such set" 3 "no record set 'none'" "$axev" proof b.asice --set none --row 1 -o no.json
said "no such column" 3 "no column 'none'" "$axev" proof b.asice --set orders --row 1 --columns none -o no.json
said "no such value" 3 "no record has '9999' in column id" "$axev" proof b.asice --set orders --key id=9999 -o no.json
said "which set" 2 "expected the name or the path of one of 2 record sets" "$axev" proof b.asice --row 1 -o no.json
said "nothing is overwritten" 3 "rows.json" "$axev" proof b.asice --set orders --row 1 -o rows.json
check "what was refused left nothing" test ! -e no.json

# What a liar would change. Each is refused by the verifier, with the reason, and by the script.
cat >lie.py <<'PY'
import base64, json, sys
proof = json.load(open(sys.argv[2]))
rows = proof["proven"]
def lie():
    if sys.argv[1] == "cell":
        raw = bytearray(base64.b64decode(rows[0][2]["cell"])); raw[-1] ^= 1
        rows[0][2]["cell"] = base64.b64encode(raw).decode()
    elif sys.argv[1] == "swap":
        rows[0], rows[1] = rows[1], rows[0]
    elif sys.argv[1] == "drop":
        del rows[-1]; proof["records"] = str(int(proof["records"]) - 1)
    elif sys.argv[1] == "drop-shown":
        del rows[-1]
    elif sys.argv[1] == "salt":
        rows[1][0]["salt"] = rows[0][0]["salt"]
    elif sys.argv[1] == "salt-withheld":
        rows[0][1]["salt"] = rows[0][2]["salt"]
    elif sys.argv[1] == "salt-instead":
        rows[0][1] = {"salt": rows[0][2]["salt"]}
    elif sys.argv[1] == "salt-as-leaf":
        rows[0][1]["leaf"] = 2 * rows[0][2]["salt"]
    elif sys.argv[1] == "move":
        proof["first"] = str(int(proof["first"]) + 1)
lie()
sys.stdout.write(json.dumps(proof, separators=(",", ":"), sort_keys=True))
PY
"$axev" proof b.asice --set orders --row 250-270 --columns id,total -o part.json >/dev/null
# refused LIE WORDS WORDS-ZH
refused() {
  python3 lie.py "$1" part.json >"lie-$1.json"
  said "$1: invalid" 1 "$2" "$verify" "lie-$1.json" --root "$root"
  said "$1: in Chinese" 1 "$3" "$verify" "lie-$1.json" --root "$root" --lang zh
  [ "$1" = salt ] || check "$1: the script refuses, too" sh -c '! python3 "$1" "$2" "$3" >/dev/null 2>&1' sh "$oracle" "lie-$1.json" "$root"
}
elsewhere="the proof does not lead to the root of the record set"
elsewhere_zh="由证明算出的根值不是该记录集的根值"
said "nothing changed: it holds" 4 "record 250 id: 250" "$verify" part.json --root "$root"
refused cell "$elsewhere" "$elsewhere_zh"
refused swap "$elsewhere" "$elsewhere_zh"
refused drop "expected 22 hashes, found 23" "应有 22 个哈希值，实有 23 个"
refused drop-shown "$elsewhere" "$elsewhere_zh"
refused salt "one salt serves two cells" "同一盐值用于两个单元格"
refused salt-withheld "a salt stands with a cell that is withheld" "已遮盖的单元格处出现盐值"
refused salt-instead "a salt stands with a cell that is withheld" "已遮盖的单元格处出现盐值"
refused salt-as-leaf "$elsewhere" "$elsewhere_zh"
refused move "$elsewhere" "$elsewhere_zh"

# A telephone number that is withheld: all of a small space is tried with everything that the proof gives away.
check "a withheld number is not found by trying, although the cell and its neighbours are known" python3 - "$AXEV_SOURCE_ROOT/tests/interop" <<'PY'
import base64, json, struct, sys
sys.path.insert(0, sys.argv[1])
from record_proof import sha256
from records_root import cell, group_key, salt
proof = json.load(open("cell.json"))
leaf = proof["proven"][0][1]["leaf"]
given = [bytes.fromhex(f["salt"]) for f in proof["proven"][0] if "salt" in f] + [bytes(16)]
def tries(one_salt):
    head = b"\x00" + one_salt + struct.pack(">I", 1)
    return [n for n in range(10000) if sha256(head + cell(5, b"138000%05d" % n)).hex() == leaf]
for one in given:
    assert tries(one) == [], one
assert not any(sha256(b"138000%05d" % n).hex() == leaf or sha256(b"\x00" + cell(5, b"138000%05d" % n)).hex() == leaf for n in range(10000))
secret = open("p/data/records/001.index", "rb").read()[8:40]
true_salt = salt(secret, 320, 1, 4)
assert tries(true_salt) == [321 * 7919 % 10000]
text = open("cell.json").read()
assert secret.hex() not in text and group_key(secret, 1).hex() not in text and true_salt.hex() not in text
PY
conclude
