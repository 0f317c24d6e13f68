#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The golden containers in the hands of stock tools, and the same verdict from the command line.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
golden="$AXEV_TEST_DATA/container/golden"
at=2026-09-21T14:30:00Z
seconds=1790001000 # the same

mkdir c3 && unzip -q "$golden/c3.asice" -d c3 && mkdir c2 && unzip -q c3/data/packages/0001.asice -d c2 || exit 1
check "the bundle holds the package" cmp c3/data/packages/0001.asice "$golden/c2.asice"
for one in c2 c3; do
  check "$one: digests" sh -c "cd $one && sha256sum -c --quiet manifest-sha256.txt"
  check "$one: openssl verifies the signature" openssl cms -verify -binary -cades -inform DER \
    -in $one/META-INF/signature001.p7s -content $one/META-INF/ASiCManifest001.xml -CAfile c3/data/trust/signers.pem \
    -purpose any -attime $seconds -out /dev/null
  check "$one: axev-verify says valid" "$verify" "$golden/$one.asice" --policy "$golden/policy.json" --at $at
  check_exit "$one: nobody is trusted without a policy" 4 "$verify" "$golden/$one.asice" --at $at
done
check "openssl verifies the time-stamp" openssl ts -verify -token_in -in c3/data/hand/0001/signature001.tst \
  -data c3/data/hand/0001/signature001.sig -CAfile c3/data/trust/timestamps.pem -attime $seconds
openssl ts -reply -token_in -in c3/data/hand/0001/signature001.tst -token_out -text >token.txt 2>/dev/null
check "openssl reads the embedded authority's policy" grep -q "2.25.204317392214560973340137722841150263681.1" token.txt
check "openssl reads the time" grep -q "Sep 21 14:13:20 2026 GMT" token.txt
check "openssl prints the signature with its token" sh -c "openssl cms -cmsout -print -inform DER -in c2/META-INF/signature001.p7s | grep -q id-smime-aa-timeStampToken"
conclude
