#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# CSV files that were handed over: what is kept, what is recorded of the giver, and what is refused.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"

printf 'id,name,note\r\n2,王小明,"a ""q"" b"\r\n1,,""\r\n3,x,"two\r\nlines"\r\n' >orders.csv
"$axev" init L --origin test.example/log >/dev/null || exit 1

check "a file is captured" capture one csv:orders.csv --key-column id --giver 张三 --giver-id 91350524MA2XXXXX0X \
  --received 2026-11-29T09:30 --medium 'USB stick no. 7'
check "the package is valid" "$verify" one.asice --policy L/policy.json
check "the file is in the package as it was" cmp orders.csv one/data/handover/file.csv
check "the rows are those of the data alone" manifest one "m['source']['rows']=='3' and len(m['record_sets'])==2"
check "how it was read is stated" manifest one "m['source']['options']=={'format':'csv','encoding':'UTF-8','bom':False,'delimiter':',','quote':'\"','names':True}"
check "the key stands in the header" grep -q '"key":\["id"\]' one/data/records/001.header.json
check "the records were read again out of the file" sh -c '"$1" one.asice --policy L/policy.json --json | grep -q "\"records.file\""' sh "$verify"
printf '"giver","giver_id","received","medium"\r\n"张三","91350524MA2XXXXX0X",2026-11-29T09:30:00,"USB stick no. 7"\r\n' >want.csv
check "who gave it is one record" cmp want.csv one/data/views/002.csv
check "no name of a person stands in the manifest" sh -c '! grep -q 张三 one/data/evidence.json'
check "there is a view for people" grep -q 王小明 one/data/views/001.html
check "CSV needs no view as CSV" test ! -e one/data/views/001.csv
check "nothing is left of the way" test -z "$(ls L/drafts)"

check "nothing is said of the giver" capture silent csv:orders.csv
check "which is said" grep -q 'who handed the file over, when and on what was not stated' silent/data/evidence.json
check "only names and no rows" sh -c 'printf "a,b\n" >names.csv'
check "are a set of none" capture names csv:names.csv
check "which is valid" "$verify" names.asice --policy L/policy.json
python3 -c "print('a,b'); print('1,' + 'x' * 1048577)" >large.csv
check "a field of more than 1 MiB" capture large csv:large.csv
check "is an object of its own" test "$(stat -c %s large/data/cells/000001.bin)" = 1048577
check "and valid" "$verify" large.asice --policy L/policy.json

# VERIFY.md with Python alone: roots, and the rows of the file.
printf '1\t%s\t"\n2\t\tb\n' 王小明 | iconv -t gb18030 >tabs.csv
check "tabs, no quotes, no names, GB18030" capture tabs csv:tabs.csv --delimiter tab --quote none --encoding gb18030 --no-names
printf '\xef\xbb\xbfa\n1\n\n""\n' >bom.csv
check "a BOM and an empty line in one column" capture bom csv:bom.csv
for name in one large names tabs bom; do
  recipe "$name.bundle/VERIFY.md" >recipe.sh
  check "$name: each command of VERIFY.md passes" sh -c '(cd "$1.bundle" && bash ../recipe.sh) >said.verify 2>&1 || { cat said.verify; false; }
    grep -q "^data/records/001.bin [0-9]* root OK, CSV OK$" said.verify' sh "$name"
done
check "the set of the giver has its root, too" sh -c '(cd one.bundle && python3 unpacked/records.py unpacked/0001 unpacked/0001.parts) |
  grep -qx "data/records/002.bin 1 root OK"'
