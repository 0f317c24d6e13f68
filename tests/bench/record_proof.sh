#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One row out of AXEV_BENCH_ROWS (ten million) of a package: how long its proof takes to make and to check, and how big it is. Prints figures; asserts only that the proof holds.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh" || exit 1
. "$AXEV_SOURCE_ROOT/tests/bench/measure.bash"
rows=${AXEV_BENCH_ROWS:-10000000}

sqlite3 shop.db "CREATE TABLE orders(id INTEGER PRIMARY KEY, phone TEXT, total REAL);
  INSERT INTO orders SELECT value, '138' || substr('0000000' || (value * 7919 % 100000000), -8), value / 7.0 FROM generate_series(1, $rows)"
"$axev" init L --origin test.example/log >/dev/null || exit 1
id=$("$axev" capture db sqlite:shop.db --ledger L --json 2>/dev/null | member id)
package=$(find L/ledger.git/lfs/objects -type f)
"$axev" proof "$package" --row $((rows / 3)) --columns total -o proof.json | tee made || exit 1
root=$(sed -n '$s/.*: //p' made)
rm -f again.json
measure make "$axev" proof "$package" --row $((rows / 3)) --columns total -o again.json
measure start "$axev" --version
echo "$rows rows, package $(stat -c %s "$package") bytes, proof $(stat -c %s proof.json) bytes"
"$AXEV_BUILD_ROOT/tests/record_time" "$package" $((rows / 3)) total
echo "axev proof: ${seconds[make]} s, of which ${seconds[start]} s are the start of axev"
printf '%s\n' "$verify proof.json --root $root >/dev/null; [ \$? -eq 4 ]" >check.sh
check "the proof holds" sh check.sh
check "the same proof each time" cmp proof.json again.json
conclude
