# SPDX-License-Identifier: Apache-2.0
"""Texts of the site. Each page says in words what it should show, so that a test can look for it."""
import base64

from truth_media import png

DATA_IMAGE = "data:image/png;base64," + base64.b64encode(png(12, 12, 200, 30, 30)).decode()


def page(title, body, head=""):
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>{head}</head>
<body>
{body}
</body>
</html>
"""


LINKS = [
    "/odd", "/gzip", "/brotli", "/padded", "/long-field", "/early", "/trailers", "/until-close", "/redirect/1", "/loop/a",
    "/events-page", "/download", "/report.pdf", "/tall", "/slow", "/dialogs", "/gbk", "/control-title", "/empty",
    "/missing", "/broken", "/media",
]


def shop(other_site):
    links = "\n".join(f'<li><a href="{link}">{link}</a></li>' for link in LINKS)
    return page("Truth shop", f"""
<h1>Counterfeit goods, 99.00</h1>
<div id="host"></div>
<div id="picture"><img src="/red.png" alt="red"><img src="{DATA_IMAGE}" alt="from a data URL"></div>
<iframe srcdoc="&lt;p&gt;text of the srcdoc frame&lt;/p&gt;&lt;img src='/srcdoc.png'&gt;"></iframe>
<iframe src="{other_site}/frame"></iframe>
<ul>{links}</ul>
<div style="height: 9000px">far down, a lazy picture</div>
<img src="/lazy.png" loading="lazy" width="20" height="20" alt="lazy">
<pre id="outcome"></pre>
<script src="/shop.js"></script>""", '<link rel="stylesheet" href="/shop.css">')


SHOP_CSS = "body { font-family: sans-serif; background: url(/background.png) no-repeat }\n"

# Every step notes its outcome in #outcome; data-done on <html> says that all are over.
SHOP_JS = """
const other = new URL(document.querySelector('iframe[src]').src).origin;
const outcome = document.getElementById('outcome');
const note = (name, value) => { outcome.textContent += name + ': ' + value + '\\n'; };
document.getElementById('host').attachShadow({ mode: 'closed' }).innerHTML =
  '<p>text in a closed shadow root</p><img src="/shadow.png">';

