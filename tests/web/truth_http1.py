# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 by hand, so that every byte sent is known, and WebSocket echo on top of it."""
import asyncio
import base64
import hashlib
import struct

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
            connection=self.connection, protocol="http/1.1", method=method, scheme=self.scheme, authority=authority,
            target=target, url=request.url, head=text(head), framed_body=text(framed), body=text(body))
        if (field(fields, b"upgrade") or b"").lower() == b"websocket":
            await self.websocket(request_id, field(fields, b"sec-websocket-key"))
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
        is_chunked = answer.is_chunked or (answer.pieces is not None and not answer.is_until_close)
        if answer.is_until_close:
            fields.append((b"Connection", b"close"))
        elif is_chunked:
            fields.append((b"Transfer-Encoding", b"chunked"))
        elif answer.status not in (204, 304):
            fields.append((b"Content-Length", b"%d" % len(answer.body)))
        head = head_bytes(answer.status, fields)
        sent = SentResponse(self.log, request_id, "http/1.1", answer.status, head=head)
        try:
            await self.write(head)
            if request.method != "HEAD" and answer.status not in (204, 304):
                await self.send_body(sent, answer, is_chunked)
            sent.end(not (answer.pieces and self.is_gone()))
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

    async def websocket(self, request_id, key):
        """RFC 6455: handshake, then every message comes back."""
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        head = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        sent = SentResponse(self.log, request_id, "http/1.1", 101, head=head)
        await self.write(head)
        sent.end(True)
        while True:
            opcode, payload = await self.read_message()
            self.log.write("websocket", request=request_id, direction="received", opcode=opcode, payload=text(payload))
            answer = 10 if opcode == 9 else opcode  # ping is answered by pong
            await self.write(websocket_frame(answer, payload))
            self.log.write("websocket", request=request_id, direction="sent", opcode=answer, payload=text(payload))
            if opcode == 8:
                return

    async def read_message(self):
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            size, = struct.unpack(">H", await self.reader.readexactly(2))
        elif size == 127:
            size, = struct.unpack(">Q", await self.reader.readexactly(8))
        mask = await self.reader.readexactly(4)
        payload = await self.reader.readexactly(size)
        return first & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def websocket_frame(opcode, payload):
    if len(payload) < 126:
        return bytes([0x80 | opcode, len(payload)]) + payload
    if len(payload) < 65536:
        return bytes([0x80 | opcode, 126]) + struct.pack(">H", len(payload)) + payload
    return bytes([0x80 | opcode, 127]) + struct.pack(">Q", len(payload)) + payload


async def in_pieces(body, size):
    for at in range(0, len(body), size):
        yield body[at:at + size]
