#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A page full of oddities, served by a site that logs every byte (tests/web/truth_server.py), captured over HTTP/1.1,
# HTTP/1.1 in TLS and HTTP/2, sealed and exported. All that the site logged must be in the WARC; warcio from npm and the
# engine of replayweb.page must read it; the views must show what only a real rendering shows.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/web/npm.sh"
web="$AXEV_SOURCE_ROOT/tests/web"

# serve NAME: a truth server of its own for one capture, so that its log holds nothing else.
serve() {
  mkdir "$1.truth"
  python3 "$web/truth_server.py" "$1.truth" >"$1.json" 2>"$1.err" &
  server=$!
  started_pids="$started_pids $server"
  for _ in $(seq 300); do [ -s "$1.json" ] && return; sleep 0.1; done
  cat "$1.err"
  exit 1
}
url_of() { python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["urls"][sys.argv[2]])' "$1.json" "$2"; }
stop_server() { kill "$server" && wait "$server"; }

# is_true FILE EXPRESSION: python, true of m, the JSON in the file.
is_true() {
  python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"
}

"$axev" init L --origin test.example/log >/dev/null || exit 1

# capture NAME PORT OPTION...: NAME/package and NAME/wacz are what came out, opened with unzip.
capture() {
  local name=$1 port=$2 id
  shift 2
  serve "$name"
  url=$(url_of "$name" "$port")
  id=$("$axev" capture web "$url" --ledger L --json "$@" 2>"$name.said" | member id)
  stop_server
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { cat "$name.said"; return; }
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  mkdir "$name"
  unzip -q "$name.asice" -d "$name/bundle"
  unzip -q "$name/bundle/data/packages/0001.asice" -d "$name/package"
  unzip -q "$name/package/data/page.wacz" -d "$name/wacz"
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  check "$name: every byte that the site logged is in the WARC, and nothing else" \
    python3 "$web/compare_warc.py" "$name.truth/truth.jsonl" "$name/wacz/archive/data.warc"
  check "$name: every frame that the site logged is kept, and its messages are listed" \
    python3 "$web/compare_websocket.py" "$name.truth/truth.jsonl" "$name/package/data/wire"
  check "$name: what the page asked for is joined to what the network service was asked for" \
    python3 "$web/compare_requests.py" "$name/package/data/wire/requests.json" "$name/package/data/evidence.json" \
    "$name/wacz/archive/data.warc"
  check "$name: nothing is missing" is_true "$name/package/data/evidence.json" "m['complete'] is True"
}

# What the page reports of its requests, as text that was shown; and what of that the site was asked. All bytes of it are compared above.
made() {
  local name=$1 line
  for line in "head: 200" "options: 204" "range: 206 200" "forms: true true true false" "cors: 200 PUT of 17 bytes" \
    "cors_refused: TypeError" "beacon: true true"; do
    check "$name: $line" grep -qF "$line" "$name/package/data/text.txt"
  done
  check "$name: preflights, ranges, beacons and bodies are among what is compared" python3 - "$name.truth/truth.jsonl" <<'PY'
import base64, json, sys
log = [json.loads(line) for line in open(sys.argv[1])]
asked = [one for one in log if one['event'] == 'request']
answers = {one['request']: one for one in log if one['event'] == 'response' and not one['is_interim']}
def fields(one):
    if 'head' in one:
        return [line.split(b':')[0].lower() for line in base64.b64decode(one['head']).split(b'\r\n')[1:]]
    return [base64.b64decode(name).lower() for name, _ in one['fields']]
preflights = [one for one in asked if b'access-control-request-method' in fields(one)]
assert sorted(one['target'] for one in preflights) == ['/api/cors?preflighted', '/api/refused'], preflights
assert all(one['method'] == 'OPTIONS' for one in preflights)
assert [base64.b64decode(one['body']) for one in asked if one['method'] == 'PUT'] == [b'{"price":"99.00"}']
assert not [one for one in asked if one['method'] == 'DELETE']
assert sorted(base64.b64decode(one['body']) for one in asked if one['target'].startswith('/beacon')) == [b'\0\xff', b'leaving']
assert len([one for one in asked if answers[one['id']]['status'] == 206]) == 2
assert [one for one in asked if one['method'] == 'HEAD']
bodies = [base64.b64decode(one['body']) for one in asked if one['method'] == 'POST' and one['target'] == '/api/order']
assert b'x' * 200000 in bodies and b'\0\r\n\xff' in bodies and b'' in bodies, [len(body) for body in bodies]
assert any(bytes(range(256)) in body and b'99.00' in body for body in bodies)
PY
}

capture plain http
capture tls https1 --ca tls.truth/ca.pem
for name in plain tls; do made $name; done
manifest=tls/package/data/evidence.json
# Python's server gives out tickets, and the browser opens several connections.
check "sessions were resumed, are marked so, and have no signature of the server's" python3 - <<'PY'
import json
connections = json.load(open('tls/package/data/wire/connections.json'))['connections']
carried = [one['tls'] for one in connections if one.get('tls') and one['exchanges']]
resumed = [one for one in carried if one['resumed']]
assert resumed and len(resumed) < len(carried), (len(resumed), len(carried))
for one in carried:
    types = [message['type'] for message in one['handshake']]
    assert (15 in types) != one['resumed'] and (11 in types) != one['resumed'], types
PY
"$verify" tls.asice --policy L/policy.json --full --lang en >tls.report
check "which the proof says" grep -qF \
  "not checked: a resumed session, whose handshake holds no certificate and no signature" tls.report
