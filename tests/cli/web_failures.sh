#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Addresses that do not answer, answer wrongly, or are none; a browser that is missing or killed half-way. Each is one
# clear line, or, when asked for, evidence of its own. Nothing half-done is left.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1

# says "sentence" EXIT TEXT command...: that exit code, one line on stderr, holding the text.
says() {
  local sentence=$1 want=$2 text=$3 got
  shift 3
  "$@" >.stdout 2>.stderr
  got=$?
  if [ $got -eq "$want" ] && [ "$(wc -l <.stderr)" -eq 1 ] && grep -qF -- "$text" .stderr; then
    echo "ok - $sentence"
  else
    echo "not ok - $sentence: exit $got, expected $want and '$text'"
    sed 's/^/#   /' .stderr
    failures=$((failures + 1))
  fi
}
web() { "$axev" capture web "$@" --ledger L; }

# ---- what is no address ----
says "a file is no address" 2 "expected an address as https://shop.example/" web file:///etc/passwd
says "a script is no address" 2 "expected an address as https://shop.example/" web 'javascript:alert(1)'
says "nor is a word" 2 "expected an address as https://shop.example/" web shop.example
says "a password in it is refused" 2 "no user name or password" web http://me:secret@127.0.0.1/
says "blanks are refused" 2 "without blanks" web 'http://127.0.0.1/a b'
says "no host is refused" 2 "expected a host" web http:///x
says "a line break cannot forge a message" 2 'a\nb: expected' web "$(printf 'http://127.0.0.1/a\nb')"
says "viewports are checked" 2 "expected a viewport as 1280x800" web http://127.0.0.1/ --viewport 1280
says "a language is no option" 2 "expected a language" web http://127.0.0.1/ --lang-page '--no-sandbox x'

