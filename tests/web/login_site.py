#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A shop behind a log-in, for sessions: python3 login_site.py prints its port; what is posted goes to posted.txt."""
import http.server

ENTRANCE = '''<title>Entrance</title><h1>Log in</h1>
<form method=post action=/login>
<input id=user name=user value=old><input id=password name=password type=password>
<select id=size name=size><option value=s>small<option disabled>none<option value=l>large</select>
<button id=go>in</button></form>
<p id=trust>untouched
<script>
const seen = {};
for (const name of ['click', 'keydown', 'input', 'change'])
  document.addEventListener(name, event => {
    seen[name] = (seen[name] ?? true) && event.isTrusted;
    document.querySelector('#trust').textContent = JSON.stringify(seen);
  }, true);
document.querySelector('form').addEventListener('submit', event => {
  document.cookie = 'trust=' + encodeURIComponent(document.querySelector('#trust').textContent);
});
</script>'''
ORDERS = '''<title>Orders</title><h1>Orders of buyer-7</h1><p id=trust></p>
<a id=popup href=/detail target=_blank>in a new window</a> <a id=in-page href=#part>within the page</a>
<button id=covered>covered</button>
<div style="position:fixed;left:0;top:300px;width:100%;height:100px;background:#eee" id=cover>banner</div>
<button id=off disabled>off</button><button id=hidden style="display:none">hidden</button>
<button id=late onclick="setTimeout(() => { const e = document.createElement('p'); e.id = 'came'; e.textContent = 'it came'; document.body.append(e); }, 700)">late</button>
<div style="height:3000px"></div>
<form method=post action=/upload enctype=multipart/form-data><input type=file id=file name=file><button id=send>send</button></form>
<p id=part>the end of the page
<script>
document.querySelector('#trust').textContent = decodeURIComponent((document.cookie.match(/trust=([^;]*)/) || [])[1]);
document.querySelector('#covered').style.cssText = 'position:fixed;left:100px;top:320px';
</script>'''

# A form that stands in frames: on the page's own site, on another one, and on the first again inside of that.
PAY = '''<title>Pay</title><p style="margin:900px 0 0 700px">pay %(name)s</p>
<div style="margin-left:700px"><input id=card><input id=pin type=password>
<select id=size><option value=s>small<option value=l>large</select><input type=file id=file><button id=go>pay</button><p id=done></p></div>
<script>
let trusted = true;
for (const name of ['click', 'keydown', 'input', 'change'])
  document.addEventListener(name, event => trusted &&= event.isTrusted, true);
go.onclick = () => fetch('/paid/%(name)s?card=' + card.value + '&pin=' + pin.value + '&size=' + size.value + '&file=' + file.files.length
  + '&trusted=' + trusted, { method: 'POST' }).then(() => done.textContent = 'paid by %(name)s');
</script>'''
FRAMES = '''<title>Frames</title><body style="margin:0"><div style="height:1500px">above</div>
<iframe id=same src=/pay/same style="border:9px solid;padding:13px;width:600px;height:300px"></iframe>
<div style="height:1200px">between</div>
<iframe name=other src="http://localhost:%(port)d/outer" style="width:600px;height:300px;border:3px solid"></iframe>
<iframe id=small src=/pay/small style="width:600px;height:300px;transform:scale(.5)"></iframe>
<iframe id=under src=/pay/under style="width:600px;height:300px"></iframe>
<div style="position:relative;top:-305px;width:610px;height:310px;background:#eee" id=lid>lid</div>'''
OUTER = '''<title>Outer</title><p style="height:700px">outer</p><input id=own>
<iframe id=inner src="http://127.0.0.1:%(port)d/pay/inner" style="margin-left:500px;width:500px;height:250px;padding:4px"></iframe>'''


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def answer(self, text, status=200, *fields):
        body = text.encode()
        self.send_response(status)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split('?')[0]
        if path == '/':
            self.answer(ENTRANCE)
        elif path == '/orders':
            is_in = 'sid=7' in (self.headers.get('Cookie') or '')
            self.answer(ORDERS if is_in else '<title>No</title>denied', 200 if is_in else 403)
        elif path == '/detail':
            self.answer('<title>Detail</title><p>contract 42')
        elif path.startswith('/pay/'):
            self.answer(PAY % {'name': path[5:]})
        elif path in ('/frames', '/outer'):
            self.answer((FRAMES if path == '/frames' else OUTER) % {'port': self.server.server_address[1]})
        elif path == '/reflects':
            self.answer('<title>Reflects</title><form><input type=password id=p></form><script>'
                        'p.oninput = () => p.setAttribute("value", p.value)</script>')
        else:
            self.answer('none', 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'] or 0))
        with open('posted.txt', 'ab') as posted:
            posted.write(self.path.encode() + b' ' + body + b'\n')
        if self.path == '/login':
            self.answer('moved', 302, ('Location', '/orders'), ('Set-Cookie', 'sid=7'))
        else:
            self.answer('<title>Thanks</title><h1>got %d bytes</h1>' % len(body))


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64


server = Server(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
