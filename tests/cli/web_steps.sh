#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An operator's steps through a shop behind a log-in: what is done comes as a person's input, each step is listed with its
# outcome, and the password stands nowhere but in what the site was sent.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
python3 "$AXEV_SOURCE_ROOT/tests/web/login_site.py" >port 2>server.log &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
base="http://127.0.0.1:$(cat port)"
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }
steps() { printf '{"format":"ax-steps/1","steps":[%s]}' "$2" >"$1.steps"; }
entries() { "$axev" ledger check --ledger L --json | member entries; }

# capture NAME PATH OPTION...: sealed, exported, valid and opened below NAME.
capture() {
  local name=$1 path=$2 id
  shift 2
  id=$("$axev" capture web "$base$path" --ledger L --json --steps "$name.steps" "$@" 2>"$name.said" | member id 2>/dev/null)
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { sed 's/^/#   /' "$name.said"; return; }
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  mkdir "$name"
  unzip -q "$name.asice" -d "$name/bundle"
  unzip -q "$name/bundle/data/packages/0001.asice" -d "$name/package"
  rm -r "$name/bundle"
}

# ---- through the log-in ----
export SHOP_PASSWORD='open "sesame" &<'
printf 'a receipt\n' >receipt.txt
log_in='{"do":"type","selector":"#user","text":"buyer-7 王","clear":true},
 {"do":"type","selector":"#password","secret":{"env":"SHOP_PASSWORD"},"note":"the test account"},
 {"do":"select","selector":"#size","value":"large"},
 {"do":"screenshot","name":"登录表单"},
 {"do":"click","selector":"#go"},
 {"do":"wait","for":"navigation"},'
