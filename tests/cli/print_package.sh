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

check "print a verification report" "$axev" print case.asice --form report --policy L/policy.json -o report.pdf
pdftotext report.pdf - | tr -d ' \n\f' >report.txt
check "the report has its title" grep -q '核验报告' report.txt
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
