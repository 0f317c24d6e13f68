#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sites of node's and openssl's that ask for a client certificate: the browser shows the operator's without anybody picking it, the
# handshakes verify, and of key and passphrase the package holds nothing.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
mkdir site
( cd site
  ec='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
  for root in ca strange; do
    openssl req -x509 $ec -keyout $root.key -out $root.pem -days 9 -subj "/CN=$root root" \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
  done
  issue() { # NAME ROOT USAGE SUBJECT
    openssl req $ec -keyout "$1.key" -out "$1.csr" -subj "$4"
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nkeyUsage=digitalSignature\nextendedKeyUsage=%s\n' "$3" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 9 -extfile "$1.ext" -out "$1.pem"
  }
  issue site ca serverAuth /CN=localhost
  issue officer ca clientAuth '/O=Anxi/CN=officer 7'
  issue stranger strange clientAuth /CN=stranger
  for name in officer stranger; do
    openssl pkcs12 -export -inkey $name.key -in $name.pem -out $name.p12 -passout pass:sesame-42
  done
  openssl pkcs12 -export -inkey officer.key -in officer.pem -out open.p12 -passout pass: ) >openssl.log 2>&1
node "$AXEV_SOURCE_ROOT/tests/web/client_site.mjs" site >ports 2>server.log &
started_pids="$started_pids $!"
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
stock=$(free_port)
openssl s_server -accept "127.0.0.1:$stock" -cert site/site.pem -key site/site.key -CAfile site/ca.pem -Verify 2 -verify_return_error -www >s_server.log 2>&1 &
started_pids="$started_pids $!"
# In TLS 1.2 the refusal is part of the handshake; later versions may lose it to the end of the connection.
strict=$(free_port)
openssl s_server -accept "127.0.0.1:$strict" -cert site/site.pem -key site/site.key -CAfile site/ca.pem -Verify 2 -tls1_2 -www >strict.log 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s ports ] && break; sleep 0.1; done
new="https://localhost:$(member TLSv1.3 <ports)" old="https://localhost:$(member TLSv1.2 <ports)"
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

# capture NAME URL CERTIFICATE OPTION...
capture() {
  local name=$1 url=$2 certificate=$3 id
  shift 3
  id=$("$axev" capture web "$url" --ledger L --json --no-checks --ca site/ca.pem --client-cert "site/$certificate.p12" "$@" 2>"$name.said" </dev/null | member id 2>/dev/null)
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { sed 's/^/#   /' "$name.said"; return; }
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  "$verify" "$name.asice" --policy L/policy.json --full --lang en >"$name.en"
  mkdir "$name"
  unzip -qp "$name.asice" data/packages/0001.asice >"$name.package" && unzip -q "$name.package" -d "$name/package"
  [ -f "$name/package/data/page.wacz" ] && unzip -q "$name/package/data/page.wacz" -d "$name/wacz"
}
export P12=sesame-42
serial=$(openssl x509 -in site/officer.pem -noout -serial | cut -d= -f2 | tr A-F a-f)
digest=$(openssl x509 -in site/officer.pem -outform DER | sha256sum | cut -d' ' -f1)
told="(lambda c: c['subject'] == 'CN=officer 7,O=Anxi' and c['issuer'] == 'CN=ca root' and c['serial'].lstrip('0') == '${serial##0}' and c['sha256'] == '$digest' and c['host'] == 'localhost' and c['asked_on'] >= c['sent_on'] >= 1)(m['source']['login']['client_certificate'])"

for version in new old; do
  capture $version "${!version}/" officer --client-cert-pass-env P12
  check "$version: the site let the browser in" grep -q 'hello officer 7' $version/package/data/text.txt
  check "$version: the manifest tells which certificate it was, and that it was sent" is_true $version/package/data/evidence.json "$told"
  check "$version: nothing is missing" is_true $version/package/data/evidence.json "m['complete'] is True"
  check "$version: every handshake verifies" grep -qE 'of ([0-9]+) connections that carried exchanges, \1 with the server.s signature' $version.en
  check "$version: and so does what is said of the certificate" grep -qF '[passed] client certificate in the manifest' $version.en
