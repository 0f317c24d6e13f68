#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pages that a rendering has to get right, on two sites: 127.0.0.1 and localhost are another origin and another site.

render_site.py ASKED: serves until it is killed, prints the port, and writes each path that was asked for to ASKED."""
import http.server
import json
import os
import struct
import sys

import time
import zlib

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'pages')
asked = open(sys.argv[1], 'a', buffering=1)


def png(width, height, colour):
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    row = b'\0' + bytes(colour) * width
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(row * height)) + chunk(b'IEND', b''))


def colour_of(number):
    return (number * 37) % 256, (number * 91) % 256, (number * 151) % 256


# 400 bands of 100 rows, each of a colour that follows from its number, under a header that stays.
TALL = '<!DOCTYPE html><title>tall</title><style>body{margin:0}div{height:100px}header{position:fixed;top:0;left:0;' \
    'width:100%%;height:50px;background:rgb(1,2,3)}</style><header></header>%s' % ''.join(
        '<div style="background:rgb(%d,%d,%d)"></div>' % colour_of(i) for i in range(400))
LAZY = '<!DOCTYPE html><title>lazy</title>' + ''.join(
    '<div style="height:3000px"><img loading="lazy" src="/picture/%d" width="20" height="20"></div>' % i
    for i in range(8)) + '''<p id="end">not seen</p><script>
new IntersectionObserver((entries, observer) => { if (entries[0].isIntersecting) {
  observer.disconnect(); fetch("/seen").then((r) => r.text()).then((t) => { document.getElementById("end").textContent = t; });
} }).observe(document.getElementById("end"));</script>'''
ENDLESS = '''<!DOCTYPE html><title>endless</title><style>p{height:400px;margin:0}</style><div id="list"></div><script>
let n = 0; const list = document.getElementById("list");
const more = () => { for (let i = 0; i < 10; i++) { const p = document.createElement("p"); p.textContent = n++; list.append(p); } };
more(); addEventListener("scroll", () => { if (scrollY + innerHeight > document.documentElement.scrollHeight - 500) more(); });
</script>'''
# One screen when its load event comes, and long a moment later, without a request in between.
LATE = '''<!DOCTYPE html><title>late</title><p>short</p><script>
addEventListener("load", () => setTimeout(() => {
  document.body.insertAdjacentHTML("beforeend",
    '<div style="height:6000px"></div><img loading="lazy" src="/picture/90" width="20" height="20"><p>long</p>');
}, 350)); </script>'''
# The document itself does not scroll; a list that fills the window does, and gets more when its end is seen.
INSIDE = '''<!DOCTYPE html><title>inside</title><style>html,body{margin:0;height:100%;overflow:hidden}
#list{height:100%;overflow-y:auto}p{height:2000px;margin:0}</style><div id="list"><p>one</p><p>two</p>
<img loading="lazy" src="/picture/91" width="20" height="20"></div><script>
const list = document.getElementById("list"); let n = 0;
list.addEventListener("scroll", () => { if (list.scrollTop + list.clientHeight > list.scrollHeight - 100 && n++ < 2)
  setTimeout(() => list.insertAdjacentHTML("beforeend", "<p>more " + n + "</p>"), 150); }); </script>'''
MOVING = '''<!DOCTYPE html><title>moving</title><div id="a">a</div><script>
let h = 100; setInterval(() => { h = h > 2000 ? 100 : h + 50; document.getElementById("a").style.height = h + "px"; }, 100);
</script>'''
HELD = '''<!DOCTYPE html><title>held</title><div style="height:5000px">held</div><script>
addEventListener("scroll", () => scrollTo(0, 0)); </script>'''
WHO = '''<!DOCTYPE html><meta name="viewport" content="width=device-width"><title>who</title><pre style="white-space:pre-wrap;word-break:break-all" id="out"></pre><script>
document.getElementById("out").textContent = JSON.stringify({agent: navigator.userAgent, width: innerWidth, ratio: devicePixelRatio,
  touch: navigator.maxTouchPoints, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, mobile: navigator.userAgentData?.mobile,
  coarse: matchMedia("(pointer: coarse)").matches});</script>
<iframe src="//localhost:%PORT%/who-frame"></iframe>'''
STALL = '<!DOCTYPE html><title>stall</title><p>waiting</p><script src="/never"></script>'
LEAVING = '''<!DOCTYPE html><title>leaving</title><p>a frame that goes and comes</p><script>
setInterval(() => { document.querySelector("iframe")?.remove(); const f = document.createElement("iframe");
  f.src = "//localhost:%PORT%/who-frame"; document.body.append(f); }, 300);</script>'''
FIXED = {'/tall': TALL, '/lazy': LAZY, '/late': LATE, '/inside': INSIDE, '/endless': ENDLESS, '/moving': MOVING, '/held': HELD, '/who': WHO, '/stall': STALL,
         '/leaving': LEAVING,
         '/who-frame': '<!DOCTYPE html><p id="o"></p><script>document.getElementById("o").textContent = "FRAME " + navigator.userAgent + " " +'
                       ' Intl.DateTimeFormat().resolvedOptions().timeZone</script>'}
TYPES = {'.html': 'text/html; charset=utf-8', '.json': 'application/json', '.css': 'text/css', '.js': 'text/javascript'}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def answer(self, kind, body, status=200):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.send_header('Access-Control-Allow-Origin', '*')
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split('?')[0]
        asked.write(json.dumps({'path': path, 'agent': self.headers.get('User-Agent'),
                                'mobile': self.headers.get('Sec-CH-UA-Mobile')}) + '\n')
        if path == '/never':
            time.sleep(600)
        if path.startswith('/picture/'):
            return self.answer('image/png', png(20, 20, colour_of(int(path.split('/')[2]))))
        if path == '/seen':
            return self.answer('text/plain', b'the end was seen')
        port = str(self.server.server_address[1])
        if path in FIXED:
            return self.answer(TYPES['.html'], FIXED[path].replace('%PORT%', port).encode())
        file = os.path.join(PAGES, os.path.basename(path))
        if path.startswith('/pages/') and os.path.isfile(file):
            body = open(file, 'rb').read().replace(b'%PORT%', port.encode())
            return self.answer(TYPES.get(os.path.splitext(file)[1], 'application/octet-stream'), body)
        return self.answer('text/plain', b'not here', 404)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True


server = Server(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)

server.serve_forever()
