#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The page of the sample shop, captured and sealed from nothing (the browser's start included), against a script that only
# loads it, takes a picture and prints it to PDF with the same browser (playwright-core). Prints figures, asserts none.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
set -e
runs=${AXEV_BENCH_RUNS:-5}
. "$AXEV_SOURCE_ROOT/tests/bench/measure.bash"

python3 -u -m http.server --bind 127.0.0.1 --directory "$AXEV_SOURCE_ROOT/share/samples/shop" 0 >shop.log 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 100); do
  url=$(sed -n 's/.*(\(http:[^)]*\)).*/\1/p' shop.log)
  [ -z "$url" ] || break
  sleep 0.1
done
# Only here: it wants a newer Node.js than Debian 12 has.
npm install --prefix "$scratch/peer" --no-save --ignore-scripts --no-audit --no-fund playwright-core@1.65.1 >npm.log 2>&1 ||
  { cat npm.log; exit 1; }
export AXEV_PEER="$scratch/peer"
cat >visit.mjs <<'EOF2'
import { createRequire } from "node:module";
const { chromium } = createRequire(process.env.AXEV_PEER + "/x.js")("playwright-core");
const browser = await chromium.launch({
	executablePath: "/usr/lib/chromium/chromium",
	chromiumSandbox: process.getuid() !== 0, // it cannot run as root with it
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(process.argv[2], { waitUntil: "networkidle" });
await page.screenshot({ path: "visit.png", fullPage: true });
await page.pdf({ path: "visit.pdf", format: "A4", printBackground: true });
await browser.close();
EOF2
"$axev" init L --origin test.example/log >/dev/null
for _ in $(seq "$runs"); do
  measure capture "$axev" capture web "$url" --ledger L --json
  measure unchecked "$axev" capture web "$url" --ledger L --json --no-checks
  measure self_test "$axev" capture web "$url" --ledger L --json --self-test
  measure visit node visit.mjs "$url"
done
# What the kernel tells of an ended process is the largest of it and its children: the browser. So look while it runs.
"$axev" capture web "$url" --ledger L --json >/dev/null &
own=$!
own_kib=0
while now_kib=$(awk '/VmHWM/ {print $2}' "/proc/$own/status" 2>/dev/null) && [ -n "$now_kib" ]; do
  own_kib=$now_kib
  sleep 0.05
done
printf '%-46s %10s\n' "sample page captured and sealed, s (aim 4)" "${seconds[capture]}"
printf '%-46s %10s\n' "  without checks of the machine" "${seconds[unchecked]}"
printf '%-46s %10s\n' "  with the self-test (of the strict profile)" "${seconds[self_test]}"
printf '%-46s %10s\n' "  own process, peak KiB, without the browser" "$own_kib"
printf '%-46s %10s\n' "playwright-core: load, picture, PDF, s" "${seconds[visit]}"
awk "BEGIN{printf \"%-46s %10.2f\n\", \"ratio\", ${seconds[capture]} / ${seconds[visit]}}"
