# SPDX-License-Identifier: Apache-2.0
"""The truth server against curl: what it says that it sent is what curl received, in HTTP/1.1 and HTTP/2, byte by byte."""
import base64
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["AXEV_SOURCE_ROOT"], "tests", "web"))
from truth import Truth, field_list, raw  # noqa: E402

PATHS = ["/", "/shop.css", "/odd", "/gzip", "/brotli", "/padded", "/long-field", "/early", "/trailers", "/until-close",
         "/redirect/1", "/landing", "/download", "/report.pdf", "/tall", "/gbk", "/control-title", "/empty", "/missing",
         "/broken", "/media", "/red.png", "/tone.wav", "/etag", "/frame", "/dialogs", "/no/such?page=1"]
failures = 0


def check(sentence, holds, found=""):
    global failures
    print(("ok - " if holds else "not ok - ") + sentence + ("" if holds else f": found {found}"))
    failures += not holds


def curl(*arguments, timeout=15):
    """Exit code, heads as received, body as received."""
    with tempfile.NamedTemporaryFile() as head:
        done = subprocess.run(["curl", "--silent", "--noproxy", "*", "--max-time", str(timeout), "--cacert", truth.ca,
                               "--raw", "--dump-header", head.name, *arguments], capture_output=True, check=False)
        return done.returncode, head.read(), done.stdout


def responses(request_id):
    return [entry for entry in truth.events("response") if entry["request"] == request_id]


def last_exchange(target):
    request = [entry for entry in truth.events("request") if entry["target"] == target][-1]
    truth.wait_for("response", lambda entry: entry["request"] == request["id"] and not entry["is_interim"])
    return request, responses(request["id"])


def head_of(response):
    if "head" in response:
        return raw(response["head"])
    fields = field_list(response["fields"])
    lines = [b"HTTP/2 " + fields[0][1] + b" \r\n"] + [n + b": " + v + b"\r\n" for n, v in fields[1:]]
    return b"".join(lines) + b"\r\n"


def trailer_lines(sent):
    """curl puts those of HTTP/2 behind the head; those of HTTP/1.1 stay in the raw body."""
    return b"".join(n + b": " + v + b"\r\n" for n, v in field_list(sent.get("trailers", [])))


def check_get(protocol, url, target):
    code, head, body = curl("--" + protocol, url + target)
    request, answers = last_exchange(target)
    sent = answers[-1]
    want = b"".join(head_of(answer) for answer in answers) + trailer_lines(sent)
    framed = raw(sent.get("framed_body", sent["body"]))
    check(f"{protocol} {target}: the head is what was logged", code == 0 and head == want, f"exit {code}, {head!r}")
    check(f"{protocol} {target}: the body is what was logged", body == framed and sent["is_complete"], len(body))
    check(f"{protocol} {target}: the request is logged with its protocol",
          request["protocol"] == ("h2" if protocol == "http2" else "http/1.1") and request["method"] == "GET")


