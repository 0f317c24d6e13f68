# SPDX-License-Identifier: Apache-2.0
"""What the server received and sent, byte by byte, as JSON lines.

Each line has "event", "time_ns" (wall clock; of what was received: when it came, not when it was read) and what belongs
to the event; bytes are base64:

connect   connection, port (its name), protocol ("http/1.1", "h2"), tls
request   id, connection, stream (h2), method, scheme, authority, target, head (HTTP/1.1: exact bytes) or
          fields (h2: list of [name, value]), framed_body (HTTP/1.1), body, url
response  request (its id), protocol, status, is_interim, head or fields, framed_body (HTTP/1.1: with its chunk
          framing), body (transfer coding removed, content coding kept), trailers (h2), is_complete
websocket request, direction ("received", "sent"), opcode, payload (unmasked), fin, rsv1, exact (the frame as it was): one a frame
"""
import base64
import json
import threading
import time


def text(data):
    return base64.b64encode(data).decode()


def field_list(fields):
    return [[text(name), text(value)] for name, value in fields]


class Log:
    def __init__(self, path):
        self.file = open(path, "w", encoding="ascii")
        self.lock = threading.Lock()
        self.open_responses = {}
        self.last_id = 0
        self.last_connection = 0

    def write(self, event, time_ns=None, **members):
        line = json.dumps({"event": event, "time_ns": time_ns or time.time_ns(), **members})
        with self.lock:
            self.file.write(line + "\n")
            self.file.flush()

    def connect(self, port, protocol, is_tls):
        self.last_connection += 1
        self.write("connect", connection=self.last_connection, port=port, protocol=protocol, tls=is_tls)
        return self.last_connection

    def request(self, **members):
        self.last_id += 1
        self.write("request", id=self.last_id, **members)
        return self.last_id

    def close_all(self):
        for response in list(self.open_responses.values()):
            response.end(False)
        self.file.close()


class SentResponse:
    """One response while it is being sent; written to the log when it ends, or when the server does."""

    def __init__(self, log, request_id, protocol, status, head=None, fields=None, is_interim=False):
        self.log = log
        self.members = {"request": request_id, "protocol": protocol, "status": status, "is_interim": is_interim}
        if head is not None:
            self.members["head"] = text(head)
        if fields is not None:
            self.members["fields"] = field_list(fields)
        self.framed = bytearray()
        self.body = bytearray()
        self.has_ended = False
        log.open_responses[id(self)] = self

    def add(self, body, framed=b""):
        self.body += body
        self.framed += framed

    def end(self, is_complete, trailers=None):
        if self.has_ended:
            return
        self.has_ended = True
        del self.log.open_responses[id(self)]
        if self.members["protocol"] != "h2":
            self.members["framed_body"] = text(bytes(self.framed))
        if trailers:
            self.members["trailers"] = field_list(trailers)
        self.log.write("response", **self.members, body=text(bytes(self.body)), is_complete=is_complete)
