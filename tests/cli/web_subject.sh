#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a page shows about who runs it: found in all frames and closed shadow trees, the licence's page captured beside it,
# compared with a filing record; pages that show nothing, lead nowhere, or mean harm; the print.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

filing="$AXEV_SOURCE_ROOT/doc/examples/subject.json"
code=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["credit_code"])' "$filing")
"$axev" init L --origin test.example/log >/dev/null || exit 1
python3 "$AXEV_SOURCE_ROOT/tests/web/subject_site.py" asked "$code" >port 2>server.log &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
base="http://127.0.0.1:$(cat port)"

# capture NAME OPTION...: sealed, exported, valid; NAME/ is the package.
capture() {
  local name=$1 id
  shift
  id=$("$axev" capture web "$base/$name" --ledger L --no-checks --json "$@" 2>"$name.said" | member id 2>/dev/null)
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { sed 's/^/#   /' "$name.said"; return 1; }
  eval "id_$name=$id"
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  mkdir "$name"
  unzip -qp "$name.asice" data/packages/0001.asice >"$name.package"
  unzip -q "$name.package" -d "$name"
}
is_true() { # NAME EXPRESSION: python, true of m, the manifest, and s, data/subject.json
  python3 -c '
import hashlib, json, sys
m = json.load(open(sys.argv[1] + "/data/evidence.json"))
s = json.load(open(sys.argv[1] + "/data/subject.json"))
row = lambda field: [c for c in s["comparison"] if c["field"] == field][0]
marks = lambda kind, of=s: [k for k in of["marks"] if k["kind"] == kind]
missing = [] if m["complete"] is True else m["complete"]
ok = eval(sys.argv[2])
if not ok: print(json.dumps(s, ensure_ascii=False)[:6000], m["subject"], m["complete"])
sys.exit(not ok)' "$@"
}

capture shop --subject "$filing"
check "the picture that says it is a licence mark, with its place and link" is_true shop \
  "any(k['by'] == 'alt' and k['text'] == '电子营业执照亮照' and k['href'].startswith('licence?') and k['element'].endswith('/footer/a/img') and k['laid_out'] for k in marks('licence'))"
check "an ICP number in pieces and in full width" is_true shop \
  "any(k['value'] == '闽ICP备2026000001号-1' and k['href'] == 'https://beian.miit.gov.cn/' for k in marks('icp'))"
check "a number in a closed shadow tree" is_true shop "any(k['value'] == '粤B2-20090059' for k in marks('icp'))"
check "a number of the public security filing" is_true shop "[k['value'] for k in marks('police')] == ['闽公网安备35052402000001号']"
check "a code in a frame, and that its check character is wrong" is_true shop \
  "[(k['check_character'], k['frame_url'].endswith('/frame')) for k in marks('credit-code')] == [('wrong', True)]"
check "the licence's page was opened" is_true shop \
  "[t['outcome'] for t in s['targets']] == ['opened'] and s['targets'][0]['status'] == 200 and s['targets'][0]['title'] == '营业执照信息'"
check "once, with the address as it was written" test "$(grep -c '^/licence?token=%E7%85%A7$' asked)" -eq 1
check "it is in the package: picture, text, document tree" is_true shop \
  "all(t[k] in {o['path'] for o in m['objects']} for t in s['targets'] for k in ('screenshot', 'text', 'dom'))"
check "its bytes are in the archive, and a page of it" sh -c \
  'unzip -p shop/data/page.wacz pages/pages.jsonl | grep -q "\"id\":\"licence-1\".*licence?token"'
check "the manifest still speaks of the page" is_true shop \
  "m['source']['title'] == '山间茶铺 - 首页' and m['source']['final_url'].endswith('/shop') and 'redirects' not in m['source'] and m['complete'] is True"
check "the name stands on the licence's page" is_true shop \
  "row('name')['outcome'] == 'equal' and row('name')['found'] == [{'value': '安溪县山间茶铺商贸有限公司', 'page': 1}]"
check "the code is equal to that of the licence, and both are listed" is_true shop \
  "row('credit_code')['outcome'] == 'equal' and row('credit_code')['filed_check_character'] == 'right' and {f['page'] for f in row('credit_code')['found']} == {0, 1}"
check "the ICP number is equal but for the number of the site, which is said" is_true shop \
  "row('icp_number')['outcome'] == 'equal' and 'number of a site' in row('icp_number')['how']"
check "the domain is another" is_true shop \
  "row('domain')['outcome'] == 'different' and row('domain')['filed'] == 'shop.example' and row('domain')['found'] == [{'value': '127.0.0.1', 'page': 0}]"
check "what was not filed is called so" is_true shop "row('police_number')['outcome'] == 'not_in_filing' and 'filed' not in row('police_number')"
check "what no page shows is not compared" is_true shop "row('isp')['outcome'] == 'not_compared'"
check "the filing is kept as it was" cmp "$filing" shop/data/subject/filing.json
check "and its digest is stated" is_true shop \
  "s['filing']['sha256'] == hashlib.sha256(open('shop/data/subject/filing.json', 'rb').read()).hexdigest()"
