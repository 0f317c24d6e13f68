#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A site that answers, is gone, is denied by its resolver: each capture sealed as just that, checked by a stranger, compared with the
# one before, and printed in words that claim no more.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
chmod 711 .
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
resolver() { # ADDRESS OPTIONS...: a dnsmasq on port 53 of this address
  dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --port=53 --listen-address="$1" --bind-interfaces --user=root \
    --pid-file= "${@:2}" >"$1.log" 2>&1 &
  resolver_pid=$!
  started_pids="$started_pids $!"
  for _ in $(seq 100); do dig +time=1 +tries=1 "@$1" probe.example >/dev/null 2>&1 && break; sleep 0.1; done
}
# This machine's resolver, and another that has an address of its own.
resolver 127.0.0.54 --address=/shop.example/127.0.0.1
system_pid=$resolver_pid
resolver 127.0.0.55 --address=/shop.example/127.0.0.1 --address=/shop.example/127.0.0.2
printf 'nameserver 127.0.0.54\n' >resolv.conf
apart() { unshare --mount -- sh -c 'mount --bind resolv.conf /etc/resolv.conf && exec "$@"' sh "$@"; }

port=$(free_port)
mkdir site
echo '<!doctype html><meta charset=utf-8><title>x</title><p>hello' >site/index.html
python3 -u -m http.server --bind 127.0.0.1 --directory site "$port" >said 2>&1 &
server_pid=$!
started_pids="$started_pids $!"
for _ in $(seq 100); do curl -s "http://127.0.0.1:$port/" >/dev/null && break; sleep 0.1; done
url=http://shop.example:$port/

capture() { # NAME OPTION...: sealed, exported, valid; NAME/ is the package
  local name=$1 id
  shift
  id=$(apart "$axev" capture web "$url" --ledger L --no-checks --resolver 127.0.0.55 --json "$@" 2>"$name.said" | member id 2>/dev/null)
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { sed 's/^/#   /' "$name.said"; return 1; }
  eval "id_$name=$id"
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json --full
  cp .out "$name.report"
  mkdir "$name"
  unzip -qp "$name.asice" data/packages/0001.asice >"$name.package"
  unzip -q "$name.package" -d "$name"
}
is_true() { # NAME EXPRESSION: python, true of m, the manifest, d, data/reach.json, and c, the comparison
  python3 -c '
import hashlib, json, os, sys
here = sys.argv[1] + "/data/"
load = lambda name: json.load(open(here + name)) if os.path.exists(here + name) else None
sha = lambda path: hashlib.sha256(open(path, "rb").read()).hexdigest()
m, d, c = load("evidence.json"), load("reach.json"), load("recheck/comparison.json")
paths = [o["path"] for o in m["objects"]]
ok = eval(sys.argv[2])
if not ok: print(json.dumps(d)[:3000], json.dumps(c)[:2000], m.get("reach"), m.get("recheck"), m["complete"])
sys.exit(not ok)' "$@"
}

# ---- it answers ----
capture there --reach
check "the page is captured as always" is_true there "'data/page.wacz' in paths and 'data/screenshot.png' in paths and m['complete'] is True"
check "both resolvers were asked" is_true there \
  "[(r['server'], r['chosen']) for r in d['resolvers']] == [('127.0.0.54:53', 'system'), ('127.0.0.55:53', 'option')]"
check "each address, what it answered" is_true there \
  "[(a['address'], a['named_by'], a['reached']) for a in d['addresses']] == [('127.0.0.1', [0, 1], 'answer'), ('127.0.0.2', [1], 'nothing')]"
check "the manifest counts" is_true there \
  "m['reach'] == {'resolvers': 2, 'resolvers_answered': 2, 'addresses': 2, 'connected': 1, 'handshakes': 0, 'answered': 1} and 'recheck' not in m"
check "a verifier says how far that goes" grep -q 'not reached is not closed' there.report
check "the server saw a request of its own" grep -q '"GET / HTTP/1.1" 200' said

# ---- it is gone ----
kill "$server_pid"
wait "$server_pid" 2>/dev/null
capture gone --recheck-of "${id_there:0:12}"
check "a page that does not come is in the package, and no error" is_true gone \
  "m['source']['failure'].startswith('net::ERR_') and 'data/screenshot.png' not in paths"
check "it names the earlier capture, its package and its time" is_true gone \
  "m['recheck']['of'] == '$id_there' and m['recheck']['package_sha256'] == sha('there.package') and m['recheck']['captured'] >= json.load(open('there/data/evidence.json'))['capture']['finished']"
check "the earlier facts are enclosed as they were, bound to its id" is_true gone \
  "sha('gone/data/recheck/evidence.json') == '$id_there' and sha('gone/data/recheck/reach.json') == sha('there/data/reach.json')"
check "address by address, then and now" is_true gone \
  "[(a['address'], a['outcome'], a['earlier']['reached'], a['later']['reached']) for a in c['addresses']] == [('127.0.0.1', 'different', 'answer', 'nothing'), ('127.0.0.2', 'same', 'nothing', 'nothing')]"
check "status by status" is_true gone "c['addresses'][0]['earlier']['status'] == 200 and c['addresses'][0]['later'] == {'reached': 'nothing', 'tcp': 'refused'}"
check "the resolvers said the same" is_true gone "[r['outcome'] for r in c['resolvers']] == ['same', 'same']"
check "the verifier made the comparison again" grep -q '\[passed\] comparison with an earlier capture' gone.report
check "and does not vouch for what only the ledger said" grep -q 'as its ledger had them, not verified' gone.report

