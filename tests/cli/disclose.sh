#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Part of a record set shown, the rest withheld: verified alone, by stock tools, by a script that knows the specification; and what
# somebody who wants the rest can do with it.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

sqlite3 shop.db "CREATE TABLE orders(id INTEGER PRIMARY KEY, phone TEXT, total NUMERIC, note);
  INSERT INTO orders VALUES(1,'13800000001',1.5,'王小明'),(2,'13800000002',2,NULL),(3,'13800000003',3,'c'),(4,'13800000004',4,'d');
  CREATE TABLE single(id INTEGER PRIMARY KEY, phone TEXT);
  INSERT INTO single VALUES(1,'13800004711')"
"$axev" init L --origin test.example/log >/dev/null || exit 1
id=$("$axev" capture db sqlite:shop.db --ledger L --json 2>/dev/null | member id)
"$axev" export "$id" --ledger L -o b.asice >/dev/null
unzip -qo b.asice -d b && unzip -qo b/data/packages/0001.asice -d p && unzip -qo p/data/parts/0001.zip -d p
approve=(--approver 王主任 --ground '电子商务法第二十五条')

# disclosed NAME arguments...: NAME.asice, unpacked into NAME.bundle/, the package into NAME/.
disclosed() {
  local name=$1
  shift
  "$axev" disclose "$id" --ledger L "${approve[@]}" -o "$name.asice" "$@" >"$name.out" 2>&1 || { cat "$name.out"; return 1; }
  unzip -qo "$name.asice" -d "$name.bundle" && unzip -qo "$name.bundle/data/packages/0001.asice" -d "$name"
}
said() {
  local name=$1 code=$2 words=$3
  shift 3
  "$@" >.said 2>&1
  local found=$?
  check "$name" sh -c "[ $found -eq $code ] && grep -qF -- \"\$1\" .said || { cat .said; false; }" sh "$words"
}

check "one row with two hidden cells" disclosed one --set orders --rows 1 --withhold-columns phone,note
check "it is said that the original's manifest goes with it" grep -q "data/original/evidence.json" one.out
said "valid under the policy" 0 'record 1 total: 1.5' "$verify" one.asice --policy L/policy.json
said "its hidden cells are digests" 0 'record 1 phone: [withheld] leaf ' "$verify" one.asice --policy L/policy.json
said "in Chinese" 0 'phone：〔已遮盖〕叶摘要' "$verify" one.asice --policy L/policy.json --lang zh
said "the package alone" 0 'content: unchanged' "$verify" one.bundle/data/packages/0001.asice --policy L/policy.json
said "without a policy: whole, and nobody is trusted" 4 'identity of the ledger (data/original/sealed.tlog-proof)' \
  "$verify" one.bundle/data/packages/0001.asice
check "the manifest says of what, why, by whom, how much" python3 - "$id" <<'PY'
import hashlib, json, sys
manifest = json.load(open("one/data/evidence.json"))
source = manifest["source"]
assert manifest["kind"] == "disclosure" and source["about"] == [sys.argv[1]], source
assert hashlib.sha256(open("one/data/original/evidence.json", "rb").read()).hexdigest() == sys.argv[1]
assert source["package_sha256"] == hashlib.sha256(open("b/data/packages/0001.asice", "rb").read()).hexdigest()
assert (source["approver"], source["ground"]) == ("王主任", "电子商务法第二十五条")
assert (source["records"], source["shown"], source["withheld"], source["record_set"]) == (1, 2, 2, "data/records/001.bin")
PY
check "the report has the cells, and is of the schema" sh -c '"$1" one.asice --policy L/policy.json --json >report.json
  python3 -c "
