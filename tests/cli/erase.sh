#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A sealed database capture is erased: its bytes are nowhere below the ledger, disclosures verify in its place, the ledger's tree
# verifies; and a crash, a file that comes back, a mirror and a wrong disclosure are told as what they are.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

sqlite3 shop.db "CREATE TABLE orders(id INTEGER PRIMARY KEY, phone TEXT, total NUMERIC, note);
  INSERT INTO orders VALUES(1,'13800000001',1.5,'王小明'),(2,'13800000002',2,NULL),(3,'13800000003',3,'李小红');
  CREATE TABLE single(id INTEGER PRIMARY KEY, phone TEXT);
  INSERT INTO single VALUES(1,'13900004711')"
sqlite3 other.db "CREATE TABLE orders(id INTEGER PRIMARY KEY, phone TEXT); INSERT INTO orders VALUES(1,'13700000001')"
"$axev" init L --origin test.example/log >/dev/null || exit 1
captured() { "$axev" capture db "sqlite:$1" --ledger L --json 2>/dev/null | member id; }
# disclosed ORIGINAL NAME arguments...: the id of a disclosure, exported as NAME.asice.
disclosed() {
  local original=$1 name=$2
  shift 2
  "$axev" disclose "$original" --ledger L --approver 王主任 --ground 个人信息保护法第四十七条 -o "$name.asice" --json "$@" | member id
}
id=$(captured shop.db)
other=$(captured other.db)
orders=$(disclosed "$id" orders --set orders --withhold-columns phone,note)
single=$(disclosed "$id" single --set single --columns id)
foreign=$(disclosed "$other" foreign --columns id)
approve=(--approver 赵局长 --ground 个人信息保护法第四十七条)
object() { printf 'L/ledger.git/lfs/objects/%s/%s/%s' "${1:0:2}" "${1:2:2}" "$1"; }
sha256=$("$axev" show "$id" --ledger L --json | member package_sha256)
said() {
  local name=$1 code=$2 words=$3
  shift 3
  "$@" >.said 2>&1
  local found=$?
  check "$name" sh -c "[ $found -eq $code ] && grep -qF -- \"\$1\" .said || { echo exit $found; cat .said; false; }" sh "$words"
}
entries() { "$axev" ledger status --ledger "${1:-L}" --json | member size; }
# holds FOLDER TEXT: somewhere below it, also in git's objects, which are compressed; as it is, in hexadecimal, in base64.
holds() {
  python3 - "$1" "$2" <<'PY'
import base64, os, subprocess, sys
folder, text = sys.argv[1], sys.argv[2].encode()
forms = [text, text.hex().encode()] + [base64.b64encode(b"x" * k + text)[4 * bool(k):-4] for k in range(3)]
everything = [subprocess.run(["git", "-C", folder + "/ledger.git", "cat-file", "--batch-all-objects", "--batch"],
                             check=True, stdout=subprocess.PIPE).stdout]
assert len(everything[0]) > 1000
for where, _, names in os.walk(folder):
    for name in names:
        with open(os.path.join(where, name), "rb") as file:
            everything.append(file.read())
sys.exit(0 if any(form in data for data in everything for form in forms if len(form) > 6) else 1)
PY
}
for text in 13800000001 13900004711 王小明; do
  check "before, the ledger holds $text" holds L "$text"
done
cp -a L mirror
cp -a L fresh

# ---- what is refused, and leaves nothing ----
before=$(entries)
said "no confirmation without a terminal" 2 "nothing was erased: expected the digits, typed on a terminal, or --yes" \
  setsid -w "$axev" erase "$id" --ledger L --disclosure "$orders" --disclosure "$single" "${approve[@]}"
