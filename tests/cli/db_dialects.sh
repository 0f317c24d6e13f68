#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same rows in PostgreSQL, MariaDB and SQLite are the same record set, where columns are declared alike. AXEV_SHARED_DATA with chinook/: that database in its three dialects, too.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_postgresql.sh"
pg_start
postgres() { psql -XAtq -v ON_ERROR_STOP=1 "$@"; }
. "$AXEV_SOURCE_ROOT/tests/cli/lib_mariadb.sh"
start_mariadb || exit 1
"$axev" init L --origin test.example/log >/dev/null || exit 1

# Identifiers as MariaDB and SQLite quote them alike.
make_shop() { # DATETIME
  cat <<SQL
CREATE TABLE goods(id INT PRIMARY KEY, name VARCHAR(40), price NUMERIC(10,2), made $1, pieces SMALLINT, rate NUMERIC(12,6), whole NUMERIC(8),
  day DATE, weight DOUBLE PRECISION, big BIGINT);
INSERT INTO goods VALUES
  (3,'王小明 ',0.99,'2026-11-29 08:00:00',-5,0.000001,5,'2024-02-29',0.1,-9223372036854775807),
  (1,'',-10.00,NULL,32767,-0.5,-12345678,'0001-01-01',-1.5e300,9223372036854775807),
  (2,NULL,12345678.90,'1999-12-31 23:59:59.000001',NULL,123456.654321,0,NULL,3,0);
CREATE TABLE words(w VARCHAR(20) PRIMARY KEY, n INT);
INSERT INTO words VALUES('z',1),('B',2),('a',3),('é',4),('Z2',5),('丙',6),('甲',7),('_',8);
CREATE TABLE loose(item VARCHAR(20), n INT);
INSERT INTO loose VALUES('x',1),('y',2),('x',1),('x',NULL);
SQL
}
make_shop TIMESTAMP | postgres
sql -e 'CREATE DATABASE shop CHARACTER SET utf8mb4'
make_shop 'DATETIME(6)' | sql -D shop
make_shop DATETIME | sqlite3 shop.db

alike() { python3 "$AXEV_SOURCE_ROOT/tests/cli/lib_records_alike.py" "$@"; }
maria="mariadb://root@localhost/shop?socket=$PWD/mariadb.sock"

check "PostgreSQL" capture pg "postgresql:///postgres"
check "MariaDB" capture my "$maria"
check "SQLite" capture lite sqlite:shop.db
check "a table with decimals and dates is the same of all three" alike goods '*' pg my lite
check "with a key of text" alike words '*' pg my lite
check "and without a key" alike loose '(count),item,n' pg my lite
check "all are valid" sh -c "'$verify' pg.asice --policy L/policy.json && '$verify' my.asice --policy L/policy.json && '$verify' lite.asice --policy L/policy.json"
cp shop.db other.db && sqlite3 other.db 'UPDATE goods SET price=0.98 WHERE id=3'
check "SQLite, changed" capture other sqlite:other.db
check_exit "the comparison finds a difference" 1 alike goods price pg other

chinook=${AXEV_SHARED_DATA:-/none}/chinook
if [ ! -d "$chinook" ]; then
  echo "ok - Chinook in three dialects # SKIP no shared data"
  conclude
  exit
fi
sed '/^DROP DATABASE\|^CREATE DATABASE\|^\\c /d' "$chinook/Chinook_PostgreSql.sql" >pg.sql
postgres -c 'CREATE DATABASE chinook' && postgres -d chinook -f pg.sql >/dev/null
# The scripts differ: MariaDB would take the backslashes in two names for escapes, and that for PostgreSQL lost a blank behind "Edinburgh".
{ echo "SET SESSION sql_mode=CONCAT(@@sql_mode,',NO_BACKSLASH_ESCAPES');"; cat "$chinook/Chinook_MySql.sql"; } | sql
postgres -d chinook -c "UPDATE customer SET city='Edinburgh ' WHERE city='Edinburgh'" \
  -c "UPDATE invoice SET billing_city='Edinburgh ' WHERE billing_city='Edinburgh'"
check "Chinook of PostgreSQL" capture cpg "postgresql:///chinook"
check "Chinook of MariaDB" capture cmy "mariadb://root@localhost/Chinook?socket=$PWD/mariadb.sock"
check "Chinook of SQLite" capture clite "sqlite:$chinook/Chinook_Sqlite.sqlite"
for table in Album Artist Customer Employee Genre Invoice InvoiceLine MediaType Playlist PlaylistTrack Track; do
  check "$table of all three" alike $table '*' cpg cmy clite
done
conclude
