#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints through the command line: the same package gives the same bytes, a changed one gives none.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

printf 'order 4711\n' >订单.txt
check "init" "$axev" init L --origin test.example/log
id=$("$axev" capture file 订单.txt --ledger L --case "$AXEV_SOURCE_ROOT/doc/examples/case-facts.json" --json | member id)
check "print by id" "$axev" print "$id" --ledger L -o by-id.pdf
check "export with the print enclosed" "$axev" export "$id" --ledger L -o case.asice --print by-id.pdf
check_exit "the bundle is valid with it" 0 "$verify" case.asice --policy L/policy.json
check "print from the bundle" "$axev" print case.asice -o from-bundle.pdf
check "both are the same bytes" cmp by-id.pdf from-bundle.pdf
check "the enclosed one too" sh -c "unzip -p case.asice data/print/0001.pdf | cmp - by-id.pdf"
check "qpdf finds it whole" qpdf --check by-id.pdf

pdftotext by-id.pdf by-id.txt
tr -d ' \n\f' <by-id.txt >flat.txt
check "the title is there" grep -q '电子数据证据提取笔录' flat.txt
check "the name of the file is there" grep -q '订单.txt' flat.txt
check "the digest of the file is there" grep -q "$(sha256sum <订单.txt | cut -c 1-64)" flat.txt
check "the honest limit is there" grep -q '不证明内容属实' flat.txt
check "it says whose clock it was" grep -q '时间仅由制作方自己的时间戳机构证明' flat.txt

check "the ledger's entries are there, with their indexes" sh -c \
  'pdftotext -layout by-id.pdf - | grep -E "^ *(开始提取|提取完成|封存) " | awk "{ print \$1, \$2 }" |
    tr "\n" ";" | grep -qx "开始提取 0;提取完成 1;封存 2;"'
check "and the SHA-256 of the package file that the last one fixes" sh -c \
  'tr -d " \n\f" <by-id.txt | grep -q "$(unzip -p case.asice data/packages/0001.asice | sha256sum | cut -c 1-64)"'
unzip -q -o case.asice -d bundle
check "print the package alone" "$axev" print bundle/data/packages/0001.asice -o alone.pdf
check "it says that the ledger's entries are not enclosed" sh -c \
  'pdftotext alone.pdf - | tr -d " \n\f" | grep -q 账本记录未随附'

mkdir many && python3 -c 'for i in range(1000): open(f"many/{i:04d}.txt", "w").write(str(i))'
printf 'second\n' >second.txt
second=$("$axev" capture file second.txt --ledger L --case "$AXEV_SOURCE_ROOT/doc/examples/case-facts.json" --json | member id)
parts=$("$axev" capture file many --ledger L --case "$AXEV_SOURCE_ROOT/doc/examples/case-facts.json" --json | member id)
check "print a package of parts" "$axev" print "$parts" --ledger L -o parts.pdf --form list
pdftotext parts.pdf - | tr -d ' \n\f' >parts.txt
check "its last object is listed" grep -q "$(printf 999 | sha256sum | cut -c 1-64)" parts.txt

check "export three" "$axev" export "$id" "$second" "$parts" --ledger L -o three.asice
unzip -q -p three.asice data/packages/0003.asice >0003.asice
count=$(unzip -p 0003.asice data/evidence.json | python3 -c '
import json, sys
manifest = json.load(sys.stdin)
print(len(manifest["objects"]) + sum(part["objects"] for part in manifest["parts"]))')
check "more than a thousand" [ "$count" -gt 1000 ]
check "and all are counted" grep -q "合计：$count个数据对象" parts.txt
check "print a bundle of three" "$axev" print three.asice -o three.pdf
pdftotext three.pdf - | tr -d ' \n\f' >three.txt
check "their list comes first" sh -c 'head -c 400 three.txt | grep -q 卷宗证据目录'
for each in "$id" "$second" "$parts"; do
  check "package $(echo "$each" | cut -c 1-8) is in it" grep -q "$each" three.txt
done
check "a form of one kind only is refused when no package has it" sh -c \
  '"$1" print three.asice -o none.pdf --form web 2>&1 | grep -q "form web: no package in the bundle has it"' - "$axev"
check "the QR code of the first and last page of a form is the id" sh -c \
  'pdftoppm -r 150 -png alone.pdf page && for last in page-*.png; do :; done &&
   zbarimg -q --raw page-1.png "$last" 2>/dev/null | sort -u | grep -qx "$1"' - "$id"

check "print a verification report" "$axev" print case.asice --form report --policy L/policy.json -o report.pdf
pdftotext report.pdf - | tr -d ' \n\f' >report.txt
check "the report has its title" grep -q '核验报告' report.txt
check "it says when that was" sh -c \
  'grep -qE "核验时间$(date -u -d "+8 hours" +%Y-%m-%d)" report.txt'
check "so does the report in JSON" sh -c \
  '"$1" case.asice --policy L/policy.json --json | python3 -c "
import json, sys
times = json.load(sys.stdin)[\"times\"]
assert times[\"verified_at\"] == times[\"judged_at\"] > times[\"claimed\"], times"' - "$verify"
check "a time asked for is not taken for the time of verification" sh -c \
  '"$1" case.asice --policy L/policy.json --at 2027-01-01T00:00:00Z --json | python3 -c "
import json, sys
times = json.load(sys.stdin)[\"times\"]
assert times[\"judged_at\"].startswith(\"2027-01-01T00:00:00\") and times[\"verified_at\"] < \"2027\", times"' - "$verify"
check "English on request" "$axev" print "$id" --ledger L -o en.pdf --lang en

cp case.asice changed.asice
python3 - <<'PY'
with open('changed.asice', 'r+b') as f:
    f.seek(9000); b = f.read(1); f.seek(9000); f.write(bytes([b[0] ^ 1]))
PY
check_exit "a changed bundle is not printed" 1 "$axev" print changed.asice -o changed.pdf
check "and no PDF is left" sh -c '! ls changed.pdf* 2>/dev/null'
check_exit "an unknown form is a usage error" 2 "$axev" print "$id" --ledger L -o x.pdf --form poem
conclude
