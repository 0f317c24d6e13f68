#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Workbooks that were handed over: what the report says of them, and what is refused.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
"$axev" init L --origin test.example/log >/dev/null || exit 1

cat >made.py <<'PY'
import os, struct, sys, zipfile
sys.path.insert(0, os.environ["AXEV_SOURCE_ROOT"] + "/tests/interop")
from lib_xlsx import MAIN, XML, parts, write, write_bomb

cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
write("good.xlsx", parts(cell + '<row r="2"><c r="A2"><v>7</v></c></row>'))
write("stored.xlsx", parts(cell), zipfile.ZIP_STORED)
entities = XML + '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
write("laughs.xlsx", parts('<row><c t="inlineStr"><is><t>&b;</t></is></c></row>', prolog=entities))
write("outside.xlsx", parts('<row r="1"><c r="XFE1"><v>1</v></c></row>'))
write("below.xlsx", parts('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'))
write("back.xlsx", parts('<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>'))
write("elsewhere.xlsx", parts('<row r="2"><c r="A3"><v>1</v></c></row>'))
write("string.xlsx", parts('<row><c t="s"><v>1</v></c></row>', strings="<si><t>a</t></si>"))
write("type.xlsx", parts('<row><c t="q"><v>1</v></c></row>'))
write("names.xlsx", parts('<row><c t="inlineStr"><is><t>a</t></is></c></row><row><c/><c><v>1</v></c></row>'))
write("cut.xlsx", parts("<row><c>"))
write("deep.xlsx", parts("", before="<a>" * 100 + "</a>" * 100))
write("tag.xlsx", parts("", before='<a b="' + "x" * (2 << 20) + '"/>'))
write("comment.xlsx", parts("", before="<!--" + "x" * (2 << 20) + "-->"))
write("text.xlsx", parts(cell, before="<a>" + "x" * (4 << 20) + "</a>"))  # in pieces: nobody holds it
write("many.xlsx", parts("", before="".join(f"<a{i}/>" for i in range(5000))))
made = parts(cell)
made["xl/_rels/workbook.xml.rels"] = made["xl/_rels/workbook.xml.rels"].replace("</", '<Relationship Id="r3" Type="a/styles" Target="styles.xml"/></')
made["xl/styles.xml"] = f'<styleSheet><numFmts><numFmt numFmtId="200" formatCode="{"y" * 40000}"/></numFmts></styleSheet>'
write("format.xlsx", made)
made = parts(cell)
made["xl/workbook.xml"] = made["xl/workbook.xml"].replace('<sheet name="S" sheetId="1" r:id="r1"/>', "")
write("none.xlsx", made)
sheet = '<sheet name="S" sheetId="1" r:id="r1"/>'
made = parts(cell)
made["xl/workbook.xml"] = made["xl/workbook.xml"].replace(sheet, sheet + sheet.replace('"S"', '"T"'))
write("shared.xlsx", made)
made["xl/workbook.xml"] = made["xl/workbook.xml"].replace('sheetId="1" r:id="r1"/></', 'sheetId="2" r:id="r2"/></')
write("nowhere.xlsx", made)
relation = made["xl/_rels/workbook.xml.rels"]
for name, type in (("macro", "xlMacrosheet"), ("chart", "chartsheet")):
    made["xl/_rels/workbook.xml.rels"] = relation.replace("</", f'<Relationship Id="r2" Type="a/{type}" Target="a.xml"/></')
    write(name + ".xlsx", made)
made["xl/_rels/workbook.xml.rels"] = relation
# 1 MB whose five sheets are one entry of 1023 MiB; its directory is honest.
made["xl/workbook.xml"] = parts("")["xl/workbook.xml"].replace(sheet, "".join(sheet.replace('"S"', f'"S{i}"') for i in range(5)))
write_bomb("five.xlsx", made, "xl/worksheets/sheet1.xml", 1023)
missing = parts("")
del missing["xl/worksheets/sheet1.xml"]
write("missing.xlsx", missing)
up = parts("")
up["xl/_rels/workbook.xml.rels"] = up["xl/_rels/workbook.xml.rels"].replace("worksheets/", "../../")
write("up.xlsx", up)
data = bytearray(open("good.xlsx", "rb").read())
struct.pack_into("<I", data, data.index(b"PK\1\2") + 24, 5)  # a size that is not the one
open("lies.xlsx", "wb").write(data)
data = bytearray(open("good.xlsx", "rb").read())
struct.pack_into("<I", data, data.rindex(b"PK\1\2", 0, data.rindex(b"PK\1\2")) + 24, (1 << 30) + 1)
open("bomb.xlsx", "wb").write(data)
sheet = parts(cell + "<row><c><v>1</v></c></row>" * 300000)  # packed 250 times smaller; said to be small
write("packed.xlsx", sheet)
data = bytearray(open("packed.xlsx", "rb").read())
struct.pack_into("<I", data, data.rindex(b"PK\1\2", 0, data.rindex(b"PK\1\2")) + 24, 1000)
open("packed.xlsx", "wb").write(data)
data = bytearray(open("stored.xlsx", "rb").read())
data[data.index(b">id<") + 1] ^= 1
open("changed.xlsx", "wb").write(data)
data = bytearray(open("good.xlsx", "rb").read())
data[data.index(b"PK\1\2") + 8] |= 1
open("locked.xlsx", "wb").write(data)
open("short.xlsx", "wb").write(open("good.xlsx", "rb").read()[:-30])
with zipfile.ZipFile("twice.xlsx", "w") as file:
    for name, content in [*parts(cell).items(), ("xl/workbook.xml", "<x/>")]:
        file.writestr(name, content)
