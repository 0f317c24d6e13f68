#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Five pages of different kinds are captured, and replayed from the package alone in the engine of replayweb.page: the picture
# of the replay is the picture that the capture took, to less than one per cent of its pixels.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/web/npm.sh"
web="$AXEV_SOURCE_ROOT/tests/web"

"$axev" init L --origin test.example/log >/dev/null || exit 1
python3 "$web/render_site.py" asked >port 2>server.log &
server=$!
started_pids="$started_pids $server"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
base="http://127.0.0.1:$(cat port)"

capture() { # NAME: NAME/ is the package
  local id
  id=$("$axev" capture web "$base/pages/$1.html" --ledger L --json 2>"$1.said" | member id) || { cat "$1.said"; return 1; }
  "$axev" export "$id" --ledger L -o "$1.asice" >/dev/null && mkdir "$1" &&
    unzip -qp "$1.asice" data/packages/0001.asice >"$1.package" && unzip -q "$1.package" -d "$1"
}
same() { # NAME TEXT
  node "$web/replay.mjs" "$1/data/page.wacz" "$base/pages/$1.html" "$2" --picture "$1.png" &&
    node "$web/pixels.mjs" compare "$1/data/screenshot.png" "$1.png" 1
  local status=$?
  return $status
}

for name in grid lazy frames fetch shadow; do
  check "$name: captured" capture "$name"
  check "$name: nothing is missing" python3 -c \
    "import json; m = json.load(open('$name/data/evidence.json')); assert m['complete'] is True, m['complete']"
done
# What is replayed now can come from nowhere else.
kill "$server" && wait "$server" 2>/dev/null
check "the site is gone" sh -c "! python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", $(cat port)))' 2>/dev/null"
while read -r name text; do
  check "$name: the replay looks as the page did" same "$name" "$text"
  tail -1 .out | sed "s/^/# $name: /"
done <<'EOT'
grid 未经核实
lazy the third
frames Two frames
fetch 已收到退款
shadow Price tags
EOT
# The comparison itself: two pages that are not the same.
check_exit "two different pages differ" 1 node "$web/pixels.mjs" compare grid.png fetch.png 1
conclude
