# SPDX-License-Identifier: Apache-2.0
"""Requests and answers as the site sees them, whatever protocol carried them."""
import dataclasses


@dataclasses.dataclass
class Request:
    method: str
    scheme: str
    authority: str
    target: str
    fields: list  # of (name in lower case, value), both bytes
    body: bytes
    protocol: str
    is_gone: object  # () -> bool: the client has left

    @property
    def path(self):
        return self.target.split("?", 1)[0]

    @property
    def url(self):
        return f"{self.scheme}://{self.authority}{self.target}"

    def field(self, name):
        for key, value in self.fields:
            if key == name:
                return value
        return None


@dataclasses.dataclass
class Answer:
    status: int
    fields: list = dataclasses.field(default_factory=list)  # of (name as in HTTP/1.1, value), both bytes
    body: bytes = b""
    pieces: object = None  # async iterator of bytes in place of the body
    interim: list = dataclasses.field(default_factory=list)  # of (status, fields)
    trailers: list = dataclasses.field(default_factory=list)
    is_chunked: bool = False  # HTTP/1.1; h2 has its own frames
    is_until_close: bool = False  # HTTP/1.1: no length stated, the end of the connection ends the body
    length: int = None  # of all pieces together: stated, and no chunks
    padding: int = 0  # h2: bytes in each DATA frame


def answer(status, media_type, body, *fields, **more):
    if isinstance(body, str):
        body = body.encode()
    head = [(b"Content-Type", media_type.encode())] if media_type else []
    return Answer(status, head + list(fields) + [(b"Cache-Control", b"no-store")], body, **more)


REASONS = {
    101: "Switching Protocols", 103: "Early Hints", 200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content",
    301: "Moved Permanently", 302: "Found", 304: "Not Modified", 307: "Temporary Redirect", 404: "Not Found",
    405: "Method Not Allowed", 416: "Range Not Satisfiable", 500: "Internal Server Error",
}