check "it says first what is lost" grep -q "for ever: the original can never again be verified whole" .said
check "and what is not reached" grep -q "not reached: bundles and proofs handed out, other captures" .said
check "and that somebody may be obliged to keep it" grep -q "legal hold" .said
check "and what becomes of each record set" grep -qF "orders: records 3; disclosures 1, showing records 3, cells 6; the rest goes" .said
said "nothing at all given" 2 "expected --disclosure, --approver and --ground" "$axev" erase "$id" --ledger L --yes
said "no ground" 2 "expected --disclosure, --approver and --ground" "$axev" erase "$id" --ledger L --yes --disclosure "$orders" --approver x
said "a record set that nobody disclosed or named" 1 "record set 'single' is shown by none of the disclosures" \
  "$axev" erase "$id" --ledger L --yes --disclosure "$orders" "${approve[@]}"
said "a record set disclosed and named" 1 "record set 2 of the original is disclosed, and named as one that goes wholly" \
  "$axev" erase "$id" --ledger L --yes --disclosure "$orders" --disclosure "$single" --without-set single "${approve[@]}"
said "a record set that is not there" 3 "no record set 'nothing'" \
  "$axev" erase "$id" --ledger L --yes --disclosure "$orders" --without-set nothing "${approve[@]}"
said "a disclosure of another original" 1 "disclosure ${foreign:0:16}: it is of another original: ${other:0:16}" \
  "$axev" erase "$id" --ledger L --yes --disclosure "$foreign" "${approve[@]}"
said "a package that is no disclosure" 1 "it is no disclosure" "$axev" erase "$id" --ledger L --yes --disclosure "$other" "${approve[@]}"
said "a disclosure given twice" 2 "a disclosure was given twice" \
  "$axev" erase "$id" --ledger L --yes --disclosure "$orders" --disclosure "$orders" --without-set single "${approve[@]}"
