# SPDX-License-Identifier: Apache-2.0
"""The site: what is answered to which request. Deliberately odd, and the same in every run."""
import asyncio
import gzip
import json

import brotli

import truth_pages as pages
from truth_media import pdf, png, wav
from truth_message import Answer, answer

HTML = "text/html; charset=utf-8"
TONE = wav(2)
ETAG = b'"truth-1"'


def html(text, *fields, **more):
    return answer(200, HTML, text, *fields, **more)


def plain(text, status=200):
    return answer(status, "text/plain; charset=utf-8", text)


def shop(request):
    host, _, port = request.authority.rpartition(":")
    other = "localhost" if host == "127.0.0.1" else "127.0.0.1"
    return html(pages.shop(f"{request.scheme}://{other}:{port}"),
                (b"Set-Cookie", b"cart=1; Path=/"), (b"Set-Cookie", b"cart=1; Path=/"),
                (b"Set-Cookie", b"lang=en; Path=/"), (b"X-Odd", b"caf\xE9"))


def order(request):
    if request.method == "OPTIONS":
        return Answer(204, [(b"Allow", b"OPTIONS, POST")])
    if request.method != "POST":
        return plain("only POST\n", 405)
    return answer(201, "application/json", json.dumps({"bytes": len(request.body)}))


def cors(request):
    """The other site may be asked, once it has said so (Fetch, 3.2)."""
    origin = (b"Access-Control-Allow-Origin", request.field(b"origin") or b"*")
    if request.method == "OPTIONS":
        return Answer(204, [origin, (b"Access-Control-Allow-Methods", b"PUT"), (b"Access-Control-Max-Age", b"0"),
                            (b"Access-Control-Allow-Headers", b"content-type, x-evidence")])
    return answer(200, "text/plain", f"{request.method} of {len(request.body)} bytes", origin)


def etag(request):
    fields = [(b"ETag", ETAG), (b"Cache-Control", b"max-age=600")]
    if request.field(b"if-none-match") == ETAG:
        return Answer(304, fields)
    return Answer(200, [(b"Content-Type", b"text/plain")] + fields, b"this text has an entity tag\n")


def tone(request):
    """RFC 9110 14.2, one range of bytes."""
    value = request.field(b"range")
    fields = [(b"Accept-Ranges", b"bytes")]
    if value is None:
        return answer(200, "audio/wav", TONE, *fields)
    first, _, last = value.decode("ascii").removeprefix("bytes=").partition("-")
    if not first.isdigit() or int(first) >= len(TONE):
        return answer(416, "text/plain", b"", (b"Content-Range", b"bytes */%d" % len(TONE)))
    begin, end = int(first), min(int(last) if last else len(TONE) - 1, len(TONE) - 1)
    return answer(206, "audio/wav", TONE[begin:end + 1], *fields,
                  (b"Content-Range", b"bytes %d-%d/%d" % (begin, end, len(TONE))))


async def three_events(request):
    for number in range(1, 4):
        yield b"id: %d\ndata: event %d\n\n" % (number, number)
        await asyncio.sleep(0.05)
    while not request.is_gone():
        await asyncio.sleep(0.05)


async def drip(request):
    yield b"<!doctype html><title>Slow</title><p>this page never ends"
    while not request.is_gone():
        await asyncio.sleep(0.2)
        yield b"."


def file_bytes(number):
    """64 KiB of a file that is nowhere the same."""
    return b"".join((number * 8192 + i).to_bytes(8, "big") for i in range(8192))


