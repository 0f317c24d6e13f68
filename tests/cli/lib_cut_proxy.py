# SPDX-License-Identifier: Apache-2.0
"""lib_cut_proxy.py PORT BYTES: stands between a client and the server on PORT of loopback; behind so many bytes of the server's
the connection ends. Prints the port to be used. With a socket's path in place of PORT it goes there."""
import socket, sys, threading

target, left = sys.argv[1], int(sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)


def to_server(client, server):
    try:
        while data := client.recv(65536):
            server.sendall(data)
    except OSError:
        pass


while True:
    client, _ = listener.accept()
    if target.isdigit():
        server = socket.create_connection(("127.0.0.1", int(target)))
    else:
        server = socket.socket(socket.AF_UNIX)
        server.connect(target)
    threading.Thread(target=to_server, args=(client, server), daemon=True).start()
    while left > 0 and (data := server.recv(min(left, 65536))):
        left -= len(data)
        client.sendall(data)
    for end in (client, server):
        end.shutdown(socket.SHUT_RDWR)
        end.close()
