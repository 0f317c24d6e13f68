#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The capturing process does not hold what it captures: with a large inline picture, a long table and a download over HTTP/2
# it stays below 96 MiB, most of which is libraries. All of them are in the package, with their bytes.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/web/memory.bash"
serve_heavy || exit 1
"$axev" init L --origin test.example/log >/dev/null || exit 1

below() { test "$1" -gt 0 -a "$1" -le 98304; }
# take NAME URL: NAME/, the package.
take() {
  local name=$1 kib id
  kib=$(peak_kib "$2" --timeout 120)
  # Sanitizers need memory of their own.
  grep -aq __asan_init "$axev" || check "$name: at most 96 MiB ($kib KiB)" below "$kib"
  id=$(member id <last.json)
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  mkdir "$name" && unzip -q "$name.asice" data/packages/0001.asice -d "$name" && unzip -q "$name/data/packages/0001.asice" -d "$name"
}
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

take inline "${heavy[http]}/inline?12000000"
check "nothing is missing" is_true inline/data/evidence.json "m['complete'] is True"
check "the picture is in the MHTML, every byte" python3 - <<'PY'
import base64, email
message = email.message_from_bytes(open('inline/data/page.mhtml', 'rb').read())
bodies = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
filler = (b'evidence' * 1500000)[1:11999998] # from where base64 begins a group of its own
assert any(base64.b64encode(filler) in body for body in bodies), [len(body) for body in bodies]
PY
check "and the document tree is JSON that has it" is_true inline/data/dom.json \
  "any(len(text) > 16000000 and text.startswith('data:image/png;base64,') for frame in m['frames'] for text in frame['snapshot']['strings'])"
take table "${heavy[http]}/table?2000,10000"
check "nothing is missing" is_true table/data/evidence.json "m['complete'] is True"
check "its last row is in the text" grep -q 'goods of number 1999' table/data/text.txt
check "and in the document tree" is_true table/data/dom.json "'goods of number 1999' in m['frames'][0]['snapshot']['strings']"
take download "${heavy[h2]}/file?60000000"
check "the download is whole" sh -c "unzip -p download/data/page.wacz archive/data.warc | grep -aq 'WARC-Payload-Digest: sha256:$(
  node -e 'const h = require("crypto").createHash("sha256"); for (let at = 0; at < 6e7; at += 65536) h.update(Buffer.alloc(Math.min(65536, 6e7 - at), String(at))); console.log(h.digest("hex"))')'"
conclude
