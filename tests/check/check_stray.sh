#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No test is forgotten: each program, script and harness in the tree stands in the list that runs it.
set -euo pipefail
cd "$AXEV_SOURCE_ROOT"

failed=0
listed() { # FILE NAME MESON
	if ! grep -q "^ *'$2'," "$3"; then
		echo "$1: not listed in $3 as '$2'"
		failed=1
	fi
}
tracked() { git ls-files -- "$@" 2>/dev/null; }
# Without git, or in a tree that git refuses, whatever stands there counts.
if ! git ls-files --error-unmatch tests/meson.build >/dev/null 2>&1; then
	tracked() { ls -d "$@" 2>/dev/null || true; }
fi

for file in $(tracked 'tests/test_*.c'); do
	name=${file##*/test_}
	listed "$file" "${name%.c}" tests/meson.build
done
for suite in check cli data fault interop; do
	for file in $(tracked "tests/$suite/*.sh" "tests/$suite/*.py"); do
		case ${file##*/} in
		lib.sh | lib_*.sh | lib_*.py | lib.py) continue ;; # sourced by others
		esac
		[ "$(dirname "$file")" = "tests/$suite" ] || continue
		listed "$file" "${file##*/}" tests/meson.build
	done
done
for file in $(tracked 'fuzz/fuzz_*.c'); do
	name=${file##*/fuzz_}
	name=${name%.c}
	listed "$file" "$name" fuzz/meson.build
	if [ -z "$(ls "fuzz/corpus/$name" 2>/dev/null)" ]; then
		echo "$file: no inputs in fuzz/corpus/$name"
		failed=1
	fi
done
for file in $(tracked 'doc/man/*.[13]'); do
	listed "$file" "man/${file##*/}" doc/meson.build
done
exit $failed
