#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Name resolution and clock, compared with real servers on loopback: dnsmasq and chronyd, dig and chronyd's own measurement
# beside ours; servers that lie, that are silent, and a machine without any network.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
here=$PWD
chmod 711 .

free_port() { python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
resolver() { # OUT OPTIONS...: a dnsmasq; its port into OUT
  local out=$1 port
  shift
  port=$(free_port)
  dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --no-poll --port="$port" --listen-address=127.0.0.1 \
    --bind-interfaces --user=root --pid-file= "$@" >"$out.log" 2>&1 &
  started_pids="$started_pids $!"
  for _ in $(seq 100); do dig +time=1 +tries=1 @127.0.0.1 -p "$port" probe.example >/dev/null 2>&1 && break; sleep 0.1; done
  eval "$out=127.0.0.1:$port"
}
resolver one --address=/shop.example/127.0.0.1 --address=/shop.example/::1
resolver same --address=/shop.example/127.0.0.1 --address=/shop.example/::1
resolver other --address=/shop.example/127.0.0.1 --address=/shop.example/203.0.113.9
resolver denies --address=/shop.example/
# Port 53 of another loopback address is the system's resolver here.
dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --port=53 --listen-address=127.0.0.53 --bind-interfaces \
  --user=root --pid-file= --address=/shop.example/127.0.0.1 --address=/shop.example/::1 >system.log 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 100); do dig +time=1 +tries=1 @127.0.0.53 probe.example >/dev/null 2>&1 && break; sleep 0.1; done
printf 'nameserver 127.0.0.53\n' >resolv.conf
silent=127.0.0.1:$(free_port)

cat >clock.py <<'PY'
"""An SNTP server whose clock is off by so many seconds."""
import socket, struct, sys, time
off = float(sys.argv[1])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 0))
print(s.getsockname()[1], flush=True)
def stamp(t): return struct.pack('>II', int(t) + 2208988800 & 0xFFFFFFFF, int(t % 1 * 2**32) & 0xFFFFFFFF)
while True:
    request, peer = s.recvfrom(1024)
    now = time.time() + off
    s.sendto(struct.pack('>BBbbII4s', 0x24, 1, 6, -20, 16, 32, b'TEST') + stamp(now - 1) + request[40:48] + stamp(now) + stamp(time.time() + off), peer)
PY
clock() { # OUT OFFSET
  python3 clock.py "$2" >"$1.port" &
  started_pids="$started_pids $!"
  for _ in $(seq 100); do [ -s "$1.port" ] && break; sleep 0.1; done
  eval "$1=127.0.0.1:$(cat "$1.port")"
}
clock wrong 10
clock wrong_too -7
# Only unpacked: installed, it would take the place of the time service of this machine.
chronyd=$(command -v chronyd || true)
if [ -z "$chronyd" ]; then
  mkdir chrony
  (cd chrony && apt-get download -q chrony >../chrony.log 2>&1 && dpkg -x chrony_*.deb .) || { cat chrony.log; exit 1; }
  chronyd=$PWD/chrony/usr/sbin/chronyd
fi
chronyd_port=$(free_port)
printf 'local stratum 3\nport %s\nbindaddress 127.0.0.1\nallow 127.0.0.1\ncmdport 0\npidfile %s/chronyd.pid\nbindcmdaddress /\n' \
  "$chronyd_port" "$here" >chrony.conf
"$chronyd" -d -x -u root -f "$here/chrony.conf" >chronyd.log 2>&1 &
started_pids="$started_pids $!"
right=127.0.0.1:$chronyd_port
clock right_too 0
sleep 1

mkdir site
echo '<!doctype html><meta charset=utf-8><title>x</title><p>hello' >site/index.html
python3 -u -m http.server --bind 127.0.0.1 --directory site 0 >said 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 100); do
  port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' said)
  [ -z "$port" ] || break
  sleep 0.1
done
apart() { unshare --mount -- sh -c 'mount --bind resolv.conf /etc/resolv.conf && exec "$@"' sh "$@"; }
capture() { # OUT OPTIONS...: entries of the package
  local out=$1 id
  shift
  id=$(apart "$axev" capture web "http://shop.example:$port/" --ledger L --json "$@" 2>"$out.err" | member id)
  check "a capture: $out" test -n "$id"
  "$axev" export "$id" --ledger L -o "$out.asice" >/dev/null && unzip -qo "$out.asice" -d "$out.bundle" &&
    unzip -qo "$out.bundle/data/packages/0001.asice" -d "$out.d"
}
of() {
  python3 -c 'import json,sys
checks = json.load(open(sys.argv[1] + ".d/data/evidence.json"))["environment"]["checks"]
print(*[c.get(sys.argv[4], "absent") for c in checks if (c["when"], c["id"]) == (sys.argv[2], sys.argv[3])], sep="\n")' "$@"
}
is() { check "$1" test "$2" = "$3"; }
like() { check "$1: $2" grep -qE -- "$3" <<<"$2"; }

# ---- servers that agree ----
capture good --resolver "$one" --resolver "$same" --ntp "$right" --ntp "$right_too"
for moment in before after; do
  is "the same names, $moment" "$(of good $moment resolvers verdict)" passed
  is "the same time, $moment" "$(of good $moment clock verdict)" passed
