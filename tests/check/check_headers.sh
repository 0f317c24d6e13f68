#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each public header stands alone, as strict C11 and as C++, and no dependency's name appears in it.
set -euo pipefail

failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=(-Wall -Wextra -Werror -pedantic-errors -fsyntax-only
	-I"$AXEV_SOURCE_ROOT/include" -I"$work/include")
mkdir -p "$work/include/ax_evidence"
cp "$AXEV_BUILD_ROOT/include/ax_evidence/version.h" "$work/include/ax_evidence/"

for header in "$AXEV_SOURCE_ROOT"/include/ax_evidence/*.h "$work/include/ax_evidence/version.h"; do
	name=$(basename "$header")
	# Twice: the guard holds.
	printf '#include <ax_evidence/%s>\n#include <ax_evidence/%s>\nint main(void) { return 0; }\n' \
		"$name" "$name" >"$work/one.c"
	cp "$work/one.c" "$work/one.cc"
	gcc -std=c11 "${flags[@]}" "$work/one.c" || failed=1
	g++ -std=c++11 "${flags[@]}" "$work/one.cc" || failed=1
	if grep -nE '#[[:space:]]*include' "$header" | grep -vE '<(ax_evidence/[a-z_]+\.h|stddef\.h|stdint\.h)>'; then
		echo "$name: includes something else than public and standard headers"
		failed=1
	fi
	if [ "$name" != ax_evidence.h ] && ! grep -q "<ax_evidence/$name>" "$AXEV_SOURCE_ROOT/include/ax_evidence/ax_evidence.h"; then
		echo "$name: not in the umbrella header"
		failed=1
	fi
done
exit $failed
