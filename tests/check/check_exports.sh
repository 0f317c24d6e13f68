#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the library exports, what its headers declare and what its version script lists are the same.
set -euo pipefail

library=$AXEV_BUILD_ROOT/lib/libax_evidence.so
map=$AXEV_SOURCE_ROOT/lib/ax_evidence.map
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

cat "$AXEV_SOURCE_ROOT"/include/ax_evidence/*.h "$AXEV_SOURCE_ROOT"/include/ax_evidence/*.h.in |
	python3 "$AXEV_SOURCE_ROOT/scripts/prototypes.py" --names | sort -u >"$work/declared"
sed -nE 's/^\t([a-z0-9_]+);$/\1/p' "$map" >"$work/listed"
nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/exported"

failed=0
require_empty() { # FILE MESSAGE
	if [ -s "$1" ]; then
		sed "s/\$/: $2/" "$1"
		failed=1
	fi
}
[ -s "$work/declared" ] || { echo "no declarations found"; exit 1; }
sort -c "$work/listed" || failed=1
grep -v '^axev_' "$work/exported" >"$work/foreign" || true
require_empty "$work/foreign" 'exported without the prefix axev_'
comm -23 "$work/declared" "$work/listed" >"$work/unlisted"
require_empty "$work/unlisted" 'declared, not in lib/ax_evidence.map'
comm -13 "$work/declared" "$work/listed" >"$work/undeclared"
require_empty "$work/undeclared" 'in lib/ax_evidence.map, not declared'
comm -13 "$work/declared" "$work/exported" >"$work/hidden"
require_empty "$work/hidden" 'exported, not declared'
comm -23 "$work/declared" "$work/exported" >"$work/missing"
require_empty "$work/missing" 'declared, not exported'
exit $failed
