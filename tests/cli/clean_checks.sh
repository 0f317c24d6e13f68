#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Cleanliness checks around a web capture: what a machine that is not clean looks like in the package, in the report and
# in print; that nothing which could not be done is called passed; that the strict profile does not seal.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
mkdir site
echo '<!doctype html><meta charset=utf-8><title>x</title><p>hello' >site/index.html
python3 -u -m http.server --bind 127.0.0.1 --directory site 0 >said 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 100); do
  port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' said)
  [ -z "$port" ] || break
  sleep 0.1
done
url=http://127.0.0.1:$port/
capture() { "$axev" capture web "$@" --ledger L --json; }
package() { # ID OUT: its entries
  "$axev" export "$1" --ledger L -o "$2.asice" >/dev/null && unzip -qo "$2.asice" -d "$2.bundle" &&
    unzip -qo "$2.bundle/data/packages/0001.asice" -d "$2"
}
# of OUT WHEN ID MEMBER: a member of one check
of() {
  python3 -c 'import json,sys
checks = json.load(open(sys.argv[1] + "/data/evidence.json"))["environment"]["checks"]
print(*[c.get(sys.argv[4], "absent") for c in checks if (c["when"], c["id"]) == (sys.argv[2], sys.argv[3])], sep="\n")' "$@"
}
is() { check "$1" test "$2" = "$3"; }
like() { check "$1" grep -qE -- "$3" <<<"$2"; }

# ---- an ordinary capture ----
id=$(capture "$url" | member id)
check "a capture with checks" package "$id" plain
check_exit "verifies" 0 "$verify" plain.asice --policy L/policy.json
for moment in before after; do
  is "hosts file, $moment" "$(of plain $moment hosts-file path)" "data/environment/$moment/hosts-file.txt"
done
check "its raw output is the file itself" cmp /etc/hosts plain/data/environment/before/hosts-file.txt
is "the program that ran is the one hashed" "$(of plain before browser verdict)" passed
check "its command line is kept" grep -q -- '--no-proxy-server' plain/data/environment/before/browser.txt
is "the profile was empty" "$(of plain before profile verdict)" passed
is "no extension" "$(of plain before extensions verdict)" passed
is "the self-test is not made unasked" "$(of plain before self-test verdict)" not_checked
is "and shows nothing" "$(of plain before self-test path)" absent
is "checks of the browser are made once" "$(of plain after profile verdict)" ""
check "every raw output has the digest stated" python3 - <<'PY'
import hashlib, json, os
manifest = json.load(open('plain/data/evidence.json'))
rows = {o['path']: o for o in manifest['objects']}
checks = manifest['environment']['checks']
named = [c for c in checks if 'path' in c]
assert len(checks) >= 17 and len(named) >= 16, (len(checks), len(named))
for c in named:
    digest = hashlib.sha256(open('plain/' + c['path'], 'rb').read()).hexdigest()
    assert digest == c['sha256'] == rows[c['path']]['sha256'], c
    assert rows[c['path']]['role'] == 'environment'
assert {p for p, o in rows.items() if o['role'] == 'environment'} == {c['path'] for c in named}
times = [(c['started'], c['finished']) for c in checks]
assert all(a <= b for a, b in times)
load = next(s['time'] for s in manifest['capture']['steps'] if s['action'] == 'navigate')
assert max(c['finished'] for c in checks if c['when'] == 'before') < load < min(c['started'] for c in checks if c['when'] == 'after')
assert manifest['environment']['checks_profile'] == 'standard'
PY
"$verify" plain.asice --policy L/policy.json --json >report.json
check "the report tells the counts, and whose they are" python3 - <<'PY'
import json
def walk(checks):
    for c in checks:
        yield c
        yield from walk(c.get('children', []))
found = {c['id']: c for c in walk(json.load(open('report.json'))['checks'])}
assert found['environment.raw']['status'] == 'passed', found['environment.raw']
counts = found['environment.checks']
assert counts['status'] == 'not-applicable' and 'as recorded by the capturing machine' in counts['found'], counts
manifest = json.load(open('plain/data/evidence.json'))
for verdict, word in (('passed', 'passed'), ('noted', 'noted'), ('failed', 'failed'), ('not_reachable', 'not reachable'), ('not_checked', 'not checked')):
    n = sum(c['verdict'] == verdict for c in manifest['environment']['checks'])
    assert '%s %d;' % (word, n) in counts['found'], (word, n, counts['found'])
PY

