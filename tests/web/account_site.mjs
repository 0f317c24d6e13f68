// SPDX-License-Identifier: Apache-2.0
// A site behind a log-in, over HTTP/1.1 and, with a folder that holds site.key and site.pem, over TLS with HTTP/2:
// node account_site.mjs [FOLDER] prints a JSON line of its addresses. Who has the cookie sid=$ACCOUNT_SID is in. Each line of
// seen.txt is a request as it came: method, path, cookies, X-XSRF-TOKEN.
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import crypto from 'node:crypto';

const sid = process.env.ACCOUNT_SID;
const cookies = request => Object.fromEntries((request.headers.cookie ?? '').split('; ').filter(Boolean)
  .map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
const html = text => [200, { 'content-type': 'text/html; charset=utf-8' }, text];

const account = `<!doctype html><title>Account</title><h1>Account of buyer-7</h1><img src="/logo.png"><p id=api>asking
<script>
const token = decodeURIComponent((document.cookie.match(/xsrf=([^;]*)/) || [])[1] || '');
fetch('/api', { method: 'POST', headers: { 'X-XSRF-TOKEN': token }, body: 'q=1' }).then(r => r.text())
  .then(text => document.querySelector('#api').textContent = text);
new WebSocket(location.origin.replace('http', 'ws') + '/socket');
</script>`;
const pages = {
  '/account': () => html(account),
  '/api': () => [200, { 'content-type': 'text/plain' }, 'the answer'],
  '/logo.png': () => [404, {}, ''],
  '/rolls': () => { const answer = html('<title>Rolls</title>rolled'); answer[1]['set-cookie'] = `sid=${sid}; Path=/`; return answer; },
  '/copies': () => html(`<title>Copies</title><input id=t><p hidden id=h></p><script>
    const value = (document.cookie.match(/xsrf=([^;]*)/) || [])[1]; t.setAttribute('value', value);</script>`),
};

function answer(request, response) {
  const path = request.url.split('?')[0], sent = cookies(request);
  fs.appendFileSync('seen.txt', `${request.method} ${request.url} ${request.headers.cookie ?? '-'} ${request.headers['x-xsrf-token'] ?? '-'}\n`);
  if (path === '/log-in') {
    response.writeHead(302, { 'set-cookie': [`sid=${sid}; Path=/; HttpOnly; SameSite=Lax`, 'seen=1; Path=/'], location: '/account' });
    return response.end();
  }
  if (path === '/') {
    response.writeHead(200, { 'content-type': 'text/html' });
    return response.end('<title>Entrance</title><form action=/log-in><button id=go style="width:600px;height:400px">in</button></form>');
  }
  if (sent.sid !== sid) {
    response.writeHead(403, { 'content-type': 'text/html' });
    return response.end('<title>Denied</title>denied');
  }
  const [status, fields, body] = (pages[path] ?? (() => [404, {}, 'none']))();
  response.writeHead(status, fields);
  response.end(body);
}

// RFC 6455 4.2.2; one message, and a close.
function upgrade(request, socket) {
  fs.appendFileSync('seen.txt', `UPGRADE ${request.url} ${request.headers.cookie ?? '-'} -\n`);
  const accept = crypto.createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  socket.end(Buffer.from([0x81, 0x02, 0x68, 0x69, 0x88, 0x00]));
  socket.on('error', () => {});
}

const started = [];
const listen = (server, scheme) => started.push(new Promise(resolve => {
  server.on('upgrade', upgrade);
  server.listen(0, '127.0.0.1', () => resolve([scheme, server.address().port]));
}));
listen(http.createServer(answer), 'http');
const folder = process.argv[2];
if (folder) {
  const key = fs.readFileSync(`${folder}/site.key`), cert = fs.readFileSync(`${folder}/site.pem`);
  listen(http2.createSecureServer({ key, cert, allowHTTP1: true }, answer), 'https');
}
console.log(JSON.stringify(Object.fromEntries(await Promise.all(started))));
