#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What resolvers and addresses answer, recorded as they do: dnsmasq that knows, denies, refuses, fails and is silent, answers over
# TCP; ports that are closed, stall, hang up, speak no HTTP; openssl s_server that refuses by an alert or speaks TLS 1.0 alone.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
probe="$AXEV_BUILD_ROOT/tests/reach_probe"

free_port() { python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_'"${1:-DGRAM}"'); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
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
is_true() { # FILE EXPRESSION: python, true of d, the document, and c, the comparison
  python3 -c '
import base64, json, sys
lines = open(sys.argv[1]).read().splitlines()
d, c = json.loads(lines[0]), json.loads(lines[1]) if len(lines) > 1 else None
r = lambda server: [x for x in d["resolvers"] if x["server"] == server][0]
a = lambda address: [x for x in d["addresses"] if x["address"] == address][0]
q = lambda server, key: [x.get(key) for x in r(server)["questions"]]
ok = eval(sys.argv[2])
if not ok: print(json.dumps(d)[:3000], c)
sys.exit(not ok)' "$@"
}
# Only the resolvers of the command: the system's, if it has any, would be asked as well.
: >resolv.conf
probe() { unshare --mount -- sh -c 'mount --bind resolv.conf /etc/resolv.conf && exec "$@"' sh "$probe" "$@"; }

# ---- resolvers ----
many=$(for i in $(seq 1 40); do echo "--address=/many.example/127.0.9.$i"; done)
resolver knows --address=/shop.example/127.0.0.1 --address=/shop.example/::1 --cname=www.example,shop.example $many \
  --host-record=shop.example,127.0.0.1
resolver other --address=/shop.example/127.0.0.2
resolver denies --address=/shop.example/
resolver refuses
# What dnsmasq cannot be: one that fails (RFC 1035 4.1.1, code 2), one whose answers are cut and that has no TCP, a silent one.
cat >resolvers.py <<'PY'
import socket, threading
fails, cuts, silent = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3))
for s in (fails, cuts, silent): s.bind(('127.0.0.1', 0))
for name in ('fails', 'cuts', 'silent'): print('%s=127.0.0.1:%d' % (name, globals()[name].getsockname()[1]), flush=True)
def answer(s, flags):
    while True:
        query, peer = s.recvfrom(512)
        s.sendto(query[:2] + flags + query[4:], peer)
threading.Thread(target=answer, args=(cuts, b'\x83\x80'), daemon=True).start()
answer(fails, b'\x81\x82')
PY
python3 resolvers.py >resolvers &
started_pids="$started_pids $!"
for _ in $(seq 100); do grep -q '^silent=' resolvers 2>/dev/null && break; sleep 0.1; done
. ./resolvers
closed=127.0.0.1:$(free_port)
port=$(free_port STREAM)
url=http://shop.example:$port/a?b#c

probe "$url" 700 - "$knows" "$other" "$denies" "$refuses" "$fails" "$silent" "$closed" "$knows" >names 2>names.err
check "all of it reads back as it was written" test -s names -a ! -s names.err
check "each once" is_true names "[x['server'] for x in d['resolvers']] == '$knows $other $denies $refuses $fails $silent $closed'.split()"
check "one knows addresses of both kinds" is_true names \
  "q('$knows', 'code') == ['NOERROR'] * 2 and '127.0.0.1' in q('$knows', 'addresses')[0] and q('$knows', 'over') == ['udp'] * 2"
check "another knows another" is_true names "q('$other', 'addresses')[0] == ['127.0.0.2']"
check "one says that there is no such name" is_true names "q('$denies', 'code') == ['NXDOMAIN'] * 2 and q('$denies', 'addresses') == [[], []]"
check "one refuses to say" is_true names "q('$refuses', 'code') == ['REFUSED'] * 2"
check "one fails, and dig hears that, too" sh -c "dig +time=2 +tries=1 @127.0.0.1 -p ${fails#*:} shop.example | grep -q 'status: SERVFAIL'"
check "one that fails says so" is_true names "q('$fails', 'code') == ['SERVFAIL'] * 2"
check "a silent one is just silent" is_true names "q('$silent', 'no_answer') == ['timed_out'] * 2 and q('$silent', 'message') == [None, None]"
check "a port without a resolver refuses, and the system says so" is_true names \
  "q('$closed', 'no_answer') == ['refused'] * 2 and q('$closed', 'errno') == ['ECONNREFUSED'] * 2"
