#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Steps in frames: of the page's own site, of another site in a process of its own, and one inside of the other. What is clicked and
# typed lands in the frame as a person's input; a frame that is not there is named.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
python3 "$AXEV_SOURCE_ROOT/tests/web/login_site.py" >port 2>server.log &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
base="http://127.0.0.1:$(cat port)"
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }
export PAY_PIN=geheim-4711
printf 'a receipt\n' >receipt.txt

# in_frame FRAME NAME: all that a step can do in a frame.
in_frame() {
  cat <<END
{"do":"wait","selector":"#card","frame":$1},{"do":"type","selector":"#card","text":"card-$2","frame":$1},
{"do":"type","selector":"#pin","secret":{"env":"PAY_PIN"},"frame":$1},{"do":"select","selector":"#size","value":"large","frame":$1},
{"do":"upload","selector":"#file","file":"receipt.txt","frame":$1},
{"do":"scroll","to":"top","frame":$1},{"do":"click","selector":"#go","frame":$1,"note":"pays"},
{"do":"expect","text":"paid by $2","selector":"#done","frame":$1}
END
}
inner='["iframe[name=other]","#inner"]'
printf '{"format":"ax-steps/1","steps":[%s,%s,{"do":"type","selector":"#own","text":"abc","frame":"iframe[src*=outer]"}]}' \
  "$(in_frame '"#same"' same)" "$(in_frame "$inner" inner)" >steps.json
id=$("$axev" capture web "$base/frames" --ledger L --json --no-checks --steps steps.json 2>said | member id 2>/dev/null)
check "captured" sh -c "cat said; test ${#id} -eq 64"
"$axev" export "$id" --ledger L -o s.asice >/dev/null
check_exit "valid under the demo policy" 0 "$verify" s.asice --policy L/policy.json
unzip -qp s.asice data/packages/0001.asice >package && unzip -q package -d package.d
manifest=package.d/data/evidence.json
for name in same inner; do
  check "$name: the site got what was typed, chosen and handed over, as a person's" grep -qF \
    "/paid/$name?card=card-$name&pin=geheim-4711&size=l&file=1&trusted=true" posted.txt
done
check "the other site's own field got its text" grep -q '"abc"' package.d/data/dom.json
check "it ran in a process of its own" is_true package.d/data/dom.json \
  "any(f['target'] == 'iframe' and 'localhost' in f['url'] for f in m['frames'])"
check "each step names its frame" is_true $manifest \
  "{'step 7: click #go in the frame #same (pays)', 'step 11: type a secret into #pin in the frame iframe[name=other] > #inner', 'step 14: scroll to the top in the frame iframe[name=other] > #inner'} <= {s['action'] for s in m['capture']['steps']}"
check "the secret stands in what was sent, and nowhere else" test \
  "$(cd package.d/data && grep -rla geheim-4711 . | sort | tr '\n' ' ')" = "./page.wacz ./wire/requests.json "

# ---- what is not as it should be ----
fails() { # MESSAGE STEP [CODE]
  printf '{"format":"ax-steps/1","steps":[%s]}' "$2" >failing.json
  check "$1" sh -c '"$1" capture web "$2" --ledger L --no-checks --no-scroll --steps failing.json >.out.kept 2>&1; test $? -eq "$4" && grep -qF -- "$3" .out.kept || { cat .out.kept; false; }' \
    - "$axev" "$base/frames" "$1" "${3:-3}"
}
fails 'step 1 (click): no frame #absent came in time' '{"do":"click","selector":"#go","frame":["iframe[name=other]","#absent"],"timeout_ms":500}'
fails 'step 1 (wait): no frame #absent came in time' '{"do":"wait","selector":"#go","frame":"#absent","timeout_ms":500}'
fails 'step 1 (expect): no frame #absent came in time' '{"do":"expect","text":"x","frame":"#absent","timeout_ms":500}'
fails 'step 1 (click): no element #absent came in time' '{"do":"click","selector":"#absent","frame":"#same","timeout_ms":500}'
fails 'step 1 (click): the element div is no frame' '{"do":"click","selector":"#go","frame":"div"}' 2
fails 'step 1 (click): the browser does not take the selector' '{"do":"click","selector":"#go","frame":"#a["}' 2
fails 'step 1 (click): the frame #small is shown in another size than it has' '{"do":"click","selector":"#go","frame":"#small"}'
fails 'step 1 (click): the element #go is covered by div#lid' '{"do":"click","selector":"#go","frame":"#under","timeout_ms":500}'
fails "step 1 (wait): member 'frame': expected with a selector only" '{"do":"wait","ms":1,"frame":"#same"}' 1
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