# ---- compared with other tools ----
gateway=$(ip -4 route show default | sed -n 's/.* via \([0-9.]*\) dev \([^ ]*\).*/\1 on \2/p' | head -1)
if [ -n "$gateway" ]; then
  like "the gateway is that of ip(8)" "$(of plain before gateway result)" "^${gateway//./\\.}, "
  mac=$(ip neigh show "${gateway%% *}" | sed -n 's/.*lladdr \([0-9a-f:]*\) .*/\1/p' | head -1)
  [ -z "$mac" ] || like "and its MAC" "$(of plain before gateway result)" "MAC $mac$"
else
  like "no gateway, as ip(8) says" "$(of plain before gateway result)" '^no IPv4 gateway$'
fi
ip -o addr show | awk '{ sub("/.*", "", $4); print $2, "up address", $4 }' | sort >addresses
grep 'up.* address ' plain/data/environment/before/interfaces.txt | sed 's/ point-to-point//' | sort >ours
check "the addresses are those of ip(8)" diff addresses ours

# ---- a machine that is not clean ----
id=$(http_proxy=http://me:secret@proxy.example:3128/ capture "$url" | member id)
check "a proxy in the environment" package "$id" proxy
is "is noted" "$(of proxy before proxy verdict)" noted
like "by name" "$(of proxy before proxy result)" 'set: http_proxy; the browser does not get them'
check "with its address" grep -q 'proxy.example:3128' proxy/data/environment/before/proxy.txt
check "and no password" sh -c '! grep -rq secret proxy/data/environment proxy/data/evidence.json'

cp /etc/hosts hosts.new
printf '127.0.0.1 shop.example\n203.0.113.9 other.example # comment\n#203.0.113.9 not.example\n' >>hosts.new
apart() { unshare --mount -- sh -c 'mount --bind hosts.new /etc/hosts && exec "$@"' sh "$@"; }
id=$(apart "$axev" capture web "http://shop.example:$port/" --ledger L --json | member id)
check "a hosts file that names the host" package "$id" hosts
is "has failed" "$(of hosts before hosts-file verdict)" failed
like "with the address" "$(of hosts before hosts-file result)" 'names the captured host: shop.example has the address 127.0.0.1'
id=$(apart "$axev" capture web "$url" --ledger L --json | member id)
check "a hosts file that names others" package "$id" others
is "is noted" "$(of others before hosts-file verdict)" noted
like "with the names" "$(of others before hosts-file result)" 'shop.example, other.example$'
check_exit "evidence of a machine that is not clean still verifies" 0 "$verify" hosts.asice --policy L/policy.json

# A hosts file that changes meanwhile: the server changes it when it is asked.
cat >changing.py <<'PY'
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        open('hosts.new', 'a').write('203.0.113.10 late.example\n')
        self.send_response(200); self.send_header('Content-Type', 'text/html'); self.end_headers()
        self.wfile.write(b'<!doctype html><title>x</title>hello')
    def log_message(self, *args): pass
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
PY
python3 changing.py >changing.port &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s changing.port ] && break; sleep 0.1; done
id=$(apart "$axev" capture web "http://127.0.0.1:$(cat changing.port)/" --ledger L --json | member id)
check "a hosts file that changes during the capture" package "$id" changed
is "was noted before" "$(of changed before hosts-file verdict)" noted
is "and failed after" "$(of changed after hosts-file verdict)" failed
like "and says so" "$(of changed after hosts-file result)" '^changed during the capture; now: .*late.example'

# A script in the browser's place: it is what was named and hashed, and another program runs.
printf '#!/bin/sh\nexec /usr/lib/chromium/chromium "$@" --load-extension=/nowhere\n' >wrapper.sh
chmod 755 wrapper.sh
cp wrapper.sh /tmp/axev-wrapper.$$
id=$(capture "$url" --browser /tmp/axev-wrapper.$$ | member id)
rm -f /tmp/axev-wrapper.$$
check "a script in the browser's place" package "$id" wrapper
is "has failed" "$(of wrapper before browser verdict)" failed
like "and says what runs" "$(of wrapper before browser result)" 'another program runs than the one named and hashed: /usr/lib/chromium/chromium, not /tmp/axev-wrapper'
is "an extension on the command line has failed" "$(of wrapper before extensions verdict)" failed

