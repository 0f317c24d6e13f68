#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What other people's tools read in our prints: structure, text, fonts, the QR code; and the same bytes elsewhere.
set -euo pipefail

export probe=$AXEV_BUILD_ROOT/tests/print_probe
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
	echo "$1"
	exit 1
}
has() { grep -qF -- "$2" "$1" || fail "$1: expected '$2'"; }
lacks() { ! grep -qF -- "$2" "$1" || fail "$1: did not expect '$2'"; }

python3 - <<'PYTHON'
import base64, hashlib, json, struct, zlib

def png(width, height):
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            edge = y % 100 < 2 or x % 100 < 2
            rows += bytes((40, 40, 40)) if edge else bytes((255 - y * 90 // height, 235, 205 + x * 50 // width))
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    pixels = b''.join(rows[at + 1:at + 1 + width * 3] for at in range(0, len(rows), width * 3 + 1))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(bytes(rows), 9)) + chunk(b'IEND', b'')), pixels

def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()

shot, pixels = png(1280, 4000)
open('shot.png', 'wb').write(shot)
open('shot.rows', 'wb').write(pixels)
objects = [
    {'path': 'data/facts.json', 'media_type': 'application/json', 'bytes': '2310', 'sha256': digest('f'), 'role': 'facts'},
    {'path': 'data/page.wacz', 'name': 'page.wacz', 'media_type': 'application/wacz+zip', 'bytes': '4816302',
     'sha256': digest('w'), 'role': 'archive'},
    {'path': 'data/screenshot.png', 'name': 'screenshot.png', 'media_type': 'image/png', 'bytes': str(len(shot)),
     'sha256': hashlib.sha256(shot).hexdigest(), 'role': 'screenshot', 'observed': True,
     'how': 'picture of the whole page, made by the browser'},
] + [
    {'path': f'data/objects/{i:04d}.bin', 'name': f'商品图片_{i}_' + '很长的文件名' * 4 + '.jpg', 'media_type': 'image/jpeg',
     'bytes': str(1000 + i * 977), 'sha256': digest(str(i)), 'role': 'file', 'modified': '2026-11-20T01:02:03.000000000Z'}
    for i in range(40)
]
manifest = {
    'format': 'ax-evidence/1', 'kind': 'web', 'nonce': '00' * 16,
    'capture': {
        'started': '2026-11-24T08:00:00.000000000Z', 'finished': '2026-11-24T08:00:42.500000000Z',
        'clock': {'source': 'system clock', 'how': 'three NTP servers and a time-stamp authority compared',
                  'offset_ns': '-1234567', 'bound_ns': '25000000'},
        'method': 'page shown by a browser, bytes taken from its connections',
        'tool': {'name': 'axev', 'version': '0.1.0', 'binaries': [
            {'name': 'axev', 'sha256': digest('axev'), 'version': '0.1.0'},
            {'name': 'libax_evidence.so.0', 'sha256': digest('lib'), 'version': '0.1.0'}]},
        'target': 'https://shop.example.cn/item/421?from=search&keyword=%E8%8C%B6%E5%8F%B6',
        'session': '0f' * 16,
        'steps': [
            {'time': '2026-11-24T08:00:01.000000000Z', 'action': '清洁性检查', 'result': '通过'},
            {'time': '2026-11-24T08:00:12.250000000Z', 'action': 'navigate', 'result': 'document received'},
            {'time': '2026-11-24T08:00:14.250000000Z', 'action': 'rest', 'result': 'no traffic for 500 ms'},
            {'time': '2026-11-24T08:00:30.100000000Z', 'action': '截图', 'result': '1280 × 4000 像素'},
            {'time': '2026-11-24T08:00:41.000000000Z', 'action': '再次清洁性检查', 'result': '与提取前一致'}]},
    'facts': {'root': digest('root'), 'records': 5, 'path': 'data/facts.json'},
    'source': {
        'url': 'https://shop.example.cn/item/421?from=search&keyword=%E8%8C%B6%E5%8F%B6',
        'final_url': 'https://shop.example.cn/item/421', 'title': '安溪铁观音特级茶叶 - 示例网店', 'status': 200,
        'remote_address': '203.0.113.7', 'remote_port': 443, 'protocol': 'h2', 'media_type': 'text/html', 'charset': 'utf-8', 'response_time': '2026-11-24T08:00:13.050000000Z', 'load_ns': '2450000000',
        'redirects': [{'url': 'http://shop.example.cn/item/421', 'status': 301, 'location': 'https://shop.example.cn/item/421'}],
        'headers': {'server': 'nginx', 'date': 'Tue, 24 Nov 2026 08:00:13 GMT', 'etag': '"abc"', 'content-type': 'text/html; charset=utf-8'},
        'tls': {'version': 'TLSv1.3', 'cipher': 'TLS_AES_256_GCM_SHA384', 'server_name': 'shop.example.cn', 'verified': True,
                'verify_result': 'ok',
                'certificates': [digest('leaf'), digest('ca')], 'subject': 'CN=shop.example.cn', 'issuer': 'CN=Example CA'},
        'browser': 'Chrome/156.0.0.0', 'user_agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
        'options': {'timeout_ms': 60000, 'lang': 'zh-CN', 'record_failure': False},
        'viewport': {'width': 1280, 'height': 800}, 'requests': 87, 'failed_requests': 0, 'bytes': '4810021'},
    'environment': {
        'os': 'Debian GNU/Linux 12 (bookworm)', 'kernel': '6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC', 'machine': 'x86_64',
        'browser': {'product': 'Chrome/156.0.0.0', 'path': '/usr/lib/chromium/chromium', 'sha256': digest('browser'),
                    'user_id': '1001', 'profile': 'new, empty, removed afterwards; no extensions', 'sandbox': 'on'},
        'proxy': 'none: connections are direct', 'host': 'axdz-01', 'time_zone': 'Asia/Shanghai', 'resolvers': ['192.0.2.53', '192.0.2.54'],
        'network': {'address': '192.0.2.10', 'gateway_mac': '00:00:5e:00:53:01', 'interface': 'eth0'},
        'checks': [
            {'when': 'before', 'item': 'hosts 文件', 'command': 'cat /etc/hosts', 'result': '只有本机条目', 'verdict': 'passed', 'sha256': digest('h')},
            {'when': 'before', 'item': '系统代理', 'result': '未设置', 'verdict': 'passed', 'sha256': digest('p')},
            {'when': 'after', 'item': 'hosts 文件', 'result': '与提取前一致', 'verdict': 'passed', 'sha256': digest('h')}]},
    'objects': objects,
    'anchors': {'checkpoint_sha256': digest('cp'), 'checkpoint_size': 120, 'origin': 'axdz.example/ledger',
                'token_time': '2026-11-24T07:00:00.000000000Z'},
    'complete': True,
    'expected_signatures': [
        {'role': 'officer', 'algorithm': 'ecdsa-p256-sha256', 'certificates': [digest('c1'), digest('ca')]},
        {'role': 'officer', 'algorithm': 'ecdsa-p256-sha256', 'certificates': [digest('c2')]}],
}
case = {
    'number': '安溪市监电商案〔2026〕0421号', 'cause': '涉嫌在网店发布虚假广告', 'agency': '安溪县市场监督管理局',
    'purpose': '固定当事人网店的商品页面', 'fact_to_prove': '当事人于提取时在其网店展示涉案商品及其宣传用语',
    'place': '安溪县市场监督管理局电子取证室', 'access': '公开访问，未登录',
    'medium_not_seized_reason': '数据存于服务提供商服务器，无法扣押原始存储介质',
    'no_party_reason': '网络在线提取，当事人未到场', 'no_video_reason': '系统自动记录全过程', 'secrecy': '内部'}
