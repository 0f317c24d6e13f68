#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An authority that is away, or lies, does not lose the evidence; a token that comes later completes it.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

printf 'hello\n' >a.txt
check "init" "$axev" init L --origin test.example/log
check "init of the authority's own ledger" "$axev" init T --origin tsa.example/log
"$axev" capture file a.txt --ledger L --tsa http://127.0.0.1:9/ --tsa-ca T/keys/tsa-cert.pem --json >sealed.json
check "sealed though no authority answered" grep -q '"time":"pending"' sealed.json
id=$(member id <sealed.json)
check "export" "$axev" export "$id" --ledger L -o before.asice
check_exit "time pending is indeterminate" 4 "$verify" before.asice --policy L/policy.json
check "it has no lower bound either" sh -c "'$verify' before.asice --policy L/policy.json --lang en | grep -q 'not before (.*): not proven'"
check "and says so" sh -c "'$verify' before.asice --policy L/policy.json --lang en | grep -qi 'time pending'"

"$axev" tsa serve --ledger T >url.txt &
started_pids=$!
for _ in $(seq 100); do [ -s url.txt ] && break; sleep 0.05; done
url=$(cat url.txt)
check_exit "an authority that is not trusted is refused" 3 \
  "$axev" seal --complete "$id" --ledger L --tsa "$url" --tsa-ca L/keys/tsa-cert.pem
check "the token comes later" "$axev" seal --complete "$id" --ledger L --tsa "$url" --tsa-ca T/keys/tsa-cert.pem
check_exit "but only once" 3 "$axev" seal --complete "$id" --ledger L --tsa "$url" --tsa-ca T/keys/tsa-cert.pem
cp L/policy.json policy.json
check "the authority is trusted by the verifier" "$axev" policy add T/keys/tsa-cert.pem --policy policy.json --for time
check "export again" "$axev" export "$id" --ledger L -o after.asice
check_exit "valid with the late token" 0 "$verify" after.asice --policy policy.json
for bundle in before after; do
  mkdir "$bundle" && unzip -q "$bundle.asice" -d "$bundle"
  recipe "$bundle/VERIFY.md" >"$bundle.sh"
  check "every command of VERIFY.md passes, $bundle the token" sh -c "cd $bundle && sh -x ../$bundle.sh"
done
check "before: VERIFY.md says time pending and verifies none" sh -c 'grep -q "time pending" before/VERIFY.md && ! grep -q "ts -verify" before.sh'
check "after: it verifies the token and says it came later" sh -c 'grep -q "ts -verify" after.sh && grep -q "added after" after/VERIFY.md'

# A disclosure takes the late token along, and the anchor.
sqlite3 shop.db "CREATE TABLE t(id INTEGER PRIMARY KEY, phone TEXT); INSERT INTO t VALUES(1,'13800000001')"
rows=$("$axev" capture db sqlite:shop.db --ledger L --tsa http://127.0.0.1:9/ --tsa-ca T/keys/tsa-cert.pem --json 2>/dev/null | member id)
# The id of what was disclosed as NAME.
id_of() { sha256sum <"$1.package/data/evidence.json" | cut -c 1-64; }
disclose() { "$axev" disclose "$rows" --ledger L --approver A --ground B --withhold-columns phone -o "$1.asice" && unzip -qo "$1.asice" -d "$1" &&
  unzip -qo "$1/data/packages/0001.asice" -d "$1.package"; }
check "a disclosure of what has no time-stamp" disclose pending
check "says that its time is pending" sh -c '"$1" pending.asice --policy policy.json | grep -qi "time pending"' sh "$verify"
check "the original is completed" "$axev" seal --complete "$rows" --ledger L --tsa "$url" --tsa-ca T/keys/tsa-cert.pem
check "another disclosure of it" disclose timed
check_exit "is valid" 0 "$verify" timed.asice --policy policy.json
check "no time is pending" sh -c '! "$1" timed.asice --policy policy.json | grep -qi "time pending"' sh "$verify"
openssl cms -cmsout -print -inform DER -in timed.package/data/original/signature001.p7s 2>/dev/null | grep -q timeStampToken &&
  echo "not ok - the signature had none of its own" && failures=1
openssl asn1parse -inform DER -in timed.package/data/original/signature001.p7s >asn1.txt
offset=$(awk -F: '/OCTET STRING/ { line = $0 } END { print line }' asn1.txt | sed 's/^ *\([0-9]*\):.*hl=\([0-9]*\).*/\1 \2/' | awk '{ print $1 + $2 + 1 }')
tail -c +"$offset" timed.package/data/original/signature001.p7s | head -c "$(awk '/OCTET STRING/ { line = $0 } END { print line }' asn1.txt | sed 's/.*l= *\([0-9]*\) prim.*/\1/')" >value.bin
check "openssl finds the late token to be over the original's signature" openssl ts -verify -token_in -in timed.package/data/original/signature001.tst \
  -data value.bin -CAfile T/keys/tsa-cert.pem
rows=$(id_of timed)
check "a disclosure made of that one" disclose timed-again
check "has the same token" cmp timed.package/data/original/signature001.tst timed-again.package/data/original/signature001.tst
rows=$(id_of pending)
check "one made now of the one that was made before the token came" disclose pending-again
check "has it, too" cmp timed.package/data/original/signature001.tst pending-again.package/data/original/signature001.tst
check_exit "and is valid" 0 "$verify" pending-again.asice --policy policy.json

# openssl as the client of our authority.
printf 'data' >d
openssl ts -query -data d -sha256 -cert -out d.tsq 2>/dev/null
check "curl gets an answer" curl -sf -H 'Content-Type: application/timestamp-query' --data-binary @d.tsq -o d.tsr "$url"
check "openssl verifies it" openssl ts -verify -in d.tsr -data d -CAfile T/keys/tsa-cert.pem
check_exit "a GET is refused" 22 curl -sf "$url"
conclude
