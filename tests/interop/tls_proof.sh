#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# TLS handshakes that a real browser made with openssl's server: axev-verify verifies each server's signature again, and so
# does the openssl command, with no code of ours (VERIFY.md, and below for TLS 1.2 and after a retry). Certificates that the
# browser refused are reported as what they are.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
web="$AXEV_SOURCE_ROOT/tests/web"

mkdir site
python3 "$web/tls_site.py" site >site.json 2>site.err &
started_pids=$!
for _ in $(seq 300); do [ -s site.json ] && break; sleep 0.1; done
[ -s site.json ] || { cat site.err; exit 1; }
url_of() { python3 -c 'import json,sys; print(json.load(open("site.json"))["urls"][sys.argv[1]] + "page.html")' "$1"; }
"$axev" init L --origin test.example/log >/dev/null || exit 1

# capture NAME: NAME/bundle, NAME/package, NAME.zh and NAME.en, the reports.
capture() {
  local id
  id=$("$axev" capture web "$(url_of "$1")" --ledger L --ca site/ca.pem --record-failure --json 2>"$1.said" | member id)
  echo "$id" >"$1.id"
  check "$1: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { cat "$1.said"; return; }
  "$axev" export "$id" --ledger L -o "$1.asice" >/dev/null
  mkdir "$1" && unzip -q "$1.asice" -d "$1/bundle" && unzip -q "$1/bundle/data/packages/0001.asice" -d "$1/package"
  "$verify" "$1.asice" --policy L/policy.json --full --lang zh >"$1.zh"
  "$verify" "$1.asice" --policy L/policy.json --full --lang en >"$1.en"
  check_exit "$1: what the browser saw is no change of the content" "${2:-0}" "$verify" "$1.asice" --policy L/policy.json
}
says() { check "$1 says: $2" grep -qF "$2" "$1"; }

capture p256
says p256.en "TLS 1.3, ecdsa_secp256r1_sha256: the key's holder signed all messages from ClientHello to Certificate"
says p256.en "TLS 1.3, ecdsa_secp384r1_sha384"
says p256.en "TLS 1.3, rsa_pss_rsae_sha256"
says p256.en "TLS 1.2, ecdsa_secp256r1_sha256: the key's holder signed both random values"
says p256.en "TLS 1.2, rsa_pss_rsae_sha256"
says p256.en "TLS 1.2, rsa_pkcs1_sha256"
says p256.en "not checked: the policy names no TLS roots"
says p256.en "[passed] TLS handshakes of the web sites"
says p256.en "[passed] TLS facts in the manifest"
says p256.zh "密钥持有者签署了从 ClientHello 到 Certificate 的全部消息"
says p256.zh "经 TLS 连接传输的内容（握手签名只证明证书密钥的持有者参与了该次握手）"
check "every connection that carried an exchange is proven" grep -qE \
  'of ([0-9]+) connections that carried exchanges, \1 with the server.s signature, host and validity verified \(([0-9]+) of \2 exchanges\)' p256.en
check "one of them was retried" python3 - <<'PY'
import json
document = json.load(open('p256/package/data/wire/connections.json'))
kinds = [[m['type'] for m in c['tls']['handshake']][:4] for c in document['connections'] if c.get('tls')]
assert [1, 2, 1, 2] in kinds, kinds
assert {c['tls'].get('version') for c in document['connections'] if c.get('tls')} == {'TLS 1.2', 'TLS 1.3'}
PY

# ---- roots of web servers in the policy ----
cp L/policy.json roots.json
check "a root is added" "$axev" policy add site/ca.pem --policy roots.json --for tls --name "the site's root"
check_exit "its servers are identified" 0 sh -c "'$verify' p256.asice --policy roots.json --full --lang en >roots.en"
says roots.en "[passed] identity of the web server"
says roots.en "root the site's root"
cp L/policy.json strangers.json
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -out s.pem -subj "/CN=Stranger" -days 2 \
  -addext basicConstraints=critical,CA:TRUE -config /dev/null 2>/dev/null
check "another root is added" "$axev" policy add s.pem --policy strangers.json --for tls
check_exit "under another root the servers stay open" 4 "$verify" p256.asice --policy strangers.json

