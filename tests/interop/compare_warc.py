# SPDX-License-Identifier: Apache-2.0
"""tests/web/compare_warc.py finds what it says that it finds: a WARC file made of what curl received passes, and each
change to it is told."""
import datetime
import hashlib
import os
import subprocess
import sys
import tempfile
import uuid

WEB = os.path.join(os.environ["AXEV_SOURCE_ROOT"], "tests", "web")
sys.path.insert(0, WEB)
from compare_warc import h2_head, message, without_chunks  # noqa: E402
from truth import Truth  # noqa: E402

failures = 0


def check(sentence, holds, found=""):
    global failures
    print(("ok - " if holds else "not ok - ") + sentence + ("" if holds else f": found {found}"))
    failures += not holds


def curl(protocol, url, seconds=10):
    """What curl received, as the block of a record."""
    with tempfile.NamedTemporaryFile() as head:
        done = subprocess.run(["curl", "--silent", "--noproxy", "*", "--cacert", truth.ca, "--raw", "--max-time",
                               str(seconds), "--dump-header", head.name, "--" + protocol, url],
                              capture_output=True, check=False)
        heads = head.read().replace(b"HTTP/2 ", b"HTTP/1.1 ")
        while heads.startswith(b"HTTP/1.1 1"):
            heads = heads.partition(b"\r\n\r\n")[2]
        return heads[:heads.index(b"\r\n\r\n") + 4] + done.stdout  # without the trailers of HTTP/2


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def date_of(time_ns):
    second, nanosecond = divmod(time_ns, 10**9)
    return datetime.datetime.fromtimestamp(second, datetime.timezone.utc).strftime(f"%Y-%m-%dT%H:%M:%S.{nanosecond:09}Z")


def record(kind, url, time_ns, block, payload, protocol, **more):
    fields = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>", "WARC-Date": date_of(time_ns),
              "WARC-Target-URI": url, "WARC-IP-Address": "127.0.0.1", "WARC-Protocol": protocol,
              "Content-Type": f"application/http;msgtype={kind}", "WARC-Payload-Digest": digest(payload),
              "WARC-Block-Digest": digest(block), **more}
    return {"fields": {name: value for name, value in fields.items() if value is not None}, "block": block}


def serialise(records):
    out = b""
    for entry in records:
        fields = {**entry["fields"], "Content-Length": str(len(entry["block"]))}
        out += b"WARC/1.1\r\n" + b"".join(f"{n}: {v}\r\n".encode() for n, v in fields.items()) + b"\r\n"
        out += entry["block"] + b"\r\n\r\n"
    return out


