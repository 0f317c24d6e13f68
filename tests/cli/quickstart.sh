#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ./quickstart as a newcomer runs it, in a copy of what it needs: page of the sample shop, package, print, bundle, verdict.
# Then stock tools on what it left, and a thousand changed bytes of its bundle.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
mkdir -p copy/doc
cp -r "$AXEV_SOURCE_ROOT"/{quickstart,scripts,share} copy/
cp -r "$AXEV_SOURCE_ROOT/doc/examples" copy/doc/
cd copy || exit 1
export AXEV_BUILD=$AXEV_BUILD_ROOT

check "quickstart ends well" ./quickstart
check "and a second time" ./quickstart
bundles=(demo-output/*.asice)
prints=(demo-output/*.pdf)
check "two bundles and two prints are there" test "${#bundles[@]} ${#prints[@]}" = "2 2"
bundle=${bundles[0]} pdf=${prints[0]}
check_exit "valid under the policy of its ledger" 0 "$verify" "$bundle" --policy demo-ledger/policy.json
check_exit "indeterminate without a policy" 4 "$verify" "$bundle"
check "unzip -t" unzip -tq "$bundle"
check "qpdf --check" qpdf --check "$pdf"
pdftotext "$pdf" print.txt
check "the print is in Chinese and shows the shop" grep -q 提取笔录 print.txt
check "git fsck --strict" git -C demo-ledger/ledger.git fsck --strict
check "a thousand changed bytes are all found" \
  python3 "$AXEV_SOURCE_ROOT/tests/flip_bytes.py" "$bundle" demo-ledger/policy.json 1000
cat "$scratch/.out"
conclude
