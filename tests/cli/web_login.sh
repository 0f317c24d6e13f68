#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A login state that the operator hands over, against a site of node's: the page behind the log-in comes, and of the values of
# the cookies the package holds nothing, whatever is unpacked, but what the site itself sends back, which is told.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
export ACCOUNT_SID=Zq7-session-8f3a91c2
token=abc%3Ddef-token-01
mkdir site
( cd site && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 9 -subj '/CN=test root' \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign &&
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout site.key -out site.csr -subj /CN=localhost &&
  printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >site.ext &&
  openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -extfile site.ext -out site.pem ) >openssl.log 2>&1
node "$AXEV_SOURCE_ROOT/tests/web/account_site.mjs" site >ports 2>server.log &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s ports ] && break; sleep 0.1; done
plain="http://127.0.0.1:$(member http <ports)" tls="https://localhost:$(member https <ports)"
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }
row() { printf '%s\tFALSE\t/\t%s\t%s\t%s\t%s\n' "$@"; }

# capture NAME URL OPTION...: sealed, exported, valid, and unpacked below NAME to the last archive in it.
capture() {
  local name=$1 url=$2 id
  shift 2
  id=$("$axev" capture web "$url" --ledger L --json --no-checks "$@" 2>"$name.said" | member id 2>/dev/null)
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { sed 's/^/#   /' "$name.said"; return; }
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  mkdir "$name"
  unzip -q "$name.asice" -d "$name/bundle"
  for package in "$name"/bundle/data/packages/*.asice; do unzip -q "$package" -d "$name/package"; done
  unzip -q "$name/package/data/page.wacz" -d "$name/wacz"
}
# holders FOLDER TEXT...: where one of them stands, packed bodies too.
holders() {
  python3 - "$@" <<'PY'
import gzip, os, re, sys, zlib
folder, texts = sys.argv[1], [text.encode() for text in sys.argv[2:]]
for place, _, names in os.walk(folder):
    for name in names:
        data = open(os.path.join(place, name), 'rb').read()
        streams = [data]
        for start in (m.start() for m in re.finditer(rb'\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]', data)):
            for bits in (31, 15):
                try:
                    streams.append(zlib.decompressobj(bits).decompress(data[start:]))
                except zlib.error:
                    pass
        if any(text in stream for stream in streams for text in texts):
            print(name)
PY
}

# ---- cookies.txt ----
{ printf '# Netscape HTTP Cookie File\n\n#HttpOnly_'; row 127.0.0.1 FALSE 0 sid $ACCOUNT_SID; row 127.0.0.1 FALSE 4102444800 xsrf $token
  row 127.0.0.1 FALSE 0 lang zh; row 127.0.0.1 FALSE 1000 old gone-long-ago; } >cookies.txt
capture plain "$plain/account" --cookies cookies.txt
check "the site let the browser in" grep -q 'Account of buyer-7' plain/package/data/text.txt
check "and got what a browser sends" grep -qF "POST /api sid=$ACCOUNT_SID; xsrf=$token; lang=zh abc=def-token-01" seen.txt
check "a web socket too" grep -qF "UPGRADE /socket sid=$ACCOUNT_SID; xsrf=$token; lang=zh" seen.txt
check "no value stands anywhere in the package" test -z "$(holders plain $ACCOUNT_SID $token abc=def-token-01 gone-long-ago)"
check "nor in the ledger" test -z "$(git -C L/ledger.git log -p --all | grep -a -e $ACCOUNT_SID -e $token)"
check "heads are masked byte for byte" grep -aqx $'Cookie: sid=\*\{20\}; xsrf=\*\{18\}; lang=\*\*\r' plain/wacz/archive/data.warc
check "in other fields too" grep -aqx $'X-XSRF-TOKEN: \*\{16\}\r' plain/wacz/archive/data.warc
check "each such record says so" test "$(grep -ac '^AX-Head-Mask: head-mask/1' plain/wacz/archive/data.warc)" = \
  "$(is_true plain/package/data/evidence.json 'print(m["source"]["login"]["masked_records"]) or True')"
manifest=plain/package/data/evidence.json
check "the manifest lists the cookies without their values" is_true $manifest \
  "[(c['name'], c['domain'], c['path'], c['host_only'], c['http_only'], c['given'], c.get('expires')) for c in m['source']['login']['cookies']] == [
    ('sid', '127.0.0.1', '/', True, True, True, None), ('xsrf', '127.0.0.1', '/', True, False, True, '2100-01-01T00:00:00.000000000Z'),
    ('lang', '127.0.0.1', '/', True, False, True, None), ('old', '127.0.0.1', '/', True, False, False, '1970-01-01T00:16:40.000000000Z')]"
check "and that they were given" is_true $manifest \
  "any(s['action'] == 'cookies of the operator' and s['result'] == 'given to the browser: 3 of 4; values are not kept' for s in m['capture']['steps'])"
check "nothing is left to warn of" sh -c "! grep -q 'login state' plain.said"
check "no digest of what was sent lets a short value be guessed" is_true plain/package/data/wire/connections.json \
  "not any('sha256' in c['sent'] for c in m['connections']) and all('sha256' in c['received'] for c in m['connections'])"

# ---- HTTP/2, a JSON list, and what the site sends back ----
cat >cookies.json <<END
[{"name":"sid","value":"$ACCOUNT_SID","domain":"localhost","path":"/","expires":-1,"httpOnly":true,"secure":true,"session":true,"sameSite":"Lax"},
 {"name":"xsrf","value":"$token","domain":"localhost","path":"/","hostOnly":true,"secure":true,"sameSite":"no_restriction","expirationDate":4102444800.5}]
END
capture h2 "$tls/account" --cookies cookies.json --ca site/ca.pem
check "over HTTP/2" grep -aq '^WARC-Protocol: h2' h2/wacz/archive/data.warc
check "the site let the browser in" grep -q 'Account of buyer-7' h2/package/data/text.txt
check "no value stands anywhere in this package either" test -z "$(holders h2 $ACCOUNT_SID $token abc=def-token-01)"
capture rolls "$tls/rolls" --cookies cookies.json --ca site/ca.pem
check "what the site sets stays as it came" grep -aqi "^set-cookie: sid=$ACCOUNT_SID" rolls/wacz/archive/data.warc
check "there alone" test "$(holders rolls/package $ACCOUNT_SID) $(holders rolls/wacz $ACCOUNT_SID)" = "page.wacz data.warc"
check "the manifest tells it" is_true rolls/package/data/evidence.json \
  "m['source']['login']['answers_with_set_cookie'] == 1 and m['source']['login']['values_found_in'] == ['data/page.wacz: heads of answers'] and m['source']['headers']['set-cookie'] == '[secret, not kept]'"
check "and so does the command" grep -q 'log out before it is handed on' rolls.said
capture copies "$plain/copies" --cookies cookies.txt
check "a value that a script copied into the page is in no view" test -z "$(holders copies/package $token)"

# ---- refused before anything is logged ----
entries() { "$axev" ledger check --ledger L --json | member entries; }
logged=$(entries)
refuses() { # NAME CODE MESSAGE
  check_exit "$1: refused" "$2" "$axev" capture web "$plain/account" --ledger L --no-checks --cookies "$1"
  check "$1: and why" grep -qF -- "$3" .out.kept
}
check_exit() { # keeps what was said
  local sentence=$1 want=$2 got
  shift 2
  "$@" >.out.kept 2>&1
  got=$?
  check "$sentence" test $got -eq "$want"
}
printf 'a b\n' >blanks
refuses blanks 1 'blanks: line 1: expected 7 fields with a tab between two, found 1'
refuses absent 3 'absent: '
check_exit "a state is saved of a session only" 2 "$axev" capture web "$plain/" --ledger L --save-cookies new
check "nothing was logged" test "$(entries)" = "$logged"
row 127.0.0.1 FALSE 1000 old gone >expired
refuses expired 2 'found only expired cookies'
row 127.0.0.1 FALSE 0 __Host-sid refused-by-the-browser >prefix
refuses prefix 3 'cookies: '
check "no message shows a value" sh -c '! grep -q refused-by-the-browser .out.kept'
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