def check_methods(protocol, url):
    with tempfile.NamedTemporaryFile() as body:
        body.write(os.urandom(200000))
        body.flush()
        arguments = ["--data-binary", "@" + body.name, url + "/api/order"]
        for framing in ([], ["-H", "Transfer-Encoding: chunked"])[:2 if protocol == "http1.1" else 1]:
            _, _, answer = curl("--" + protocol, *framing, *arguments)
            request, _ = last_exchange("/api/order")
            with open(body.name, "rb") as file:
                check(f"{protocol}: 200 kB arrive {'chunked ' if framing else ''}as sent",
                      raw(request["body"]) == file.read() and b"200000" in answer, answer)
    code, _, body = curl("--" + protocol, "--head", url + "/red.png")
    request, answers = last_exchange("/red.png")
    check(f"{protocol}: HEAD has no body", request["method"] == "HEAD" and answers[-1]["body"] == "" and code == 0)
    curl("--" + protocol, "-X", "OPTIONS", url + "/api/order")
    check(f"{protocol}: OPTIONS is answered by 204", last_exchange("/api/order")[1][-1]["status"] == 204)
    _, _, part = curl("--" + protocol, "-r", "100-299", url + "/tone.wav")
    check(f"{protocol}: a range is 206", last_exchange("/tone.wav")[1][-1]["status"] == 206 and len(part) == 200)
    curl("--" + protocol, "-r", "99999999-", url + "/tone.wav")
    check(f"{protocol}: a range beyond the end is 416", last_exchange("/tone.wav")[1][-1]["status"] == 416)
    curl("--" + protocol, "-H", 'If-None-Match: "truth-1"', url + "/etag")
    answer = last_exchange("/etag")[1][-1]
    check(f"{protocol}: a known entity tag is 304 without body", answer["status"] == 304 and answer["body"] == "")
    code, _, _ = curl("--" + protocol, "--location", "--max-redirs", "5", url + "/loop/a")
    check(f"{protocol}: the redirect loop never ends", code == 47, code)


def check_request_fields(url):
    """HTTP/2 may split Cookie (RFC 9113 8.2.3): the log has the fields as they were sent."""
    curl("--http2", "-H", "cookie: a=1", "-H", "X-Odd: b", "-H", "cookie: c=2", "-A", "truth", url + "/landing")
    request, _ = last_exchange("/landing")
    found = [pair for pair in field_list(request["fields"]) if not pair[0].startswith(b":")]
    check("http2: request fields are logged as sent", found == [
        (b"user-agent", b"truth"), (b"accept", b"*/*"), (b"cookie", b"a=1"), (b"x-odd", b"b"), (b"cookie", b"c=2")], found)


def check_streams(protocol, url):
    code, _, body = curl("--" + protocol, url + "/events", timeout=1)
    check(f"{protocol}: three events, then the stream stays open", code == 28 and body.count(b"data: event") == 3, code)
    code, _, body = curl("--" + protocol, url + "/slow", timeout=1)
    request = [entry for entry in truth.events("request") if entry["target"] == "/slow"][-1]
    sent = truth.wait_for("response", lambda entry: entry["request"] == request["id"])
    logged = raw(sent.get("framed_body", sent["body"]))
    check(f"{protocol}: the slow page is logged as incomplete, with what was received",
          code == 28 and not sent["is_complete"] and logged.startswith(body) and len(body) > 50, (code, len(body)))


def check_broken_ports():
    for name in ("expired", "wrong_name", "self_signed"):
        check(f"{name}: refused by curl", curl(truth.urls[name])[0] == 60)
        check(f"{name}: answers those who do not care", curl("-k", truth.urls[name])[0] == 0)
    check("https1 speaks HTTP/1.1 alone", curl(truth.urls["https1"])[1].startswith(b"HTTP/1.1 200 OK\r\n"))
    check("stall: times out", curl(truth.urls["stall"], timeout=1)[0] == 28)
    plain = {name: truth.urls[name].replace("https", "http") for name in ("close", "reset")}
    check("close: an empty reply", curl(plain["close"])[0] in (52, 56))
    with socket.create_connection(("127.0.0.1", truth.ports["reset"])) as sock:
        try:
            found = sock.recv(1)
        except ConnectionResetError:
            found = None
        check("reset: the connection is reset", found is None, found)