import json, jsonschema, sys
report = json.load(open(\"report.json\"))
jsonschema.validate(report, json.load(open(sys.argv[1])))
assert [(c[\"column\"], c.get(\"text\")) for c in report[\"shown\"]] == [(\"id\", \"1\"), (\"phone\", None), (\"total\", \"1.5\"), (\"note\", None)]
" "$2"' sh "$verify" "$AXEV_SOURCE_ROOT/doc/schema/report.schema.json"
check "a script from the specification gets the original's root" sh -c 'root=$(python3 -c "import json; print(json.load(open(\"one/data/original/evidence.json\"))[\"record_sets\"][0][\"root\"])")
  python3 "$1" one/data/disclosed/001.json "$root" | grep -q "0 1 withheld"' sh "$AXEV_SOURCE_ROOT/tests/interop/record_proof.py"
check "the ledger says that the original was disclosed" sh -c 'git -C L/ledger.git show ledger:log/pending/5 | grep -q "\"about\":\[\"$1\"\],\"disclosure\":\"$2\",\"event\":\"disclosed\"" ||
  { git -C L/ledger.git show ledger:log/pending/5; false; }' sh "$id" "$(sha256sum <one/data/evidence.json | cut -c 1-64)"
check "the ledger is whole" "$axev" ledger check --ledger L
recipe one.bundle/VERIFY.md >recipe.sh
check "VERIFY.md leads to the original's signature" grep -q 'openssl cms .*data/original/signature001.p7s' recipe.sh
check "each of its commands passes" sh -c 'cd one.bundle && bash ../recipe.sh'
check "the cells shown lead to the original's root with Python alone" sh -c 'cd one.bundle && python3 unpacked/records.py unpacked/0001 | grep -qx "data/records/001.bin proofs OK"'
cp one.bundle/unpacked/0001/data/disclosed/001.json kept
python3 - <<'PY'
import json
path = "one.bundle/unpacked/0001/data/disclosed/001.json"
proof = json.load(open(path))
cell = next(field for field in proof["proven"][0] if "cell" in field)
cell["cell"] = "AA=="
json.dump(proof, open(path, "w"))
PY
check "and another cell does not" sh -c 'python3 one.bundle/unpacked/records.py one.bundle/unpacked/0001 2>&1 | grep -q "does not lead to the root"'
cp kept one.bundle/unpacked/0001/data/disclosed/001.json
printf 'x' >>one.bundle/unpacked/0001/data/original/evidence.json
check "and fails when the original's manifest is another" sh -c 'cd one.bundle && sed -n "/data.original/p" ../recipe.sh >../part.sh; ! bash -e ../part.sh'

check "several rows, by number and by value" disclosed some --set orders --rows 1-2,2 --where-key note=d --columns id
said "each once, in order" 0 '记录 records 3 / 4; 出示 shown 3; 遮盖 withheld 9' "$verify" some.asice --policy L/policy.json --full
check "a whole column" disclosed column --set orders --columns total
said "all rows" 0 '记录 records 4 / 4; 出示 shown 4; 遮盖 withheld 12' "$verify" column.asice --policy L/policy.json --full

check "two sets in one, each with a choice of its own" disclosed two --set orders --rows 1,3 --withhold-columns phone,note --set single --columns id
said "cells say of which set they are" 0 'single record 1 phone: [withheld] leaf ' "$verify" two.asice --policy L/policy.json
check "the manifest lists both" python3 -c "
import json
source = json.load(open('two/data/evidence.json'))['source']
assert 'record_set' not in source and (source['records'], source['shown'], source['withheld']) == (3, 5, 5), source
assert source['record_sets'] == [{'path': 'data/records/001.bin', 'proofs': 2, 'records': 2, 'shown': 4, 'withheld': 4},
                                 {'path': 'data/records/002.bin', 'proofs': 1, 'records': 1, 'shown': 1, 'withheld': 1}], source"
recipe two.bundle/VERIFY.md >recipe.sh
check "VERIFY.md follows both" sh -c '(cd two.bundle && bash ../recipe.sh) >said.verify 2>&1 || { cat said.verify; false; }
  test "$(grep -c "^data/records/00[12].bin proofs OK$" said.verify)" = 2'
check "a script from the specification gets the root of the second" sh -c 'root=$(python3 -c "import json; print(json.load(open(\"two/data/original/evidence.json\"))[\"record_sets\"][1][\"root\"])")
  python3 "$1" two/data/disclosed/003.json "$root" | grep -q "0 1 withheld"' sh "$AXEV_SOURCE_ROOT/tests/interop/record_proof.py"
check "both are printed" sh -c '"$1" print two.asice -o two.pdf && pdftotext two.pdf - | tr -d " \n\f" >two.txt' sh "$axev"
for words in 所示记录集 single:phone 出示若干记录集的部分单元格，其余以摘要代替; do
  check "the print has $words" grep -qF "$words" two.txt
done
said "of several sets each must say what it shows" 2 'with several sets each needs --columns or --withhold-columns' \
  "$axev" disclose "$id" --ledger L "${approve[@]}" -o x.asice --withhold-columns phone --set orders --set single
said "a set is asked for once" 2 "record set 'orders' is asked for twice" \
  "$axev" disclose "$id" --ledger L "${approve[@]}" -o x.asice --set orders --columns id --set orders --columns phone

# Nothing that is withheld is in any file, in the clear or as bytes or in base64.
check "no withheld value, no salt of one, no secret is in it" python3 - <<'PY'
import base64, json, os, struct, sys
sys.path.insert(0, os.path.join(os.environ["AXEV_SOURCE_ROOT"], "tests/interop"))
from records_root import group_key, salt
everything = b"".join(open(os.path.join(f, n), "rb").read() for f, _, names in os.walk("one") for n in names)
def absent(data):
    forms = [data, data.hex().encode()] + [base64.b64encode(b"x" * k + data)[4 * bool(k):-4] for k in range(3)]
    assert not any(form in everything for form in forms if len(form) > 4), data
secret = open("p/data/records/001.index", "rb").read()[8:40]
absent(secret)
absent(group_key(secret, 0))
for record in range(4):
    for field in range(4):
        if record != 0 or field in (1, 3):
            absent(salt(secret, record, field, 4))
    absent(b"1380000000%d" % (record + 1))
absent("王小明".encode())
assert salt(secret, 0, 0, 4).hex().encode() in everything
PY

# Whoever knows everything but one number, and all that a disclosure gives him, tries all numbers of a small space.
check "a row of which only the number is withheld" disclosed guess --set single --withhold-columns phone
check "the number is found neither from the leaf nor from any digest that is shown" python3 - <<'PY'
import base64, hashlib, json, os, struct, sys
sys.path.insert(0, os.path.join(os.environ["AXEV_SOURCE_ROOT"], "tests/interop"))
from records_root import cell, salt
shown = b"".join(open(os.path.join(f, n), "rb").read() for f, _, names in os.walk("guess") for n in names)
proof = json.load(open("guess/data/disclosed/001.json"))
leaf = proof["proven"][0][1]["leaf"]
known = bytes.fromhex(proof["proven"][0][0]["salt"])
set_number = 2
true_csv = open("p/data/views/%03d.csv" % set_number, "rb").read()
secret = open("p/data/records/%03d.index" % set_number, "rb").read()[8:40]
true_salt = salt(secret, 0, 1, 2)
by_csv = by_salt = 0
for n in range(10000):
    number = b"1380000%04d" % n
    value = cell(5, number)
    for salt_tried in (known, bytes(16)):
        assert hashlib.sha256(b"\0" + salt_tried + struct.pack(">I", 1) + value).hexdigest() != leaf
    csv = b'"id","phone"\r\n1,"%s"\r\n' % number
    record = cell(1, b"\1") + value
    for guess in (csv, struct.pack(">I", len(record)) + record, value, number):
        digest = hashlib.sha256(guess).digest()
        assert digest.hex().encode() not in shown and base64.b64encode(digest) not in shown, number
    by_csv += csv == true_csv
    by_salt += hashlib.sha256(b"\0" + true_salt + struct.pack(">I", 1) + value).hexdigest() == leaf
assert (by_csv, by_salt) == (1, 1)  # with a plain digest of the view, or with the salt, he would find it
PY

check "it is printed" "$axev" print one.asice -o one.pdf
check "qpdf finds it whole" qpdf --check one.pdf
pdftotext one.pdf - | tr -d ' \n\f' >one.txt
leaf=$(python3 -c "import json; print(json.load(open('one/data/disclosed/001.json'))['proven'][0][1]['leaf'])")
for words in 电子数据披露单 〔已遮盖〕叶摘要"$leaf" 王主任 电子商务法第二十五条 "$id" 出示记录集的部分单元格，其余以摘要代替 只出示所列单元格，其余已遮盖或未列出 记录总数4; do
  check "the print has $words" grep -qF "$words" one.txt
done
check "it does not say that nothing is missing" sh -c '! grep -q 没有缺少 one.txt'
check "and nothing of what is withheld" sh -c '! grep -q "13800000001\|王小明" one.txt'
check "in English" "$axev" print one.bundle/data/packages/0001.asice -o one-en.pdf --lang en --form disclosure
check "the English print has the digest" sh -c 'pdftotext one-en.pdf - | tr -d " \n\f" | grep -qF "[withheld]leafdigest$1"' sh "$leaf"
check "the report has the cells, too" sh -c '"$1" print one.asice -o report.pdf --form report && pdftotext report.pdf - | tr -d " \n\f" >report.txt &&
  grep -qF "〔已遮盖〕叶摘要" report.txt && grep -qF "$2" report.txt' sh "$axev" "$leaf"

check "any byte that is changed is found" python3 - "$verify" <<'PY'
import os, random, subprocess, sys
data = open("one.bundle/data/packages/0001.asice", "rb").read()
rnd = random.Random(5)
for _ in range(40):
    place = rnd.randrange(len(data))
    with open("flipped.asice", "wb") as file:
        file.write(data[:place] + bytes([data[place] ^ 1]) + data[place + 1:])
    code = subprocess.run([sys.argv[1], "flipped.asice", "--policy", "L/policy.json"], stdout=subprocess.DEVNULL).returncode
    assert code == 1, (place, code)
PY

said "no ground" 2 "expected one package id, -o FILE, --approver and --ground" "$axev" disclose "$id" --ledger L --approver x -o no.asice
said "no such row" 2 "expected records of the 4 there are" "$axev" disclose "$id" --ledger L "${approve[@]}" --set orders --rows 5 -o no.asice
said "nothing left" 2 "every column is withheld" "$axev" disclose "$id" --ledger L "${approve[@]}" --set orders --withhold-columns id,phone,total,note -o no.asice
printf x >plain.txt
file=$("$axev" capture file plain.txt --ledger L --json | member id)
said "a package without record sets" 3 "the manifest lists the plain SHA-256" "$axev" disclose "$file" --ledger L "${approve[@]}" -o no.asice
check "what was refused left nothing" sh -c '[ ! -e no.asice ] && [ -z "$(ls L/drafts)" ]'
conclude
