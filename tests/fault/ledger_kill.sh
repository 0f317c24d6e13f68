#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kill -9 at random moments of appending; after each, the log checks clean and every acknowledged index is there.
# usage: ledger_kill.sh [PROBE [ROUNDS]]
set -eu
probe=${1:-$AXEV_BUILD_ROOT/tests/ledger_probe}
rounds=${2:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$probe" init "$work/L"
round=0
acknowledging=0
while [ "$round" -lt "$rounds" ]; do
	round=$((round + 1))
	"$probe" append "$work/L" 100000 7 >"$work/acknowledged" &
	child=$!
	sleep "0.$(od -An -N1 -tu1 /dev/urandom | tr -d ' ' | awk '{ printf "%03d", $1 + 20 }')"
	kill -9 "$child"
	wait "$child" 2>/dev/null || true
	last=$(grep -c . "$work/acknowledged" >/dev/null && tail -n 1 "$work/acknowledged" || echo -1)
	[ "$last" -lt 0 ] || acknowledging=$((acknowledging + 1))
	outcome=$("$probe" check "$work/L")
	entries=${outcome%% *}
	if [ "$last" -ge "$entries" ]; then
		echo "round $round: acknowledged $last, found $entries entries" >&2
		exit 1
	fi
done
# A run in which nothing was acknowledged shows nothing.
if [ "$acknowledging" -lt $((rounds / 2)) ]; then
	echo "only $acknowledging of $rounds rounds had acknowledged anything when they were killed" >&2
	exit 1
fi
git -C "$work/L/ledger.git" fsck --strict --no-dangling
echo "# $acknowledging of $rounds rounds had acknowledged something"
echo "ledger_kill: ok, $outcome"