mkdir open
unzip -q gone.asice -d open
recipe open/VERIFY.md >recipe.sh
check "VERIFY.md binds the earlier capture" grep -q 'recheck.of.*sha256sum -c' recipe.sh
check "each of its commands passes, and shows then and now" sh -c '(cd open && bash ../recipe.sh) >said.verify 2>&1 &&
  grep -qP "^127.0.0.1\tnothing\t-$" said.verify && grep -qP "^127.0.0.1\tanswer\t200$" said.verify'
check "and finds other facts" sh -c 'echo >>open/unpacked/0001/data/recheck/reach.json && cd open &&
  sed -n "/data.recheck/p" ../recipe.sh >../part.sh && ! bash -e ../part.sh'

# ---- its name is gone, too; checked against the check ----
kill "$system_pid"
wait "$system_pid" 2>/dev/null
resolver 127.0.0.54 --address=/shop.example/
capture denied --recheck-of "$id_gone"
check "one resolver denies the name, the other does not" is_true denied \
  "[(r['outcome'], r['later']['A']) for r in c['resolvers']] == [('different', 'NXDOMAIN'), ('same', 'NOERROR')]"

# ---- a bundle that was changed ----
check "changed facts are found" python3 - <<'PY'
import subprocess, os
data = open('gone.asice', 'rb').read()
at = data.index(b'"outcome":"refused"')
open('changed.asice', 'wb').write(data[:at] + b'"outcome":"refusee"' + data[at + 19:])
assert subprocess.run([os.environ['AXEV_BUILD_ROOT'] + '/tools/axev-verify', 'changed.asice', '--policy', 'L/policy.json'], capture_output=True).returncode == 1
PY

# ---- what cannot be checked again ----
refused() { # SENTENCE CODE TEXT ARGUMENT...
  local sentence=$1 code=$2 text=$3
  shift 3
  "$axev" capture web "$@" --ledger L --no-checks >out 2>err
  check "$sentence" sh -c 'test '$?' -eq "$0" && grep -qF -- "$1" err && test "$(wc -l <err)" -eq 1' "$code" "$text"
}
entries=$("$axev" list --ledger L --json | member packages | wc -c)
refused "an id that is not in the ledger" 3 "no package 00000000" "$url" --recheck-of 00000000
refused "an id that is too short" 2 "at least its first 8" "$url" --recheck-of 00
refused "another address" 2 "expected the address of the capture to check again, $url" "${url}x" --recheck-of "$id_there"
file=$("$axev" capture file site/index.html --ledger L --json | member id)
refused "a capture of files" 2 "expected a web capture to check again, found one of kind 'file'" "$url" --recheck-of "$file"
plain=$("$axev" capture web "http://127.0.0.1:$port/" --ledger L --no-checks --record-failure --json 2>/dev/null | member id)
refused "a capture without such facts" 2 "it was made without --reach" "http://127.0.0.1:$port/" --recheck-of "$plain"
draft=$("$axev" capture web "http://127.0.0.1:$port/" --ledger L --no-checks --reach --draft --json 2>/dev/null | member id)
refused "a capture that is not sealed" 3 "the capture to check again is not sealed" "http://127.0.0.1:$port/" --recheck-of "$draft"
refused "a host that no resolver can be asked for" 2 "expected a host in ASCII letters (xn--...)" "http://商店.example/" --reach
echo "$url" >list
check_exit "a list has no earlier capture" 2 "$axev" capture web --list list --ledger L --recheck-of "$id_there"

# ---- the schema ----
check "the documents have the members that the schemas name" python3 - "$AXEV_SOURCE_ROOT" <<'PY'
import json, sys
def fits(value, rule, at, defs):
    rule = defs[rule['$ref'].split('/')[-1]] if '$ref' in rule else rule
    if 'enum' in rule: assert value in rule['enum'], (at, value)
    if 'const' in rule: assert value == rule['const'], (at, value)
    if rule.get('type') == 'object':
        assert set(rule.get('required', [])) <= set(value) <= set(rule['properties']), (at, sorted(value))
        for key in value: fits(value[key], rule['properties'][key], at + '/' + key, defs)
    if rule.get('type') == 'array':
        for one in value: fits(one, rule['items'], at + '[]', defs)
    kinds = {'string': str, 'integer': int, 'boolean': bool}
    if rule.get('type') in kinds: assert isinstance(value, kinds[rule['type']]), (at, value)
for schema, names in (('reach', ('there/data/reach.json', 'gone/data/reach.json', 'denied/data/recheck/reach.json')),
                      ('reach-comparison', ('gone/data/recheck/comparison.json', 'denied/data/recheck/comparison.json'))):
    rule = json.load(open(sys.argv[1] + '/doc/schema/%s.schema.json' % schema))
    for name in names: fits(json.load(open(name)), rule, name, rule['$defs'])
PY

# ---- print ----
if "$axev" print "$id_gone" --ledger L -o gone.pdf --form web 2>print.err; then
  pdftotext gone.pdf - | tr -d ' \n\f' >gone.txt
  for text in 可达性事实 127.0.0.55:53 连接被拒绝 与早前提取的比较 "状态码200" 不同 未连通不等于网站已关闭 "${id_there:0:8}"; do
    check "the print says $text" grep -qF "$text" gone.txt
  done
  "$axev" print "$id_gone" --ledger L --lang en -o gone-en.pdf --form web
  pdftotext gone-en.pdf - | tr -s ' \n\f' ' ' >gone-en.txt
  for text in "What could be reached" "connection refused (ECONNREFUSED)" "Beside an earlier capture" "Then: 2" "Now: 2" "reached is not closed"; do
    check "the English print says $text" grep -qF "$text" gone-en.txt
  done
elif ! grep -q "built without" print.err; then
  check "print" cat print.err
  failures=$((failures + 1))
fi
conclude
