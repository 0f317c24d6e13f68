# SPDX-License-Identifier: Apache-2.0
"""WebSocket (RFC 6455) with permessage-deflate (RFC 7692), every frame logged with its exact bytes.

/socket             each message comes back
/socket?deflate     the same compressed, once with a text in three fragments and a ping between them; then closed with 4001
/socket?subprotocol "chat.example" is chosen
/socket?malformed   a masked frame, which no server may send
/socket?silent      no message at all
"""
import base64
import hashlib
import struct
import time
import zlib

from truth_log import text

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def answer_fields(request):
    """Of the handshake, without what HTTP/1.1 alone has."""
    fields = []
    if request.target.endswith("?deflate") and b"permessage-deflate" in (request.field(b"sec-websocket-extensions") or b""):
        fields.append((b"Sec-WebSocket-Extensions", b"permessage-deflate"))
    if request.target.endswith("?subprotocol"):
        fields.append((b"Sec-WebSocket-Protocol", b"chat.example"))
    return fields


def accept_field(key):
    return b"Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key + GUID).digest())


def frame(opcode, payload, fin=1, rsv1=0, mask=None):
    head = bytes([fin << 7 | rsv1 << 6 | opcode])
    bit = 0x80 if mask else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", len(payload))
    return head + (mask + xor(payload, mask) if mask else payload)


def xor(payload, mask):
    return bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


class WebSocket:
    """@read: coroutine for exactly so many bytes; @write: coroutine that sends; @arrived_ns: when the latest bytes came."""

    def __init__(self, read, write, arrived_ns, log, request_id, request):
        self.read, self.write, self.arrived_ns = read, write, arrived_ns
        self.log, self.request_id, self.request = log, request_id, request
        self.is_deflate = any(name == b"Sec-WebSocket-Extensions" for name, _ in answer_fields(request))
        self.deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        self.inflate = zlib.decompressobj(-15)

    def note(self, time_ns, direction, opcode, payload, fin, rsv1, exact):
        self.log.write("websocket", time_ns, request=self.request_id, direction=direction, opcode=opcode, payload=text(payload),
                       fin=fin, rsv1=rsv1, exact=text(exact))

    async def send(self, opcode, payload, fin=1, rsv1=0, mask=None):
        exact = frame(opcode, payload, fin, rsv1, mask)
        begun_ns = time.time_ns()
        await self.write(exact)
        self.note(begun_ns, "sent", opcode, payload, fin, rsv1, exact)

    async def receive(self):
        head = await self.read(2)
        size, exact = head[1] & 0x7F, head
        if size >= 126:
            more = await self.read(2 if size == 126 else 8)
            exact += more
            size = int.from_bytes(more, "big")
        mask = await self.read(4)
        masked = await self.read(size)
        payload = xor(masked, mask)
        fin, rsv1, opcode = head[0] >> 7, head[0] >> 6 & 1, head[0] & 0x0F
        self.note(self.arrived_ns(), "received", opcode, payload, fin, rsv1, exact + mask + masked)
        return opcode, payload, fin, rsv1

    def compressed(self, data):
        return (self.deflate.compress(data) + self.deflate.flush(zlib.Z_SYNC_FLUSH))[:-4]

    async def serve(self):
        if self.request.target.endswith("?malformed"):
            return await self.send(TEXT, b"masked by a server", mask=b"\x11\x22\x33\x44")
        message, first, rsv1 = b"", TEXT, 0
        while True:
            opcode, payload, fin, bit = await self.receive()
            if opcode == CLOSE:
                return await self.send(CLOSE, payload)
            if opcode in (PING, PONG):
                if opcode == PING:
                    await self.send(PONG, payload)
                continue
            if opcode != CONTINUATION:
                message, first, rsv1 = b"", opcode, bit
            message += payload
            if fin:
                await self.answer(first, self.inflate.decompress(message + b"\0\0\xff\xff") if rsv1 else message)

    async def answer(self, opcode, data):
        if self.request.target.endswith("?silent"):
            return
        if not self.is_deflate:
            return await self.send(opcode, data)
        if data == b"in fragments":
            whole = self.compressed(data * 20)
            await self.send(TEXT, whole[:5], fin=0, rsv1=1)
            await self.send(PING, b"are you there")
            await self.send(CONTINUATION, whole[5:10], fin=0)
            return await self.send(CONTINUATION, whole[10:])
        if data == b"close":
            return await self.send(CLOSE, struct.pack(">H", 4001) + b"as asked")
        await self.send(opcode, self.compressed(data), rsv1=1)
