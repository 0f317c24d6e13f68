#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# JSON and JSON Lines that were handed over: what is kept and what is refused.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
"$axev" init L --origin test.example/log >/dev/null || exit 1

cat >orders.json <<'JSON'
[ {"id": 1, "name": "王小明", "total": 1.50, "big": 12345678901234567890},
  {"id": 2, "name": "", "total": 1e3, "tags": [ "a" , {"b" : null} ]},
  {"id": 3, "name": null, "paid": true} ]
JSON
check "an array of objects" capture one json:orders.json --key-column id --giver 张三
check "is valid" "$verify" one.asice --policy L/policy.json
check "the file is in the package as it was" cmp orders.json one/data/handover/file.json
printf '"id","name","total","big","tags","paid"\r\n1,"王小明",1.50,12345678901234567890,,\r\n2,"","1e3",,"[""a"",{""b"":null}]",\r\n3,,,,,true\r\n' >want.csv
check "its view has numbers as they are written" cmp want.csv one/data/views/001.csv
check "an absent member is not NULL" grep -q '<td class="null">-</td>' one/data/views/001.html
check "how it was read is stated" manifest one "m['source']['options']=={'format':'json','encoding':'UTF-8','bom':False} and m['source']['rows']=='3'"
python3 -c "import json; [print(json.dumps(r, ensure_ascii=False)) for r in json.load(open('orders.json'))]" >orders.jsonl
check "the same as lines" capture lines jsonl:orders.jsonl
check "is valid, too" "$verify" lines.asice --policy L/policy.json
python3 -c "print('[{\"a\":\"' + 'x' * 1048577 + '\"}]')" >long.json
check "a text of more than 1 MiB" capture large json:long.json
check "is an object of its own" test "$(stat -c %s large/data/cells/000001.bin)" = 1048577

refused_json() {
  local sentence=$1 message=$2
  printf "$3" >bad.json
  refused "$sentence" "axev: bad.json: $message" "${4:-json}:bad.json"
}
refused_json "a member twice" "line 2, byte 11: one object has two members 'a'" '[\n{"a":1,"a":2}]'
refused_json "a member twice, inside" "line 1, byte 27: one object has two members 'b'" '[{"a":{"b":1,"\\u0062":{} }}]'
refused_json "a file that is cut off" "line 1, byte 9: a string is never closed" '[{"a":"x'
refused_json "bytes that are not UTF-8" 'line 2, byte 8 of the file: not UTF-8; --encoding gb18030 if it is GB18030' '[\n{"a":"\xcd\xf5"}]'
refused_json "half of a character" 'line 1, byte 10: half of a surrogate pair is no character' '[{"a":"\\ud800"}]'
refused_json "an object instead of an array" 'line 1, byte 1: expected an array of objects, found {' '{"a":1}'
refused_json "an array as lines" "line 1, byte 1: expected {, found '['" '[{"a":1}]' jsonl
refused_json "an empty line" 'line 2, byte 1: expected {, found the end' '{"a":1}\n\n' jsonl
refused_json "nothing in it" 'expected at least one object with a member' '[]'
refused_json "a NUL byte" "line 1, byte 8: a control character in a string must be escaped, found 00" '[{"a":"\0"}]'
printf '[{"a":1}]' >good.json
refused "a delimiter" 'delimiter, quote and a line of names are for CSV' json:good.json --delimiter ';'
refused "a key that is no member" "good.json: the file has no column 'id'" json:good.json --key-column id
python3 -c "print('[{\"a\":' + '[' * 100000 + ']' * 100000 + '}]')" >deep.json
refused "a hundred thousand levels" 'deep.json: line 1, byte 71: expected at most 64 levels' json:deep.json
python3 -c "print('[{\"a\":[' + ','.join(['1'] * 600000) + ']}]')" >wide.json
refused "a nested value of more than 1 MiB" 'wide.json: row 1, member 1: expected at most 1048320 bytes in a cell' json:wide.json
check "what was refused left no draft" test -z "$(ls L/drafts)"
conclude
