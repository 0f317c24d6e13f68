#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The page with a known answer: what an honest browser gives, and that none of these passes: one that trusts everybody, one
# behind a proxy, one whose pages are altered on the way, one whose network log is altered.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
probe="$AXEV_BUILD_ROOT/tests/self_test_probe"
chromium=/usr/lib/chromium/chromium
# The browser's user must be able to run what stands in its place.
shared=$(mktemp -d /tmp/axev-self-test-XXXXXX)
chmod 755 "$shared"
trap 'rm -rf "$shared"; finish' EXIT

like() { check "$1" grep -qE -- "$3" "$2"; }

# ---- in the browser's place ----
cat >"$shared/trusting" <<EOF
#!/bin/sh
exec $chromium "\$@" --ignore-certificate-errors
EOF
# OPTION...: a browser that goes through the proxy at \$1
cat >proxy.py <<'PY'
# A proxy for CONNECT. Without a certificate it hands on what comes; with one it takes TLS apart and alters what is sent.
import socket, ssl, sys, threading
certificate = sys.argv[1] if len(sys.argv) > 1 else None
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
def copy(source, target, change):
    try:
        while data := source.recv(65536):
            target.sendall(data.replace(b'self-test', b'elf-tests') if change else data)
    except OSError:
        pass
    for end in source, target:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
def serve(client):
    head = b''
    while b'\r\n\r\n' not in head:
        head += client.recv(4096)
    host, port = head.split()[1].decode().split(':')
    server = socket.create_connection((host, int(port)))
    client.sendall(b'HTTP/1.1 200 OK\r\n\r\n')
    if certificate:
        inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        inside.load_cert_chain(certificate)
        outside = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        outside.check_hostname = False
        outside.verify_mode = ssl.CERT_NONE
        client = inside.wrap_socket(client, server_side=True)
        server = outside.wrap_socket(server)
    threading.Thread(target=copy, args=(client, server, False), daemon=True).start()
    copy(server, client, certificate is not None)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
PY
behind() { # NAME OPTION CERTIFICATE...: a browser behind a proxy of its own
  local name=$1 option=$2
  shift 2
  python3 proxy.py "$@" >"$name.port" 2>"$name.log" &
  started_pids="$started_pids $!"
  for _ in $(seq 100); do [ -s "$name.port" ] && break; sleep 0.05; done
  cat >"$shared/$name" <<EOF
#!/bin/bash
for given; do
  [ "\$given" = --no-proxy-server ] || kept+=("\$given")
done
exec $chromium "\${kept[@]}" --proxy-server=http://127.0.0.1:$(cat "$name.port") --proxy-bypass-list='<-loopback>' $option
EOF
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout middle.pem -out middle.crt -days 2 \
  -subj /CN=middle -addext subjectAltName=IP:127.0.0.1 2>/dev/null
cat middle.crt >>middle.pem
behind proxied ''
behind refusing '' middle.pem
behind altered --ignore-certificate-errors middle.pem
# Between the browser and the recorder: a header field in the recorded bytes becomes another.
cat >"$shared/log.py" <<'PY'
import base64, re, sys
def change(found):
    data = base64.b64decode(found[2])
    return found[1] + base64.b64encode(data.replace(b'X-Known: one', b'X-Known: two')) + found[3]
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(re.sub(rb'("bytes":")([A-Za-z0-9+/=]+)(")', change, line))
    sys.stdout.buffer.flush()
PY
cat >"$shared/lying" <<EOF
#!/bin/bash
for given; do
  case \$given in
  --log-net-log=*) log=\${given#*=}; kept+=("--log-net-log=\$HOME/log") ;;
  *) kept+=("\$given") ;;
  esac
done
mkfifo "\$HOME/log"
python3 $shared/log.py <"\$HOME/log" >"\$log" 3>&- 4>&- &
exec $chromium "\${kept[@]}"
EOF
# What stands above all pages: an extension, and another colour profile.
mkdir "$shared/extension"
echo '{"manifest_version":3,"name":"x","version":"1","content_scripts":[{"matches":["<all_urls>"],"js":["x.js"]}]}' \
  >"$shared/extension/manifest.json"
echo 'document.body.innerHTML = document.body.innerHTML.replace("self-test", "elf-tests");' >"$shared/extension/x.js"
cat >"$shared/extended" <<EOF
#!/bin/bash
for given; do
  [ "\$given" = --disable-extensions ] || kept+=("\$given")