check "and does not count" python3 - <<'PY'
import json, re
found = re.search(r'of (\d+) connections that carried exchanges, (\d+) with', open('tls.report').read())
carried = [one['tls'] for one in json.load(open('tls/package/data/wire/connections.json'))['connections'] if one['exchanges']]
assert (int(found[1]), int(found[2])) == (len(carried), sum(not one['resumed'] for one in carried)), found[0]
PY
check "TLS is described" is_true "$manifest" \
  "m['source']['tls']['version'] == 'TLS 1.3' and m['source']['tls']['verified'] is True and m['source']['tls']['server_name'] == 'localhost'"
check "the root that was added is named" is_true "$manifest" \
  "m['source']['options']['ca_file_sha256'] == '$(sha256sum tls.truth/ca.pem | cut -d' ' -f1)'"
capture h2 https --ca h2.truth/ca.pem
made h2
check "HTTP/2 it was" is_true h2/package/data/evidence.json "m['source']['protocol'] == 'h2'"
check "the server's certificate is the one that is named" is_true h2/package/data/evidence.json \
  "m['source']['tls']['certificates'][0] == '$(openssl x509 -in h2.truth/right.pem -outform DER | sha256sum | cut -d' ' -f1)'"

# ---- other readers ----
for name in plain tls h2; do
  check "$name: warcio reads as many records as there are" sh -c \
    "test \$(node '$AXEV_NPM/node_modules/warcio/dist/cli.js' index '$name/wacz/archive/data.warc' | wc -l) -eq \
    \$(grep -ac '^WARC-Type: ' '$name/wacz/archive/data.warc')"
  check "$name: the page replays in the engine of replayweb.page" \
    node "$web/replay.mjs" "$name/package/data/page.wacz" "$(is_true "$name/package/data/evidence.json" 'print(m["source"]["final_url"]) or True')" \
    "Counterfeit goods, 99.00" --title "Truth shop" --images 1
done

# What the npm package of warcio reads has the digests stated: chunks, gzip, brotli, WebSocket, HTTP/2. A changed byte is found.
check "every block and payload has its digest" node "$web/warc_check.mjs" {plain,tls,h2}/wacz/archive/data.warc
for kind in "plain gzip 200" "plain brotli 200" "plain socket 101" "h2 gzip 200" "h2 brotli 200" "tls landing 200"; do
  read -r name path status <<<"$kind"
  python3 "$web/flip_warc.py" "$name/wacz/archive/data.warc" "$path" "$status" flipped.warc || { check "$kind: is there" false; continue; }
  check_exit "$name: another byte in the answer to /$path is found" 1 node "$web/warc_check.mjs" flipped.warc
  node "$web/warc_check.mjs" flipped.warc >flipped.said
  check "as a digest that does not fit" grep -q "^response [^ ]*/$path: block digest: stated" flipped.said
done

# ---- views ----
check "text in a closed shadow root is in the DOM" grep -qi 'closed shadow' h2/package/data/dom.json
check "so is the frame of another site" is_true h2/package/data/dom.json \
  "any(f['url'].startswith('https://127.0.0.1:') for f in m['frames'])"
check "the picture is a picture of the whole page" python3 - <<'PY'
import struct
data = open('h2/package/data/screenshot.png', 'rb').read()
width, height = struct.unpack('>II', data[16:24])
assert data[:8] == b'\x89PNG\r\n\x1a\n' and width == 1280 and height >= 800, (width, height)
PY
check "the PDF is whole" qpdf --check h2/package/data/page.pdf
check "the text was read" grep -q 'Counterfeit goods, 99.00' h2/package/data/text.txt
check "views are marked as observed, bytes are not" is_true h2/package/data/evidence.json \
  "{o['role'] for o in m['objects'] if o.get('observed')} == {'screenshot', 'text', 'frame-texts', 'dom', 'mhtml', 'pdf'}"

# ---- pages of a kind of their own ----
serve kinds
base=$(url_of kinds http)
one() { # NAME PATH OPTION...
  local name=$1 path=$2 id
  shift 2
  id=$("$axev" capture web "$base$path" --ledger L --json "$@" 2>"$name.said" | member id)
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null || { cat "$name.said"; return 1; }
  mkdir "$name" && unzip -q "$name.asice" -d "$name/bundle" &&
    unzip -q "$name/bundle/data/packages/0001.asice" -d "$name/package"
}
check "a redirect with bodies is followed" one moved redirect/1
check "and its steps are listed" is_true moved/package/data/evidence.json \
  "[r['status'] for r in m['source']['redirects']] == [301, 302, 307] and m['source']['status'] == 200"
check "a page of 40,000 rows is captured" one tall tall
check "whole" python3 - <<'PY'
import struct
assert struct.unpack('>I', open('tall/package/data/screenshot.png', 'rb').read()[20:24])[0] >= 40000
PY
check "an error page is a page" one gone missing
check "with its status" is_true gone/package/data/evidence.json "m['source']['status'] == 404"
check "a page in GBK is captured" one gbk gbk
check "its text is Chinese" python3 -c "open('gbk/package/data/text.txt', encoding='utf-8').read().encode('gbk')"
check "dialogs do not stop it" one dialogs dialogs
check "they are told" is_true dialogs/package/data/evidence.json "m['source']['options'].get('dialogs_cancelled', 0) > 0"
check "a title of control characters is captured" one title control-title
check_exit "and cannot break the report" 0 sh -c "'$verify' title.asice --policy L/policy.json --full | grep -qv '\x1b'"
check "a stream of events is captured" one events events-page
check "with what had come of it" sh -c "unzip -qp events/package/data/page.wacz archive/data.warc | grep -q '^data:'"
check "a PDF is captured" one report report.pdf
check "with its bytes" sh -c "unzip -qp report/package/data/page.wacz archive/data.warc | grep -qa '^%PDF-1'"
check_exit "redirects without end are an error" 3 "$axev" capture web "${base}loop/a" --ledger L
stop_server
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