said "a disclosure that is not here" 3 "no package 00000000" "$axev" erase "$id" --ledger L --yes --disclosure 00000000 "${approve[@]}"
cp L/policy.json nobody.json
python3 - <<'PY'
import json
policy = json.load(open("nobody.json"))
policy["signers"] = []
json.dump(policy, open("nobody.json", "w"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
PY
said "a policy that does not trust the disclosure" 1 "it is not valid under the policy given" \
  "$axev" erase "$id" --ledger L --yes --disclosure "$orders" --without-set single --policy nobody.json "${approve[@]}"
disclosure_sha256=$("$axev" show "$orders" --ledger L --json | member package_sha256)
chmod u+w "$(object "$disclosure_sha256")"
cp "$(object "$disclosure_sha256")" whole.asice
python3 - "$(object "$disclosure_sha256")" <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[data.index(b'"cell":"') + 9] ^= 1
open(sys.argv[1], "wb").write(data)
PY
said "a disclosure that is damaged" 1 "disclosure ${orders:0:16}: its file is not the one that was sealed" \
  "$axev" erase "$id" --ledger L --yes --disclosure "$orders" --without-set single "${approve[@]}"
cat whole.asice >"$(object "$disclosure_sha256")"
chmod u-w "$(object "$disclosure_sha256")"
check "none of it was logged" test "$(entries)" -eq "$before"
check "nor kept" test ! -e L/erasures
check "and the package is here" test -f "$(object "$sha256")"

# ---- one who types ----
type_digits() { # DIGITS
  python3 - "$1" "$axev" erase "$id" --ledger L --disclosure "$orders" --disclosure "$single" "${approve[@]}" <<'PY'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said = b""
while True:
    try:
        piece = os.read(fd, 4096)
    except OSError:
        break
    if not piece:
        break
    said += piece
    if said.endswith(b"digits of its id: "):
        os.write(fd, sys.argv[1].encode() + b"\n")
print(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
}
said "wrong digits" 2 "nothing was erased" type_digits 00000000
# What a crash left beside: a draft of it, and a second container that no entry names.
mkdir L/drafts/"$id" && cp "$(object "$sha256")" L/drafts/"$id"/package.part
copy=$(printf %064d 7)
mkdir -p "$(dirname "$(object "$copy")")" && cp "$(object "$sha256")" "$(object "$copy")"
ln "$(object "$sha256")" elsewhere.asice
said "the right ones" 0 "erased: $id, ledger entry $before, 3 files" type_digits "${id:0:8}"
check "a hard link elsewhere is told" grep -q "has 1 other names (hard links), which keep its bytes" .said
rm elsewhere.asice

# ---- afterwards ----
for text in 13800000001 13800000003 13900004711 王小明 李小红; do
  check "nowhere below the ledger: $text" sh -c '! "$@"' sh bash -c "$(declare -f holds); holds L $text"
done
check "its file is not there" test ! -e "$(object "$sha256")"
said "the ledger is whole, the package erased" 0 "packages: 5, of these 4 checked, 0 missing" "$axev" ledger check --ledger L
check "which is said" grep -qF "erased: 1, by entries that name the disclosures in their place; nothing is said of their content" .said
said "in Chinese" 0 "已删除 1: 依账本条目删除, 以披露件代替; 原件内容未核对" env LC_ALL=zh_CN.UTF-8 "$axev" ledger check --ledger L
check "and in JSON" sh -c '"$1" ledger check --ledger L --json | python3 -c "
import json, sys
found = json.load(sys.stdin)
assert found[\"result\"] == \"whole but for what was erased\" and found[\"packages_erased\"] == 1 and found[\"erased_here\"] == 0, found"' sh "$axev"
check "git finds its repository whole" git -C L/ledger.git fsck --strict --no-dangling --no-progress
check "the entry holds no name and no ground" sh -c 'git -C L/ledger.git show "ledger:log/pending/$1" >entry.json && ! grep -q "赵局长\|个人信息" entry.json &&
  grep -q "\"event\":\"erased\"" entry.json' sh "$before"
check "who and why are kept, for the operator alone" sh -c '[ "$(stat -c %a L/erasures/*.json)" = 600 ] && grep -q 赵局长 L/erasures/*.json'
"$axev" show "$id" --ledger L --json >shown.json
check "show opens the commitment" python3 - "$id" "$orders" "$single" <<'PY'
import hashlib, json, sys
shown = json.load(open("shown.json"))
erasure = shown["erasure"]
entry = json.loads(erasure["entry_json"])
said = json.dumps({"approver": erasure["approver"], "ground": erasure["ground"]}, ensure_ascii=False, separators=(",", ":"))
assert hashlib.sha256(b"ax-erasure/1\n" + bytes.fromhex(erasure["salt"]) + said.encode()).hexdigest() == entry["commitment"]
assert shown["state"] == "erased" and shown["erased_entry"] == erasure["entry"]
assert entry["about"] == [sys.argv[1]] and entry["disclosures"] == sorted(sys.argv[2:]) and entry["without"] == []
assert set(entry) == {"about", "commitment", "disclosures", "event", "format", "time", "without"}
PY
said "show names what stands in its place" 0 "in its place, disclosure: $single" "$axev" show "$id" --ledger L
said "in Chinese, too" 0 "状态: 已删除, 以披露件代替" env LC_ALL=zh_CN.UTF-8 "$axev" show "$id" --ledger L
instead="package ${id:0:16} was erased (ledger entry $before): in its place stand disclosure"
said "export" 3 "$instead" "$axev" export "$id" --ledger L -o no.asice
said "verify" 3 "$instead" "$axev" verify "$id" --ledger L
said "print" 3 "$instead" "$axev" print "$id" --ledger L -o no.pdf
said "disclose" 3 "$instead" "$axev" disclose "$id" --ledger L --set orders --approver x --ground y -o no.asice
said "proof" 3 "$instead" "$axev" proof "$id" --ledger L --set orders --row 1 -o no.json
said "compare" 3 "$instead" "$axev" compare "$id" "$other" --ledger L
check "none of them left a file" sh -c '[ ! -e no.asice ] && [ ! -e no.pdf ] && [ ! -e no.json ]'
check "its entry can be proven all the same" sh -c '"$1" ledger prove "$2" --ledger L | grep -q tlog-proof' sh "$axev" "$id"
said "a second time" 0 "was erased already (ledger entry $before), nothing of it is here" "$axev" erase "$id" --ledger L
check "adds no entry" test "$(entries)" -eq $((before + 1))

check "the disclosures are exported" "$axev" export "$orders" "$single" --ledger L -o both.asice
said "and valid" 0 "content: unchanged" "$verify" both.asice --policy L/policy.json
check "the report says that the original was erased" grep -q "note: the ledger says that the original of the disclosure was erased from it" .said
said "and by which entry" 0 "entry $before says that the original was erased from that ledger" "$verify" both.asice --policy L/policy.json --full
said "in Chinese" 0 "注意：账本记明，披露件的原证据包已在该账本删除" "$verify" both.asice --policy L/policy.json --lang zh
said "in Chinese, by which entry" 0 "账本条目 $before 记明" "$verify" both.asice --policy L/policy.json --lang zh --full
said "a disclosure whose original is here says nothing of it" 0 "content: unchanged" "$verify" foreign.asice --policy L/policy.json --full
check "and has no such entry" sh -c '! grep -q "erased" .said && ! unzip -l foreign.asice | grep -q erased'
said "what was handed out before is, too" 0 "record 1 total: 1.5" "$verify" orders.asice --policy L/policy.json
unzip -qo both.asice -d both && recipe both/VERIFY.md >recipe.sh
check "each command of VERIFY.md passes" sh -c 'cd both && bash ../recipe.sh'
check "a disclosure is printed" "$axev" print both.asice -o both.pdf
check "with the entry that erased its original" sh -c 'pdftotext both.pdf - | tr -d " \n\f" | grep -qF 原件删除'
check "by its id as well" sh -c '"$1" print "$2" --ledger L -o orders.pdf && pdftotext orders.pdf - | tr -d " \n\f" | grep -qF 原件删除' sh "$axev" "$orders"
check "the other package was left alone" "$axev" verify "$other" --ledger L --policy L/policy.json

# ---- it comes back ----
cp -a mirror/ledger.git/lfs/objects/. L/ledger.git/lfs/objects/
said "a file that came back" 4 "erased according to the ledger, but the files are here: 1, the first by entry $before" "$axev" ledger check --ledger L
said "in Chinese" 4 "依账本已删除, 但文件仍在此: 1, 首个由条目 $before 删除" env LC_ALL=zh_CN.UTF-8 "$axev" ledger check --ledger L
said "it is not exported" 3 "$instead" "$axev" export "$id" --ledger L -o no.asice
said "and removed" 0 "was erased already (ledger entry $before), but 1 files were here: removed now" "$axev" erase "$id" --ledger L
said "then all is well" 0 "erased: 1" "$axev" ledger check --ledger L
git -C mirror/ledger.git fetch -q ../../L/ledger.git ledger:ledger
said "a mirror that follows still has it, and says so" 4 "erased according to the ledger, but the files are here: 1" \
  "$axev" ledger check --ledger mirror
check "who and why did not come along" sh -c '"$1" show "$2" --ledger mirror --json | python3 -c "
import json, sys
erasure = json.load(sys.stdin)[\"erasure\"]
assert erasure[\"commitment\"] and \"approver\" not in erasure and \"salt\" not in erasure"' sh "$axev" "$id"
check "the mirror erases, too" "$axev" erase "$id" --ledger mirror
check "and has it no more" sh -c '! "$@"' sh bash -c "$(declare -f holds); holds mirror 王小明"

# ---- a set that goes wholly, and another disclosure that stays ----
erase_fresh() { "$axev" erase "$id" --ledger "$1" --yes --disclosure "$orders" --without-set single "${approve[@]}"; }
cp -a fresh without
said "a set that goes wholly" 0 "single: records 1, gone wholly, in no disclosure" erase_fresh without
check "the other disclosure of it is named" grep -qF "another disclosure of it, $single, stays" .said
check "the entry says which set" sh -c 'git -C without/ledger.git show "ledger:log/pending/$1" | grep -qF "\"without\":[{\"first\":2,\"last\":2}]"' sh "$before"
said "the ledger is whole" 0 "erased: 1" "$axev" ledger check --ledger without

# ---- one disclosure of several sets ----
"$axev" init several --origin test.example/several >/dev/null || exit 1
of_two=$("$axev" capture db sqlite:shop.db --ledger several --json 2>/dev/null | member id)
sqlite3 shop.db "CREATE TABLE third(id INTEGER PRIMARY KEY); INSERT INTO third VALUES(1)"
of_three=$("$axev" capture db sqlite:shop.db --ledger several --json 2>/dev/null | member id)
shows_two=(--set orders --rows 1,3 --withhold-columns phone,note --set single --columns id)
both_of_two=$(disclosed "$of_two" both_of_two --ledger several "${shows_two[@]}")
both_of_three=$(disclosed "$of_three" both_of_three --ledger several "${shows_two[@]}")
several=$(entries several)
said "a third set, which it does not show" 1 "record set 'third' is shown by none of the disclosures" \
  "$axev" erase "$of_three" --ledger several --yes --disclosure "$both_of_three" "${approve[@]}"
said "the second that it shows is not one that goes wholly" 1 "record set 2 of the original is disclosed, and named as one that goes wholly" \
  "$axev" erase "$of_three" --ledger several --yes --disclosure "$both_of_three" --without-set third --without-set single "${approve[@]}"
check "neither was logged" test "$(entries several)" -eq "$several"
said "both sets are covered" 0 "erased: $of_two, ledger entry $several" \
  "$axev" erase "$of_two" --ledger several --yes --disclosure "$both_of_two" "${approve[@]}"
check "the first with what is shown of it" grep -qF "orders: records 3; disclosures 1, showing records 2, cells 4; the rest goes" .said
check "the second with its own" grep -qF "single: records 1; disclosures 1, showing records 1, cells 1; the rest goes" .said
said "the third goes wholly" 0 "third: records 1, gone wholly, in no disclosure" \
  "$axev" erase "$of_three" --ledger several --yes --disclosure "$both_of_three" --without-set third "${approve[@]}"
said "the ledger is whole" 0 "erased: 2" "$axev" ledger check --ledger several

# ---- stopped at each step ----
cp -a fresh L2
strace -f -qq -e trace=unlink,unlinkat,fsync,renameat,linkat -o trace "$axev" erase "$id" --ledger L2 --yes \
  --disclosure "$orders" --without-set single "${approve[@]}" >/dev/null 2>&1
check "the file is removed behind the last fsync of the entry" sh -c 'grep -n "lfs/objects" trace | grep -q unlinkat && tail -n 3 trace | grep -q fsync'
between=0 bad=0
for call in unlink unlinkat fsync renameat linkat; do
  total=$(grep -c " $call(" trace)
  for number in $(seq 1 "$total"); do
    rm -rf L2 && cp -a fresh L2
    (strace -f -qq -e trace="$call" -e inject="$call:signal=KILL:when=$number" -o /dev/null "$axev" erase "$id" --ledger L2 --yes \
      --disclosure "$orders" --without-set single "${approve[@]}"; true) >/dev/null 2>&1
    "$axev" ledger check --ledger L2 >.said 2>&1
    code=$?
    if [ "$code" -eq 4 ]; then
      grep -q "erased according to the ledger, but the files are here: 1" .said && between=$((between + 1)) || bad=$((bad + 1))
    elif [ "$code" -ne 0 ]; then
      bad=$((bad + 1)) && echo "# $call $number: $(cat .said)"
    fi
    erase_fresh L2 >.said 2>&1 || { bad=$((bad + 1)) && echo "# $call $number, again: $(cat .said)"; }
    "$axev" ledger check --ledger L2 >.said 2>&1 && grep -q "erased: 1" .said || { bad=$((bad + 1)) && echo "# $call $number, then: $(cat .said)"; }
    [ ! -e "L2/$(object "$sha256" | cut -c 3-)" ] || { bad=$((bad + 1)) && echo "# $call $number: the file is here"; }
    [ "$(entries L2)" -eq $((before + 1)) ] || { bad=$((bad + 1)) && echo "# $call $number: $(entries L2) entries"; }
  done
done
check "some stops fell between entry and removal: $between" test "$between" -gt 0
check "after each, doing it again finishes it" test "$bad" -eq 0
conclude