done
exec $chromium "\${kept[@]}" --load-extension=$shared/extension
EOF
cat >"$shared/coloured" <<EOF
#!/bin/sh
exec $chromium "\$@" --force-color-profile=color-spin-gamma24
EOF
printf '#!/bin/sh\necho no display here >&2\nexit 1\n' >"$shared/broken"
chmod 755 "$shared"/*
chmod 644 "$shared"/extension/*

# ---- all of them, two at a time ----
# A proxy that the environment or the desktop names does not reach the browser; one that a policy of the machine names does.
mkdir -p "$shared/etc/policies/managed"
echo "{\"ProxySettings\":{\"ProxyMode\":\"fixed_servers\",\"ProxyServer\":\"http://127.0.0.1:$(cat proxied.port)\",\"ProxyBypassList\":\"<-loopback>\"}}" \
  >"$shared/etc/policies/managed/proxy.json"
chmod -R a+rX "$shared/etc"
test_of() { # NAME BROWSER DEVICE
  local run=("$probe" "$2" "$3" "$1.raw")
  case $1 in
  '') return ;;
  honest) run=(env "https_proxy=http://127.0.0.1:$(cat proxied.port)" "all_proxy=http://127.0.0.1:$(cat proxied.port)"
    XDG_CURRENT_DESKTOP=GNOME "${run[@]}") ;;
  steered) run=(unshare --mount -- sh -c 'mount --bind "$0" /etc/chromium && exec "$@"' "$shared/etc" "${run[@]}") ;;
  esac
  "${run[@]}" >"$1.txt" 2>&1
}
pairs=(honest "$chromium" desktop telephone "$chromium" phone steered "$chromium" desktop)
for name in trusting proxied refusing altered extended coloured lying broken; do
  pairs+=("$name" "$shared/$name" desktop)
done
while [ ${#pairs[@]} -gt 0 ]; do
  test_of "${pairs[@]:0:3}" &
  first=$!
  test_of "${pairs[3]:-}" "${pairs[4]:-}" "${pairs[5]:-}"
  wait "$first"
  pairs=("${pairs[@]:6}")
done

like "an honest browser passes, whatever proxy the environment names" honest.txt '^passed: text, picture and data shown are those sent; [0-9]+ bytes of [0-9]+ connections are recorded'
like "on a telephone, too" telephone.txt '^passed: '
check "both sides stand in the raw output, and are the same" python3 - <<'PY'
import base64, hashlib, re
raw = open('honest.raw').read()
found = re.findall(r'^(sent by the server|received by the server|the same as recorded, connection \d+): (\d+) bytes, SHA-256 (\w+), base64:\n(.*)$', raw, re.M)
assert len(found) >= 4 and len(found) % 2 == 0, len(found)
for known, recorded in zip(found[::2], found[1::2]):
    assert known[0].endswith('by the server') and recorded[0].startswith('the same'), (known[0], recorded[0])
    assert known[1:] == recorded[1:]
    data = base64.b64decode(known[3])
    assert len(data) == int(known[1]) and hashlib.sha256(data).hexdigest() == known[2]
sent = b''.join(base64.b64decode(f[3]) for f in found if f[0].startswith('sent'))
for odd in (b'X-Known: one\r\nx-known:  two \xe9\r\n', b'1;known=1\r\n', b'BM'):
    assert odd in sent, odd
PY
check "no two tests have the same answer" test "$(grep -h -m1 '^self-test 自检' honest.raw telephone.raw | sort -u | wc -l)" = 2
like "a browser that trusts everybody" trusting.txt '^failed: the browser trusts a server for which nobody vouches$'
like "a proxy that alters nothing" proxied.txt "^failed: the browser went to 127.0.0.1:$(cat proxied.port) instead of the test's server$"
like "a proxy that a policy names, which no option outranks" steered.txt "^failed: the browser went to 127.0.0.1:$(cat proxied.port) instead of the test's server$"
like "a proxy that takes TLS apart is not trusted" refusing.txt "^failed: the test's page did not come: net::ERR_CERT_AUTHORITY_INVALID$"
like "a proxy that alters the page, where everybody is trusted" altered.txt '^failed: the browser trusts a server for which nobody vouches$'
like "and what else is wrong is kept" altered.raw '^-- not as it should be: the browser went to '
like "with the text as it was shown" altered.raw '^elf-tests 自检 '
like "an extension that alters the text" extended.txt '^failed: the text shown is not the one that was sent$'
like "an option that alters the picture" coloured.txt '^failed: the picture shown is not the one that was sent$'
like "a network log that is altered" lying.txt '^failed: the bytes recorded are not those sent by the server: connection [0-9]+$'
like "all that it says is kept" lying.raw '^-- not as it should be: the exchange recorded is not the one that was made: /picture --$'
like "a browser that does not run has not passed" broken.txt '^could not be made: the browser .* ended as soon as it was started: no display here$'
folder=$(sed -n 's|.*--user-data-dir=\(/tmp/axev-web-[^/]*\)/profile.*|\1|p' honest.raw)
check "its command line is kept" test -n "$folder"
check "no browser is left" test -z "$(pgrep -f -- "${folder:-.}/profile")"
check "nor its folder" test ! -e "${folder:-/}"
conclude