# ---- servers that misbehave ----
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out self.pem -days 30 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null || exit 1
python3 - >ports 2>servers.log <<'PY' &
import os, socket, ssl, threading, time
def listen():
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', 0)); s.listen(16); return s
def serve(s, act):
    def loop():
        while True:
            c, _ = s.accept()
            threading.Thread(target=act, args=(c,), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()
def stall(c):
    while not os.path.exists('answer'): time.sleep(0.1)
    c.recv(4096); c.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 21\r\n\r\n<title>at last</title>'); c.close()
def close(c): c.recv(4096); c.close()
def noise(c): c.recv(4096); c.sendall(b'\x00\xff nothing that is HTTP\r\n\r\n'); c.close()
def half(c):
    c.recv(4096); c.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<title>half</title><p>begun'); time.sleep(600)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain('self.pem', 'key.pem')
def tls(c):
    try:
        with context.wrap_socket(c, server_side=True) as t:
            t.recv(4096); t.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nhi')
    except OSError: pass
refused = socket.socket(); refused.bind(('127.0.0.1', 0))  # bound, never listening
found = [('refused', refused.getsockname()[1])]
for name, act in (('stall', stall), ('close', close), ('noise', noise), ('half', half), ('tls', tls)):
    s = listen(); serve(s, act); found.append((name, s.getsockname()[1]))
print('\n'.join('%s=%d' % one for one in found), flush=True)
time.sleep(600)
PY
started_pids="$started_pids $!"
for _ in $(seq 100); do [ "$(wc -l <ports)" -eq 6 ] && break; sleep 0.1; done
. ./ports

says "a refused connection" 3 "net::ERR_CONNECTION_REFUSED; --record-failure" web "http://127.0.0.1:$refused/"
says "a name that does not exist" 3 "net::ERR_NAME_NOT_RESOLVED" web http://no-such-host.invalid/
says "an untrusted certificate" 3 "net::ERR_CERT_AUTHORITY_INVALID; --ca FILE" web "https://localhost:$tls/"
says "a server that closes" 3 "net::ERR_EMPTY_RESPONSE" web "http://127.0.0.1:$close/"
says "TLS asked of a server that has none" 3 "net::ERR_" web "https://127.0.0.1:$noise/"
says "a server that says nothing" 3 "no answer within" web "http://127.0.0.1:$stall/" --timeout 3
check "failures leave no package" test -z "$("$axev" list --ledger L)"
check "and no draft" test -z "$(ls L/drafts 2>/dev/null)"
check "the ledger knows of each attempt, begun and abandoned" "$axev" ledger check --ledger L

# ---- the same as evidence ----
member_of() { # MANIFEST PYTHON-EXPRESSION: must be true of m
  python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"
}
manifest_of() { # ID OUT
  "$axev" export "$1" --ledger L -o "$2.asice" >/dev/null && unzip -qo "$2.asice" -d "$2.bundle" &&
    unzip -qo "$2.bundle/data/packages/0001.asice" -d "$2"
}
id=$(web "https://localhost:$tls/" --record-failure --json 2>err.txt | member id)
check "an untrusted certificate is evidence when asked" manifest_of "$id" untrusted
check_exit "and verifies" 0 "$verify" untrusted.asice --policy L/policy.json
check "it says what failed" member_of untrusted/data/evidence.json \
  "m['source']['failure'] == 'net::ERR_CERT_AUTHORITY_INVALID' and 'status' not in m['source']"
check "no picture is claimed" test ! -e untrusted/data/screenshot.png
check "the very certificate is kept" python3 - <<'PY'
import base64, json, re
mine = base64.b64decode(''.join(re.findall(r'-----BEGIN CERTIFICATE-----(.*?)-----END', open('self.pem').read(), re.S)))
text = open('untrusted/data/wire/connections.json').read()
assert base64.b64encode(mine).decode() in text.replace('\\n', ''), text[:2000]
PY
id=$(web http://no-such-host.invalid/ --record-failure --json 2>err.txt | member id)
check "a name without an address is evidence when asked" manifest_of "$id" nameless
check "the resolver's answer is kept" grep -q no-such-host.invalid nameless/data/wire/dns.json
id=$(web "http://127.0.0.1:$refused/" --record-failure --json 2>err.txt | member id)
check "a refused connection is evidence when asked" manifest_of "$id" refused
check "the attempt is kept" grep -q "127.0.0.1:$refused" refused/data/wire/connections.json

# ---- a page that never ends ----
id=$(web "http://127.0.0.1:$half/" --timeout 4 --json 2>err.txt | member id)
check "a page that stops half-way is captured" manifest_of "$id" half
check "and is called incomplete" member_of half/data/evidence.json \
  "m['complete'] is not True and any('time given' in one['why'] for one in m['complete'])"
check "what had come is in the archive" grep -qa '<p>begun' half/data/page.wacz

# ---- the browser ----
says "a browser that is not there" 3 "cannot run the browser /no/such/browser" \
  web "http://127.0.0.1:$half/" --browser /no/such/browser
says "a program that is no browser" 3 "ended as soon as it was started" \
  web "http://127.0.0.1:$half/" --browser /bin/false
says "a root that is none" 1 "certutil did not accept it" \
  web "http://127.0.0.1:$half/" --ca "$AXEV_SOURCE_ROOT/README.md"
# begin: a capture that waits for an answer, with its browser up: $capture, $browser, $directory.
begin() {
  "$axev" capture web "http://127.0.0.1:$stall/" --timeout 60 --ledger L --json >killed.json 2>killed.txt &
  capture=$!
  find_browser
}
# find_browser [PID]: the one of this capture that waits for the answer, another one than PID.
find_browser() {
  for _ in $(seq 300); do
    browser=$(pgrep -P "$capture" -f -- --remote-debugging-pipe | grep -vx "${1:-0}")
    [ -n "$browser" ] && ss -Htnp state established dport = ":$stall" | grep -q . && break
    sleep 0.1
  done
  directory=$(grep -aoE '/tmp/axev-web-[A-Za-z0-9]{6}' "/proc/$browser/cmdline" | head -1)
}
# browsers_end: within ten seconds nothing of it runs any more.
browsers_end() {
  for _ in $(seq 100); do
    pgrep -f -- "user-data-dir=$directory/" >/dev/null || return 0
    sleep 0.1
  done
  return 1
}
begin
check "the browser had a directory" test -d "$directory"
first=$directory
kill -9 "${browser:-0}"
find_browser "$browser"
check "a browser killed half-way is begun again with a new one" test "$directory" != "$first" -a -d "$directory"
check "nothing of the first is left" test ! -e "$first"
kill -9 "${browser:-0}"
wait "$capture"
code=$?
check "once: the second time it ends the capture with 3" test "$code" -eq 3
check "and says so" grep -q "second attempt: the browser ended before the capture was complete" killed.txt
check "nothing of it is left" test ! -e "$directory"
begin
kill -9 "${browser:-0}"
find_browser "$browser"
touch answer
wait "$capture"
id=$(member id <killed.json)
check "what the second browser shows is captured" manifest_of "$id" again
check "and the manifest tells of the first" member_of again/data/evidence.json \
  "any(s['result'] == 'the browser ended by itself; begun again with a new one' for s in m['capture']['steps']) and m['complete']"
rm answer
begin
kill -TERM "$capture"
wait "$capture"
code=$?
check "asked to end, it ends with 3" test "$code" -eq 3
check "and says so" grep -q cancelled killed.txt
check "its browser ends too" browsers_end
check "nothing of it is left" test ! -e "$directory"
begin
# As hard as it gets: a stopped browser would not see that nobody listens any more.
kill -STOP "$browser"
kill -9 "$capture"
wait "$capture" 2>/dev/null
check "the browser of a killed capture ends with it" browsers_end
rm -rf "$directory"
check "the ledger is whole" "$axev" ledger check --ledger L
conclude