steps session "$log_in
 {\"do\":\"expect\",\"text\":\"Orders of buyer-7\",\"selector\":\"h1\"},
 {\"do\":\"click\",\"selector\":\"#late\"},{\"do\":\"wait\",\"selector\":\"#came\"},
 {\"do\":\"click\",\"selector\":\"#in-page\"},{\"do\":\"wait\",\"for\":\"navigation\"},
 {\"do\":\"scroll\",\"to\":\"bottom\"},{\"do\":\"scroll\",\"by\":-200},{\"do\":\"scroll\",\"selector\":\"h1\"},
 {\"do\":\"screenshot\",\"name\":\"all orders\",\"full\":true},
 {\"do\":\"upload\",\"selector\":\"#file\",\"file\":\"receipt.txt\"},{\"do\":\"click\",\"selector\":\"#send\"},
 {\"do\":\"wait\",\"for\":\"navigation\"},{\"do\":\"wait\",\"ms\":50},
 {\"do\":\"goto\",\"url\":\"$base/orders\"}"
capture session /
manifest=session/package/data/evidence.json
check "complete" is_true $manifest "m['complete'] is True"
check "the site got the text, the password and the option" grep -qF \
  '/login user=buyer-7+%E7%8E%8B&password=open+%22sesame%22+%26%3C&size=l' posted.txt
check "and the file" grep -q 'filename="receipt.txt"' posted.txt
check "every event was a person's" grep -q '{"click":true,"keydown":true,"input":true,"change":true}' session/package/data/text.txt
check "every step is listed with its outcome" is_true $manifest \
  "(lambda s: len(s) == 20 and all(one['result'].startswith('done in ') for one in s))([one for one in m['capture']['steps'] if one['action'].startswith('step ')])"
check "the digest of the file that was uploaded is told" is_true $manifest \
  "any(one['result'].endswith('SHA-256 $(sha256sum receipt.txt | cut -d' ' -f1)') for one in m['capture']['steps'])"
check "that a secret was typed is told, and where" is_true $manifest \
  "m['source']['options']['secrets_typed'] == 1 and any(one['action'] == 'step 2: type a secret into #password (the test account)' for one in m['capture']['steps'])"
check "the steps are in the package as they were given" cmp session.steps session/package/data/steps.json
check "under the digest that is told" is_true $manifest \
  "m['source']['options']['steps_sha256'] == '$(sha256sum session.steps | cut -d' ' -f1)'"
check "pictures in between have their names" is_true $manifest \
  "[o['name'] for o in m['objects'] if o['role'] == 'step-screenshot' and o.get('observed')] == ['登录表单', 'all orders']"
check "they are pictures" sh -c 'file session/package/data/steps/004.png | grep -q "PNG image data, 1280 x 800"'
check "documents are listed in the order of the visit" is_true $manifest \
  "[p.rsplit('/', 1)[1] for p in m['source']['pages']] == ['', 'orders', 'upload', 'orders'] and 'redirects' not in m['source']"
check "each is a page of the archive" sh -c \
  "test \$(unzip -qp session/package/data/page.wacz pages/pages.jsonl | wc -l) -eq 5"
check "the last one is described" is_true $manifest \
  "m['source']['final_url'] == '$base/orders' and m['source']['title'] == 'Orders'"

# ---- where the secret is ----
secret_in() { python3 - "$1" <<'PY'
import html, os, sys, urllib.parse
secret = 'open "sesame" &<'
forms = {secret, html.escape(secret), secret.replace('"', '\\"'), urllib.parse.quote_plus(secret), 'sesame'}
found = set()
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        data = open(os.path.join(folder, name), 'rb').read().replace(b'=\r\n', b'')
        if any(form.encode() in data for form in forms):
            found.add(name)
print(' '.join(sorted(found)))
PY
}
check "the secret stands in the archive of what was sent, and nowhere else" test "$(secret_in session/package)" = page.wacz
check "and not in the ledger" test -z "$(git -C L/ledger.git log -p --all | grep -a sesame)"
# The field still has its value, and a script copies it into an attribute.
steps reflects '{"do":"type","selector":"#p","secret":{"env":"SHOP_PASSWORD"}}'
capture reflects /reflects
check "a value that a script copied is in no view" test -z "$(secret_in reflects/package)"
check "the DOM says that it was there" grep -q 'secret, not kept' reflects/package/data/dom.json
check "the MHTML that would show it is left out, and that is told" is_true reflects/package/data/evidence.json \
  "m['complete'] == [{'what': 'page.mhtml', 'why': 'left out: a secret or the value of a password field stands in it'}]"

# ---- steps that fail ----
fails() { # NAME MESSAGE STEPS
  steps "$1" "$3"
  check_exit "$1: the capture fails" "${4:-3}" "$axev" capture web "$base${5:-/}" --ledger L --steps "$1.steps"
  cp .out "$1.out"
  check "$1: and says why" grep -qF -- "$2" "$1.out"
}
logged=$(entries)
closed=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
fails unset 'step 1 (type): the variable NO_SUCH_SECRET is not set' \
  '{"do":"type","selector":"#password","secret":{"env":"NO_SUCH_SECRET"}}' 2
fails misspelt 'misspelt.steps: step 1 (click): unknown member' '{"do":"click","selector":"#go","selektor":"x"}' 1
check_exit "nobody to ask for a secret" 2 setsid -w "$axev" capture web "$base/" --ledger L --steps <(
  printf '{"format":"ax-steps/1","steps":[{"do":"type","selector":"#password","secret":{"prompt":"code"}}]}') </dev/null
check "mistakes in the steps are found before anything is logged" test "$(entries)" = "$logged"
fails absent 'step 1 (click): no element #absent came in time' '{"do":"click","selector":"#absent","timeout_ms":300}'
fails selector 'step 1 (click): the browser does not take the selector' '{"do":"click","selector":"#a["}' 2
fails plain 'step 1 (type): a password field takes a secret, and the step has a text' \
  '{"do":"type","selector":"#password","text":"open"}' 2
fails option 'step 1 (select): there is no option huge' '{"do":"select","selector":"#size","value":"huge"}'
fails gone 'step 1 (goto): the page did not come: net::ERR_CONNECTION_REFUSED' '{"do":"goto","url":"http://127.0.0.1:'$closed'/"}'
fails covered 'the element #covered is covered by div#cover' "$log_in {\"do\":\"click\",\"selector\":\"#covered\",\"timeout_ms\":300}"

steps partial "$log_in {\"do\":\"click\",\"selector\":\"#off\",\"timeout_ms\":300},{\"do\":\"screenshot\",\"name\":\"never\"}"
capture partial / --record-failure
check "what was reached is kept, and what was not is named" is_true partial/package/data/evidence.json \
  "m['complete'] == [{'what': 'steps 7 to 8', 'why': 'failed: the element #off is disabled'}] and m['source']['title'] == 'Orders'"
steps window "$log_in {\"do\":\"click\",\"selector\":\"#popup\"}"
capture window /
check "a window that a step opens is closed, and told" is_true window/package/data/evidence.json \
  "{'what': 'windows opened by the page', 'why': 'closed, not captured'} in m['complete']"
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
