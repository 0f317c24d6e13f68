# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 by hand, so that every byte sent is known."""
import asyncio

import truth_socket
import truth_websocket
from truth_log import SentResponse, text
from truth_message import REASONS, Request


async def read_chunked(reader):
    """The body, and the same with its framing."""
    framed, body = b"", b""
    while True:
        line = await reader.readuntil(b"\r\n")
        framed += line
        size = int(line.split(b";")[0], 16)
        if size == 0:
            break
        chunk = await reader.readexactly(size + 2)
        framed += chunk
        body += chunk[:-2]
    while True:
        line = await reader.readuntil(b"\r\n")
        framed += line
        if line == b"\r\n":
            return framed, body


def field(fields, name):
    return next((value for key, value in fields if key == name), None)


def head_bytes(status, fields):
    lines = [b"HTTP/1.1 %d %s\r\n" % (status, REASONS[status].encode())]
    lines += [name + b": " + value + b"\r\n" for name, value in fields]
    return b"".join(lines) + b"\r\n"


class Http1:
    def __init__(self, reader, writer, server, connection, scheme):
        self.reader, self.writer = reader, writer
        self.server, self.log = server, server.log
        self.connection, self.scheme = connection, scheme

    def arrived_ns(self):
        return truth_socket.arrived_ns(self.writer)

    def is_gone(self):
        return self.reader.at_eof() or self.writer.is_closing() or self.server.is_stopping.is_set()

    async def serve(self):
        try:
            while await self.serve_one():
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass  # the client left, or sent what is no HTTP/1.1

    async def serve_one(self):
        head = await self.reader.readuntil(b"\r\n\r\n")
        arrived_ns = self.arrived_ns()
        lines = head.split(b"\r\n")
        method, target, _ = lines[0].decode("latin-1").split(" ")
        fields = []
        for line in lines[1:-2]:
            name, _, value = line.partition(b":")
            fields.append((name.lower(), value.strip(b" \t")))
        framed = body = b""
        if field(fields, b"transfer-encoding"):
            framed, body = await read_chunked(self.reader)
        elif field(fields, b"content-length"):
            framed = body = await self.reader.readexactly(int(field(fields, b"content-length")))
        authority = (field(fields, b"host") or b"").decode("latin-1")
        request = Request(method, self.scheme, authority, target, fields, body, "http/1.1", self.is_gone)
        request_id = self.log.request(
            time_ns=arrived_ns, connection=self.connection, protocol="http/1.1", method=method, scheme=self.scheme, authority=authority,
            target=target, url=request.url, head=text(head), framed_body=text(framed), body=text(body))
        if (field(fields, b"upgrade") or b"").lower() == b"websocket":
            await self.websocket(request_id, request)
            return False
        return await self.send(request_id, request, self.server.site.answer(request))

    async def write(self, data):
        self.writer.write(data)
        await self.writer.drain()

    async def send(self, request_id, request, answer):
        for status, fields in answer.interim:
            head = head_bytes(status, fields)
            await self.write(head)
            SentResponse(self.log, request_id, "http/1.1", status, head=head, is_interim=True).end(True)
        fields = list(answer.fields)
        is_chunked = answer.is_chunked or (answer.pieces is not None and not answer.is_until_close
                                           and answer.length is None)
        if answer.is_until_close:
            fields.append((b"Connection", b"close"))
        elif is_chunked:
            fields.append((b"Transfer-Encoding", b"chunked"))
        elif answer.status not in (204, 304):
            fields.append((b"Content-Length", b"%d" % (len(answer.body) if answer.length is None else answer.length)))
        head = head_bytes(answer.status, fields)
        sent = SentResponse(self.log, request_id, "http/1.1", answer.status, head=head)
        try:
            await self.write(head)
            if request.method != "HEAD" and answer.status not in (204, 304):
                await self.send_body(sent, answer, is_chunked)
            sent.end(is_whole(sent, answer) if answer.length is not None else not (answer.pieces and self.is_gone()))
        finally:
            sent.end(False)
        return not answer.is_until_close

    async def send_body(self, sent, answer, is_chunked):
        async for piece in answer.pieces or in_pieces(answer.body, 5000 if is_chunked else 65536):
            framed = b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece
            sent.add(piece, framed)
            await self.write(framed)
        if is_chunked and not (answer.pieces and self.is_gone()):
            end = b"0\r\n" + b"".join(n + b": " + v + b"\r\n" for n, v in answer.trailers) + b"\r\n"
            sent.add(b"", end)
            await self.write(end)

    async def websocket(self, request_id, request):
        fields = [(b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"),
                  truth_websocket.accept_field(request.field(b"sec-websocket-key"))]
        head = head_bytes(101, fields + truth_websocket.answer_fields(request))
        sent = SentResponse(self.log, request_id, "http/1.1", 101, head=head)
        await self.write(head)
        sent.end(True)
        await truth_websocket.WebSocket(self.reader.readexactly, self.write, self.arrived_ns, self.log, request_id,
                                        request).serve()


def is_whole(sent, answer):
    return len(sent.body) == answer.length


async def in_pieces(body, size):
    for at in range(0, len(body), size):
        yield body[at:at + size]