def compare(data, *options):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data if isinstance(data, bytes) else serialise(data))
        file.flush()
        done = subprocess.run([sys.executable, os.path.join(WEB, "compare_warc.py"), *options, truth.log, file.name],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr.replace(file.name, "WARC")


def exchange_records(request, block, truncated=None):
    answer = truth.wait_for("response", lambda e: e["request"] == request["id"] and not e["is_interim"])
    head, framed, payload = message(request)
    asked = record("request", request["url"], request["time_ns"], head + framed, payload, request["protocol"],
                   **{"WARC-Payload-Digest": None, "WARC-Protocol": None})
    body = block.partition(b"\r\n\r\n")[2]
    payload = without_chunks(body) if b"\r\nTransfer-Encoding: chunked" in block else body
    answered = record("response", request["url"], request["time_ns"], block, payload, request["protocol"],
                      **{"WARC-Concurrent-To": asked["fields"]["WARC-Record-ID"], "WARC-Truncated": truncated})
    answered["fields"].pop("WARC-Protocol")
    check(f"{request['protocol']} {request['target']}: answered", answer["status"] in (200, 204))
    return [asked, answered]


def make_records():
    records = []
    for protocol in ("http1.1", "http2"):
        for target in ("odd", "gzip", "brotli", "trailers", "long-field", "early", "empty", "red.png", "red.png"):
            block = curl(protocol, truth.urls["https"] + target)
            records += exchange_records(truth.events("request")[-1], block)
    for protocol in ("http1.1", "http2"):
        block = curl(protocol, truth.urls["https"] + "slow", seconds=1.1)  # between two of its bytes
        records += exchange_records(truth.events("request")[-1], block, truncated="disconnect")
    return records


def changed(records, index, **changes):
    """A copy with one record changed; its digests are right again unless they are what is changed."""
    entry = {"fields": dict(records[index]["fields"]), "block": changes.pop("block", records[index]["block"])}
    entry["fields"]["WARC-Block-Digest"] = digest(entry["block"])
    for name, value in changes.items():
        entry["fields"][name.replace("_", "-")] = value
    return records[:index] + [entry] + records[index + 1:]


def flip(block, at):
    return block[:at] + bytes([block[at] ^ 1]) + block[at + 1:]


def check_found(sentence, data, *words):
    code, text = compare(data)
    check(sentence, code == 1 and all(word in text for word in words), (code, text))


def check_vector_h1():
    """doc/FORMAT.md section 8"""
    fields = [(b":method", b"GET"), (b":authority", b"shop.example:8443"), (b":scheme", b"https"),
              (b":path", b"/buy?x=1"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"*/*")]
    check("h2-head/1: the request of vector H1", h2_head(fields) == (
        b"GET /buy?x=1 HTTP/1.1\r\nHost: shop.example:8443\r\ncookie: a=1\r\ncookie: b=2\r\naccept: */*\r\n\r\n"))
    fields = [(b":status", b"200"), (b"set-cookie", b"a=1"), (b"x-odd", b"caf\xE9 "), (b"set-cookie", b"a=1"),
              (b"x-empty", b"")]
    check("h2-head/1: the response of vector H1", h2_head(fields) == (
        b"HTTP/1.1 200 \r\nset-cookie: a=1\r\nx-odd: caf\xE9 \r\nset-cookie: a=1\r\nx-empty: \r\n\r\n"))


def check_changes(records):
    h1, h2 = 1, 19  # the responses of /odd
    for index, name in ((h1, "http/1.1"), (h2, "h2")):
        block = records[index]["block"]
        check_found(f"{name}: a changed byte of the body", changed(records, index, block=flip(block, len(block) - 1)),
                    "different: response of GET ", "body sent 128 bytes, found 128")
        check_found(f"{name}: a changed byte of the head", changed(records, index, block=flip(block, 20)),
                    "different: response of GET ", "head sent ")
        check_found(f"{name}: a body cut short", changed(records, index, block=block[:-5]), "found 123 (a beginning of it)")
        check_found(f"{name}: a field put in UTF-8",
                    changed(records, index, block=block.replace(b"caf\xE9", b"caf\xC3\xA9")), "head sent ")
        check_found(f"{name}: a response missing", records[:index] + records[index + 1:], "missing: response of GET ")
        check_found(f"{name}: a request missing", records[:index - 1] + records[index:], "missing: request of GET ")
        check_found(f"{name}: a changed request", changed(records, index - 1, block=flip(records[index - 1]["block"], 9)),
                    "different: request of GET ")
        check_found(f"{name}: a wrong payload digest", changed(records, index, WARC_Payload_Digest=digest(b"")),
                    "WARC-Payload-Digest is not that of the payload sent")
        check_found(f"{name}: a wrong protocol", changed(records, index, WARC_Protocol="http/0.9"), "WARC-Protocol is")
        check_found(f"{name}: no TLS", changed(records, index, WARC_Protocol=name), "TLS in WARC-Protocol")
        check_found(f"{name}: another address", changed(records, index, WARC_IP_Address="192.0.2.1"), "WARC-IP-Address is")
        check_found(f"{name}: another date", changed(records, index, WARC_Date="2020-01-01T00:00:00Z"), "not when it happened")
        check_found(f"{name}: whole, and said to be cut", changed(records, index, WARC_Truncated="length"),
                    "WARC-Truncated is length")
        other = f"<urn:uuid:{uuid.uuid4()}>"
        check_found(f"{name}: not joined to its request", changed(records, index, WARC_Concurrent_To=other),
                    "do not refer to each other")
    duplicate = changed(records, h1, WARC_Record_ID=f"<urn:uuid:{uuid.uuid4()}>")[h1]
    check_found("an extra response", records + [duplicate], "extra: response record of ")
    cut = dict(records[-1]["fields"])
    del cut["WARC-Truncated"]
    check_found("cut, and not said to be", records[:-1] + [{"fields": cut, "block": records[-1]["block"]}],
                "WARC-Truncated is None")
    check_found("cut in the head", changed(records, len(records) - 1, block=records[-1]["block"][:30]), "head sent ")


def check_dates(records):
    """Of a request that was answered for a second, and of its response: neither before it came, nor when the answer ended."""
    sent_ns = truth.events("request")[-1]["time_ns"]
    for index, kind in ((len(records) - 2, "request"), (len(records) - 1, "response")):
        for late in (-2.5, 2.5):
            check_found(f"{kind}: dated {late} s from when the request came",
                        changed(records, index, WARC_Date=date_of(sent_ns + int(late * 10**9))),
                        f"different: {kind} of GET ", f"not when it happened: {late:+.3f} s from when the request came")


def check_files(records):
    data = serialise(records)
    check_found("a file cut short", data[:-1], "expected two line ends behind the block")
    check_found("another version", data.replace(b"WARC/1.1", b"WARC/1.0", 1), "offset 0: expected WARC/1.1")
    check_found("a record twice", records + [records[0]], "expected each WARC-Record-ID once")
    wrong = {"fields": {**records[0]["fields"], "WARC-Block-Digest": digest(b"")}, "block": records[0]["block"]}
    check_found("a wrong block digest", [wrong] + records[1:], "offset 0: the block does not have its digest")
    check_found("an empty file", b"", "missing: request of GET ", "missing: response of GET ")


with tempfile.TemporaryDirectory() as directory, Truth(directory) as truth:
    made = make_records()
    truth.stop()
    check_vector_h1()
    outcome = compare(made)
    check("what curl received passes", outcome[0] == 0 and
          outcome[1] == "20 exchanges, 20 requests and 20 responses equal, 0 findings\n", outcome)
    check_changes(made)
    check_dates(made)
    check_files(made)
    outcome = compare([entry for entry in made if "/slow" not in entry["fields"]["WARC-Target-URI"]], "--without", "/slow")
    check("what is left out is told", outcome[0] == 0 and outcome[1].endswith(", 0 findings, 2 left out\n"), outcome)
sys.exit(1 if failures else 0)