check "addresses are listed once, with those who named them" is_true names \
  "a('127.0.0.1')['named_by'] == [0] and a('127.0.0.2')['named_by'] == [1]"
check "addresses near this machine are marked" is_true names "{x['address_space'] for x in d['addresses'] + d['resolvers']} == {'loopback'}"
check "nothing was reached, and that is what it says" is_true names \
  "all(x['tcp']['outcome'] == 'refused' and x['reached'] == 'nothing' and 'http' not in x for x in d['addresses'])"
check "the messages are kept as dig would have them" is_true names \
  "base64.b64decode(q('$knows', 'message')[0]).find(b'\x04shop\x07example\x00') == 12"
check "the request is said once" is_true names \
  "d['request'] == 'GET /a?b HTTP/1.1\r\nHost: shop.example:$port\r\nUser-Agent: ax_evidence\r\nAccept: */*\r\nConnection: close\r\n\r\n'"
probe "http://www.example:$port/" 1000 - "$knows" >alias 2>alias.err
check "an alias is followed and told" is_true alias "q('$knows', 'aliases')[0] == ['shop.example'] and '127.0.0.1' in q('$knows', 'addresses')[0]"
probe "http://many.example:$port/" 1000 - "$knows" >many 2>many.err
check "what does not fit a datagram comes over TCP" is_true many "q('$knows', 'over')[0] == 'tcp' and len(q('$knows', 'addresses')[0]) == 40"
check "more addresses than are tried are counted" is_true many "len(d['addresses']) == 32 and d['addresses_not_tried'] == 8"
probe "http://shop.example:$port/" 700 - "$cuts" >cut 2>cut.err
check "a cut answer that TCP does not complete is kept as it is" is_true cut \
  "q('$cuts', 'cut') == [True] * 2 and q('$cuts', 'over') == ['udp'] * 2 and d['addresses'] == [] and d['summary']['resolvers_answered'] == 1"
probe "http://nobody.example:$port/" 500 - "$silent" >none 2>none.err
check "without any answer there is no address, and no more is said" is_true none \
  "d['addresses'] == [] and d['summary'] == {'addresses': 0, 'answered': 0, 'connected': 0, 'handshakes': 0, 'resolvers': 1, 'resolvers_answered': 0}"

# ---- connections ----
cat >servers.py <<'PY'
"""Servers of several kinds, each on a port of its own; prints NAME=PORT lines."""
import socket, threading, time
kept = []
def listen(backlog=8):
    s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(backlog); return s
def start(name, answer):
    s = listen()
    def run():
        while True:
            c, _ = s.accept()
            try: answer(c)
            except OSError: pass
    threading.Thread(target=run, daemon=True).start()
    print(name, s.getsockname()[1], sep='=')
def says(text):
    def answer(c):
        c.recv(65536); c.sendall(text); c.close()
    return answer
def reset(c):
    c.recv(65536)
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0'); c.close()
start('ok', says(b'HTTP/1.1 200 OK\r\nServer: x\r\n\r\nbody that nobody asked for'))
for status, reason in ((404, 'Not Found'), (503, 'Service Unavailable'), (451, 'Unavailable For Legal Reasons')):
    start('s%d' % status, says(b'HTTP/1.1 %d %s\r\nContent-Length: 0\r\n\r\n' % (status, reason.encode())))
start('moved', says(b'HTTP/1.1 302 Found\r\nLOCATION:  https://elsewhere.example/\xff\r\n\r\n'))
start('interim', says(b'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204\r\n\r\n'))
start('ssh', says(b'SSH-2.0-x\r\n'))
start('endless', says(b'HTTP/1.1 200 OK\r\nX: ' + b'y' * 100000))
start('half', says(b'HTTP/1.1 200 OK\r\nX: y'))
start('hangs_up', lambda c: c.close())
start('reset', reset)
start('stalls', kept.append)
# A queue that is full: connections wait and are never let in.
full = listen(0)
for _ in range(4):
    c = socket.socket(); c.setblocking(False); c.connect_ex(full.getsockname()); kept.append(c)