# A program by a name that is looked for.
cp /bin/sleep ./mitmproxy
./mitmproxy 600 >/dev/null 2>&1 &
started_pids="$started_pids $!"
id=$(capture "$url" | member id)
kill $!
check "a program that changes traffic" package "$id" program
is "has failed" "$(of program before processes verdict)" failed
like "by name" "$(of program before processes result)" 'programs that change traffic are running: mitmproxy'
check "names only, no command lines" sh -c '! grep -q "mitmproxy 600" program/data/environment/before/processes.txt'

# ---- strict ----
apart "$axev" capture web "http://shop.example:$port/" --ledger L --profile strict >out.txt 2>err.txt
code=$?
is "strict does not seal" "$code" 3
check "and says which check" grep -qE 'not sealed, the draft is kept: .*hosts file \(before\): failed' err.txt
draft=$(sed -n 's/.*axev seal --despite-checks \([0-9a-f]*\).*/\1/p' err.txt)
check "the draft is there" test -e "$(echo L/drafts/"$draft"*/package.part)"
check_exit "a second try is refused as well" 3 "$axev" seal "$draft" --ledger L
check "unless somebody says so" "$axev" seal "$draft" --despite-checks --ledger L
check "then it is sealed" package "$("$axev" list --ledger L --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["packages"][-1]["id"])')" strict
is "and what failed stays recorded" "$(of strict before hosts-file verdict)" failed
is "the self-test belongs to strict" "$(of strict before self-test verdict)" passed
check "with what was read" grep -q '^== text as shown ==$' strict/data/environment/before/self-test.txt
check "and leaves nothing in the capture" python3 - <<'PY'
import json, re, zipfile
raw = open('strict/data/environment/before/self-test.txt').read()
port = re.search(r'^https://127.0.0.1:(\d+)/$', raw, re.M)[1]
root = re.search(r'^certificate of the server, SHA-256: (\w+)$', raw, re.M)[1]
for name in ('connections', 'dns', 'requests'):
    text = open('strict/data/wire/%s.json' % name).read()
    assert ':' + port not in text and root not in text, name
assert 'nssdb' not in open('strict/data/environment/before/profile.txt').read()
archive = b''.join(zipfile.ZipFile('strict/data/page.wacz').read(n) for n in zipfile.ZipFile('strict/data/page.wacz').namelist())
assert b'self-test' not in archive and (':' + port).encode() not in archive
assert 'self-test' not in open('strict/data/environment/before/trust-store.txt').read()
PY
check "with the profile" grep -q '"checks_profile":"strict"' strict/data/evidence.json
apart "$axev" capture web "http://shop.example:$port/" --ledger L --profile strict >out.txt 2>err.txt
draft=$(sed -n 's/.*axev seal --despite-checks \([0-9a-f]*\).*/\1/p' err.txt)
check "or gives it up" "$axev" abandon "$draft" --reason 'not clean' --ledger L
check "the ledger is whole" "$axev" ledger check --ledger L

# ---- none ----
id=$(capture "$url" --no-checks | member id)
check "a capture without checks" package "$id" none
is "says so" "$(of none before all verdict)" not_checked
check "and has no raw output" test ! -e none/data/environment
"$verify" none.asice --policy L/policy.json --full >none.txt
check "nor does the report call it clean" grep -q '未检查：提取时指定不作检查\|not checked: the capture was made without checks' none.txt
check_exit "a profile that is none" 2 "$axev" capture web "$url" --ledger L --profile clean

# ---- in print ----
if "$axev" print "$("$axev" list --ledger L --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["packages"][0]["id"])')" \
  --ledger L -o plain.pdf 2>print.err; then
  pdftotext plain.pdf - | tr -d ' \n\f' >plain.txt
  for text in '清洁性检查记录' '清洁性检查结论' '命令/方法' '原始输出' 'hosts文件（提取前）' 'hosts文件（提取后）' \
    '计算机记录' '不得视为通过'; do
    check "in print: $text" grep -qF "$text" plain.txt
  done
  python3 - plain plain.txt <<'PY' >untranslated
import json, sys
# English that is printed is no sentence of this software: only names, numbers, addresses.
text = open(sys.argv[2]).read()
for c in json.load(open(sys.argv[1] + '/data/evidence.json'))['environment']['checks']:
    for member in ('result', 'command'):
        words = [w for w in c[member].replace(';', ' ').replace(',', ' ').replace(':', ' ').split() if w.isalpha()]
        if len(words) >= 4 and c[member].replace(' ', '') in text:
            print(c['id'], c[member])
PY
  check "nothing of it is left in English" test ! -s untranslated
else
  check "prints are switched off in this build" grep -q 'without' print.err
fi
conclude