people = [
    {'role': 'officer', 'name': '张三', 'unit': '安溪县市场监督管理局', 'id_kind': '执法证', 'id_number': '35052400001'},
    {'role': 'officer', 'name': '李四', 'unit': '安溪县市场监督管理局', 'id_kind': '执法证', 'id_number': '35052400002'},
    {'role': 'operator', 'name': '张三', 'unit': '安溪县市场监督管理局'},
    {'role': 'witness', 'name': '王五', 'unit': '凤城镇居民', 'contact': '13800000000', 'statement': '与案件无利害关系'}]
facts = {'format': 'ax-facts/1', 'records':
         [{'type': 'case', 'values': case}] + [{'type': 'person', 'values': p} for p in people]}
def logged(index, event, time, **more):
    return {'index': index, 'entry': {'format': 'ax-ledger/1', 'event': event, 'time': time, **more}}
ledger = [logged(121, 'started', '2026-11-24T08:00:00.000000000Z', commitment=digest('target')),
          logged(122, 'captured', '2026-11-24T08:00:43.000000000Z', id=digest('id')),
          logged(123, 'sealed', '2026-11-24T08:01:00.000000000Z', id=digest('id'), package_sha256=digest('package'), package_bytes='5120000')]
signatures = [{'number': 1, 'subject': 'CN=张三,O=安溪县市场监督管理局', 'issuer': 'CN=示例 CA', 'sha256': digest('c1'),
               'stamped': '2026-11-24T08:00:59.000000000Z', 'authority': 'CN=test TSA', 'is_embedded': True, 'is_late': False},
              {'number': 2, 'subject': 'CN=李四,O=安溪县市场监督管理局', 'issuer': 'CN=示例 CA', 'sha256': digest('c2')}]

