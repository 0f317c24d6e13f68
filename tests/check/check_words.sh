#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each source has its licence line; nothing depends on the machine it was written on; nothing is left undone.
set -euo pipefail
cd "$AXEV_SOURCE_ROOT"

failed=0
complain() {
	echo "$1"
	failed=1
}

if git ls-files --error-unmatch meson.build >/dev/null 2>&1; then
	mapfile -t files < <(git ls-files)
else
	mapfile -t files < <(find . -path ./.git -prune -o -path './build*' -prune -o -type f -printf '%P\n')
fi

texts=()
for file in "${files[@]}"; do
	[ -f "$file" ] || continue
	case $file in
	fuzz/corpus/* | tests/data/* | share/samples/*) continue ;;
	esac
	grep -Iq . "$file" || continue
	texts+=("$file")
	case $file in
	*.c | *.h | *.h.in | *.sh | *.py | *.js | *.mjs | *.map | meson.build | */meson.build | \
		meson_options.txt | *.1 | *.3 | run-tests | quickstart | .ci/run)
		head -n 5 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
			complain "$file: no licence line in the first five lines"
		;;
	esac
done

refuse() { # WHAT PATTERN
	local hits
	hits=$(printf '%s\0' "${texts[@]}" | grep -zv '^tests/check/check_words\.sh$' |
		xargs -0 grep -InE -- "$2" || true)
	[ -z "$hits" ] || complain "$1:
$hits"
}
refuse 'left undone' '\b(TODO|FIXME|XXX)\b'
refuse 'outside the project' '\.\./shared|/work/|/root/|/home/[a-z]'
refuse 'registry host' '(registry\.npmjs\.org|pypi\.org/simple|index\.crates\.io|deb\.debian\.org)'
exit $failed