records="python3 one.bundle/unpacked/records.py one.bundle/unpacked/0001 one.bundle/unpacked/0001.parts"
parts=one.bundle/unpacked/0001.parts/data
# fails_with ENGLISH FILE PYTHON: the bytes of the file, b, become what the expression says.
fails_with() {
  cp "$2" kept
  python3 -c "import sys; b = open(sys.argv[1], 'rb').read(); open(sys.argv[1], 'wb').write($3)" "$2"
  check "$1" sh -c '! cmp -s kept "$3" && ! $1 >said.verify 2>&1 && grep -q "$2" said.verify || { cat said.verify; false; }' sh "$records" "$1" "$2"
  cp kept "$2"
}
fails_with "row 2 differs" $parts/handover/file.csv "b.replace(b'two', b'tow')"
fails_with "row 0 differs" $parts/handover/file.csv "b.replace(b'2,', b'9,')"
fails_with "the number of rows differs" $parts/handover/file.csv "b[:b.index(b'3,x')]"
fails_with "row 3 differs" $parts/handover/file.csv "b + b'4,y,z\\r\\n'"
fails_with "the names of the columns differ" $parts/handover/file.csv "b.replace(b'note', b'nose')"
fails_with "another root or number of records" $parts/records/001.bin "b.replace(b'two', b'tow')"
fails_with "another root or number of records" $parts/records/001.bin "b[:4 + int.from_bytes(b[:4], 'big')]"
fails_with "another root or number of records" $parts/records/001.header.json "b.replace(b'note', b'nose')"
fails_with "another root or number of records" $parts/records/001.index "b[:9] + bytes([b[9] ^ 1]) + b[10:]"
check "and all is well as it was" $records

# refused "sentence" "message" "bytes for printf" options...
refused_csv() {
  local sentence=$1 message=$2
  printf "$3" >bad.csv
  shift 3
  refused "$sentence" "axev: $message" csv:bad.csv "$@"
}
refused_csv "a quote that is never closed" 'bad.csv: line 2, field 2: the quote that begins it is never closed' 'a,b\n1,"2\n3,4\n'
refused_csv "a row that is too short" 'bad.csv: line 3: expected 2 fields, found 1' 'a,b\n1,2\n3\n'
refused_csv "a row that is too long" 'bad.csv: line 2: expected 2 fields, found 3' 'a,b\n1,2,3\n'
refused_csv "an empty line" 'bad.csv: line 2: expected 2 fields, found 1' 'a,b\n\n1,2\n'
refused_csv "a NUL byte" 'bad.csv: line 2, field 1: a NUL byte' 'a\n\0\n'
refused_csv "CR alone" 'bad.csv: line 1: a CR without LF behind it: lines end in CRLF or LF' 'a,b\r1,2\r'
refused_csv "bytes that are not UTF-8" 'bad.csv: line 2, byte 4 of the file: not UTF-8; --encoding gb18030 if it is GB18030' 'a,b\n\xcd\xf5,2\n'
refused_csv "bytes that are not GB18030" 'bad.csv: line 2, byte 6 of the file: not GB18030' 'a,b\n1,\xff\n' --encoding gb18030
refused_csv "UTF-16" 'bad.csv: begins with the byte order mark of UTF-16, which is not read' '\xff\xfea\0'
refused_csv "one name for two columns" "bad.csv: line 1: fields 1 and 3 have one name, 'a'" 'a,b,a\n'
refused_csv "a column without a name" 'bad.csv: line 1, field 2: expected a name; is the first line one of names?' 'a,,b\n'
refused_csv "an empty file" 'bad.csv: expected at least one line, found an empty file' ''
refused_csv "a key that is no column" "bad.csv: the file has no column 'id'" 'a,b\n' --key-column id
refused_csv "a date that is none" "received: expected 2026-11-29 or 2026-11-29T09:30, found '29.11.2026'" 'a\n' --received 29.11.2026
refused_csv "an encoding that is not known" "expected the encoding utf-8 or gb18030, found 'big5'" 'a\n' --encoding big5
refused_csv "two characters as delimiter" "expected one ASCII character as the delimiter, found '||'" 'a\n' --delimiter '||'
refused_csv "one sign for both" 'expected two different ASCII characters as delimiter and quote' 'a\n' --delimiter '"'
refused_csv "a statement" 'tables and statements are for databases, not for files' 'a\n' --query 'SELECT 1'
refused "a folder" "axev: L: expected a file, this is none" csv:L
refused "no file" "missing.csv" csv:missing.csv
refused "a giver of a database" "belong to a file that was handed over" sqlite:x.db --giver A
check "what was refused left no draft" test -z "$(ls L/drafts)"
conclude