done
is "of three resolvers" "$(of good before resolvers result)" "the same from 3 resolvers"
like "by both time servers" "$(of good before clock result)" '^offset -?[0-9]+\.[0-9]{3} ms, bound [0-9]+\.[0-9]{3} ms, by 2 of 2 time servers$'
check "the messages are kept, and dig reads the same addresses" python3 - good.d/data/environment/before/resolvers.txt "$one" <<'PY'
import base64, re, subprocess, sys
text = open(sys.argv[1]).read()
host, port = sys.argv[2].split(':')
for kind in ('A', 'AAAA'):
    ours = re.search(r'other resolver %s, %s: code 0(.*)\nmessage (\S+)' % (re.escape(sys.argv[2]), kind), text)
    addresses = sorted(a for a in ours[1].split() if a != 'AD')
    dig = sorted(subprocess.run(['dig', '+short', '@' + host, '-p', port, 'shop.example', kind], capture_output=True, text=True, check=True).stdout.split())
    assert addresses == dig and dig, (addresses, dig)
    assert b'\x04shop\x07example\x00' in base64.b64decode(ours[2], validate=True)
PY
check "offset and bound are in the manifest, and hold for the true offset, which is none" python3 - <<'PY'
import json
clock = json.load(open('good.d/data/evidence.json'))['capture']['clock']
assert 'not authenticated' in clock['how'] and '2 time servers' in clock['how'], clock
assert abs(int(clock['offset_ns'])) <= int(clock['bound_ns']) < 1_000_000_000, clock
PY

# ---- answers that differ, servers that lie ----
capture differ --resolver "$other" --ntp "$right" --ntp "$right_too" --ntp "$wrong"
is "other addresses are noted" "$(of differ before resolvers verdict)" noted
like "by whom" "$(of differ before resolvers result)" "^addresses differ, as is usual for sites with many servers: $other$"
is "one time server of three that lies is noted" "$(of differ before clock verdict)" noted
like "and not believed" "$(of differ before clock result)" ' by 2 of 3 time servers$'
capture denied --resolver "$denies" --ntp "$wrong"
is "a name that one denies has failed" "$(of denied before resolvers verdict)" failed
like "and by whom" "$(of denied before resolvers result)" "^no address by $denies, addresses by 127.0.0.53$"
is "a clock that is off has failed" "$(of denied before clock verdict)" failed
like "by ten seconds" "$(of denied before clock result)" '^the clock is off by (9[0-9]{3}|10[0-9]{3})\.[0-9]{3} ms'
check "one server alone does not get into the manifest's clock" sh -c '! grep -q "\"offset_ns\"" denied.d/data/evidence.json'
capture quarrel --resolver "$one" --ntp "$wrong" --ntp "$wrong_too"
is "servers without a majority have failed" "$(of quarrel before clock verdict)" failed
like "and are not averaged" "$(of quarrel before clock result)" '^2 time servers answered and no majority agrees$'

# ---- nothing answers ----
capture silence --resolver "$silent" --ntp "$silent"
is "no resolver to compare with is not passed" "$(of silence before resolvers verdict)" not_reachable
is "no time server is not passed" "$(of silence before clock verdict)" not_reachable
check "the longest check takes no more than 1.5 s" python3 - <<'PY'
import datetime, json
def at(text): return datetime.datetime.fromisoformat(text[:26])
for c in json.load(open('silence.d/data/evidence.json'))['environment']['checks']:
    assert (at(c['finished']) - at(c['started'])).total_seconds() < 1.5 * 2, c  # a busy machine is not slower than twice
PY
# A machine with no network but its own loopback.
unshare --net -- sh -c 'ip link set lo up; exec "$@"' sh sh -c '
  python3 -m http.server --bind 127.0.0.1 --directory site 8099 >/dev/null 2>&1 & server=$!
  sleep 1
  "$1" capture web http://no-such-name.example:8099/ --record-failure --ledger L --json >offline.json 2>offline.err
  kill $server' sh "$axev"
id=$(member id <offline.json)
"$axev" export "$id" --ledger L -o offline.asice >/dev/null && unzip -qo offline.asice -d offline.bundle &&
  unzip -qo offline.bundle/data/packages/0001.asice -d offline.d
for moment in before after; do
  is "offline, names $moment" "$(of offline $moment resolvers verdict)" not_reachable
  is "offline, clock $moment" "$(of offline $moment clock verdict)" not_reachable
done
check "offline nothing of the network is called passed" python3 - <<'PY'
import json
for c in json.load(open('offline.d/data/evidence.json'))['environment']['checks']:
    assert c['id'] not in ('resolvers', 'clock', 'route', 'gateway', 'interfaces') or c['verdict'] != 'passed', c
PY
check_exit "and it verifies" 0 "$verify" offline.asice --policy L/policy.json

# ---- strict ----
apart "$axev" capture web "http://shop.example:$port/" --ledger L --profile strict --resolver "$silent" --ntp "$right" --ntp "$right_too" \
  >out.txt 2>err.txt
is "strict does not seal what could not be checked" "$?" 3
check "and says so" grep -q 'name resolution compared (before): not reachable' err.txt

# ---- what is no server ----
check_exit "a resolver by name is none" 2 "$axev" capture web "http://127.0.0.1:$port/" --ledger L --resolver dns.example
conclude