def check_websocket():
    with socket.create_connection(("127.0.0.1", truth.ports["http"])) as sock:
        stream = sock.makefile("rwb")
        key = base64.b64encode(bytes(16))
        stream.write(b"GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n")
        stream.write(bytes([0x81, 0x82, 1, 2, 3, 4, ord("h") ^ 1, ord("i") ^ 2]))
        stream.flush()
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += stream.read(1)
        echo = stream.read(4)
    # RFC 6455 4.2.2: SHA-1 of the key and the fixed GUID; computed with openssl for a key of 16 zero bytes
    accept = subprocess.run("printf %s%s AAAAAAAAAAAAAAAAAAAAAA== 258EAFA5-E914-47DA-95CA-C5AB0DC85B11 |"
                            " openssl dgst -sha1 -binary | openssl base64", shell=True, capture_output=True, check=True)
    check("websocket: the handshake is accepted",
          head.startswith(b"HTTP/1.1 101 ") and b"Accept: " + accept.stdout.strip() + b"\r\n" in head, head)
    check("websocket: the message comes back", echo == b"\x81\x02hi", echo)
    sent = truth.wait_for("websocket", lambda entry: entry["direction"] == "sent")
    check("websocket: the message is logged", raw(sent["payload"]) == b"hi")


def h2_get(target):
    """RFC 9113 3.4 and RFC 7541 6: preface, SETTINGS, and HEADERS that ends stream 1; one index or literal a field."""
    authority = b"localhost"
    fields = b"\x82\x87\x04" + bytes([len(target)]) + target + b"\x01" + bytes([len(authority)]) + authority
    return b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"".join(
        struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload
        for kind, flags, stream, payload in ((4, 0, 0, b""), (1, 5, 1, fields)))


def connected(port, protocol):
    sock = socket.create_connection(("127.0.0.1", truth.ports[port]))
    if port == "http":
        return sock
    context = ssl.create_default_context(cafile=truth.ca)
    context.set_alpn_protocols([protocol])
    return context.wrap_socket(sock, server_hostname="localhost")


def check_times():
    """A server that stands still while requests come: what it logs is when they came, not when it went on."""
    ask = b"GET /late?%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
    asked = [("http", "http/1.1", ask % b"plain"), ("https1", "http/1.1", ask % b"tls"), ("https", "h2", h2_get(b"/late?h2"))]
    socks = [connected(port, protocol) for port, protocol, _ in asked]
    socket_path = (b"GET /socket?late HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
    socks.append(connected("http", "http/1.1"))
    socks[-1].sendall(socket_path)
    upgraded = truth.wait_for("request", lambda entry: entry["target"] == "/socket?late")
    truth.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, truth.process.pid, os.WSTOPPED)
    try:
        began_ns = time.time_ns()
        for sock, data in zip(socks, [one[2] for one in asked] + [b"\x81\x82\0\0\0\0hi"]):
            sock.sendall(data)
        sent_ns = time.time_ns()
        time.sleep(1.5)
    finally:
        truth.process.send_signal(signal.SIGCONT)
    entries = [(one[0] + ", " + one[1], truth.wait_for("request", lambda e, t=target: e["target"] == t))
               for one, target in zip(asked, ("/late?plain", "/late?tls", "/late?h2"))]
    entries.append(("websocket", truth.wait_for("websocket", lambda e: e["request"] == upgraded["id"])))
    for name, entry in entries:
        late = (entry["time_ns"] - sent_ns) / 10**9
        check(f"{name}: what comes while the server stands still has the time when it came",
              began_ns <= entry["time_ns"] and late < 1, f"{late:+.3f} s")
    for sock in socks:
        sock.close()


with tempfile.TemporaryDirectory() as directory, Truth(directory) as truth:
    https = truth.urls["https"].rstrip("/")
    for path in PATHS:
        check_get("http1.1", https, path)
        check_get("http2", https, path)
        check_get("http1.1", truth.urls["http"].rstrip("/").replace("localhost", "127.0.0.1"), path)
    for version in ("http1.1", "http2"):
        check_methods(version, https)
        check_streams(version, https)
    check_request_fields(https)
    check_broken_ports()
    check_websocket()
    check_times()
    truth.stop()
    answered = {entry["request"] for entry in truth.events("response") if not entry["is_interim"]}
    check("each request has its response in the log", answered == {entry["id"] for entry in truth.events("request")})
sys.exit(1 if failures else 0)
