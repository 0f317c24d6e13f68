#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two captures of one address, between which the site changed a line, a picture, a script and a resource: compare must
# find these and nothing else, and agree with diff(1) and with pixels counted by another program.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

mkdir site
page() { # TITLE LINE COLOUR EXTRA
  cat >site/index.html <<END
<!doctype html><meta charset="utf-8"><title>$1</title><body style="margin:0;font:16px sans-serif">
<div style="height:100px">茶叶店 first line</div><div style="height:100px">$2</div>
<div style="height:50px;width:200px;background:$3"></div><div style="height:400px">last line</div>
<script src="same.js"></script><script src="changed.js"></script>$4
END
}
echo 'var same=1' >site/same.js
echo 'var changed=1' >site/changed.js
echo 'var extra=1' >site/extra.js
page shop "price 10" "#ff0000" ""

# No caching headers, one port: the address is the same both times.
python3 -u -m http.server --bind 127.0.0.1 --directory site 0 >site.log 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 100); do
  url=$(sed -n 's/.*(\(http:[^)]*\)).*/\1/p' site.log)
  [ -z "$url" ] || break
  sleep 0.1
done
"$axev" init L --origin test.example/log >/dev/null || exit 1
take() { "$axev" capture web "$url" --ledger L --json | member id; }
a=$(take)
same=$(take)
echo 'var changed=2' >site/changed.js
page shop "price 20" "#00ff00" '<script src="extra.js"></script>'
b=$(take)
export AXEV_LEDGER=L
"$axev" export "$a" -o a.asice >/dev/null
"$axev" export "$b" -o b.asice >/dev/null

is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

check "compared with itself a capture is the same" sh -c '"$1" compare "$2" "$2" --json >self.json' - "$axev" "$a"
check "and that is said" is_true self.json 'm["same"] and m["picture"]["different_pixels"] == 0'
check "a second capture of an unchanged page" sh -c '"$1" compare "$2" "$3" --json >same.json' - "$axev" "$a" "$same"
check "is the same" is_true same.json 'm["same"]'
check "a bundle stands for its package" sh -c '"$1" compare a.asice b.asice --json >ab.json' - "$axev"
check "the two differ" is_true ab.json 'not m["same"]'
check "ids are those of the packages" is_true ab.json "m['a']['id'] == '$a' and m['b']['id'] == '$b'"
check "just the changed script and the page are changed" is_true ab.json \
  'sorted(r["url"][len(m["facts"][0]["a"]):] for r in m["resources"]["changed"]) == ["", "changed.js"]'
check "just the new script is new" is_true ab.json \
  '[r["url"].rsplit("/")[-1] for r in m["resources"]["only_b"]] == ["extra.js"] and not m["resources"]["only_a"]'
check "payloads have the SHA-256 of what the site served" is_true ab.json \
  'any(r.get("sha256_b") == "'"$(sha256sum <site/changed.js | cut -d' ' -f1)"'" for r in m["resources"]["changed"])'

# ---- against other programs ----
view() { # BUNDLE OBJECT
  unzip -p "$1" data/packages/0001.asice >inner.zip && unzip -p inner.zip "data/$2"
}
view a.asice text.txt >a.txt
view b.asice text.txt >b.txt
diff a.txt b.txt | sed -n 's/^[<>] //p' >diff.txt
python3 -c 'import json; m=json.load(open("ab.json"))["text"]; print("\n".join(r["text"] for r in m["removed"]+m["added"]))' >ours.txt
check "the lines that diff(1) finds" cmp diff.txt ours.txt
check "there are some" grep -q "price 20" ours.txt
view a.asice screenshot.png >a.png
view b.asice screenshot.png >b.png
cat >pixels.py <<'PY'
import json, struct, sys, zlib

def rows(path):
    """RFC 2083: 8 bits a channel, not interlaced, each row with its filter undone."""
    data = open(path, 'rb').read()
    at, idat = 8, b''
    while at < len(data):
        size, kind = struct.unpack('>I4s', data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if kind == b'IHDR':
            width, height, depth, colour, _, _, interlace = struct.unpack('>IIBBBBB', body)
            assert depth == 8 and interlace == 0, (depth, interlace)
            channels = {0: 1, 2: 3, 6: 4}[colour]
        idat += body if kind == b'IDAT' else b''
        at += size + 12
    raw, stride, before, out = zlib.decompress(idat), width * channels, bytearray(width * channels), []
    for y in range(height):
        line = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        kind = raw[y * (stride + 1)]
        for i in range(stride):
            left = line[i - channels] if i >= channels else 0
            up, corner = before[i], before[i - channels] if i >= channels else 0
            estimate = left + up - corner
            distances = [abs(estimate - left), abs(estimate - up), abs(estimate - corner)]
            paeth = (left, up, corner)[distances.index(min(distances))]
            line[i] = (line[i] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
        out.append([tuple(line[i:i + 3]) for i in range(0, stride, channels)])
        before = line
    return out

a, b = rows('a.png'), rows('b.png')
differ = [sum(p != q for p, q in zip(x, y)) for x, y in zip(a, b)]
found = json.load(open('ab.json'))['picture']
print(sum(differ), found)
sys.exit(not (found['different_pixels'] == sum(differ) > 10000 and len(a) == found['height_a'] and
              found['rows'][0]['first'] == next(i for i, n in enumerate(differ) if n) and
              found['rows'][-1]['last'] == max(i for i, n in enumerate(differ) if n)))
PY
check "as many pixels as another program counts, in the same rows" python3 pixels.py

# ---- in words, and printed ----
check "in English" sh -c '"$1" compare "$2" "$3" --lang en -o ab.pdf >ab.en' - "$axev" "$a" "$b"
check "names the new line" grep -q '+ [0-9]*: price 20' ab.en
check "in Chinese" sh -c '"$1" compare "$2" "$3" --lang zh -o zh.pdf >ab.zh' - "$axev" "$a" "$b"
check "names the difference" grep -q '显示文字: A' ab.zh
check "the print is a sound PDF" qpdf --check zh.pdf
check "and the same bytes again" sh -c '"$1" compare "$2" "$3" --lang zh -o zh2.pdf >/dev/null && cmp zh.pdf zh2.pdf' - "$axev" "$a" "$b"
pdftotext -layout zh.pdf zh.txt
check "it shows the changed line" grep -q "price 20" zh.txt

# ---- what is refused ----
cp b.asice broken.asice
printf x | dd of=broken.asice bs=1 seek=5000 conv=notrunc status=none
check_exit "a changed bundle is refused" 1 "$axev" compare a.asice broken.asice
cp .out said
check "in one line that says why" grep -qx 'axev: broken.asice: changed or incomplete.*' said
echo x >file.txt
file=$("$axev" capture file file.txt --json | member id)
check_exit "a page and a file are not compared" 1 "$axev" compare "$a" "$file"
echo y >file.txt
echo z >more.txt
other=$("$axev" capture file file.txt more.txt --json | member id)
check "files are compared by name" sh -c '"$1" compare "$2" "$3" --json >files.json' - "$axev" "$file" "$other"
check "and told apart" is_true files.json 'm["objects"] == {"changed": ["file.txt"], "only_a": [], "only_b": ["more.txt"], "same": 0}'
check_exit "usage" 2 "$axev" compare "$a"
conclude
