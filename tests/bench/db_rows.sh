#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A table of 12 columns in SQLite and in MariaDB, captured and sealed, against the database's own program that only writes the rows out.
# AXEV_BENCH_ROWS makes it smaller. Prints figures, asserts none.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_mariadb.sh"
set -e
runs=${AXEV_BENCH_RUNS:-3}
rows=${AXEV_BENCH_ROWS:-1000000}
. "$AXEV_SOURCE_ROOT/tests/bench/measure.bash"

columns() { # DOUBLE DATETIME
  echo "CREATE TABLE orders(id BIGINT PRIMARY KEY, shop INT, buyer VARCHAR(60), phone VARCHAR(20), total DECIMAL(10,2), paid SMALLINT,
    weight $1, at $2, seen $2, day DATE, note VARCHAR(60), status SMALLINT)"
}
values() {
  python3 - "$rows" <<'PY'
import hashlib, sys
for i in range(1, int(sys.argv[1]) + 1):
    print(i, i % 977, "买家" + hashlib.md5(b"%d" % i).hexdigest(), f"138{i % 100000000:08}", f"{i % 1000000 / 100:.2f}", i % 3 == 0 and 1 or 0,
          repr(i ** 0.5), f"2026-01-{i % 28 + 1:02} 08:{i % 60:02}:00", f"2026-02-{i % 28 + 1:02} 09:{i % 60:02}:30",
          f"2025-{i % 12 + 1:02}-15", f"note {i}", i % 7, sep="\t")
PY
}
values >rows.tsv
{ columns REAL DATETIME; echo ';'; } | sqlite3 shop.db
sqlite3 -tabs shop.db '.import rows.tsv orders'
start_mariadb
sql -e 'CREATE DATABASE shop CHARACTER SET utf8mb4'
sql -D shop -e "$(columns DOUBLE DATETIME)"
sql -D shop --local-infile -e "LOAD DATA LOCAL INFILE 'rows.tsv' INTO TABLE orders"
for _ in $(seq "$runs"); do
  rm -rf L
  "$axev" init L --origin test.example/log >/dev/null
  measure sqlite "$axev" capture db sqlite:shop.db --table orders --ledger L --json
  measure sqlite3 sh -c "sqlite3 -csv shop.db 'SELECT * FROM orders' | openssl dgst -sha256"
  measure mariadb "$axev" capture db "mariadb://root@localhost/shop?socket=$PWD/mariadb.sock" --table orders --ledger L --json
  measure client sh -c "mariadb --no-defaults --socket=mariadb.sock --user=root --quick --batch shop -e 'SELECT * FROM orders' | openssl dgst -sha256"
done
show() { # NAME PEER TITLE
  awk "BEGIN{printf \"%-46s %10.2f s %8.0f rows/s (aim 350000), ratio to its own program %.2f\n\", \"$3\", ${seconds[$1]}, $rows / ${seconds[$1]}, ${seconds[$1]} / ${seconds[$2]}}"
}
show sqlite sqlite3 "$rows rows of SQLite captured and sealed"
show mariadb client "$rows rows of MariaDB captured and sealed"
