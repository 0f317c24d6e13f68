#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Are the WebSockets that the truth server logged, frame by frame, in a package's data/wire/, and no others?

    python3 tests/web/compare_websocket.py LOG DIR

DIR is the folder data/wire of a package, unpacked. For each connection the bytes of both sides must be the logged frames
joined; the messages of websocket-NNN.json are made again here from the frames of the log, inflated by Python's zlib.
"""
import base64
import datetime
import glob
import hashlib
import json
import os
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from truth import raw, read_log  # noqa: E402

KINDS = {1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
SIDES = (("client", "received", "sent"), ("server", "sent", "received"))  # from, direction at the server, at the browser
TOLERANCE_NS = 2 * 10**9
findings = []


def find(what, found):
    findings.append(f"{what}: {found}")


def frames_of(log, request_id, direction):
    return [e for e in log if e["event"] == "websocket" and e["request"] == request_id and e["direction"] == direction]


def content(kind, data):
    """What shows of it, by member."""
    members = {}
    if kind == "close" and len(data) >= 2:
        members["close_code"] = int.from_bytes(data[:2], "big")
        data = data[2:]
    if len(data) > 65536:
        return members
    try:
        if kind != "binary" and b"\0" not in data:
            return {**members, "text": data.decode("utf-8")}
    except UnicodeDecodeError:
        pass
    return {**members, "base64": base64.b64encode(data).decode()}


def messages_of(frames):
    """In the order in which they end; with the time at which the server saw that."""
    inflate, offset, begun = zlib.decompressobj(-15), 0, None
    for entry in frames:
        at, offset = offset, offset + len(raw(entry["exact"]))
        if entry["opcode"] >= 8:
            yield message(KINDS[entry["opcode"]], at, 1, raw(entry["payload"]), None, entry["time_ns"])
            continue
        if entry["opcode"]:
            begun = {"kind": KINDS[entry["opcode"]], "at": at, "frames": 0, "data": b"", "rsv1": entry["rsv1"]}
        begun["frames"] += 1
        begun["data"] += raw(entry["payload"])
        if entry["fin"]:
            plain = inflate.decompress(begun["data"] + b"\0\0\xff\xff") if begun["rsv1"] else None
            yield message(begun["kind"], begun["at"], begun["frames"], begun["data"], plain, entry["time_ns"])


def message(kind, offset, frames, payload, plain, time_ns):
    members = {"type": kind, "offset": str(offset), "frames": frames, "bytes": str(len(payload)),
               "sha256": hashlib.sha256(payload).hexdigest()}
    if plain is not None:
        members.update(compressed=True, inflated_bytes=str(len(plain)), inflated_sha256=hashlib.sha256(plain).hexdigest())
    return time_ns, {**members, **content(kind, payload if plain is None else plain)}


def nanoseconds(text):
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return int(datetime.datetime.fromisoformat(whole + "+00:00").timestamp()) * 10**9 + int(fraction)


def compare_messages(where, stated, wanted):
    if len(stated) != len(wanted):
        find(where, f"{len(wanted)} messages logged, {len(stated)} listed")
    for one, (time_ns, members) in zip(stated, wanted):
        times = [nanoseconds(one[name]) for name in ("began", "ended")]
        one = {name: value for name, value in one.items() if name not in ("from", "began", "ended")}
        if one != members:
            find(where, f"logged {str(members)[:300]}, listed {str(one)[:300]}")
        if times[0] > times[1] or abs(times[1] - time_ns) > TOLERANCE_NS:
            find(where, f"message at offset {one['offset']}: not when it happened")


def compare_heads(where, log, request, stated):
    """An extended CONNECT (RFC 8441) has no record in the WARC: both heads stand here."""
    answer = next(e for e in log if e["event"] == "response" and e["request"] == request["id"])
    for member, entry in (("request", request), ("response", answer)):
        lines = [f"{raw(name).decode()}: {raw(value).decode()}" for name, value in entry["fields"]]
        if stated[member] != lines:
            find(where, f"{member}: logged {lines}, listed {stated[member]}")


def compare(log, request, base, stated):
    where = f"{os.path.basename(base)} ({request['target']}, {request['protocol']})"
    if ("stream" in stated) != (request["protocol"] == "h2"):
        find(where, f"stream is {stated.get('stream')}")
    if stated["url"] != request["url"]:
        find(where, f"url is {stated['url']}")
    if request["protocol"] == "h2":
        compare_heads(where, log, request, stated)
    for name, direction, member in SIDES:
        frames = frames_of(log, request["id"], direction)
        exact = b"".join(raw(entry["exact"]) for entry in frames)
        with open(f"{base}.{member}", "rb") as file:
            found = file.read()
        if found != exact:
            find(where, f"{member}: {len(exact)} bytes logged, {len(found)} found, "
                 f"{'a beginning' if exact.startswith(found) else 'different'}")
        if stated[member]["sha256"] != hashlib.sha256(exact).hexdigest() or stated[member]["bytes"] != str(len(exact)):
            find(where, f"{member}: {stated[member]}")
        if not request["target"].endswith("?malformed"):
            compare_messages(where, [m for m in stated["messages"] if m["from"] == name], list(messages_of(frames)))
    ended = [m["ended"] for m in stated["messages"]]
    if ended != sorted(ended):
        find(where, "messages are not in the order of their times")


def main():
    log, folder = read_log(sys.argv[1]), sys.argv[2]
    sockets = [e for e in log if e["event"] == "request" and e["target"].startswith("/socket")]
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "websocket-*.json"))):
        with open(path, encoding="utf-8") as file:
            found.append((path.removesuffix(".json"), json.load(file)))
    frames = 0
    for base, stated in found:
        with open(base + ".sent", "rb") as file:
            sent = file.read()
        # The mask of each frame is random, so the bytes sent name the connection, unless there are none.
        request = next((e for e in sockets if e["url"] == stated["url"] and b"".join(
            raw(f["exact"]) for f in frames_of(log, e["id"], "received")) == sent), None)
        if request is None:
            find(base, "no connection that was logged")
            continue
        sockets.remove(request)
        frames += len(frames_of(log, request["id"], "sent")) + len(frames_of(log, request["id"], "received"))
        compare(log, request, base, stated)
    for request in sockets:
        find("missing", f"{request['url']} ({request['protocol']})")
    print("\n".join(findings + [f"{len(found)} sockets, {frames} frames, {len(findings)} findings"]))
    sys.exit(1 if findings or not found else 0)


if __name__ == "__main__":
    main()
