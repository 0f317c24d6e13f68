#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A page from a public address that reaches for this machine and its neighbours, in a network of its own where such an
# address can be had: what it connected to, or wanted to, is recorded and told; a page that is itself near is not accused.
if [ -z "${AXEV_OWN_NETWORK:-}" ]; then
  export AXEV_OWN_NETWORK=1
  exec unshare --net -- bash "$0" "$@"
fi
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

ip link set lo up || exit 1
for address in 203.0.113.7/32 192.168.77.1/32 169.254.7.7/32 fd00:77::1/128; do
  ip address add "$address" dev lo nodad 2>/dev/null || ip address add "$address" dev lo || exit 1
done
cat >server.py <<'PY'
import http.server, socket, sys, threading
NEAR = ['http://127.0.0.1:8080/near', 'http://192.168.77.1:8080/near', 'http://169.254.7.7:8080/near',
        'http://[::1]:8080/near', 'http://[fd00:77::1]:8080/near', 'http://127.0.0.2:8079/closed']
PAGES = {
    '/reaches': '<title>reaches</title><p>shown' + ''.join('<img src="%s">' % url for url in NEAR) +
                '<img src="file:///etc/hostname"><script>location.href = "file:///etc/passwd"</script>',
    '/quiet': '<title>quiet</title><p>shown<img src="/own">',
    '/own': 'x', '/near': 'x',
}
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *_): pass
    def do_GET(self):
        body = PAGES.get(self.path, '').encode()
        host = self.headers['Host'].split(':')[0]
        if host.endswith('.example'):  # of a captive portal: whatever was asked for, it is sent on
            self.send_response(302)
            self.send_header('Location', 'http://login.portal.test:8080/quiet')
            self.send_header('Content-Length', '0')
            return self.end_headers()
        if self.path == '/moved':
            self.send_response(302)
            self.send_header('Location', 'http://127.0.0.1:8080/quiet')
        else:
            self.send_response(200 if body else 404)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
server = Server(('::', 8080), Handler)
print('ready', flush=True)
server.serve_forever()
PY
python3 server.py >ready 2>server.log &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s ready ] && break; sleep 0.1; done

"$axev" init L --origin test.example/log >/dev/null || exit 1
# capture NAME URL: NAME.json is its manifest, NAME.connections.json what the connections did.
capture() {
  local name=$1 url=$2 id
  id=$("$axev" capture web "$url" --ledger L --json --no-checks 2>"$name.said" | member id 2>/dev/null)
  unpack_capture "$name" "$id" || return
  unzip -qp "$name.package" data/wire/connections.json >"$name.connections.json"
}
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); s=m.get("source"); sys.exit(not eval(sys.argv[2]) and (print(s) or 1))' "$@"; }

capture reaches http://203.0.113.7:8080/reaches
check "the page is public" is_true reaches.json "s['address_space'] == 'public' and s['remote_address'] == '203.0.113.7'"
check "what it reached is in the list of connections, each with its space" python3 - <<'PY'
import json
found = {(c.get('remote_address'), c.get('address_space')) for c in json.load(open('reaches.connections.json'))['connections']}
for expected in (('203.0.113.7:8080', 'public'), ('127.0.0.1:8080', 'loopback'), ('192.168.77.1:8080', 'private'),
                 ('169.254.7.7:8080', 'link-local'), ('[::1]:8080', 'loopback'), ('[fd00:77::1]:8080', 'private')):
    assert expected in found, (expected, found)
PY
check "so is what it wanted to reach and could not" python3 - <<'PY'
import json
assert any(c.get('address_space') == 'loopback' and 'remote_address' not in c and
           any(a.get('address') == '127.0.0.2:8079' for a in c['attempts'])
           for c in json.load(open('reaches.connections.json'))['connections'])
PY
check "they are counted" is_true reaches.json "s['nearer_connections'] >= 5 and s['nearer_attempts'] >= 1"
check "a step tells them" is_true reaches.json \
  "any(x['action'] == 'connections to nearer addresses' and x['result'].startswith('page from a public address; ') for x in m['capture']['steps'])"
check "files that it asked for are counted and told" is_true reaches.json \
  "s['file_attempts'] >= 2 and any(x['action'] == 'files of this machine that the page asked for' and 'file:///etc/' in x['result'] for x in m['capture']['steps'])"
check "nothing of them is in the package" sh -c "! unzip -qp reaches.package data/page.wacz data/text.txt data/dom.json | grep -aq '^root:'"

capture moved http://203.0.113.7:8080/moved
check "a public address that leads to this machine is still a public page" is_true moved.json \
  "s['address_space'] == 'public' and s['nearer_connections'] >= 1 and s['remote_address'] == '127.0.0.1'"

for base in http://203.0.113.7:8080 http://127.0.0.1:8080; do
  name=quiet-${base//[^0-9]/}
  capture "$name" "$base/quiet"
  check "$name: a page that stays where it is is not accused" is_true "$name.json" \
    "s['nearer_connections'] == 0 and s['nearer_attempts'] == 0 and s['file_attempts'] == 0 and not any(x['action'].startswith(('connections to', 'files of')) for x in m['capture']['steps'])"
done
check "a page of this machine is called that" is_true quiet-1270018080.json "s['address_space'] == 'loopback'"

# A captive portal: its resolver says its own address to every name, its server sends everybody on, and over TLS it can only be itself.
dnsmasq --keep-in-foreground --no-resolv --no-hosts --conf-file=/dev/null --pid-file= --user=root --port=53 --listen-address=127.0.0.53 \
  --bind-interfaces --address=/#/192.168.77.1 >dnsmasq.log 2>&1 &
started_pids="$started_pids $!"
printf 'nameserver 127.0.0.53\n' >resolv.conf
for _ in $(seq 100); do dig +time=1 +tries=1 @127.0.0.53 shop.example >/dev/null 2>&1 && break; sleep 0.1; done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=login.portal.test -keyout portal.key -out portal.pem 2>/dev/null
openssl s_server -accept 192.168.77.1:8443 -cert portal.pem -key portal.key -www >s_server.log 2>&1 &
started_pids="$started_pids $!"
real_axev=$axev
axev=apart
apart() { unshare --mount -- sh -c 'mount --bind resolv.conf /etc/resolv.conf && exec "$@"' sh "$real_axev" "$@"; }
capture portal http://shop.example:8080/
check "behind a captive portal it is the portal's page, and the way there is in the manifest" is_true portal.json \
  "s['url'] == 'http://shop.example:8080/' and s['final_url'] == 'http://login.portal.test:8080/quiet' and s['redirects'][0]['status'] == 302"
check "the name of a shop that is in this network is told" is_true portal.json "s['address_space'] == 'private' and s['remote_address'] == '192.168.77.1'"
check "the resolver's answer is kept" sh -c "unzip -qp portal.package data/wire/dns.json | grep -q shop.example"
apart capture web https://shop.example:8443/ --ledger L --no-checks >.out 2>.err
check "over TLS a portal is refused for its certificate" grep -q ERR_CERT .err
apart capture web https://shop.example:8443/ --ledger L --no-checks --record-failure --json >.out 2>.err
id=$(member id <.out)
"$real_axev" export "$id" --ledger L -o refusal.asice >/dev/null
check "which is evidence when asked for, with the very certificate" sh -c "unzip -qp refusal.asice data/packages/0001.asice >refusal.package && \
  unzip -qp refusal.package data/wire/connections.json | grep -q \"\$(openssl x509 -in portal.pem -outform DER | sha256sum | cut -c1-64)\""
conclude
