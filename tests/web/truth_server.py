#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A web site that knows exactly what it received and sent: ground truth for captures.

    python3 tests/web/truth_server.py DIR

makes a certificate authority (DIR/ca.pem) and certificates, listens on free ports of 127.0.0.1 and prints one line of JSON:
"ca", "log" (DIR/truth.jsonl, see truth_log.py), "ports" by name and "urls" by name (with localhost; 127.0.0.1 is the
other site). Ports: https (HTTP/1.1 and HTTP/2), https1 (HTTP/1.1 over TLS), http; expired, wrong_name, self_signed
(wrong certificates, else as https); stall (accepts and says nothing), close (accepts and closes), reset (accepts
and resets). Ends on SIGTERM or SIGINT; responses still open are then logged as incomplete.
"""
import asyncio
import json
import os
import signal
import socket
import struct
import sys

try:
    import brotli  # noqa: F401
    import h2  # noqa: F401
except ImportError:  # Debian's packages belong to Debian's python, which need not come first in PATH
    if sys.executable == "/usr/bin/python3":
        sys.exit("truth_server.py: expected python3-h2 and python3-brotli to be installed")
    os.execv("/usr/bin/python3", ["/usr/bin/python3"] + sys.argv)

import truth_socket
import truth_tls
from truth_http1 import Http1
from truth_http2 import Http2
from truth_log import Log
from truth_site import Site


class Server:
    def __init__(self, directory):
        self.directory = directory
        self.log_path = os.path.join(directory, "truth.jsonl")
        self.log = Log(self.log_path)
        self.site = Site()
        self.is_stopping = asyncio.Event()
        self.servers = []

    async def serve(self, name, is_tls, reader, writer):
        tls = writer.get_extra_info("ssl_object")
        protocol = tls.selected_alpn_protocol() if tls else None
        connection = self.log.connect(name, protocol or "http/1.1", is_tls)
        if protocol == "h2":
            await Http2(reader, writer, self, connection).serve()
        else:
            await Http1(reader, writer, self, connection, "https" if is_tls else "http").serve()
        writer.close()

    async def listen(self, handler, context=None):
        server = await asyncio.start_server(handler, sock=truth_socket.listen(), ssl=context, limit=1 << 20)
        self.servers.append(server)
        return server.sockets[0].getsockname()[1]

    async def listen_site(self, name, context=None):
        async def handler(reader, writer):
            await self.serve(name, context is not None, reader, writer)
        return await self.listen(handler, context)

    async def stall(self, reader, writer):
        self.log.connect("stall", "none", False)
        await self.is_stopping.wait()
        writer.close()

    async def close(self, reader, writer):
        self.log.connect("close", "none", False)
        writer.close()

    async def reset(self, reader, writer):
        self.log.connect("reset", "none", False)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def run(self):
        ports = {name: await self.listen_site(name, context)
                 for name, context in truth_tls.contexts(self.directory).items()}
        ports["http"] = await self.listen_site("http")
        for name in ("stall", "close", "reset"):
            ports[name] = await self.listen(getattr(self, name))
        urls = {name: f"http{'' if name == 'http' else 's'}://localhost:{port}/" for name, port in ports.items()}
        print(json.dumps({"ca": os.path.join(self.directory, "ca.pem"), "log": self.log_path, "ports": ports,
                          "urls": urls}), flush=True)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.is_stopping.set)
        await self.is_stopping.wait()
        for server in self.servers:
            server.close()
        await asyncio.sleep(0.3)  # open responses see is_stopping and end
        self.log.close_all()


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: truth_server.py DIR")
    os.makedirs(sys.argv[1], exist_ok=True)
    asyncio.run(Server(os.path.abspath(sys.argv[1])).run())


if __name__ == "__main__":
    main()
