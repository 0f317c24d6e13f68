#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is everything that the truth server sent in a WARC file, byte by byte, and nothing else?

    python3 tests/web/compare_warc.py [--without PATH]... [--whole PATH]... LOG WARC

For each request in LOG (truth_log.py) and its final response there must be one request and one response record of its
URL: for HTTP/1.1 with the exact head and framed body, for HTTP/2 with the field list as "h2-head/1" (doc/FORMAT.md
section 8, written again here) and the body. Checked besides: payload digests, protocol, address, date, and that request
and response record refer to each other. A response that the server could not finish must be a beginning of what it
sent, and say WARC-Truncated; of --whole PATH all that was sent must be there. --without takes the requests for one path (its query aside) out of the comparison, and
says so. Prints a line for each finding and a summary; exits 1 when anything is missing, extra or different.
"""
import argparse
import datetime
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from truth import field_list, raw, read_log  # noqa: E402
from warc_read import WarcError, read_warc, sha256  # noqa: E402

TOLERANCE_NS = 2 * 10**9  # between when the browser noted that it had sent, and when the server's kernel had received


def h2_head(fields):
    pseudo = {name: value for name, value in fields if name.startswith(b":")}
    if b":status" in pseudo:
        lines = [b"HTTP/1.1 " + pseudo[b":status"] + b" "]
    else:
        lines = [pseudo[b":method"] + b" " + pseudo[b":path"] + b" HTTP/1.1"]
        if b":authority" in pseudo:
            lines.append(b"Host: " + pseudo[b":authority"])
    lines += [name + b": " + value for name, value in fields if not name.startswith(b":")]
    return b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def message(entry):
    """Head, body as it stands in the block, and payload of a request or response in the log."""
    head = raw(entry["head"]) if "head" in entry else h2_head(field_list(entry["fields"]))
    body = raw(entry["body"])
    return head, raw(entry["framed_body"]) if "framed_body" in entry else body, body


def without_chunks(framed):
    """As much payload as a chunked body holds that may end anywhere (RFC 9112 7.1)."""
    payload, at = b"", 0
    while (end := framed.find(b"\r\n", at)) >= 0:
        digits = framed[at:end].split(b";")[0]
        if not re.fullmatch(rb"[0-9A-Fa-f]+", digits) or int(digits, 16) == 0:
            break
        size = int(digits, 16)
        payload += framed[end + 2:end + 2 + size]
        at = end + 2 + size + 2
    return payload


class Exchange:
    def __init__(self, request, response):
        self.request, self.response = request, response
        self.url = request["url"]
        self.path = urllib.parse.urlsplit(request["target"]).path

    def __str__(self):
        status = self.response["status"] if self.response else "no response"
        return f"{self.request['method']} {self.url} ({self.request['protocol']}, {status})"


def nanoseconds(date):
    whole, _, fraction = date.removesuffix("Z").partition(".")
    seconds = datetime.datetime.fromisoformat(whole + "+00:00").timestamp()
    return int(seconds) * 10**9 + int(fraction.ljust(9, "0") or "0")


def exchanges_of(log):
    """Final responses by request, in the order of the requests; and the heads of interim ones."""
    finals, interims = {}, []
    for entry in log:
        if entry["event"] == "response" and entry["is_interim"]:
            interims.append(message(entry)[0])
        elif entry["event"] == "response":
            finals[entry["request"]] = entry
    return [Exchange(entry, finals.get(entry["id"])) for entry in log if entry["event"] == "request"], interims


class Comparison:
    def __init__(self, log, records, whole=()):
        self.whole = whole
        self.findings = []
        self.exchanges, self.interims = exchanges_of(log)
        self.records = {kind: [r for r in records if r.need("WARC-Type") == kind] for kind in ("request", "response")}
        self.equal = {"request": 0, "response": 0}
        self.by_id = {}

    def find(self, what, text):
        self.findings.append(f"{what}: {text}")

    def run(self):
        for kind in ("request", "response"):
            wanted = [e for e in self.exchanges if getattr(e, kind) is not None]
            pairs = self.pair(kind, wanted)
            for exchange, record in pairs:
                self.check_record(kind, exchange, record)
                setattr(exchange, kind + "_record", record)
        for exchange in self.exchanges:
            self.check_concurrent(exchange)
        for kind in ("request", "response"):
            for record in self.records[kind]:
                if kind == "response" and record.block in self.interims:
                    continue
                self.find("extra", f"{kind} record of {record.get('WARC-Target-URI')} at offset {record.offset}")

    def pair(self, kind, wanted):
        """Equal ones first, so that a difference is told of the one that differs."""
        pairs, rest = [], []
        for exchange in wanted:
            entry = getattr(exchange, kind)
            record = self.take(kind, exchange, lambda r, e=entry: self.is_equal(e, r))
            if record:
                self.equal[kind] += 1
                pairs.append((exchange, record))
            else:
                rest.append(exchange)
        for exchange in rest:
            record = self.take(kind, exchange, lambda r: r.block not in self.interims)
            if record is None:
                self.find("missing", f"{kind} of {exchange}")
            else:
                self.tell_difference(kind, exchange, record)
                pairs.append((exchange, record))
        return pairs

    def take(self, kind, exchange, condition):
        for record in self.records[kind]:
            if record.need("WARC-Target-URI") == exchange.url and condition(record):
                self.records[kind].remove(record)
                return record
        return None

    def is_equal(self, entry, record):
        head, framed, _ = message(entry)
        if entry["event"] == "response" and not entry["is_complete"]:
            return (record.get("WARC-Truncated") is not None and record.block.startswith(head)
                    and (head + framed).startswith(record.block))
        return record.get("WARC-Truncated") is None and record.block == head + framed

    def tell_difference(self, kind, exchange, record):
        head, framed, _ = message(getattr(exchange, kind))
        where = f"{kind} of {exchange}, record at offset {record.offset}"
        found_head, separator, found_body = record.block.partition(b"\r\n\r\n")
        if found_head + separator != head:
            self.find("different", f"{where}: head sent {head!r}, found {found_head + separator!r}")
        elif found_body != framed:
            cut = " (a beginning of it)" if framed.startswith(found_body) else ""
            self.find("different", f"{where}: body sent {len(framed)} bytes, found {len(found_body)}{cut}")
        else:
            self.find("different", f"{where}: WARC-Truncated is {record.get('WARC-Truncated')}")

    def check_record(self, kind, exchange, record):
        entry = getattr(exchange, kind)
        where = f"{kind} of {exchange}, record at offset {record.offset}"
        media_type = f"application/http; msgtype={kind}"
        if re.sub(r"\s", "", record.need("Content-Type")) != media_type.replace(" ", ""):
            self.find("different", f"{where}: Content-Type is {record.get('Content-Type')}")
        self.check_payload(where, entry, record)
        if kind == "response" and exchange.path in self.whole and record.block != b"".join(message(entry)[:2]):
            self.find("different", f"{where}: not all that was sent")
        protocols = record.all("WARC-Protocol")
        if protocols and entry["protocol"] not in protocols:
            self.find("different", f"{where}: WARC-Protocol is {protocols}")
        if protocols and exchange.url.startswith("https:") != any(p.startswith("tls/") for p in protocols):
            self.find("different", f"{where}: TLS in WARC-Protocol is not that of the URL: {protocols}")
        if record.get("WARC-IP-Address") not in (None, "127.0.0.1"):
            self.find("different", f"{where}: WARC-IP-Address is {record.get('WARC-IP-Address')}")
        self.check_date(where, exchange, record)

    def check_date(self, where, exchange, record):
        """Of both records the date is when the request was sent, however long the answer took."""
        late_ns = nanoseconds(record.need("WARC-Date")) - exchange.request["time_ns"]
        if abs(late_ns) > TOLERANCE_NS:
            self.find("different", f"{where}: WARC-Date {record.get('WARC-Date')} is not when it happened:"
                                   f" {late_ns / 10**9:+.3f} s from when the request came")

    def check_payload(self, where, entry, record):
        head, framed, payload = message(entry)
        if record.get("WARC-Payload-Digest") is None:
            if entry["event"] == "response" and payload:
                self.find("different", f"{where}: no WARC-Payload-Digest")
            return
        if record.get("WARC-Truncated") is not None:
            rest = record.block[len(head):]
            payload = rest if framed == payload else without_chunks(rest)
        if record.get("WARC-Payload-Digest") != sha256(payload):
            self.find("different", f"{where}: WARC-Payload-Digest is not that of the payload sent")

    def check_concurrent(self, exchange):
        request, response = (getattr(exchange, kind + "_record", None) for kind in ("request", "response"))
        if not request or not response:
            return
        if (request.need("WARC-Record-ID") not in response.all("WARC-Concurrent-To")
                and response.need("WARC-Record-ID") not in request.all("WARC-Concurrent-To")):
            self.find("different", f"{exchange}: request and response records do not refer to each other")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--without", action="append", default=[], metavar="PATH")
    parser.add_argument("--whole", action="append", default=[], metavar="PATH")
    parser.add_argument("log")
    parser.add_argument("warc")
    options = parser.parse_args()
    try:
        with open(options.warc, "rb") as file:
            records = read_warc(file.read())
    except WarcError as error:
        sys.exit(f"{options.warc}: {error}")
    log = read_log(options.log)
    if not any(entry["event"] == "request" for entry in log):
        sys.exit(f"{options.log}: expected requests, found none")
    left_out = {entry["id"] for entry in log if entry["event"] == "request"
                and urllib.parse.urlsplit(entry["target"]).path in options.without}
    # An extended CONNECT has no rendering (section 8); compare_websocket.py holds its heads and bytes against the log.
    left_out |= {entry["id"] for entry in log if entry["event"] == "request" and entry["method"] == "CONNECT"}
    log = [entry for entry in log if entry.get("id") not in left_out and entry.get("request") not in left_out]
    records = [r for r in records if urllib.parse.urlsplit(r.get("WARC-Target-URI") or "").path not in options.without
               or r.need("WARC-Type") not in ("request", "response")]
    comparison = Comparison(log, records, options.whole)
    comparison.run()
    for line in comparison.findings:
        print(line)
    print(f"{len(comparison.exchanges)} exchanges, {comparison.equal['request']} requests and"
          f" {comparison.equal['response']} responses equal, {len(comparison.findings)} findings"
          + (f", {len(left_out)} left out" if left_out else ""))
    sys.exit(1 if comparison.findings else 0)


if __name__ == "__main__":
    main()