const once = (target, name) => new Promise((resolve, reject) => {
  target.addEventListener(name, resolve, { once: true });
  target.addEventListener('error', () => reject(new Error('error instead of ' + name)), { once: true });
});
const steps = {
  async order() {
    const answer = await fetch('/api/order', { method: 'POST', body: 'x'.repeat(200000) });
    return (await answer.json()).bytes;
  },
  async head() { return (await fetch('/red.png', { method: 'HEAD' })).status; },
  async options() { return (await fetch('/api/order', { method: 'OPTIONS' })).status; },
  async range() {
    const answer = await fetch('/tone.wav', { headers: { Range: 'bytes=100-299' } });
    return answer.status + ' ' + (await answer.arrayBuffer()).byteLength;
  },
  async other_range() {
    const answer = await fetch('/tone.wav', { headers: { Range: 'bytes=1000-' } });
    return answer.status + ' ' + answer.headers.get('Content-Range').split('/')[0] + ' ' + (await answer.arrayBuffer()).byteLength;
  },
  async forms() {
    const form = new FormData();
    form.append('price', '99.00');
    form.append('scan', new Blob([new Uint8Array(256).map((_, i) => i)]), '扫描.bin');
    const bodies = [form, new URLSearchParams({ goods: '假货', count: 2 }), new Uint8Array([0, 13, 10, 255]), ''];
    const said = [];
    for (const body of bodies)
      said.push((await (await fetch('/api/order', { method: 'POST', body })).json()).bytes > 0);
    return said.join(' ');
  },
  async cors() {
    const answer = await fetch(other + '/api/cors?preflighted', {
      method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-Evidence': '1' }, body: '{"price":"99.00"}',
    });
    return answer.status + ' ' + await answer.text();
  },
  async cors_refused() {
    return await fetch(other + '/api/refused', { method: 'DELETE' }).then(() => 'not refused', error => error.name);
  },
  async etag() {
    await (await fetch('/etag')).text();
    return (await (await fetch('/etag', { cache: 'no-cache' })).text()).length;
  },
  async missing() { return (await fetch('/missing')).status; },
  async broken() { return (await fetch('/broken')).status; },
  async empty() { return (await fetch('/empty')).status; },
  async compressed() {
    return (await (await fetch('/gzip')).text()).length + ' ' + (await (await fetch('/brotli')).text()).length;
  },
  async redirected() { return (await fetch('/redirect/1')).url.endsWith('/landing'); },
  async beacon() {
    return [navigator.sendBeacon('/beacon', 'leaving'), navigator.sendBeacon('/beacon?typed', new Blob([new Uint8Array([0, 255])],
      { type: 'text/plain' }))].join(' ');
  },
  async worker() {
    const worker = new Worker('/worker.js');
    return (await once(worker, 'message')).data;
  },
  async service_worker() {
    if (!navigator.serviceWorker) return 'not offered';
    await navigator.serviceWorker.register('/sw.js');
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await once(navigator.serviceWorker, 'controllerchange');
    return (await (await fetch('/made-by-sw')).text()) + ' ' + (await (await fetch('/through-sw')).text());
  },
  async websocket() {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/socket');
    await once(socket, 'open');
    socket.send('echo me');
    const data = (await once(socket, 'message')).data;
    socket.close();
    return data;
  },
  async websocket_deflate() {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/socket?deflate');
    socket.binaryType = 'arraybuffer';
    await once(socket, 'open');
    let said = '';
    for (const word of ['a text that is worth compressing, '.repeat(40), '价格 99.00 元', 'in fragments',
                        new Uint8Array([0, 1, 2, 255]), 'y'.repeat(70000)]) {
      socket.send(word);
      const data = (await once(socket, 'message')).data;
      said += ' ' + (data.length ?? data.byteLength);
    }
    socket.send('close');
    const end = await once(socket, 'close');
    return said + ' ' + end.code + ' ' + end.reason;
  },
};
(async () => {
  for (const [name, step] of Object.entries(steps)) {
    try { note(name, await step()); } catch (error) { note(name, 'failed, ' + error); }
  }
  document.documentElement.dataset.done = 'yes';
})();
"""

WORKER_JS = "fetch('/from-worker').then(a => a.text()).then(text => postMessage(text));\n"

SERVICE_WORKER_JS = """
self.addEventListener('install', event => event.waitUntil(
  fetch('/from-sw-install').then(answer => answer.text()).then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', event => {
  const path = new URL(event.request.url).pathname;
  if (path === '/made-by-sw') event.respondWith(new Response('made in the service worker'));
  if (path === '/through-sw') event.respondWith(fetch('/from-sw-fetch'));
});
"""

FRAME = page("Frame", '<p>text of the cross-site frame</p><img src="/frame.png" alt="frame">')

EVENTS = page("Events", """
<ol id="events"></ol>
<script>
const list = document.getElementById('events');
new EventSource('/events').onmessage = event => {
  list.appendChild(document.createElement('li')).textContent = event.data;
};
</script>""")

DOWNLOADS = page("Downloads", """
<a id="file" href="/file?3000000" download>a file</a><a id="made" download="made.txt">made by the page</a>
<script>
document.getElementById('made').href = URL.createObjectURL(new Blob(['made by the page itself']));
document.getElementById('file').click();
setTimeout(() => document.getElementById('made').click(), 200);
</script>""")

PDF_FRAME = page("Report in a frame", '<iframe src="/report.pdf" width="600" height="400"></iframe><p>text beside the report</p>')

TALL = page("Tall", """
<header>fixed header</header>
<div class="rule"><p>top of 40000 px</p><p class="end">bottom of 40000 px</p></div>""", """
<style>
body { margin: 0 }
header { position: fixed; top: 0; width: 100%; height: 40px; background: #36c; color: #fff }
.rule { position: relative; height: 40000px; padding-top: 60px; box-sizing: border-box;
  background: repeating-linear-gradient(#fff 0 500px, #eee 500px 1000px) }
.end { position: absolute; bottom: 0 }
</style>""")

DIALOGS = page("Dialogs", """
<p id="said">nothing yet</p>
<button id="open" onclick="window.open('/popup', '_blank')">open the popup, which browsers allow upon a click</button>
<script>
window.open('/popup', '_blank');
setTimeout(() => {
  alert('an alert that blocks the page');
  const agreed = confirm('a question');
  document.getElementById('said').textContent = 'answered: ' + agreed;
}, 100);
addEventListener('beforeunload', event => event.preventDefault());
</script>""")

POPUP = page("Popup", "<p>text of the popup</p>")

MEDIA = page("Media", '<audio src="/tone.wav" preload="auto" controls></audio>')

GBK = page("国标页面", "<p>本页以国标扩展码发送：电子数据取证</p>").replace("utf-8", "gbk")

CONTROL_TITLE = page("Bell \a, escape \x1b[31m, override \u202e txt.exe, line\nbreak, zero\u200bwidth &#1; end",
                     "<p>the title has control characters</p>")
