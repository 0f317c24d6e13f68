#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Peak memory of the capturing process itself (VmHWM, without the browser) for pages that are heavy. Prints figures, asserts
# none; tests/cli/web_memory.sh asserts a bound for lighter ones.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/web/memory.bash"
set -e
serve_heavy
"$axev" init L --origin test.example/log >/dev/null
while read -r what where options; do
  # shellcheck disable=SC2086
  printf '%-46s %10s\n' "$what" "$(peak_kib "$where" $options)"
done <<PAGES
a_small_page,KiB ${heavy[http]}/small
30_MB_inline_image,KiB ${heavy[http]}/inline?30000000
table_of_60000_rows,KiB ${heavy[http]}/table?60000
200_MB_download,HTTP/1.1,KiB ${heavy[http]}/file?200000000 --timeout 300
200_MB_download,HTTP/2,KiB ${heavy[h2]}/file?200000000 --timeout 300
PAGES