def name(text):
    return b''.join(bytes([len(label)]) + label for label in text.encode().split(b'.')) + b'\0'
def answer(host, records, code=0):
    out = struct.pack('>HHHHHH', 7, 0x8180 | code, 1, len(records), 0, 0) + name(host) + struct.pack('>HH', 1, 1)
    for kind, data in records:
        out += b'\xc0\x0c' + struct.pack('>HHIH', kind, 1, 300, len(data)) + data
    return base64.b64encode(out).decode()
dns = {'format': 'ax-wire-dns/1', 'other_answers': [], 'lookups': [
    {'host': f'cdn{i}.example.net', 'began': '2026-11-24T08:00:12.400000000Z', 'secure': False, 'answers': [],
     'system': {'addresses': ['198.51.100.%d' % i, '2001:db8::%d' % i]}} for i in range(35)] + [
    {'host': 'shop.example.cn', 'began': '2026-11-24T08:00:12.260000000Z', 'secure': False, 'answers': [
        {'name': 'shop.example.cn', 'type': 1, 'server': '192.0.2.53:53', 'message':
         answer('shop.example.cn', [(5, name('edge.example.net')), (1, bytes([203, 0, 113, 7]))])},
        {'name': 'shop.example.cn', 'type': 28, 'server': '192.0.2.53:53', 'message': answer('shop.example.cn', [])}]}]}
page_text = '安溪铁观音特级茶叶\n\n\n  ￥128.00  \n国家级荣誉，全网最佳\n<script>alert(1)</script> <b>x</b> &amp; \u202e反\n' + '商品详情……' * 300

canonical = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(',', ':')).encode()
package_id = hashlib.sha256(canonical).hexdigest()
open('id', 'w').write(package_id)
json.dump({'manifest': manifest, 'facts': facts, 'ledger': ledger, 'signatures': signatures, 'screenshot': 'shot.png',
           'dns': dns, 'page_text': page_text}, open('package.json', 'w'))
json.dump({'manifest': manifest, 'screenshot': 'package.json'}, open('wrong-shot.json', 'w'))
bare = {key: manifest[key] for key in ('format', 'kind', 'nonce', 'objects', 'complete', 'expected_signatures')}
bare['capture'] = {key: manifest['capture'][key] for key in ('started', 'finished', 'method', 'tool', 'steps')}
bare['capture']['steps'] = []
bare['source'] = {'url': 'http://\u202ereversed.example/'}
bare['environment'] = {}
bare['complete'] = [{'what': 'https://shop.example.cn/logo.png', 'why': '连接被重置'}]
json.dump({'manifest': bare}, open('bare.json', 'w'))
failure = json.loads(json.dumps(manifest))
failure['source'] = {'url': 'https://gone.example.cn/', 'failure': 'net::ERR_NAME_NOT_RESOLVED', 'requests': 1, 'failed_requests': 1,
                     'browser': 'Chrome/156.0.0.0', 'viewport': {'width': 1280, 'height': 800}}
failure['capture']['steps'] = [{'time': '2026-11-24T08:00:12.250000000Z', 'action': 'navigate', 'result': 'net::ERR_NAME_NOT_RESOLVED'}]
failure['objects'] = [one for one in objects if one['path'] == 'data/facts.json'] + [
    {'path': 'data/wire/dns.json', 'name': 'dns.json', 'media_type': 'application/json', 'bytes': '700', 'sha256': digest('d'), 'role': 'wire'}]
gone = {'format': 'ax-wire-dns/1', 'other_answers': [], 'lookups': [
    {'host': 'gone.example.cn', 'began': '2026-11-24T08:00:12.260000000Z', 'net_error': 'ERR_NAME_NOT_RESOLVED', 'secure': False,
     'answers': [{'server': '192.0.2.53:53', 'message': answer('gone.example.cn', [], 3)}]}]}
