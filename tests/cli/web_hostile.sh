#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pages that want the capture to fail or to lie: texts and addresses without measure, window storms, huge documents. Each
# ends in a package that verifies and says what it lacks.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
cat >server.py <<'PY'
import http.server, sys
LONG = 'x' * 60000  # python reads lines of 64 KiB at most
PAGES = {
    '/long-address': '<title>long</title><img src="/pixel?%s"><script>fetch("/pixel?" + "y".repeat(400000)).catch(() => {})</script>' % LONG,
    '/long-title': '<title>%s</title>' % ('标' * 400000),
    '/forged-title': '<title>a&#27;[31m&#8238;b\u2028c</title><p>shown',
    '/storm': '<script>for (let i = 0; i < 50; i++) window.open("/pixel?" + i); while (confirm("again?")); alert(1)</script>',
    '/inline': '<img src="data:image/png;base64,%s">' % ('A' * 30000000),
    '/deep': '<title>deep</title>' + '<div>' * 5000 + 'bottom',
    '/many': '<title>many</title>' + ''.join('<img src="/pixel?%d">' % i for i in range(600)),
    '/self-leaving': '<script>if (!location.hash) location.href = "/self-leaving#gone"; setTimeout(() => location.replace("/end"), 50)</script>',
    '/end': '<title>the end</title>',
}
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *_): pass
    def do_GET(self):
        path = self.path.split('?')[0]
        if path == '/far':
            self.send_response(302)
            self.send_header('Location', '/end?' + 'z' * 60000)
            self.send_header('Content-Length', '0')
            self.end_headers()
            return
        body = PAGES[path].encode() if path in PAGES else b'.'
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8' if path in PAGES else 'text/plain')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64
server = Server(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
PY
python3 server.py >port 2>server.log &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
base="http://127.0.0.1:$(cat port)"

# capture NAME OPTION...: sealed, exported and valid; NAME.json is its manifest.
capture() {
  local name=$1 id
  shift
  id=$("$axev" capture web "$base/$name" --ledger L --json "$@" 2>"$name.said" | member id 2>/dev/null)
  unpack_capture "$name" "$id" || return
  check "$name: the manifest keeps its measure" test "$(wc -c <"$name.json")" -lt 1000000
}
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

capture long-address
check "the long address is in the archive whole" sh -c \
  "unzip -qp long-address.package data/page.wacz | grep -aqE '^WARC-Target-URI: $base/pixel.x{1000}' "
capture far
check "an endless redirect target is clipped, and says so" is_true far.json \
  "m['source']['final_url'].endswith('bytes)') and len(m['source']['final_url']) < 9000"
capture long-title
check "so is a title" is_true long-title.json "len(m['source']['title'].encode()) < 9000"
capture forged-title
check "a title cannot steer a terminal" sh -c \
  "! '$verify' forged-title.asice --policy L/policy.json --full | grep -q \$'\\x1b'"
capture storm --timeout 20
check "dialogs are counted, and no window held it up" is_true storm.json \
  "m['source']['options']['dialogs_cancelled'] == 2"
capture inline
capture deep
capture many
check "every one of 600 requests is in the archive" sh -c \
  "test \$(unzip -qp many.package data/page.wacz | grep -acE '^WARC-Target-URI: $base/pixel\?[0-9]+') -eq 1200"
capture self-leaving
check "where a page leads itself is the end of the way" is_true self-leaving.json \
  "m['source']['final_url'] == '$base/end' and m['source']['title'] == 'the end'"
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