# ---- logs of Certificate Transparency in the policy ----
cp L/policy.json logs.json
check "a log is added" "$axev" policy add site/log.pem --policy logs.json --for ct-log --name "the test's log"
check_exit "timestamps of its own are verified" 0 sh -c "'$verify' p256.asice --policy logs.json --full --lang en >logs.en"
check "the one inside a certificate, the one beside it, and two in stapled OCSP responses" sh -c \
  "test \$(grep -cF '1 certificate timestamps, 1 of them signed by logs that the policy names: the test' logs.en) -eq 4"
says logs.en "0 certificate timestamps, 0 of them"
says p256.en "not checked: the policy names no logs of Certificate Transparency"
cp L/policy.json other_log.json
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2>/dev/null | openssl pkey -pubout -out other.pem
check "another log is added" "$axev" policy add other.pem --policy other_log.json --for ct-log
check_exit "whose timestamps are none of these" 0 sh -c "'$verify' p256.asice --policy other_log.json --full --lang en >other_log.en"
says other_log.en "1 certificate timestamps, 0 of them signed by logs that the policy names: -"
check_exit "a certificate is no log" 1 "$axev" policy add site/ca.pem --policy other_log.json --for ct-log

# ---- stock tools ----
recipe p256/bundle/VERIFY.md >recipe.sh
check "VERIFY.md verifies a handshake" grep -q "TLS 1.3, server CertificateVerify" recipe.sh
check "every command of VERIFY.md passes" sh -c 'cd p256/bundle && sh -x ../../recipe.sh'
check "with openssl's own word for it" sh -c 'cd p256/bundle && sh ../../recipe.sh | grep -q "^Verified OK"'
check_exit "and finds a changed message" 1 sh -c 'cd p256/bundle && rm -rf unpacked && sed "s/\[0:4\]/[0:3]/" ../../recipe.sh >../../short.sh && sh ../../short.sh || exit 1'

# by_hand NAME: bytes signed, signature and certificate of one connection, cut out by a few lines of Python for openssl.
cat >by_hand.py <<'PY'
import base64, hashlib, json, sys
document, kind, at = json.load(open(sys.argv[1])), sys.argv[2], 0
for connection in document['connections']:
    tls = connection.get('tls') or {}
    messages = [base64.b64decode(m['bytes']) for m in tls.get('handshake', [])]
    types = [m[0] for m in messages]
    is_retried = types[:4] == [1, 2, 1, 2]
    if kind == 'retry' and is_retried:
        stop = types.index(11) + 1
        first = hashlib.sha256(messages[0]).digest()
        digest = hashlib.sha256(b'\xfe\0\0' + bytes([len(first)]) + first + b''.join(messages[1:stop])).digest()
        signed, signature = b' ' * 64 + b'TLS 1.3, server CertificateVerify\0' + digest, messages[stop][8:]
    elif tls.get('version') == 'TLS 1.2' and tls['signature'] == kind:
        exchange = messages[types.index(12)][4:]
        end = 4 + exchange[3]
        signed, signature = messages[0][6:38] + messages[1][6:38] + exchange[:end], exchange[end + 4:]
    else:
        continue
    leaf = messages[types.index(11)][4:]
    start = 3 + 3 if tls['version'] == 'TLS 1.2' else 1 + 3 + 3
    size = int.from_bytes(leaf[start - 3:start], 'big')
    for name, data in ('signed', signed), ('signature', signature), ('leaf', leaf[start:start + size]):
        open(f'{kind}.{name}', 'wb').write(data)
    sys.exit(0)
sys.exit('no such handshake')
PY
by_hand() { # KIND DGST-OPTION...
  local kind=$1
  shift
  check "$kind: cut out" python3 by_hand.py p256/package/data/wire/connections.json "$kind"
  openssl x509 -inform DER -in "$kind.leaf" -noout -pubkey >"$kind.pem"
  check "$kind: openssl verifies the server's signature" openssl dgst "$@" -verify "$kind.pem" -signature "$kind.signature" "$kind.signed"
}
pss="-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"
by_hand retry -sha256
by_hand ecdsa_secp256r1_sha256 -sha256
by_hand rsa_pss_rsae_sha256 -sha256 $pss
by_hand rsa_pkcs1_sha256 -sha256

capture sct_wrong
check_exit "a timestamp for another certificate is found" 4 sh -c "'$verify' sct_wrong.asice --policy logs.json --full --lang zh >wrong.zh"
says wrong.zh "证书时间戳不是该日志对该证书作出的"