json.dump({'manifest': failure, 'facts': facts, 'dns': gone, 'ledger': ledger, 'signatures': signatures}, open('failure.json', 'w'))

def check(name, zh, en, status='passed', found='as expected', children=(), command=''):
    return {'id': name, 'title_zh': zh, 'title_en': en, 'status': status, 'looked_at': 'data/packages/0001.asice',
            'expected': 'a whole container', 'found': found, 'command': command, 'children': list(children)}
report = {
    'format': 'ax-report/1', 'verdict': 'indeterminate', 'content': 'unchanged', 'trust': 'not-chosen',
    'subject': {'file': 'case-0421.asice', 'kind': 'package', 'id': package_id, 'sha256': digest('file'), 'bytes': '5120000'},
    'times': {'claimed': '2026-11-24T08:00:42.500000000Z', 'not_before': '2026-11-24T07:00:00.000000000Z',
              'not_after': '2026-11-24T08:01:00.000000000Z', 'verified_at': '2026-11-30T09:10:11.000000000Z',
              'judged_at': '2026-11-30T09:10:11.000000000Z', 'is_embedded_only': True, 'is_pending': False},
    'tool': {'name': 'ax_evidence', 'version': '0.1.0'},
    'checks': [
        check('container', '证据包文件', 'container', children=[
            check('container.structure', '文件结构', 'structure of the file', command='unzip -t FILE'),
            check('container.lists', '摘要清单', 'lists of digests', command='sha256sum -c manifest-sha256.txt')]),
        check('trust.signer', '签名人身份', 'identity of the signer', 'indeterminate',
              'not chosen yet: your policy has no trust for it')],
    'not_checked': ['that the content is true', 'that the content is true'],
}
json.dump({'report': report}, open('report.json', 'w'))
PYTHON

"$probe" 7 zh 2 package.json all.pdf
"$probe" 7 en 2 package.json all-en.pdf
"$probe" 1 zh 2 package.json record.pdf
"$probe" 1 zh 1 bare.json bare.pdf
"$probe" 7 zh 2 failure.json failure.pdf
"$probe" 4 en 2 failure.json failure-en.pdf
"$probe" 8 zh 0 report.json report.pdf
"$probe" 8 en 0 report.json report-en.pdf
id=$(cat id)

