#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Manual pages say what headers and tools say: every function with its prototype, every option of --help.
set -euo pipefail

root=$AXEV_SOURCE_ROOT
man=$root/doc/man
python=$(python3 -c 'import sys; print(sys.executable)')
failed=0
complain() {
	echo "$1"
	failed=1
}
export LC_ALL=C.UTF-8

for header in "$root"/include/ax_evidence/*.h "$root"/include/ax_evidence/version.h.in; do
	name=$(basename "$header")
	name=${name%.in}
	name=${name%.h}
	prototypes=$("$python" "$root/scripts/prototypes.py" <"$header")
	[ -n "$prototypes" ] || continue
	page=$man/axev_$name.3
	if [ ! -f "$page" ]; then
		complain "$name.h: no manual page axev_$name.3"
		continue
	fi
	documented=$("$python" "$root/scripts/man_prototypes.py" <"$page")
	difference=$(diff <(sort <<<"$prototypes") <(sort <<<"$documented") || true)
	[ -z "$difference" ] || complain "axev_$name.3: prototypes differ from the header:
$difference"
	while IFS= read -r function; do
		grep -q "^\.Nm $function\( ,\)\?\$" "$page" || complain "axev_$name.3: $function is not under NAME"
	done < <(grep -oE 'axev_[a-z0-9_]+ ?\(' <<<"$prototypes" | tr -d ' (' | grep -vE '_callback$')
done

for page in "$man"/*.[13]; do
	mandoc -T lint -W warning "$page" || failed=1
done

check_help() { # PAGE WORDS...
	local page=$1 help
	shift
	if ! help=$("$@" --help 2>&1); then
		complain "$*: --help fails"
		return
	fi
	if awk 'length($0) > 80 { found = 1 } END { exit !found }' <<<"$help"; then
		complain "$*: --help is wider than 80 columns"
	fi
	while IFS= read -r option; do
		grep -qE -- "Fl Fl ${option#--}([^a-z-]|$)" "$page" ||
			complain "$*: $option is not in $(basename "$page")"
	done < <(grep -oE -- '--[a-z][a-z-]*' <<<"$help" | sort -u)
}

tools=$AXEV_BUILD_ROOT/tools
check_help "$man/axev.1" "$tools/axev"
for verb in $(grep -oE '^\.It Cm [a-z]+' "$man/axev.1" | awk '{ print $3 }' | sort -u); do
	check_help "$man/axev.1" "$tools/axev" "$verb"
done
check_help "$man/axev-verify.1" "$tools/axev-verify"
exit $failed