async def file_pieces(request, size):
    for number in range((size + 65535) // 65536):
        if request.is_gone():
            return
        yield file_bytes(number)[:size - 65536 * number]


def download(request):
    """/file?BYTES: any size, never in memory as a whole."""
    size = int(request.target.partition("?")[2] or 10240)
    return answer(200, "application/octet-stream", b"", (b"Content-Disposition", b'attachment; filename="evidence.bin"'),
                  pieces=file_pieces(request, size), length=size)


async def half(request):
    yield b"<!doctype html><title>Half</title><p>this page stalls in its middle"
    while not request.is_gone():
        await asyncio.sleep(0.05)


def redirect(status, target, body):
    return answer(status, HTML, pages.page("Moved", f"<p>{body}</p>"), (b"Location", target.encode()))


REDIRECTS = {
    "/redirect/1": (301, "/redirect/2", "first of three"),
    "/redirect/2": (302, "/redirect/3", "second of three"),
    "/redirect/3": (307, "/landing", "third of three"),
    "/loop/a": (302, "/loop/b", "around"),
    "/loop/b": (302, "/loop/a", "and around"),
}

PICTURES = {
    "/red.png": png(40, 40, 220, 20, 20),
    "/lazy.png": png(20, 20, 20, 160, 20),
    "/shadow.png": png(16, 16, 20, 20, 160),
    "/frame.png": png(16, 16, 160, 160, 20),
    "/srcdoc.png": png(16, 16, 20, 160, 160),
    "/background.png": png(8, 8, 230, 230, 250),
    "/favicon.ico": png(16, 16, 120, 20, 120),
}

LONG_TEXT = "".join(f"line {number} of a page that is worth compressing\n" for number in range(400))

PAGES = {
    "/": shop,
    "/shop.css": lambda request: answer(200, "text/css", pages.SHOP_CSS),
    "/shop.js": lambda request: answer(200, "text/javascript", pages.SHOP_JS),
    "/worker.js": lambda request: answer(200, "text/javascript", pages.WORKER_JS),
    "/sw.js": lambda request: answer(200, "text/javascript", pages.SERVICE_WORKER_JS),
    "/from-worker": lambda request: plain("fetched by the worker"),
    "/from-sw-install": lambda request: plain("fetched by the service worker when installed"),
    "/from-sw-fetch": lambda request: plain("fetched by the service worker"),
    "/frame": lambda request: html(pages.FRAME),
    "/api/order": order,
    "/api/cors": cors,
    "/api/refused": lambda request: Answer(204),
    "/beacon": lambda request: Answer(204),
    "/empty": lambda request: Answer(204, [(b"X-Empty", b"")]),
    "/missing": lambda request: answer(404, HTML, pages.page("Missing", "<p>there is no such page</p>")),
    "/broken": lambda request: answer(500, HTML, pages.page("Broken", "<p>the shop is broken</p>")),
    "/etag": etag,
    "/tone.wav": tone,
    "/media": lambda request: html(pages.MEDIA),
    "/odd": lambda request: html(pages.page("Odd", "<p>odd fields</p>"), (b"X-Odd", b"caf\xE9"),
                                 (b"X-Odd", b"\xB0C, \xC3\xA9"), (b"X-Empty", b"")),
    "/gzip": lambda request: answer(200, "text/plain; charset=utf-8", gzip.compress(LONG_TEXT.encode(), mtime=0),
                                    (b"Content-Encoding", b"gzip"), is_chunked=True),
    "/brotli": lambda request: answer(200, "text/plain; charset=utf-8", brotli.compress(LONG_TEXT.encode()),
                                      (b"Content-Encoding", b"br")),
    "/padded": lambda request: answer(200, "text/plain; charset=utf-8", LONG_TEXT, padding=100),
    "/long-field": lambda request: html(pages.page("Long", "<p>a long field</p>"),
                                        (b"X-Long", b"".join(b"%x" % (i * 7919) for i in range(6000)))),
    "/early": lambda request: html(pages.page("Early", "<p>hinted early</p>"),
                                   interim=[(103, [(b"Link", b"</shop.css>; rel=preload; as=style")])]),
    "/trailers": lambda request: answer(200, "text/plain; charset=utf-8", "a body with trailers\n", is_chunked=True,
                                        trailers=[(b"x-sum", b"1"), (b"x-sum", b"1")]),
    "/until-close": lambda request: answer(200, "text/plain; charset=utf-8", "ended by closing\n", is_until_close=True),
    "/landing": lambda request: html(pages.page("Landing", "<p>where the redirects end</p>")),
    "/events-page": lambda request: html(pages.EVENTS),
    "/events": lambda request: answer(200, "text/event-stream", b"", pieces=three_events(request)),
    "/slow": lambda request: answer(200, HTML, b"", pieces=drip(request)),
    "/download": lambda request: answer(200, "application/octet-stream", bytes(range(256)) * 40,
                                        (b"Content-Disposition", b'attachment; filename="evidence.bin"')),
    "/file": download,
    "/download-page": lambda request: html(pages.DOWNLOADS),
    "/half": lambda request: answer(200, HTML, b"", pieces=half(request)),
    "/pdf-page": lambda request: html(pages.PDF_FRAME),
    "/report.pdf": lambda request: answer(200, "application/pdf", pdf("A report in PDF, shown inline")),
    "/tall": lambda request: html(pages.TALL),
    "/dialogs": lambda request: html(pages.DIALOGS),
    "/popup": lambda request: html(pages.POPUP),
    "/gbk": lambda request: answer(200, "text/html; charset=GBK", pages.GBK.encode("gbk")),
    "/control-title": lambda request: html(pages.CONTROL_TITLE),
}


class Site:
    def answer(self, request):
        path = request.path
        if path in REDIRECTS:
            return redirect(*REDIRECTS[path])
        if path in PICTURES:
            return answer(200, "image/png", PICTURES[path])
        return PAGES.get(path, PAGES["/missing"])(request)