print('full=%d' % full.getsockname()[1], flush=True)
time.sleep(600)
PY
python3 servers.py >ports &
started_pids="$started_pids $!"
for _ in $(seq 100); do grep -q '^full=' ports 2>/dev/null && break; sleep 0.1; done
. ./ports
ask() { # NAME PORT [SCHEME]
  probe "${3:-http}://127.0.0.1:$2/" 1500 >"$1" 2>"$1.err"
  [ -s "$1" ] && [ ! -s "$1.err" ] || { echo "not ok - $1: $(cat "$1.err")"; failures=$((failures + 1)); }
}
for name in ok s404 s503 s451 moved interim ssh endless half hangs_up reset stalls full; do ask $name "${!name}" & waiting="${waiting:-} $!"; done
wait $waiting
one="d['addresses'][0]"
http="$one['http']"
check "an answer is taken up to the end of its head" is_true ok \
  "$http['status'] == 200 and $http['reason'] == 'OK' and base64.b64decode($http['received']) == b'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n'"
check "no resolver is asked for an address" is_true ok "d['resolvers'] == [] and d['host_is'] == 'address' and $one['named_by'] == []"
for status in 404 503 451; do
  check "a status of $status is an answer" is_true s$status "$http['status'] == $status and $one['reached'] == 'answer' and $http['head_whole']"
done
check "a redirect is told and not followed" is_true moved "$http['status'] == 302 and $http['location'] == 'https://elsewhere.example/\\\\xff'"
check "the answer behind an interim one counts" is_true interim "$http['status'] == 204 and $http['reason'] == '' and $http['ended_by'] == 'head'"
check "what is no HTTP is a connection, not an answer" is_true ssh \
  "$http['outcome'] == 'not_http' and 'status' not in $http and $one['reached'] == 'connection' and $http['ended_by'] == 'closed'"
check "a head without an end is cut" is_true endless \
  "$http['ended_by'] == 'limit' and $http['status'] == 200 and not $http['head_whole'] and len(base64.b64decode($http['received'])) == 16384"
check "half a head is half a head" is_true half "$http['ended_by'] == 'closed' and $http['status'] == 200 and not $http['head_whole']"
check "one that hangs up answers nothing" is_true hangs_up "$http['outcome'] == 'no_answer' and $http['ended_by'] in ('closed', 'failed')"
check "a reset is the system's word" is_true reset "$http['outcome'] == 'no_answer' and $http['ended_by'] == 'failed' and $http['errno'] == 'ECONNRESET'"
check "one that stalls is connected, and no more" is_true stalls \
  "$one['tcp']['outcome'] == 'connected' and $http['ended_by'] == 'timed_out' and $http['outcome'] == 'no_answer' and $one['reached'] == 'connection'"
check "one that lets nobody in is not connected" is_true full \
  "$one['tcp']['outcome'] == 'timed_out' and 'errno' not in $one['tcp'] and 'http' not in $one and $one['reached'] == 'nothing'"

probe "http://localhost:$ok/" 1500 >own 2>own.err
check "localhost is known without a resolver" is_true own \
  "d['host_is'] == 'own' and d['resolvers'] == [] and [x['address'] for x in d['addresses']] == ['127.0.0.1', '::1'] and a('127.0.0.1')['http']['status'] == 200"
# A machine with no network but its own loopback.
offline() { unshare --mount --net -- sh -c 'ip link set lo up; mount --bind resolv.conf /etc/resolv.conf && exec "$@"' sh "$probe" "$@"; }
offline "http://shop.example/" 700 - 192.0.2.53 >offline_names 2>offline_names.err
check "without a network there is no way to a resolver, and the system says so" is_true offline_names \
  "q('192.0.2.53:53', 'no_answer') == ['unreachable'] * 2 and q('192.0.2.53:53', 'errno') == ['ENETUNREACH'] * 2"
offline "http://192.0.2.7/" 700 >offline_address 2>offline_address.err
check "nor to an address" is_true offline_address \
  "a('192.0.2.7')['tcp']['outcome'] == 'unreachable' and a('192.0.2.7')['tcp']['errno'] == 'ENETUNREACH' and a('192.0.2.7')['address_space'] == 'public'"

