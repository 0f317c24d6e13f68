#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What does not end by itself, or is too large, or is no page: streams, downloads, documents that stall. All that the site
# sent is in the WARC, or as much as was asked for, and the manifest says what is not and why.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/web/npm.sh"
web="$AXEV_SOURCE_ROOT/tests/web"
"$axev" init L --origin test.example/log >/dev/null || exit 1
touch begun

is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

# capture NAME PORT PATH COMPARISON OPTION...: from a truth server of its own; NAME/package, NAME/data.warc, NAME.json.
capture() {
  local name=$1 port=$2 path=$3 comparison=$4 id server
  shift 4
  mkdir "$name" "$name.truth"
  python3 "$web/truth_server.py" "$name.truth" >"$name.urls" 2>"$name.err" &
  server=$!
  started_pids="$started_pids $server"
  for _ in $(seq 300); do [ -s "$name.urls" ] && break; sleep 0.1; done
  url=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["urls"][sys.argv[2]])' "$name.urls" "$port")
  [ "$port" = http ] || set -- "$@" --ca "$name.truth/ca.pem"
  id=$("$axev" capture web "$url$path" --ledger L --json "$@" 2>"$name.said" | member id)
  kill "$server" && wait "$server"
  check "$name: captured" test "${#id}" -eq 64
  [ "${#id}" -eq 64 ] || { cat "$name.said"; return; }
  "$axev" export "$id" --ledger L -o "$name.asice" >/dev/null
  check_exit "$name: valid under the demo policy" 0 "$verify" "$name.asice" --policy L/policy.json
  unzip -q "$name.asice" data/packages/0001.asice -d "$name" && unzip -q "$name/data/packages/0001.asice" -d "$name/package"
  cp "$name/package/data/evidence.json" "$name.json"
  unzip -p "$name/package/data/page.wacz" archive/data.warc >"$name/data.warc"
  # shellcheck disable=SC2086
  check "$name: what the site logged is in the WARC" python3 "$web/compare_warc.py" $comparison "$name.truth/truth.jsonl" "$name/data.warc"
}
truncated() { grep -ac "^WARC-Truncated: $2" "$1/data.warc"; }
why() { echo "sorted(one['why'] for one in m['complete']) == $1"; }

for port in http https; do
  capture "events-$port" $port events-page "--whole /events"
  check "the stream ended because the capture did" test "$(truncated "events-$port" time)" -eq 1
  check "and that is said" is_true "events-$port.json" "$(why "['still being received when the capture ended']")"
done
capture download https "file?3000000" ""
check "a download is whole" is_true download.json "$(why "['the address is a download; there is nothing to see']")"
capture downloads http download-page ""
check "one that the page starts, too" grep -aq '^GET /file?3000000 HTTP/1.1' downloads/data.warc
check "one that it makes itself is named" is_true downloads.json "$(why "['did not go over a connection, not captured']")"
capture huge http "file?5000000000" "" --max-bytes 20M --timeout 300
check "5 GB end at the limit" test "$(truncated huge length)" -eq 1
check "with most of what was asked for, and no more" python3 - <<'PY'
import os
assert 15e6 < os.path.getsize('huge/data.warc') < 21e6, os.path.getsize('huge/data.warc')
PY
check "which is named" is_true huge.json "any(one['why'] == 'more than the limit of 20971520 bytes' for one in m['complete'])"
check "and in the options" is_true huge.json "m['source']['options']['max_bytes'] == 20971520"
capture half http half "" --timeout 6
check "a document that stalls is kept as far as it came" test "$(truncated half time)" -eq 1
capture media https media ""
check "sound is asked for in ranges, and all of them are there" grep -aq '^HTTP/1.1 206' media/data.warc
capture frame http pdf-page ""
check "a PDF in a frame is there with its bytes" grep -aq '^%PDF-1' frame/data.warc
# Whole ones and those that were cut off, as warcio from npm reads them.
check "every block and payload has its digest" \
  node "$web/warc_check.mjs" {events-http,events-https,download,downloads,huge,half,media,frame}/data.warc
python3 "$web/flip_warc.py" download/data.warc "file?3000000" 200 flipped.warc
check_exit "another byte of the download is found" 1 node "$web/warc_check.mjs" flipped.warc

# left_behind: downloads since the test began whose browser no longer runs; other tests have browsers of their own.
left_behind() {
  local file
  for file in $(find /tmp "${TMPDIR:-/tmp}" -mindepth 3 -maxdepth 3 -path '*/axev-web-*/downloads/*' -newer begun 2>/dev/null); do
    pgrep -f -- "user-data-dir=${file%/downloads/*}/" >/dev/null || echo "$file"
  done
}
check "nothing of the browser's is left" test -z "$(left_behind)"
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
