#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A site of 40 requests over TLS, captured and sealed, side by side with single-file-cli (one HTML file of the page) and with
# a script that loads it, takes a picture and prints it to PDF (playwright-core); and a list of 50 pages with two jobs.
# Prints figures, asserts none.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
set -e
runs=${AXEV_BENCH_RUNS:-3}
pages=${AXEV_BENCH_PAGES:-50}
. "$AXEV_SOURCE_ROOT/tests/bench/measure.bash"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=bench \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout site.key -out site.csr -subj /CN=localhost 2>/dev/null
openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out site.pem \
  -extfile <(echo subjectAltName=DNS:localhost) 2>/dev/null
cat >site.py <<'EOF2'
import http.server, ssl, threading, zlib, struct
def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
def png(shade): # 64 x 64, one shade
    rows = b''.join(b'\0' + bytes([shade]) * 64 for _ in range(64))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 64, 64, 8, 0, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')
HEAD = '<!doctype html><meta charset=utf-8><title>site %s</title>'
PAGE = (HEAD % 'of 40' + ''.join(f'<link rel=stylesheet href="/s{i}.css">' for i in range(8)) + ''.join(f'<script src="/c{i}.js"></script>' for i in range(8))
        + '<h1>Forty requests</h1>' + ''.join(f'<img src="/p{i}.png" width=64 height=64>' for i in range(23)))
class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        path = self.path
        kind, body = 'text/html; charset=utf-8', PAGE
        if path.endswith('.css'): kind, body = 'text/css', f'.x{path[2:-4]}{{color:#123}}\n' * 200
        elif path.endswith('.js'): kind, body = 'text/javascript', f'window.v{path[2:-3]}=1;\n' * 300
        elif path.endswith('.png'): kind, body = 'image/png', png(int(path[2:-4]) * 9)
        elif path.startswith('/one'): body = HEAD % path + f'<h1>{path}</h1><img src="/p1.png">' + '<p>words</p>' * 50
        elif path != '/': kind, body = 'text/plain', 'nothing'
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(404 if body == b'nothing' else 200)
        self.send_header('Content-Type', kind); self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *_): pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
server = Server(('127.0.0.1', 0), Site)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('site.pem', 'site.key')
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_port, flush=True)
server.serve_forever()
EOF2
python3 site.py >port 2>site.log &
started_pids="$started_pids $!"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
url="https://localhost:$(cat port)/"

# Only here: they want a newer Node.js than Debian 12 has.
npm install --prefix "$scratch/peer" --no-save --ignore-scripts --no-audit --no-fund single-file-cli@2.0.83 playwright-core@1.65.1 \
  >npm.log 2>&1 || { cat npm.log; exit 1; }
export AXEV_PEER="$scratch/peer"
cat >visit.mjs <<'EOF2'
import { createRequire } from "node:module";
const { chromium } = createRequire(process.env.AXEV_PEER + "/x.js")("playwright-core");
const browser = await chromium.launch({
	executablePath: "/usr/lib/chromium/chromium",
	chromiumSandbox: process.getuid() !== 0, // it cannot run as root with it
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ignoreHTTPSErrors: true });
await page.goto(process.argv[2], { waitUntil: "networkidle" });
await page.screenshot({ path: "visit.png", fullPage: true });
await page.pdf({ path: "visit.pdf", format: "A4", printBackground: true });
await browser.close();
EOF2
cat >single.sh <<'EOF2'
exec "$AXEV_PEER/node_modules/.bin/single-file" "$1" single.html --browser-executable-path /usr/lib/chromium/chromium \
  --browser-arg=--no-sandbox --browser-arg=--ignore-certificate-errors --filename-conflict-action overwrite
EOF2
bash single.sh "$url" >single.log 2>&1 || true
grep -q 'Forty requests' single.html || { echo "single-file-cli did not save the page"; cat single.log; exit 1; }

"$axev" init L --origin test.example/log >/dev/null
for _ in $(seq "$runs"); do
  measure capture "$axev" capture web "$url" --ledger L --ca ca.pem --no-checks --json
  measure checked "$axev" capture web "$url" --ledger L --ca ca.pem --json
  measure visit node visit.mjs "$url"
  measure single bash single.sh "$url"
done
for i in $(seq "$pages"); do echo "${url}one$i"; done >list.txt
measure list "$axev" capture web --list list.txt --jobs 2 --delay 0 --ledger L --ca ca.pem --json
row() { printf '%-58s %8s\n' "$1" "$2"; }
quotient() { awk "BEGIN{printf \"%.2f\", $1 / $2}"; }
row "40 requests captured and sealed, with checks, s" "${seconds[checked]}"
row "  without checks, s" "${seconds[capture]}"
row "single-file-cli, s" "${seconds[single]}"
row "playwright-core: load, picture, PDF, s" "${seconds[visit]}"
row "ratio to single-file-cli (aim 0.6)" "$(quotient "${seconds[checked]}" "${seconds[single]}")"
row "ratio to playwright-core (aim 1.0)" "$(quotient "${seconds[checked]}" "${seconds[visit]}")"
row "list of $pages pages, two jobs, s a page (aim 1.2)" "$(quotient "${seconds[list]}" "$pages")"
