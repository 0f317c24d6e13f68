#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tokens that OpenSSL makes, good ones and lying ones: a good one is sealed in and verifies, each other is refused with its
# reason while the evidence is sealed "time pending".
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

mkdir tsa && cd tsa || exit 1
issue() { # issue NAME EXTENSIONS [DAYS...]
  local name=$1 extensions=$2
  shift 2
  openssl req -new -newkey rsa:3072 -nodes -keyout "$name.key" -subj "/CN=$name" -out "$name.csr" 2>/dev/null
  openssl x509 -req -in "$name.csr" -CA root.pem -CAkey root.key -CAcreateserial -out "$name.pem" \
    -extfile <(printf '%s\n' "$extensions") "$@" 2>/dev/null
}
openssl req -x509 -newkey rsa:3072 -nodes -keyout root.key -subj /CN=root -days 3650 -out root.pem \
  -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
stamping='keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping'
issue good "$stamping" -days 3000
cat >tsa.cnf <<CNF
[good]
serial = $PWD/serial
signer_cert = $PWD/good.pem
signer_key = $PWD/good.key
certs = $PWD/good.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
ess_cert_id_chain = no
[sha1-ess]
serial = $PWD/serial
signer_cert = $PWD/good.pem
signer_key = $PWD/good.key
certs = $PWD/good.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha1
CNF
echo 01 >serial
openssl req -x509 -newkey rsa:3072 -nodes -keyout other.key -subj /CN=root -days 3650 -out other.pem 2>/dev/null
cd ..
python3 "$AXEV_SOURCE_ROOT/tests/interop/lib_lying_tsa.py" "$PWD/tsa" >port &
started_pids=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
url=http://127.0.0.1:$(cat port)

"$axev" init L --origin test.example/log >/dev/null || exit 1
printf 'hello\n' >a.txt
seal() { "$axev" capture file a.txt --ledger L --tsa "$url/$1" --tsa-ca "tsa/${2:-root.pem}" --json; }

seal good >good.json
check "OpenSSL's token is taken" grep -q '"time":"authority"' good.json
"$axev" export "$(member id <good.json)" --ledger L -o good.asice >/dev/null
check_exit "the authority is not trusted yet" 4 "$verify" good.asice --policy L/policy.json
cp L/policy.json policy.json
check "now it is" "$axev" policy add tsa/root.pem --policy policy.json --for time
check_exit "valid" 0 "$verify" good.asice --policy policy.json
mkdir open && unzip -q good.asice -d open
check "openssl verifies the token out of the bundle" openssl ts -verify -token_in \
  -in open/data/hand/0001/signature001.tst -data open/data/hand/0001/signature001.sig -CAfile tsa/root.pem
check "the bundle encloses the authority's chain" openssl ts -verify -token_in \
  -in open/data/hand/0001/signature001.tst -data open/data/hand/0001/signature001.sig \
  -CAfile open/data/trust/timestamps.pem
check "nothing says the maker's own authority" sh -c "! '$verify' good.asice --policy policy.json --lang en | grep -q 'own authority'"

# openssl_takes WAY: what `openssl ts -verify` says of the very answer that we refused.
openssl_takes() {
  check "$1: openssl ts takes it" openssl ts -verify -in "tsa/$1.tsr" -queryfile "tsa/$1.tsq" -CAfile tsa/root.pem
}
openssl_refuses() {
  check "$1: openssl ts refuses it, too" sh -c \
    "! openssl ts -verify -in 'tsa/$1.tsr' -queryfile 'tsa/$1.tsq' -CAfile tsa/root.pem"
}
refused() { # refused "way" "reason" [ROOTS]
  seal "$1" "${3:-root.pem}" >lie.json
  check "$1: sealed, time pending" grep -q '"time":"pending"' lie.json
  check "$1: the reason is told" grep -q "$2" lie.json
}
refused wrong-imprint "over another imprint"
openssl_refuses wrong-imprint
refused wrong-nonce "another nonce"
openssl_refuses wrong-nonce
refused no-nonce "lacks the nonce"
openssl_refuses no-nonce
refused garbage "the value is longer than what holds it"
refused trailing "expected the end, found more bytes"
openssl_takes trailing
refused status "answered with status 2"
refused status-1 "answered with status 1"
openssl_takes status-1
refused status-2 "answered with status 2"
openssl_refuses status-2
refused flipped "the signature was not made by"
openssl_refuses flipped
refused sha1-ess "signing-certificate-v2"
openssl_takes sha1-ess
refused good "do not reach a self-signed root" other.pem
conclude