for pdf in ./*.pdf; do
	qpdf --check "$pdf" >qpdf.log 2>&1 || fail "$pdf: $(cat qpdf.log)"
	pdftotext -layout "$pdf" "$pdf.txt" 2>poppler.log
	[ ! -s poppler.log ] || fail "$pdf: $(cat poppler.log)"
	pages=$(pdfinfo "$pdf" | awk '$1 == "Pages:" { print $2 }')
	pdfinfo "$pdf" | grep -q 'Page size: *595.276 x 841.89 pts (A4)' || fail "$pdf: not A4"
	case $pdf in
	*-en.pdf) has "$pdf.txt" "page $pages of $pages" ;;
	*) has "$pdf.txt" "第 $pages 页/共 $pages 页" ;;
	esac
	# Every font is embedded and can be read back as text; no other family than the two named ones.
	pdffonts "$pdf" | tail -n +3 >fonts
	awk '$(NF-4) != "yes" || $(NF-2) != "yes" { exit 1 }' fonts || fail "$pdf: $(cat fonts)"
	# CairoFont is what cairo calls outlines it writes itself, here those of Noto Sans CJK.
	! grep -vE 'DejaVuSans|CairoFont|NotoSansCJK' fonts || fail "$pdf: a font nobody asked for"
done

for text in '电子数据证据提取笔录' '电子数据提取固定清单' '网页内容固定单' '安溪市监电商案〔2026〕0421号' \
	'2026-11-24 16:00:42.500 UTC+8' '-1.234567 ms' '时间仅由制作方自己的时间戳机构证明' '未记录' \
	'证明本机于该时刻收到并如此显示' "$(echo "$id" | fold -w 8 | paste -sd ' ')" '逐页签名' '像素行 1 至' '全图 4000 行' '王五'; do
	has all.pdf.txt "$text"
done
for text in 'Content Sheet of a Web Page' "attested only by the maker's own" 'not recorded' \
	'does not prove that the content is true'; do
	has all-en.pdf.txt "$text"
done
for text in '核验报告' '未改动' '尚未选择信任' '不表示证据有假' '内容是否属实' 'case-0421.asice'; do
	has report.pdf.txt "$text"
done
has bare.pdf.txt '时间待定'
has bare.pdf.txt '连接被重置'
has bare.pdf.txt '\u{202e}'
lacks bare.pdf.txt '张三'
# No hyphen that is not in the digest, and all of it in groups of eight.
grep -qE "${id:0:8} ${id:8:8} ${id:16:8} ${id:24:8}( |$)" all.pdf.txt || fail 'the id is not in groups of eight'

# Dates are those of the capture.
pdfinfo -rawdates all.pdf | grep -qE '^CreationDate: +(D:)?20261124080042Z' || fail "$(pdfinfo -rawdates all.pdf)"
pdfinfo -rawdates all.pdf | grep -qE '^ModDate: +(D:)?20261124080042Z' || fail "$(pdfinfo -rawdates all.pdf)"

# The QR code is the id, from a coarse scan too.
for dpi in 100 200; do
	pdftoppm -r "$dpi" -f 1 -l 1 -png all.pdf "scan$dpi"
	[ "$(zbarimg -q --raw "scan$dpi"-*.png)" = "$id" ] || fail "QR code at $dpi dpi"
done

# Every character of the line at the foot leaves ink: none is lost between text and outline.
pdftoppm -r 144 -f 1 -l 1 -x 140 -y 1594 -W 390 -H 22 -gray all.pdf foot
python3 - <<'PYTHON'
import glob
data = open(glob.glob('foot-*.pgm')[0], 'rb').read()
magic, size, depth, pixels = data.split(b'\n', 3)
width, height = map(int, size.split())
# 24 characters of 8 points, 2 pixels a point, the first at 70.9 points; the last is a small full stop.
for i in range(23):
    left = round((70.9 + 8 * i) * 2) - 140
    cell = [pixels[y * width + x] for y in range(height) for x in range(left, left + 16)]
    assert min(cell) < 200, f'character {i + 1} of the foot is blank'
PYTHON

# The slices hold the pixels of the screenshot, each row, with 24 repeated; no sharper and no softer.
cat >join.py <<'PYTHON'
"""join.py PREFIX TEXT ROWS: the images that pdfimages wrote as PREFIX-*.ppm, and the labels of their slices in TEXT,
against ROWS, the pixels of the whole image."""
import glob, re, sys
def rows(path):
    with open(path, 'rb') as file:
        assert file.readline() == b'P6\n', path
        width, height = map(int, file.readline().split())
        assert file.readline() == b'255\n', path
        return [file.read(width * 3) for _ in range(height)]
whole = open(sys.argv[3], 'rb')
text = open(sys.argv[2]).read()
labels = [tuple(map(int, found)) for found in re.findall(r'第 (\d+) 幅/共 (\d+) 幅\s+像素行 (\d+) 至 (\d+)，全图 (\d+) 行', text)]
paths = sorted(glob.glob(sys.argv[1] + '-*.ppm'))
assert len(paths) == len(labels) > 0, (paths, labels)
last, next_row = [], 0
for number, (path, label) in enumerate(zip(paths, labels), 1):
    slice_rows = rows(path)
    repeat = 24 if last else 0
    assert label[:4] == (number, len(paths), next_row - repeat + 1, next_row - repeat + len(slice_rows)), label
    assert last == slice_rows[:repeat], path
    for row in slice_rows[repeat:]:
        assert whole.read(len(row)) == row, (path, next_row)
        next_row += 1
    last = slice_rows[-24:]
assert whole.read(1) == b'' and next_row == labels[-1][4], next_row
PYTHON
pdfimages all.pdf slice
python3 join.py slice all.pdf.txt shot.rows

# The same for a page 60000 pixels high; decoded it has 307 MB, which are never in memory together.
python3 - <<'PYTHON'
import hashlib, json, resource, struct, subprocess, os, zlib
width, height = 1280, 60000
def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
packer, whole = zlib.compressobj(1), open('tall.rows', 'wb')
with open('tall.png', 'wb') as out:
    out.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)))
    for y in range(height):
        row = hashlib.sha256(struct.pack('>I', y)).digest() * (width * 3 // 32)
        whole.write(row)
        data = packer.compress(b'\0' + row)
        if data:
            out.write(chunk(b'IDAT', data))
    out.write(chunk(b'IDAT', packer.flush()) + chunk(b'IEND', b''))
whole.close()
bytes_of = open('tall.png', 'rb').read()
manifest = json.load(open('package.json'))['manifest']
for one in manifest['objects']:
    if one['path'] == 'data/screenshot.png':
        one['sha256'], one['bytes'] = hashlib.sha256(bytes_of).hexdigest(), str(len(bytes_of))
json.dump({'manifest': manifest, 'screenshot': 'tall.png'}, open('tall.json', 'w'))
subprocess.run([os.environ['probe'], '4', 'zh', '2', 'tall.json', 'tall.pdf'], check=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
assert peak < 160 * 1024, f'{peak} KiB of memory at most'
PYTHON
pdftotext -layout tall.pdf tall.pdf.txt
pdfimages tall.pdf tall
python3 join.py tall tall.pdf.txt tall.rows
rm tall*

# The same bytes again, and under another zone, language and home.
"$probe" 7 zh 2 package.json again.pdf
cmp all.pdf again.pdf || fail 'a second print differs'
mkdir -p home/.config/fontconfig
printf '<fontconfig><alias><family>DejaVu Sans</family><prefer><family>Noto Sans Mono</family></prefer></alias></fontconfig>' \
	>home/.config/fontconfig/fonts.conf
for setting in TZ=America/New_York LANG=ja_JP.UTF-8 HOME="$work/home" PANGO_LANGUAGE=ja \
	FONTCONFIG_FILE="$work/home/.config/fontconfig/fonts.conf" SOURCE_DATE_EPOCH=1; do
	env "$setting" "$probe" 1 zh 2 package.json again.pdf
	cmp record.pdf again.pdf || fail "the print differs under $setting"
done
env -i "$probe" 7 zh 2 package.json again.pdf
cmp all.pdf again.pdf || fail 'the print differs in an empty environment'

# What is not the screenshot of the manifest is not printed.
! "$probe" 4 zh 2 wrong-shot.json again.pdf 2>message || fail 'a wrong screenshot was printed'
has message 'screenshot: expected the SHA-256 that the manifest states, found another'

# What the handshakes prove: as many as there are; one that is not proven is not called so, and without a record nothing is.
python3 - <<'PYTHON'
import json
package = json.load(open('package.json'))
del package['manifest']['objects'][2:3]
package.pop('screenshot', None)
package['manifest']['source']['tls'] = {'version': 'TLS 1.3', 'cipher': 'TLS_AES_128_GCM_SHA256', 'subject': 'CN=shop.example'}
def check(status, **more):
    return dict({'id': 'web.tls.signature', 'title': 'the server\'s signature', 'title_zh': '服务器的握手签名', 'status': status}, **more)
proofs = {
    'some': {'connections': 3, 'proven': 2, 'checks': [check('passed', found='signed all of it', found_zh='签署了全部消息')],
             'not_before': '2026-01-01T00:00:00.000000000Z', 'not_after': '2027-01-01T00:00:00.000000000Z'},
    'none': {'connections': 1, 'proven': 0, 'checks': [check('not-applicable', found='not checked: resumed', found_zh='未核验：沿用先前的会话')]},
    'unread': {'connections': 0, 'proven': 0, 'checks': []},
}
for name, proof in proofs.items():
    json.dump(dict(package, tls_proof=proof), open('tls-%s.json' % name, 'w'))
json.dump(package, open('tls-absent.json', 'w'))
PYTHON
for name in some none unread absent; do
	for lang in zh en; do
		"$probe" 4 $lang 2 tls-$name.json tls.pdf
		pdftotext -raw tls.pdf - | tr -d ' \n\f' >tls-$name.$lang
	done
done
has tls-some.zh '已证明：符合上列TLS事实的3个连接中，2个有该证书密钥持有者参与握手。页面文档由其中哪一个传输，未作区分。'
has tls-some.en "Proven:of3connectionswiththeTLSfactsabove,theholderofthiscertificate'skeytookpartinthehandshakeof2.Whichofthemcarriedthedocumentisnottoldapart."
has tls-some.zh '签署了全部消息'
has tls-some.zh '2026-01-0108:00:00.000UTC+8至2027-01-0108:00:00.000UTC+8'
has tls-none.zh '未证明：'
has tls-none.zh '未核验：沿用先前的会话'
has tls-none.en 'Notproven:'
has tls-none.en 'notchecked:resumed'
for name in none unread absent; do
	lacks tls-$name.zh '已证明'
	lacks tls-$name.en 'Proven:of'
done
for name in unread absent; do
	has tls-$name.zh '未核验握手签名：没有可读的连接记录。'
	has tls-$name.en "Thehandshake'ssignaturewasnotchecked:"
done
