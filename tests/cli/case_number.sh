#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A case number that comes after the capture: committed to, kept, shown, handed over, and nowhere in the repository.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh" || exit 1
number='安市监案字〔2026〕第77号'

printf 'hello\n' >a.txt
"$axev" init L --origin test.example/log >/dev/null || exit 1
first=$("$axev" capture file a.txt --ledger L --json | member id)
second=$("$axev" capture file a.txt --ledger L --json | member id)

says() { "$axev" case "$1" --ledger L | grep -qF -- "$2"; }
check "none at first" says "$first" "no case number was assigned"
check "none at first, as JSON" sh -c "'$axev' case $first --ledger L --json | grep -qx '{\"case_number\":\"\"}'"
check "assign to both" "$axev" case "$first" "$second" --assign "$number" --ledger L
check "shown" says "$first" "case number: $number"
check "shown for the other" says "$second" "case number: $number"
check "in Chinese" sh -c "LC_ALL=zh_CN.UTF-8 '$axev' case $first --ledger L | grep -qF '案件编号: $number'"
check "ledger check is clean" "$axev" ledger check --ledger L
check "one entry for both" sh -c "'$axev' ledger status --ledger L --json | grep -q '\"size\":7,'"

# The opening convinces somebody who has only the log's key: hashed and proven here with nothing of ours.
"$axev" case "$first" --ledger L --json >opening.json
cat >check.py <<'PY'
import base64, hashlib, json, sys
opening = json.load(open(sys.argv[1], encoding="utf-8"))
entry = json.loads(opening["entry_json"])
committed = hashlib.sha256(b"ax-case/1\n" + bytes.fromhex(opening["salt"]) + opening["case_number"].encode()).hexdigest()
assert committed == opening["commitment"] == entry["commitment"], "commitment"
assert entry["event"] == "case-assigned" and sys.argv[2] in entry["about"], "entry"
head, note = opening["tlog_proof"].split("\n\n", 1)
lines = head.split("\n")
index = int(lines[1].split(" ")[1])
hashes = [base64.b64decode(line) for line in lines[2:]]
_, size, root = note.split("\n")[:3]
fn, sn = index, int(size) - 1
r = hashlib.sha256(b"\0" + opening["entry_json"].encode()).digest()
for h in hashes:  # RFC 9162 section 2.1.3.2
    if fn & 1 or fn == sn:
        r = hashlib.sha256(b"\1" + h + r).digest()
        while not fn & 1 and fn:
            fn >>= 1
            sn >>= 1
    else:
        r = hashlib.sha256(b"\1" + r + h).digest()
    fn >>= 1
    sn >>= 1
assert sn == 0 and base64.b64decode(root) == r, "proof"
PY
check "the opening opens the commitment, and the entry is in the checkpoint" python3 check.py opening.json "$first"

check "the number is in no object of the repository" sh -c "
  git -C L/ledger.git cat-file --batch --batch-all-objects | grep -qaF '$number' && exit 1; exit 0"
check "the opening is the owner's alone" sh -c 'test "$(stat -c %a L/cases/*.json)" = 600 && test "$(stat -c %a L/cases)" = 700'

check "another number replaces it" "$axev" case "$first" --assign "B-2" --ledger L
check "the newest is shown" says "$first" "case number: B-2"
check "the other package keeps its own" says "$second" "case number: $number"

check_exit "no package" 3 "$axev" case 0123456789 --assign X --ledger L
check_exit "no id" 2 "$axev" case --assign X --ledger L
check_exit "two ids without a number" 2 "$axev" case "$first" "$second" --ledger L
check_exit "an empty number" 2 "$axev" case "$first" --assign '' --ledger L
check_exit "a control character" 2 "$axev" case "$first" --assign "$(printf 'a\tb')" --ledger L
check_exit "too long" 2 "$axev" case "$first" --assign "$(printf '%0201d' 1)" --ledger L
check "none of these was logged" sh -c "'$axev' ledger status --ledger L --json | grep -q '\"size\":8,'"

# What is kept does not open the commitment, or is gone.
commitment=$("$axev" case "$second" --ledger L --json | member commitment)
sed -i 's/第77号/第78号/' "L/cases/$commitment.json"
check_exit "a changed number is refused" 1 "$axev" case "$second" --ledger L
check "and the message says why" sh -c "
  '$axev' case $second --ledger L 2>&1 | grep -q 'does not open the commitment in the ledger'"
rm "L/cases/$commitment.json"
check_exit "a number that is not kept here is not invented" 3 "$axev" case "$second" --ledger L
check "and the message says so" sh -c "'$axev' case $second --ledger L 2>&1 | grep -q 'its number is not kept here'"
conclude
