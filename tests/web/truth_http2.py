# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 with python3-h2, which frames and compresses; fields are passed as bytes and not tidied up."""
import asyncio

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

import truth_socket
import truth_websocket
from truth_http1 import in_pieces
from truth_log import SentResponse, field_list, text
from truth_message import Request

# RFC 9113 8.2.2
NOT_IN_HTTP2 = {b"connection", b"transfer-encoding", b"keep-alive"}


class Stream:
    def __init__(self, fields, arrived_ns):
        self.fields = fields
        self.arrived_ns = arrived_ns
        self.body = b""
        self.is_reset = False
        self.task = None
        self.reader = None  # of an extended CONNECT, RFC 8441: its DATA


class Http2:
    def __init__(self, reader, writer, server, connection):
        self.reader, self.writer = reader, writer
        self.server, self.log = server, server.log
        self.connection = connection
        self.streams = {}
        self.window_grew = asyncio.Event()
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=False, header_encoding=None, validate_outbound_headers=False,
            normalize_outbound_headers=False,
            normalize_inbound_headers=False))  # as it came: cookie fields are neither joined nor moved

    def arrived_ns(self):
        return truth_socket.arrived_ns(self.writer)

    async def flush(self):
        self.writer.write(self.h2.data_to_send())
        await self.writer.drain()

    async def serve(self):
        self.h2.local_settings = h2.settings.Settings(client=False, initial_values={
            **self.h2.local_settings, h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL: 1})
        self.h2.initiate_connection()
        try:
            await self.flush()
            while True:
                data = await self.reader.read(65536)
                if not data:
                    break
                for event in self.h2.receive_data(data):
                    self.take(event)
                await self.flush()
        except (ConnectionError, h2.exceptions.ProtocolError):
            pass  # the client left, or sent what is no HTTP/2
        for stream in self.streams.values():
            stream.is_reset = True
        self.window_grew.set()

    def take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            stream = self.streams[event.stream_id] = Stream([(bytes(n), bytes(v)) for n, v in event.headers],
                                                             self.arrived_ns())
            if (b":protocol", b"websocket") in stream.fields:
                stream.reader = asyncio.StreamReader()
                stream.task = asyncio.create_task(self.websocket(event.stream_id, stream))
        elif isinstance(event, h2.events.DataReceived):
            stream = self.streams[event.stream_id]
            if stream.reader:
                stream.reader.feed_data(event.data)
            else:
                stream.body += event.data
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            if event.stream_id in self.streams:
                self.streams[event.stream_id].is_reset = True
                if self.streams[event.stream_id].reader:
                    self.streams[event.stream_id].reader.feed_eof()
            self.window_grew.set()
        elif isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
            self.window_grew.set()
        if isinstance(event, h2.events.StreamEnded):
            stream = self.streams[event.stream_id]
            if stream.reader:
                return stream.reader.feed_eof()
            stream.task = asyncio.create_task(self.respond(event.stream_id, stream))

    def log_request(self, number, stream):
        pseudo = {name: value.decode("latin-1") for name, value in stream.fields if name.startswith(b":")}
        method, authority = pseudo[b":method"], pseudo.get(b":authority", "")
        request = Request(method, pseudo[b":scheme"], authority, pseudo[b":path"], stream.fields, stream.body, "h2",
                          lambda: stream.is_reset or self.server.is_stopping.is_set())
        request_id = self.log.request(
            time_ns=stream.arrived_ns, connection=self.connection, stream=number, protocol="h2", method=method, scheme=request.scheme,
            authority=authority, target=request.target, url=request.url, fields=field_list(stream.fields),
            body=text(stream.body))
        return request_id, request

    async def respond(self, number, stream):
        request_id, request = self.log_request(number, stream)
        try:
            await self.send(request_id, number, stream, request, self.server.site.answer(request))
        except (ConnectionError, h2.exceptions.ProtocolError):
            pass  # reset, or gone

    async def send_head(self, number, status, fields, end_stream=False):
        head = [(b":status", b"%d" % status)]
        head += [(name.lower(), value) for name, value in fields if name.lower() not in NOT_IN_HTTP2]
        self.h2.send_headers(number, head, end_stream=end_stream)
        await self.flush()
        return head

    async def send(self, request_id, number, stream, request, answer):
        for status, fields in answer.interim:
            head = await self.send_head(number, status, fields)
            SentResponse(self.log, request_id, "h2", status, fields=head, is_interim=True).end(True)
        has_body = request.method != "HEAD" and (answer.pieces is not None or len(answer.body) > 0)
        head = await self.send_head(number, answer.status, answer.fields, end_stream=not has_body)
        sent = SentResponse(self.log, request_id, "h2", answer.status, fields=head)
        try:
            if has_body:
                await self.send_body(number, stream, sent, answer)
            is_cut = len(sent.body) != answer.length if answer.length is not None else answer.pieces and request.is_gone()
            sent.end(not is_cut, answer.trailers)
        finally:
            sent.end(False)

    async def send_body(self, number, stream, sent, answer):
        async for piece in answer.pieces or in_pieces(answer.body, 65536):
            while piece:
                room = await self.wait_for_room(number, stream, answer.padding)
                self.h2.send_data(number, piece[:room], pad_length=answer.padding or None)
                sent.add(piece[:room])
                piece = piece[room:]
                await self.flush()
        if stream.is_reset or (answer.pieces and self.server.is_stopping.is_set()):
            return
        if answer.trailers:
            self.h2.send_headers(number, answer.trailers, end_stream=True)
        else:
            self.h2.end_stream(number)
        await self.flush()

    async def websocket(self, number, stream):
        request_id, request = self.log_request(number, stream)
        head = await self.send_head(number, 200, truth_websocket.answer_fields(request))
        SentResponse(self.log, request_id, "h2", 200, fields=head).end(True)

        async def write(data):
            while data:
                room = await self.wait_for_room(number, stream, 0)
                self.h2.send_data(number, data[:room])
                data = data[room:]
                await self.flush()

        try:
            await truth_websocket.WebSocket(stream.reader.readexactly, write, self.arrived_ns, self.log, request_id,
                                            request).serve()
            self.h2.end_stream(number)
            await self.flush()
        except (asyncio.IncompleteReadError, ConnectionError, h2.exceptions.ProtocolError):
            pass  # the client left

    async def wait_for_room(self, number, stream, padding):
        while True:
            if stream.is_reset:
                raise ConnectionError("the stream was reset")
            room = min(self.h2.local_flow_control_window(number), self.h2.max_outbound_frame_size)
            room -= padding + 1 if padding else 0
            if room > 0:
                return room
            self.window_grew.clear()
            await self.window_grew.wait()
