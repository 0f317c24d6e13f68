#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A time-stamp authority run by `openssl ts -reply`, one path for each way of being wrong.

usage: lib_lying_tsa.py FOLDER   (tsa.cnf and certificates stand there; prints the port)
"""
import http.server
import os
import subprocess
import sys

folder = sys.argv[1]


def reply(query: bytes, section: str) -> bytes:
    with open(f'{folder}/q.tsq', 'wb') as out:
        out.write(query)
    subprocess.run(['openssl', 'ts', '-reply', '-config', f'{folder}/tsa.cnf', '-section', section,
                    '-queryfile', f'{folder}/q.tsq', '-out', f'{folder}/r.tsr'],
                   check=True, stderr=subprocess.DEVNULL)
    with open(f'{folder}/r.tsr', 'rb') as answer:
        return answer.read()


def without_nonce(query: bytes) -> bytes:
    """The INTEGER behind the imprint, and its ten octets in the length of the whole."""
    at = query.index(b'\x02\x08', query.index(b'\x04\x20') + 34)
    return bytes([query[0], query[1] - 10]) + query[2:at] + query[at + 10:]


def with_status(answer: bytes, status: int) -> bytes:
    at = answer.index(b'\x30\x03\x02\x01\x00') + 4
    return answer[:at] + bytes([status]) + answer[at + 1:]


def changed(query: bytes, at: int) -> bytes:
    return query[:at] + bytes([query[at] ^ 1]) + query[at + 1:]


class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        query = self.rfile.read(int(self.headers['Content-Length']))
        way = self.path.strip('/')
        if way == 'wrong-imprint':  # the 32 octets behind "04 20"
            body = reply(changed(query, query.index(b'\x04\x20') + 2), 'good')
        elif way == 'wrong-nonce':  # the 8 octets of the INTEGER that follows the imprint
            body = reply(changed(query, query.index(b'\x02\x08', query.index(b'\x04\x20') + 34) + 9), 'good')
        elif way == 'no-nonce':
            body = reply(without_nonce(query), 'good')
        elif way.startswith('status-'):  # a good token, but not granted
            body = with_status(reply(query, 'good'), int(way[7:]))
        elif way == 'garbage':
            body = b'<html>please log in</html>'
        elif way == 'trailing':
            body = reply(query, 'good') + b'\0'
        elif way == 'status':
            body = bytes.fromhex('30053003020102')  # PKIStatus rejection
        elif way == 'flipped':
            body = changed(reply(query, 'good'), -20)
        else:
            body = reply(query, way)
        for kind, data in (('tsq', query), ('tsr', body)):
            with open(f'{folder}/{way}.{kind}', 'wb') as out:
                out.write(data)
        self.send_response(200)
        self.send_header('Content-Type', 'application/timestamp-reply')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


os.chdir(folder)
server = http.server.HTTPServer(('127.0.0.1', 0), Authority)
print(server.server_port, flush=True)
server.serve_forever()