done
check "over TLS 1.3" grep -qF 'TLS 1.3, ecdsa_secp256r1_sha256: the key' new.en
check "over TLS 1.2" grep -qF 'TLS 1.2, ecdsa_secp256r1_sha256: the key' old.en
check "with the client's own messages in the handshake" is_true new/package/data/wire/connections.json \
  "any([h['type'] for h in c['tls']['handshake'] if h['from'] == 'client'][-3:] == [11, 15, 20] and 13 in [h['type'] for h in c['tls']['handshake'] if h['from'] == 'server'] for c in m['connections'] if 'tls' in c)"
capture stock "https://localhost:$stock/" open
check "openssl's server let it in, by a file without a passphrase" grep -q 'Verify return code: 0 (ok)' stock/package/data/text.txt

# ---- where the key is ----
check "neither key nor passphrase stands in the package" python3 - new stock <<'PY'
import os, subprocess, sys
der = subprocess.run(['openssl', 'ec', '-in', 'site/officer.key', '-outform', 'DER'], capture_output=True, check=True).stdout
key = der[7:39]  # RFC 5915: version, then the private key
assert der[5:7] == b'\x04\x20', der[:8]
for folder in sys.argv[1:]:
    for place, _, names in os.walk(folder):
        for name in names:
            data = open(os.path.join(place, name), 'rb').read()
            assert key not in data and b'sesame-42' not in data, os.path.join(place, name)
PY
check "nor is anything of the browser left" sh -c '! ls -d /tmp/axev-web-*/client.p12 2>/dev/null'

# ---- for whom it is not ----
capture issuer "$new/" stranger --client-cert-pass-env P12 --record-failure
check "a certificate of an issuer that the site does not name is not sent" is_true issuer/package/data/evidence.json \
  "(lambda c: c['asked_on'] >= 1 and c['sent_on'] == 0)(m['source']['login']['client_certificate']) and {'what': 'client certificate', 'why': 'asked for and not sent: by another host, or for other issuers'} in m['complete']"
: >shown.txt
capture other "$new/?other=${old##*:}" officer --client-cert-pass-env P12 --timeout 5
check "another host that asks does not get to see it" sh -c "grep -q 'localhost:.*officer' shown.txt && ! grep -q /image shown.txt"

# ---- refused before anything is logged ----
entries() { "$axev" ledger check --ledger L --json | member entries; }
logged=$(entries)
refuses() { # SENTENCE CODE MESSAGE OPTION...
  local sentence=$1 code=$2 message=$3
  shift 3
  check "$sentence" sh -c 'code=$1; message=$2; shift 2; setsid -w "$@" </dev/null >.out.kept 2>&1; test $? -eq $code && grep -qF -- "$message" .out.kept || { cat .out.kept; false; }' \
    - "$code" "$message" "$axev" capture web "$new/" --ledger L --ca site/ca.pem "$@"
}
P12=wrong refuses "a wrong passphrase" 3 'officer.p12: the passphrase does not open it' --client-cert site/officer.p12 --client-cert-pass-env P12
refuses "nobody to ask for one" 3 'officer.p12: it needs a passphrase, and none was given' --client-cert site/officer.p12
refuses "a file of another kind" 1 'officer.pem: expected a file of PKCS #12' --client-cert site/officer.pem
refuses "a passphrase that is not there" 2 'the environment has no passphrase NO_SUCH' --client-cert site/officer.p12 --client-cert-pass-env NO_SUCH
check "nothing was logged" test "$(entries)" = "$logged"
new=https://localhost:$strict
refuses "a site that asks, and no certificate" 3 '--client-cert FILE.p12 shows the site a certificate of yours' --no-checks
conclude
