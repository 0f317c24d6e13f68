#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints of real web captures: the sample shop, and an address that cannot be opened.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

capture() {
  "$axev" capture web "$@" --ledger L --case "$AXEV_SOURCE_ROOT/doc/examples/case-facts.json" --json | member id
}
flat() { pdftotext "$1" - | tr -d ' \n\f'; }
says() { check "$1" grep -qF -- "$3" "$2"; }

check "init" "$axev" init L --origin test.example/log
python3 -u -m http.server --bind 127.0.0.1 --directory "$AXEV_SOURCE_ROOT/share/samples/shop" 0 >said 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 100); do
  url=$(sed -n 's/.*(\(http:[^)]*\)).*/\1/p' said)
  [ -z "$url" ] || break
  sleep 0.1
done

id=$(capture "$url")
check "print the shop" "$axev" print "$id" --ledger L -o shop.pdf
check "once more" "$axev" print "$id" --ledger L -o again.pdf
check "the same bytes" cmp shop.pdf again.pdf
check "qpdf finds it whole" qpdf --check shop.pdf
flat shop.pdf >shop.txt
says "the address is there" shop.txt "$url"
says "the title is there" shop.txt '山间茶铺'
says "the status is there" shop.txt 'HTTP状态码'
says "what it showed as text" shop.txt '全国销量第一'
says "no TLS is not made up" shop.txt '未记录TLS连接'
says "the screenshot's rows" shop.txt '像素行1至'
says "its method, in Chinese" shop.txt '由浏览器打开并显示网页'
says "its steps, in Chinese" shop.txt '收到主文档'
check "nobody calls a connection safe" sh -c '! grep -q 安全 shop.txt'
"$axev" export "$id" --ledger L -o shop.asice >/dev/null
unzip -q -p shop.asice data/packages/0001.asice >package.asice
unzip -q -p package.asice data/screenshot.png >shot.png
check "the screenshot's digest" grep -q "$(sha256sum <shot.png | cut -c 1-64)" shop.txt
check "its pixels, each row once" sh -c 'pdfimages shop.pdf rows && python3 - <<PY
import glob, struct
width, height = struct.unpack(">II", open("shot.png", "rb").read(24)[16:])
sizes = [tuple(map(int, open(path, "rb").read(30).split(b"\n")[1].split())) for path in sorted(glob.glob("rows-*.ppm"))]
assert all(size[0] == width for size in sizes), sizes
assert sum(size[1] for size in sizes) - 24 * (len(sizes) - 1) == height, (sizes, height)
PY'

id=$(capture http://nothing.invalid/ --record-failure)
check "print what could not be opened" "$axev" print "$id" --ledger L -o gone.pdf --form web
flat gone.pdf >gone.txt
says "it says what was observed" gone.txt '未能取得页面'
says "in the browser's words" gone.txt 'net::ERR_'
says "and no more" gone.txt '不说明该网址在其他时间、其他地点能否打开'
says "that there is no screenshot" gone.txt '证据包中没有截图'
check "a page that never came is not called complete" sh -c '! grep -q 提取内容完整 gone.txt'
conclude
