#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each layer includes only what is below it; each dependency is known in one place (doc/ARCHITECTURE.md).
set -euo pipefail
cd "$AXEV_SOURCE_ROOT"

failed=0
complain() {
	echo "$1"
	failed=1
}

# layer: the layers it may include
declare -A below=(
	[base]="base"
	[crypto]="base crypto"
	[content]="base crypto content"
	[foreign]="base crypto content foreign"
	[package]="base crypto content foreign package"
	[proof]="base crypto content package proof"
	[verify]="base crypto content foreign package proof verify"
	[net]="base crypto content package proof net"
	[ledger]="base crypto content package proof verify foreign net ledger"
	[image]="base crypto package image"
	[capture]="base crypto content package proof verify foreign net ledger image capture"
	[compare]="base crypto content package proof verify image compare"
	[print]="base crypto content package proof verify ledger image compare print"
)

includes() { grep -nE '^[[:space:]]*#[[:space:]]*include' "$1" || true; }

for folder in lib/*/; do
	layer=$(basename "$folder")
	if [ -z "${below[$layer]:-}" ]; then
		complain "$folder: a layer that this check does not know"
		continue
	fi
	while IFS= read -r file; do
		while IFS=: read -r line include; do
			[[ $include =~ \"([^\"]+)\" ]] || continue
			target=${BASH_REMATCH[1]}
			[ "$target" != axev_config.h ] || continue
			case " ${below[$layer]} " in
			*" ${target%%/*} "*) ;;
			*) complain "$file:$line: $layer must not include \"$target\"" ;;
			esac
		done < <(includes "$file")
	done < <(find "$folder" -name '*.[ch]')
done

# What is common to all captures knows of none of them; the recorder knows nothing of the browser that is recorded.
while IFS=: read -r file line _; do
	complain "$file:$line: belongs to one kind of capture"
done < <(grep -nE '^[[:space:]]*#[[:space:]]*include "capture/(web|clean|wire)/' lib/capture/*.[ch] || true)
while IFS=: read -r file line _; do
	complain "$file:$line: the recorder must not know of it"
done < <(grep -nE '^[[:space:]]*#[[:space:]]*include "capture/([^w]|web)' lib/capture/wire/*.[ch] || true)

# dependency: where it may be included
only() { # HEADERS PLACES
	while IFS=: read -r file line _; do
		[[ $file =~ ^($2)$ ]] || complain "$file:$line: $1 belongs to $2"
	done < <(grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<($1)" lib tools --include='*.[ch]' || true)
}
only 'openssl/' 'lib/crypto/.*'
only 'jansson' 'lib/base/json_[a-z]*\.[ch]'
only 'git2' 'lib/ledger/git_store\.c'
only 'curl/' 'lib/net/.*'
only 'nghttp2/' 'lib/capture/wire/h2\.c'
only 'cairo|pango|qrencode|hb' 'lib/print/.*'
only 'png' 'lib/image/.*'
only 'libav[a-z]*/|libsw[a-z]*/' 'lib/capture/web/video_api\.h'
only 'expat' 'lib/foreign/.*'
only 'archive' 'lib/foreign/.*'
only 'sqlite3|libpq|mariadb|mysql|sql\.h|sqlext' 'lib/capture/.*'

# Tools know the public headers, their own, and the system's.
for file in tools/*.[ch] tools/*/*.[ch]; do
	[ -f "$file" ] || continue
	while IFS=: read -r line include; do
		[[ $include =~ [\"\<]([^\"\>]+)[\"\>] ]] || continue
		target=${BASH_REMATCH[1]}
		first=${target%%/*}
		if [ "$first" != "$target" ] && [ -d "lib/$first" ]; then
			complain "$file:$line: tools use public headers only, found \"$target\""
		fi
	done < <(includes "$file")
done
exit $failed
