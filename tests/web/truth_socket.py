# SPDX-License-Identifier: Apache-2.0
"""When what is received came, as the kernel noted it. The server has one thread and may be busy, or wait for a processor,
while a request has long arrived: its own clock would say when it got round to reading."""
import socket
import struct
import time

SO_TIMESTAMPNS = 35  # asm-generic/socket.h; of TCP it is the time of the last segment that a read took from
TIMESPEC = struct.Struct("@ll")


class TimedSocket(socket.socket):
    """What it accepts notes the arrival of what is read from it; asyncio reads by recv and recv_into."""

    accepted = {}  # by descriptor
    arrived_ns = None

    def accept(self):
        sock, address = super().accept()
        timed = TimedSocket(fileno=sock.detach())
        TimedSocket.accepted[timed.fileno()] = timed
        return timed, address

    def recv(self, size, flags=0):
        data, ancillary, _, _ = self.recvmsg(size, socket.CMSG_SPACE(TIMESPEC.size), flags)
        self.note(ancillary, data)
        return data

    def recv_into(self, buffer, size=0, flags=0):
        view = memoryview(buffer)[:size or None]
        count, ancillary, _, _ = self.recvmsg_into([view], socket.CMSG_SPACE(TIMESPEC.size), flags)
        self.note(ancillary, count)
        return count

    def note(self, ancillary, is_any):
        times = [data for level, kind, data in ancillary if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS)]
        if times:
            seconds, nanoseconds = TIMESPEC.unpack(times[0])
            self.arrived_ns = seconds * 10**9 + nanoseconds
        elif is_any:
            raise RuntimeError("truth_socket.py: expected the kernel to say when bytes came, found no SCM_TIMESTAMPNS")


def wait_for_times(listener):
    """The kernel begins to note times when the first socket wants them, a moment after it was told."""
    deadline = time.monotonic() + 10
    while True:
        with socket.create_connection(listener.getsockname()) as client, listener.accept()[0] as server:
            client.sendall(b"?")
            try:
                return server.recv(1)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
        time.sleep(0.01)


def listen():
    """On a free port of 127.0.0.1; what is accepted inherits the option."""
    sock = TimedSocket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    wait_for_times(sock)
    return sock


def arrived_ns(writer):
    """Of the latest bytes that were read from the connection of an asyncio.StreamWriter."""
    return TimedSocket.accepted[writer.get_extra_info("socket").fileno()].arrived_ns
