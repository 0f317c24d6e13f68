# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts: the packages of tests/web/package-lock.json, whose hashes it holds, installed once a build
# directory and without running anything of theirs. Sets AXEV_NPM to where node_modules is.
AXEV_NPM=$AXEV_BUILD_ROOT/npm
export AXEV_NPM
mkdir -p "$AXEV_NPM"
exec 8>"$AXEV_NPM/.lock" # several tests may come at once
flock 8
if ! cmp -s "$AXEV_SOURCE_ROOT/tests/web/package-lock.json" "$AXEV_NPM/.installed"; then
	cp "$AXEV_SOURCE_ROOT/tests/web/package.json" "$AXEV_SOURCE_ROOT/tests/web/package-lock.json" "$AXEV_NPM"
	(cd "$AXEV_NPM" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier >npm.log 2>&1 </dev/null) || {
		cat "$AXEV_NPM/npm.log"
		exit 1
	}
	cp "$AXEV_NPM/package-lock.json" "$AXEV_NPM/.installed"
fi
exec 8>&-
