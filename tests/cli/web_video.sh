#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Video of a page that moves, through two addresses: ffprobe plays it, every frame is in the index with its time and address,
# and the clock and the address are drawn outside of the picture.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"

"$axev" init L --origin test.example/log >/dev/null || exit 1
mkdir site
printf '<body style="margin:0;background:#f00"><h1 id=n>0</h1><script>setInterval(() => n.textContent++, 50)</script>' >site/index.html
printf '<body style="margin:0;background:#00f">second' >site/second.html
python3 -u -m http.server --bind 127.0.0.1 -d site 0 >server.log 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 100); do grep -q 'port [0-9]' server.log && break; sleep 0.1; done
base="http://127.0.0.1:$(grep -o 'port [0-9]*' server.log | cut -d' ' -f2)"
is_true() { python3 -c 'import json,sys; m=json.load(open(sys.argv[1])); sys.exit(not eval(sys.argv[2]))' "$@"; }

printf '{"format":"ax-steps/1","steps":[{"do":"wait","ms":2000},{"do":"goto","url":"%s/second.html"},{"do":"wait","ms":1500}]}' "$base" >steps.json
id=$("$axev" capture web "$base/" --ledger L --json --video --steps steps.json --viewport 800x600 2>said | member id)
check "captured" test "${#id}" -eq 64
check "without a word of the codecs" test ! -s said
"$axev" export "$id" --ledger L -o v.asice >/dev/null
check_exit "valid under the demo policy" 0 "$verify" v.asice --policy L/policy.json
unzip -qp v.asice data/packages/0001.asice >package && unzip -q package -d package.d
video=package.d/data/video.webm manifest=package.d/data/evidence.json index=package.d/data/video-index.json
ffprobe -v error -count_frames -show_entries stream=codec_name,width,height,nb_read_frames:format=format_name,duration -of json "$video" >probe.json 2>probe.err
check "ffprobe has no complaint" test ! -s probe.err
check "VP8 in WebM, the picture and the strip below it" is_true probe.json \
  "(lambda s: s['codec_name'] == 'vp8' and s['width'] == 800 and s['height'] == 652)(m['streams'][0]) and 'webm' in m['format']['format_name']"
check "it lasts as long as the visit" is_true probe.json "float(m['format']['duration']) >= 3.5"
frames=$(python3 -c 'import json; print(json.load(open("probe.json"))["streams"][0]["nb_read_frames"])')
check "the manifest tells as many frames as there are" is_true $manifest \
  "m['video']['frames'] == $frames and m['video']['of'] == 'the page' and m['video']['width'] == 800"
check "so does the index, each later than the one before" is_true $index \
  "len(m['frames']) == $frames and all(a['ms'] < b['ms'] and a['time'] < b['time'] for a, b in zip(m['frames'], m['frames'][1:]))"
check "addresses in their order" is_true $index "m['addresses'][-2:] == ['$base/', '$base/second.html']"
check "it moved: not only the clock" is_true $index "sum('repeated' not in f for f in m['frames']) > 5"
check "it is marked as observed" is_true $manifest \
  "{o['role'] for o in m['objects'] if o.get('observed')} >= {'video', 'video-index'}"

# colour_at FRAME X Y: the pixel as RRGGBB. last_of ADDRESS: the number of the last frame that shows it.
colour_at() { ffmpeg -v error -i "$video" -vf "select=eq(n\,$1),crop=2:2:$2:$3" -frames:v 1 -fps_mode passthrough -f rawvideo -pix_fmt rgb24 - | head -c3 | xxd -p; }
is_colour() { python3 -c 'import sys; a, b = (bytes.fromhex(x) for x in sys.argv[1:3]); sys.exit(max(abs(x - y) for x, y in zip(a, b)) > 24)' "$1" "$2"; }
last_of() { python3 -c 'import json, sys; m = json.load(open(sys.argv[1])); print(max(f["frame"] for f in m["frames"] if m["addresses"][f["address"]] == sys.argv[2]))' "$index" "$1"; }
# A picture that was under way when the address changed may still come behind it: the frame before.
first=$(($(last_of "$base/") - 1)) second=$(last_of "$base/second.html")
check "the first page was red" is_colour "$(colour_at "$first" 700 500)" ff0000
check "the second one blue" is_colour "$(colour_at "$second" 700 500)" 0000ff
check "the last row of the picture is the page's" is_colour "$(colour_at "$second" 700 594)" 0000ff
check "the strip is black below" is_colour "$(colour_at "$second" 790 640)" 000000

# The libraries are loaded when there is a video to make, and only then.
libavdevice=$(ldconfig -p | sed -n 's/.*libavdevice\.so\.[0-9]* .*=> //p' | head -1)
without() { unshare --mount -- sh -c 'mount --bind /dev/null "$1" && shift && exec "$@"' sh "$libavdevice" "$@"; }
without "$axev" capture web "$base/" --ledger L --video >.out 2>.err
check "without them a video is refused, with what to install" grep -q 'install the package libavdevice' .err
check "and all else does without" without "$axev" list --ledger L
conclude