PY
python3 -W ignore made.py || exit 1

check "a workbook" capture one xlsx:good.xlsx --key-column id --giver 张三
check "is valid" "$verify" one.asice --policy L/policy.json
check "the file is in the package as it was" cmp good.xlsx one/data/handover/file.xlsx
check "its rows were read again" sh -c '"$1" one.asice --policy L/policy.json --json | python3 -c "
import json, sys
def walk(checks):
    for check in checks:
        yield check
        yield from walk(check[\"children\"])
found = [c for c in walk(json.load(sys.stdin)[\"checks\"]) if c[\"id\"] == \"records.file\"]
sys.exit(not (len(found) == 1 and found[0][\"status\"] == \"passed\" and found[0][\"looked_at\"] == \"data/handover/file.xlsx\"))"' sh "$verify"
printf '"(row)","id"\r\n2,7\r\n' >want.csv
check "rows have their numbers" cmp want.csv one/data/views/001.csv
check "nothing is compressed in another one" capture stored xlsx:stored.xlsx --no-names

check "a sheet that is named twice" capture shared xlsx:shared.xlsx --no-names
check "is read twice" manifest shared "[s['name'] for s in m['record_sets']]==['S','T']"
check "with the same rows" cmp shared/data/views/001.csv shared/data/views/002.csv

check "a sheet that is a chart" capture chart xlsx:chart.xlsx --no-names
check "is told" grep -q '"T","a sheet without cells, as a chart"' chart/data/views/002.csv
check "others can read the bomb below" python3 -c 'import sys,zipfile; i=zipfile.ZipFile("five.xlsx").infolist()[-2]; sys.exit(not (i.file_size > 1023 << 20 and i.compress_size < 2 << 20))'
check "5 GB of blanks are refused before they are unpacked: 5 seconds of a processor, files of 20 MB" sh -c '
ulimit -t 5 -f 20000
"$1" capture db xlsx:five.xlsx --ledger L >said 2>&1
[ $? -eq 1 ] && grep -qE "^axev: five.xlsx: expected sheets of at most 4294967296 bytes together when unpacked, found 53634[0-9]+$" said || { cat said; false; }' sh "$axev"

bad() { refused "$1" "axev: $2.xlsx: $3" "xlsx:$2.xlsx"; }
sheet="sheet 'S': xl/worksheets/sheet1.xml"
bad "a billion laughs" laughs "$sheet: line 2: a document type declaration is not allowed here"
bad "a zip bomb" bomb "entry 'xl/worksheets/sheet1.xml': expected at most 1073741824 bytes, found 1073741825"
bad "more than the directory says" packed "$sheet: expected 1000 bytes, found more"
bad "a size that is not the one" lies "_rels/.rels: expected 5 bytes, found more"
bad "a changed byte" changed "$sheet: its content is not what the directory says"
bad "a cell beyond the last column" outside "$sheet: line 2: expected a cell of row 1 behind column 0 and up to XFD, found 'XFE1'"
bad "a row beyond the last one" below "$sheet: line 2: expected a row behind row 0 and up to 1048576, found '1048577'"
bad "cells that go back" back "$sheet: line 2: expected a cell of row 2 behind column 2 and up to XFD, found 'A2'"
bad "a cell of another row" elsewhere "$sheet: line 2: expected a cell of row 2 behind column 0 and up to XFD, found 'A3'"
bad "a string that is not there" string "$sheet: line 2: cell A1: expected the number of a shared string, below 1, found '1'"
bad "an unknown type" type "$sheet: line 2: cell A1: a cell of type 'q' is not known"
bad "a column without a name" names "sheet 'S': row 1: column B has no name"
bad "XML that is cut off" cut "$sheet: line 2: mismatched tag"
bad "a hundred levels" deep "$sheet: line 2: expected at most 64 levels of elements"
bad "a tag of 2 MiB" tag "$sheet: line 2: expected at most 1048576 bytes in a tag or a comment"
bad "a comment of 2 MiB" comment "$sheet: line 2: expected at most 1048576 bytes in a tag or a comment"
bad "5000 different names" many "$sheet: line 2: expected at most 4096 different names of elements and attributes"
bad "a format of 40000 bytes" format "xl/styles.xml: line 1: expected at most 4096 formats of at most 32768 bytes each"
bad "a workbook without sheets" none "expected a workbook with a sheet, found none"
check "4 MiB of text that is no cell's" capture long xlsx:text.xlsx
bad "a sheet that is not in the file" missing "sheet 'S': 'xl/worksheets/sheet1.xml' is not in the file"
bad "a sheet that is said to be nowhere" nowhere "sheet 'T': expected a relation that says where in the file it is, found none"
bad "a sheet of macros, which has cells" macro "xl/_rels/workbook.xml.rels: line 2: sheet 'T': a sheet of type 'a/xlMacrosheet' is not read"
bad "a way out of the file" up "xl/_rels/workbook.xml.rels: line 2: a relation to '../../sheet1.xml' is not followed"
bad "an encrypted entry" locked "entry '_rels/.rels': encrypted"
bad "a file that was cut off" short 'expected a ZIP file, found no end record'
bad "an entry that is there twice" twice "entry 'xl/workbook.xml': is there twice"
printf 'a,b\n' >csv.xlsx
bad "CSV under another name" csv 'expected a ZIP file, found no end record'
refused "a key of no sheet" "good.xlsx: no sheet has the column 'nr'" xlsx:good.xlsx --key-column nr
refused "an encoding" 'encoding, delimiter and quote are for text files' xlsx:good.xlsx --encoding gb18030
check "what was refused left no draft" test -z "$(ls L/drafts)"
conclude