check "the manifest counts" is_true shop \
  "(m['subject']['equal'], m['subject']['different'], m['subject']['not_found'], m['subject']['not_in_filing']) == (5, 2, 0, 1)"

capture none --subject "$filing"
check "a page that shows nothing is said to show nothing" is_true none \
  "s['marks'] == [] and s['targets'] == [] and row('icp_number')['outcome'] == 'not_found' and m['complete'] is True"
capture gone --licence
check "targets that cannot be had are told one by one" is_true gone \
  "[(t['outcome'], t.get('status')) for t in s['targets']] == [('opened', 404), ('not opened', None), ('not received', None)] and s['targets_not_opened'] == 1"
check "a script is no address" is_true gone "s['targets'][1]['why'] == 'it is no address of http or https'"
check "nothing was compared" is_true gone "'comparison' not in s and 'equal' not in m['subject']"
SECONDS=0
capture hostile --licence
check "a hostile page takes no longer than others" test "$SECONDS" -lt 60
check "its marks are bounded, and that there are more is said" is_true hostile \
  "0 < len(s['marks']) <= 6 * 32 and s['marks_not_listed'] > 0 and len(s['targets']) == 3 and s['targets_not_opened'] > 0"
check "its scripts did not choose where to go" is_true hostile "all(t['url'].startswith('$base/x') for t in s['targets'])"
id=$("$axev" capture web http://127.0.0.1:9/ --ledger L --no-checks --licence --record-failure --json 2>failed.said | member id)
"$axev" export "$id" --ledger L -o failed.asice >/dev/null
check "a page that never came was not looked through, and that is said" sh -c 'unzip -qp failed.asice data/packages/0001.asice >failed.package &&
  unzip -qp failed.package data/subject.json | grep -q "\"not_searched\":\"there is no document tree"'

# ---- filing records that are none ----
refused() { # SENTENCE TEXT JSON
  printf '%s' "$3" >bad.json
  "$axev" capture web "$base/shop" --ledger L --subject bad.json >out 2>err
  check "$1" sh -c 'test '$?' -ne 0 && grep -qF -- "$0" err && test "$(wc -l <err)" -eq 1' "$2"
}
refused "another format is refused" "bad.json: member 'format': expected ax-subject/1" '{"format":"ax-case/1","name":"x"}'
refused "an unknown member is refused" "bad.json: unknown member 'phone'" '{"format":"ax-subject/1","phone":"x"}'
refused "a number is no text" "bad.json: member 'name': expected text" '{"format":"ax-subject/1","name":7}'
refused "nothing to compare with is refused" "bad.json: expected something to compare with" '{"format":"ax-subject/1"}'
check "the example is what the schema says" python3 - "$AXEV_SOURCE_ROOT" <<'PY'
import json, sys
schema = json.load(open(sys.argv[1] + '/doc/schema/subject.schema.json'))
example = json.load(open(sys.argv[1] + '/doc/examples/subject.json'))
assert set(example) <= set(schema['properties']) and set(schema['required']) <= set(example)
assert all(isinstance(value, str) and value for value in example.values())
PY
check "what was found has the members that the schema names" python3 - "$AXEV_SOURCE_ROOT" <<'PY'
import json, sys
schema = json.load(open(sys.argv[1] + '/doc/schema/subject-found.schema.json'))
def fits(value, rule, at):
    rule = schema['$defs'][rule['$ref'].split('/')[-1]] if '$ref' in rule else rule
    if 'enum' in rule: assert value in rule['enum'], (at, value)
    if 'const' in rule: assert value == rule['const'], (at, value)
    if rule.get('type') == 'object':
        assert set(rule.get('required', [])) <= set(value) <= set(rule['properties']), (at, sorted(value))
        for key in value: fits(value[key], rule['properties'][key], at + '/' + key)
    if rule.get('type') == 'array':
        for one in value: fits(one, rule['items'], at + '[]')
    kinds = {'string': str, 'integer': int, 'boolean': bool}
    if rule.get('type') in kinds: assert isinstance(value, kinds[rule['type']]), (at, value)
for name in ('shop', 'none', 'gone', 'hostile'):
    fits(json.load(open(name + '/data/subject.json')), schema, name)
PY

# ---- print ----
if "$axev" print "$id_shop" --ledger L -o shop.pdf --form web 2>print.err; then
  pdftotext shop.pdf - | tr -d ' \n\f' >shop.txt
  for text in 主体公示信息 闽ICP备2026000001号-1 校验码不符 已打开并提取 不一致 备案记录中没有 网站序号 不说明其真实; do
    check "the print says $text" grep -qF "$text" shop.txt
  done
  "$axev" print "$id_shop" --ledger L --lang en -o shop-en.pdf --form web
  check "the English print, too" sh -c 'pdftotext -layout shop-en.pdf - | tr -s " \n" " " | grep -q "not that they are true"'
elif ! grep -q "built without" print.err; then
  check "print" cat print.err
  failures=$((failures + 1))
fi
conclude
