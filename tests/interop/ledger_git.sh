#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The ledger's repository under stock git and git-lfs: clone, fsck, verify-commit, lfs fsck, lfs pull.
# usage: ledger_git.sh [PROBE]
set -eu
probe=${1:-$AXEV_BUILD_ROOT/tests/ledger_probe}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL="$work/gitconfig" GIT_CONFIG_NOSYSTEM=1 HOME="$work"
git config --global gpg.format ssh
git config --global gpg.ssh.allowedSignersFile "$work/L/keys/allowed_signers"
git config --global filter.lfs.process 'git-lfs filter-process'
git config --global filter.lfs.smudge 'git-lfs smudge -- %f'
git config --global filter.lfs.clean 'git-lfs clean -- %f'
git config --global filter.lfs.required true

"$probe" init "$work/L"
"$probe" append "$work/L" 600 300 >/dev/null
head -c 100000 /dev/urandom >"$work/package"
"$probe" package "$work/L" "$work/package"
"$probe" check "$work/L"
git -C "$work/L/ledger.git" fsck --strict --no-dangling
for commit in $(git -C "$work/L/ledger.git" rev-list ledger); do
	git -C "$work/L/ledger.git" verify-commit "$commit" 2>/dev/null
done
git -C "$work/L/ledger.git" cat-file commit ledger | sed '1,/^$/d' >"$work/message"
git -C "$work/L/ledger.git" show ledger:checkpoint | cmp - "$work/message"
(cd "$work/L/ledger.git" && git lfs fsck --dry-run --objects ledger)
GIT_LFS_SKIP_SMUDGE=1 git clone -q "file://$work/L/ledger.git" "$work/clone"
git -C "$work/clone" fsck --strict
(cd "$work/clone" && git lfs pull)
cmp "$work/package" "$work/clone/packages/600.asice"

# What a keeper may do with stock git between our appends: repack, pack refs, collect, index many packs.
git="git -C $work/L/ledger.git"
expect_entries() {
	case $("$probe" check "$work/L") in "$1 entries"*) ;; *) echo "expected $1 entries"; exit 1 ;; esac
	$git fsck --strict --no-dangling --no-progress
}
$git repack -q -a -d
$git pack-refs --all
"$probe" append "$work/L" 5 >/dev/null
expect_entries 606
$git gc -q --prune=now
"$probe" append "$work/L" 70 >/dev/null
expect_entries 676
$git multi-pack-index write
"$probe" append "$work/L" 70 >/dev/null
expect_entries 746
$git multi-pack-index repack
"$probe" append "$work/L" 1 >/dev/null
$git multi-pack-index expire
"$probe" append "$work/L" 1 >/dev/null
expect_entries 748
rm "$work/L/ledger.git/objects/pack/multi-pack-index"
"$probe" append "$work/L" 1 >/dev/null
expect_entries 749
# A stock git that holds the ref for a moment is waited for; nothing of it is lost.
(
	touch "$work/L/ledger.git/refs/heads/ledger.lock"
	sleep 0.4
	rm "$work/L/ledger.git/refs/heads/ledger.lock"
) &
sleep 0.1
"$probe" append "$work/L" 1 >/dev/null
wait
expect_entries 750
rm -rf "$work/clone"
GIT_LFS_SKIP_SMUDGE=1 git clone -q "file://$work/L/ledger.git" "$work/clone"
git -C "$work/clone" verify-commit HEAD
echo "ledger_git: ok"