# ---- TLS ----
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=shop.example >/dev/null 2>&1
server() { # OUT OPTIONS...: an openssl s_server
  local out=$1 port
  shift
  port=$(free_port STREAM)
  openssl s_server -accept "127.0.0.1:$port" -cert cert.pem -key key.pem -quiet "$@" >"$out.log" 2>&1 </dev/null &
  started_pids="$started_pids $!"
  for _ in $(seq 100); do ss -Hltn "sport = :$port" | grep -q . && break; sleep 0.1; done
  eval "$out=$port"
}
server good -WWW
server old -www -tls1 -cipher 'ALL:@SECLEVEL=0'
server nothing_shared -tls1_2 -cipher 'PSK' -psk 00
server unknown_name -servername other.example -servername_fatal -cert2 cert.pem -key2 key.pem
server wants_certificate -www -tls1_2 -Verify 1
resolver loop --address=/shop.example/127.0.0.1
echo hello >page
for name in good old nothing_shared unknown_name wants_certificate; do
  probe "https://shop.example:${!name}/page" 3000 - "$loop" >$name 2>$name.err
done
ask no_tls "$ssh" https
ask tls_stalls "$stalls" https
ask tls_hangs_up "$hangs_up" https
tls="$one['tls']"
leaf=$(openssl x509 -in cert.pem -outform DER | sha256sum | cut -c1-64)
check "a handshake has its version and the server's certificate" is_true good \
  "$tls['outcome'] == 'handshake' and $tls['version'] == 'TLS 1.3' and $tls['leaf_sha256'] == '$leaf' and $http['status'] == 200"
check "TLS 1.0 is a handshake, too" is_true old "$tls['version'] == 'TLS 1.0' and $http['status'] == 200"
check "a server without a cipher in common says so" is_true nothing_shared \
  "$tls['outcome'] == 'alert' and ($tls['alert'], $tls['alert_name']) == (40, 'handshake_failure') and 'http' not in $one and $one['reached'] == 'connection'"
check "one that does not know the name says so" is_true unknown_name "$tls['outcome'] == 'alert' and ($tls['alert'], $tls['alert_name']) == (112, 'unrecognized_name')"
check "one that wants a certificate says so" is_true wants_certificate "$tls['outcome'] == 'alert' and $tls['alert'] in (40, 42, 116)"
check "what is no TLS is refused by this side, and that is said" is_true no_tls "$tls['outcome'] == 'refused_here' and $one['reached'] == 'connection'"
check "a handshake that stalls times out" is_true tls_stalls "$tls['outcome'] == 'timed_out' and 'alert' not in $tls"
check "one that hangs up has closed" is_true tls_hangs_up "$tls['outcome'] in ('closed', 'failed')"

# ---- the same again ----
probe "https://shop.example:$good/page" 3000 good "$loop" "$other" >again 2>again.err
check "addresses of before are tried again, and new ones as well" is_true again \
  "[x['address'] for x in d['addresses']] == ['127.0.0.1', '127.0.0.2'] and all('of_earlier' not in x for x in d['addresses'])"
check "the same is called the same, a new one new" is_true again \
  "[(x['address'], x['outcome']) for x in c['addresses']] == [('127.0.0.1', 'same'), ('127.0.0.2', 'only_later')]"
head -n 1 again >then
probe "https://shop.example:$good/page" 3000 then "$denies" >denied 2>denied.err
check "what nobody names any more is tried all the same" is_true denied \
  "a('127.0.0.1')['of_earlier'] and a('127.0.0.1')['named_by'] == [] and a('127.0.0.1')['reached'] == 'answer'"
check "that only the names changed is seen" is_true denied \
  "[x['outcome'] for x in c['addresses']] == ['same', 'same'] and {(x['server'], x['outcome']) for x in c['resolvers']} == {('$loop', 'only_earlier'), ('$other', 'only_earlier'), ('$denies', 'only_later')}"

# ---- hosts that cannot be asked for ----
refused() { # SENTENCE TEXT URL
  probe "$3" 1000 >out 2>err
  check "$1" sh -c 'test '$?' -eq 1 && grep -qF -- "$0" err' "$2"
}
refused "a host beyond ASCII" "expected a host in ASCII letters (xn--...)" "http://商店.example/"
refused "an IPv4 address in another form" "or an address in its usual form" "http://127.1/"
refused "a label that is too long" "labels of 1 to 63 bytes" "http://$(printf 'a%.0s' $(seq 64)).example/"
refused "a port that is none" "expected a port from 1 to 65535" "http://shop.example:0/"
sed 's/"status":404/"status":200/' s404 >lie
probe "http://127.0.0.1:$s404/" 1000 lie >out 2>err
check "an earlier document that was changed" grep -qF "addresses[0]: is not what its own facts give" err
conclude
