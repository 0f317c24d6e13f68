#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The example program does what its first lines say, and what it made is verified by the stock tool path too.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
example="$AXEV_BUILD_ROOT/doc/capture_file"

printf 'order 4711\n' >order.txt
check "the example captures, seals, exports and verifies" "$example" L order.txt case.asice
check "the bundle opens with unzip" unzip -tq case.asice
check_exit "the bundle is valid under the demo policy" 0 "$verify" case.asice --policy L/policy.json
check_exit "a second run is refused: the ledger exists" 1 "$example" L order.txt other.asice
conclude
