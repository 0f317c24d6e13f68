#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# WARC and WACZ files of ours in other hands: warcio.js and js-wacz make the same index, plain hashing the same
# digests, and the engine of replayweb.page shows the page out of the file. Also that the replay test can fail.
set -euo pipefail
. "$AXEV_SOURCE_ROOT/tests/web/npm.sh"
web=$AXEV_SOURCE_ROOT/tests/web
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node "$web/wacz_peers.mjs" "$AXEV_BUILD_ROOT/tests/wacz_probe" "$work"

replay() { node "$web/replay.mjs" "$@"; }
page=https://www.example.com/page
replay "$work/site.wacz" $page "right answer" --title "Sample page" --images 2 --screenshot "$work/page.png"
file "$work/page.png" | grep -q 'PNG image data'

refused() { # MESSAGE ARGUMENT...
	local message=$1
	shift
	if replay "$@" >"$work/out" 2>&1 || ! grep -qF "$message" "$work/out"; then
		echo "expected a failure with: $message"
		cat "$work/out"
		exit 1
	fi
}
refused 'expected "wrong answer" in the page' "$work/site.wacz" $page "wrong answer"
# A list of pages that is not the one that was hashed, at the same length.
python3 - "$work/site.wacz" "$work/changed.wacz" <<'PY'
import sys
data = open(sys.argv[1], "rb").read()
assert data.count(b'"title":"Sample"') == 2
open(sys.argv[2], "wb").write(data.replace(b'"title":"Sample"', b'"title":"sample"', 1))
PY
refused 'does not find the hash of pages/pages.jsonl right' "$work/changed.wacz" $page "right answer"