# ---- resumed sessions, which hold no signature ----
capture resumed
check "sessions of both versions were resumed, and count as not proven" python3 - <<'PY'
import json, re
carried = [one for one in json.load(open('resumed/package/data/wire/connections.json'))['connections'] if one['exchanges']]
resumed = [one['tls']['version'] for one in carried if one['tls']['resumed']]
assert set(resumed) == {'TLS 1.2', 'TLS 1.3'}, resumed # the icon of the site may have a connection of its own, which is resumed, too
assert all(not {11, 12, 15} & {message['type'] for message in one['tls']['handshake']} for one in carried if one['tls']['resumed'])
found = re.search(r'of (\d+) connections that carried exchanges, (\d+) with', open('resumed.en').read())
assert (int(found[1]), int(found[2])) == (len(carried), len(carried) - len(resumed)), found[0]
open('resumed.count', 'w').write(str(len(resumed)))
PY
check "which is said of each" sh -c "test \$(grep -cF 'not checked: a resumed session, whose handshake holds no certificate and no signature' resumed.en) -eq \$(cat resumed.count)"
says resumed.en "[not applicable] TLS handshakes of the web sites"

# ---- what a browser refuses ----
capture wrong_name
says wrong_name.en "the browser did not accept this certificate (ERR_CERT_COMMON_NAME_INVALID, COMMON_NAME_INVALID); the certificate is not for host 'localhost'"
says wrong_name.en "[passed] the server's signature in the handshake"
says wrong_name.en "[not applicable] TLS handshakes of the web sites"
says wrong_name.zh "；证书不用于主机 localhost"
capture expired
says expired.en "the browser did not accept this certificate (ERR_CERT_DATE_INVALID, DATE_INVALID); the certificate is valid from 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z, not at the time of the handshake"
capture self_signed
says self_signed.en "the browser did not accept this certificate (ERR_CERT_AUTHORITY_INVALID, AUTHORITY_INVALID); host and validity fit"
capture self_signed_12
says self_signed_12.en "not checked: the handshake ends before the server's signature"
check "it passes nothing" sh -c '! grep -qF "[passed] the server" self_signed_12.en'

# ---- in print: what the verifier says, and not more ----
printed() { # NAME LANG: NAME.LANG.txt, without blanks
  "$axev" print "$(cat "$1.id")" --ledger L --form web --lang "$2" -o "$1.$2.pdf" 2>print.err || return 1
  pdftotext -raw "$1.$2.pdf" - | tr -d ' \n\f' >"$1.$2.txt"
}
prints() { # NAME.LANG "words as the verifier has them"
  check "$1 in print: $2" grep -qF "$(tr -d ' ' <<<"$2")" "$1.txt"
}
if printed p256 zh; then
  printed p256 en
  prints p256.en "Proven: of "
  prints p256.en "the key's holder signed all messages from ClientHello to Certificate"
  prints p256.en "no roots are chosen for a print; the verifier's policy does"
  prints p256.en "no logs are chosen for a print; the verifier's policy does"
  prints p256.en "not what was then sent"
  prints p256.zh "已证明：符合上列 TLS 事实的"
  prints p256.zh "密钥持有者签署了从 ClientHello 到 Certificate 的全部消息"
  prints p256.zh "证书有效期"
  prints p256.zh "不证明其后传输的内容"
  check "as many as the record has, and all of them" python3 - <<'PY'
import json, re
manifest = json.load(open('p256/package/data/evidence.json'))
tls = manifest['source']['tls']
same = [c for c in json.load(open('p256/package/data/wire/connections.json'))['connections']
        if c.get('tls') and c['tls'].get('certificates') == tls['certificates'] and c['tls'].get('server_name') == tls.get('server_name')
        and c['tls'].get('cipher') == tls['cipher'] and c['tls'].get('version') == tls['version']]
found = re.search(r'Proven:of(\d+)connectionswiththeTLSfactsabove.*?handshakeof(\d+)\.', open('p256.en.txt').read())
assert found and int(found[1]) == len(same), (found and found[0], len(same))
carried = sum(c['exchanges'] > 0 for c in same)
assert int(found[2]) == carried > 0, (found[0], carried)
PY
  for name in wrong_name expired self_signed self_signed_12; do
    check "$name: an address that was refused is printed" printed $name zh
    check "$name: and in English" printed $name en
    check "$name: nothing is called proven" sh -c "grep -q 网页内容固定单 $name.zh.txt && ! grep -qF '已证明' $name.zh.txt && ! grep -qF 'Proven:of' $name.en.txt"
  done
else
  check "prints are switched off in this build" grep -q 'without' print.err
fi
conclude
