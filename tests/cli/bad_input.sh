#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each bad input ends in one clear line that says what, where, and what to do.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

# says "sentence" CODE "text in the error line" command...
says() {
  local sentence=$1 want=$2 text=$3
  shift 3
  "$@" >"$scratch/.stdout" 2>"$scratch/.stderr"
  local got=$?
  if [ "$got" -eq "$want" ] && grep -qF -- "$text" "$scratch/.stderr" && [ "$(wc -l <"$scratch/.stderr")" -eq 1 ]; then
    echo "ok - $sentence"
  else
    echo "not ok - $sentence: expected exit $want and one line with '$text', found exit $got and:"
    sed 's/^/#   /' "$scratch/.stderr"
    failures=$((failures + 1))
  fi
}

printf 'hello\n' >a.txt
says "no ledger named" 2 "axev init DIR" "$axev" list
says "not a ledger" 3 "nowhere" "$axev" list --ledger nowhere
says "unknown verb" 2 "unknown verb" "$axev" sealify
says "unknown option" 2 "--help" "$axev" list --bogus
says "unknown kind of capture" 2 "web, file and db" "$axev" capture mail x

printf 'secret\n' >right
printf 'guess\n' >wrong
check "init with a passphrase" "$axev" init P --origin test.example/log --passphrase-file right
says "wrong passphrase" 3 "keys/operator.pem" "$axev" capture file a.txt --ledger P --passphrase-file wrong
id=$("$axev" list --ledger P --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["packages"][0]["id"])')
check "the draft waits for the right one" "$axev" seal "$id" --ledger P --passphrase-file right

check "init" "$axev" init L --origin test.example/log
says "path that is not there" 3 "missing.txt" "$axev" capture file missing.txt --ledger L
ln -s a.txt link
says "a root that is a link" 2 "symbolic link" "$axev" capture file link --ledger L
says "case file that is not there" 3 "none.json" "$axev" capture file a.txt --ledger L --case none.json
size_before=$("$axev" ledger status --ledger L --json | member size)
printf '{"format":"ax-case/1"' >cut.json
says "case file that is cut short" 1 "cut.json" "$axev" capture file a.txt --ledger L --case cut.json
sed 's/"case"/"cause"/' "$AXEV_SOURCE_ROOT/doc/examples/case-facts.json" >odd.json
says "case file with an unknown member" 1 "odd.json" "$axev" capture file a.txt --ledger L --case odd.json
check "a mistake in the case file logs nothing" sh -c "'$axev' ledger status --ledger L --json | grep -q '\"size\":$size_before,'"
says "escapes in a name are shown inert" 3 '\u{1b}[31m' "$axev" capture file "$(printf '\033[31mred')" --ledger L
says "unknown id" 3 "no package" "$axev" show 0123456789 --ledger L
says "short id" 2 "first 8" "$axev" show 0123 --ledger L

id=$("$axev" capture file a.txt --ledger L --draft --json | member id)
says "export before sealing" 3 "axev seal" "$axev" export "$id" --ledger L -o x.asice
check "no half-written bundle stays" sh -c '! ls x.asice* 2>/dev/null'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -out other.pem -subj /CN=other -days 9 2>/dev/null
says "a signer that the capture did not expect" 3 "expects another certificate" \
  "$axev" seal "$id" --ledger L --key other.key --cert other.pem
says "key and certificate of different people" 3 "" "$axev" seal "$id" --ledger L --key other.key --cert L/keys/tsa-cert.pem
says "a certificate without its key" 2 "--cert with the --key" "$axev" seal "$id" --ledger L --cert other.pem
"$axev" init S --origin test.example/signed >/dev/null
own=$("$axev" capture file a.txt --ledger S --key other.key --cert other.pem --json | member id)
check "a capture is signed with the key that was given" sh -c "'$axev' export $own --ledger S -o own.asice &&
  unzip -qo own.asice data/packages/0001.asice && unzip -p data/packages/0001.asice 'META-INF/*.p7s' |
  openssl pkcs7 -inform DER -print_certs -noout | grep -qx 'subject=CN = other'"
says "an option of web pages with a file" 2 "expected no option of web with file" "$axev" capture file a.txt --ledger L --no-scroll
says "an option of databases with a file" 2 "expected no option of db with file" "$axev" capture file a.txt --ledger L --key-column id
says "an option of databases with a list" 2 "expected no option of db with web" "$axev" capture web --list a.txt --ledger L --table t
says "a root with a file" 2 "expected no --ca with file" "$axev" capture file a.txt --ledger L --ca other.pem
check "sealed at last" "$axev" seal "$id" --ledger L
says "sealed twice" 3 "sealed already" "$axev" seal "$id" --ledger L

flock --no-fork L/lock sleep 20 &
started_pids=$!
sleep 0.3
says "ledger held by another process" 3 "another process" "$axev" capture file a.txt --ledger L
kill "$started_pids" && wait "$started_pids" 2>/dev/null

package=$(find L/ledger.git/lfs/objects -type f | head -n 1)
chmod u+w "$package"
printf 'X' | dd of="$package" bs=1 seek=900 conv=notrunc 2>/dev/null
says "a changed package in the store: check" 1 "" "$axev" ledger check --ledger L
says "a changed package in the store: export" 1 "" "$axev" export "$id" --ledger L -o y.asice
check "no bundle of a changed package" sh -c '! ls y.asice* 2>/dev/null'
conclude
