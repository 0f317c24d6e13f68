#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pages that show who runs them, well and badly. The port on standard output; what was asked for, a line each, into ASKED."""
import http.server
import sys

PAGES = {
    '/shop': ('''<!doctype html><meta charset=utf-8><title>山间茶铺 - 首页</title><h1>山间茶铺</h1><p>铁观音</p>
<iframe src="/frame" width=400 height=80></iframe><div id=host></div>
<footer><a href="licence?token=%E7%85%A7"><img alt="电子营业执照亮照" src="/picture.png" width=30 height=30></a>
<p>版权所有 <a href="https://beian.miit.gov.cn/" rel=nofollow><span>闽ICP备</span>２０２６０００００１号</a>－１
<a href="https://beian.mps.gov.cn/#/query"><img src="/police.png" width=16 height=16>闽公网安备 35052402000001号</a></p></footer>
<script>document.getElementById('host').attachShadow({mode:'closed'}).innerHTML='<p>粤B2-20090059</p>'</script>''', 200),
    '/frame': ('<meta charset=utf-8><p>统一社会信用代码：913505240000000016</p>', 200),
    '/licence': ('''<!doctype html><meta charset=utf-8><title>营业执照信息</title><h1>营业执照</h1>
<table><tr><td>企业名称</td><td>安溪县山间茶铺商贸有限公司</td></tr>
<tr><td>统一社会信用代码</td><td>CODE</td></tr><tr><td>法定代表人</td><td>某某</td></tr></table>''', 200),
    '/none': ('<!doctype html><meta charset=utf-8><title>空</title><p>没有公示的页面。ICP备案请自查；注册号 。</p>', 200),
    '/gone': ('''<!doctype html><meta charset=utf-8><title>链接已坏</title><a href="/missing">营业执照</a>
<a href="javascript:alert(1)">亮照</a><a href="http://127.0.0.1:9/licence">电子执照</a><a href="/licence">证照信息</a>''', 200),
    '/hostile': ('''<!doctype html><meta charset=utf-8><title>难</title><script>
const words = ['闽ICP备', '注册号', '企业名称：', '信用代码', '闽公网安备 1', 'iiiiiiii', '执照', 'B2-'];
document.write(words.map(w => '<p style="height:1em;overflow:hidden">' + w.repeat(500) + '</p>').join(''));
let inner = document.body; for (let i = 0; i < 100; i++) { const a = document.createElement('a'); a.href = '/x' + i; inner.append(a); inner = a; }
inner.textContent = '亮照';
document.write('<p>闽ICP备12345678号</p>'.repeat(100));
Object.defineProperty(window, 'URL', { value: function () { return { href: 'http://attacker.invalid/' }; } });
decodeURIComponent = () => 'http://attacker.invalid/';
</script>''', 200),
}


def main():
    asked = open(sys.argv[1], 'a', buffering=1)
    code = sys.argv[2]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.write(self.path + '\n')
            body, status = PAGES.get(self.path.split('?')[0], ('<title>404</title>nothing', 404))
            body = body.replace('CODE', code).encode()
            self.send_response(status)
            self.send_header('Content-Type', 'text/html; charset=utf-8')
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


main()
