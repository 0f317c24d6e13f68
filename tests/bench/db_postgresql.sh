#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A table of 12 columns, captured and sealed, against psql that only writes it to a file as CSV and openssl that hashes that file.
# AXEV_BENCH_ROWS makes it smaller. Prints figures, asserts none.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_postgresql.sh"
set -e
runs=${AXEV_BENCH_RUNS:-3}
rows=${AXEV_BENCH_ROWS:-1000000}
. "$AXEV_SOURCE_ROOT/tests/bench/measure.bash"

pg_start shared_buffers=512MB
sql -c "CREATE TABLE orders(id bigint PRIMARY KEY, shop int, buyer text, phone varchar(20), total numeric(10,2), paid bool,
  weight float8, at timestamp, seen timestamptz, day date, note text, status smallint)" -c "INSERT INTO orders
  SELECT i, i % 977, '买家' || md5(i::text), '138' || lpad((i % 100000000)::text, 8, '0'), (i % 1000000) / 100.0, i % 3 = 0,
  sqrt(i), '2020-01-01'::timestamp + i * interval '7 seconds', '2020-01-01 00:00+00'::timestamptz + i * interval '7.25 seconds',
  '2020-01-01'::date + i % 2000, CASE WHEN i % 4 > 0 THEN 'note ' || i END, i % 7 FROM generate_series(1, $rows) i" -c 'VACUUM ANALYZE orders'
# What was written before is gone first: both write into memory that the machine has had in use.
for _ in $(seq "$runs"); do
  rm -rf L orders.csv
  "$axev" init L --origin test.example/log >/dev/null
  measure capture "$axev" capture db "postgres:" --table orders --ledger L --json
  measure copy sh -c "psql -Xqc '\\copy (SELECT * FROM orders) TO orders.csv CSV' && openssl dgst -sha256 orders.csv"
done
read -r _ kib < <("$spawn_time" 1 "$axev" capture db "postgres:" --table orders --ledger L --json)
printf '%-46s %10s\n' "$rows rows captured and sealed, s" "${seconds[capture]}"
printf '%-46s %10s\n' "psql \\copy and openssl dgst, s" "${seconds[copy]}"
awk "BEGIN{printf \"%-46s %10.2f\n\", \"ratio (aim 1.4)\", ${seconds[capture]} / ${seconds[copy]}}"
printf '%-46s %10s\n' "peak KiB (aim 49152)" "$kib"
