#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rows of SQLite databases: what is captured, what is refused, and what the verifier says.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"

sqlite3 shop.db <<'SQL'
CREATE TABLE orders(id INTEGER PRIMARY KEY, phone TEXT NOT NULL, total NUMERIC, note);
INSERT INTO orders VALUES(3,'13800000003',1.5,NULL),(1,'13800000001',9007199254740993,'王小明'),(2,'','x',x'00ff');
CREATE TABLE visits(page TEXT, n REAL);
INSERT INTO visits VALUES('a',-0.5),('b',0.1),('a',-0.5),('b',NULL);
CREATE TABLE loose(k TEXT PRIMARY KEY, v);
INSERT INTO loose VALUES(NULL,1),(NULL,1),('z',2);
CREATE VIEW big AS SELECT id FROM orders WHERE id>1;
SQL
before=$(sha256sum shop.db)
"$axev" init L --origin test.example/log >/dev/null || exit 1

check "all tables are captured" capture all sqlite:shop.db
check "the package is valid" "$verify" all.asice --policy L/policy.json
check "three record sets, ten rows" manifest all "len(m['record_sets'])==3 and m['source']['rows']=='10' and m['complete'] is True"
check "equal rows without a key are one record" manifest all "m['record_sets'][1]['records']=='3'"
check "a key with NULL is no key" manifest all "m['record_sets'][2]['records']=='2'"
check "the manifest has no digest that could be guessed from rows" manifest all \
  "{o['role'] for o in m['objects']} <= {'facts','anchor'} and len(m['parts'])==1"
check "the database was not touched" test "$before" = "$(sha256sum shop.db)"
check "the database is in the package as it was" cmp shop.db all/data/sqlite/database
printf '"id","phone","total","note"\r\n1,"13800000001",9007199254740993,"王小明"\r\n2,"","x",\\x00ff\r\n3,"13800000003",1.5,\r\n' >want.csv
check "the view in CSV is in the order of the key" cmp want.csv all/data/views/001.csv
check "the view in HTML marks NULL" grep -q 'class="null">NULL' all/data/views/001.html
check "the header names the order" grep -q '"order":"\\"id\\" COLLATE BINARY"' all/data/records/001.header.json
check "nothing is left of the way" test -z "$(ls L/drafts)"

check "one table and a view" capture some sqlite:shop.db --table big --table orders
check "random bytes stand beside them" sh -c '[ "$(stat -c %s all/data/blinding.bin)" -ge 32 ] && ! cmp -s all/data/blinding.bin some/data/blinding.bin'
check "a view is a multiset" grep -q '"multiset":true' some/data/records/001.header.json
check "a query with a parameter" capture query sqlite:shop.db --query 'SELECT phone FROM orders WHERE note = ?' --param 王小明
check "its row" grep -q '^1,"13800000001"' query/data/views/001.csv
check "its parameter stands in the header" grep -q '"parameters":\["王小明"\]' query/data/records/001.header.json

for i in $(seq 100 349); do echo "CREATE TABLE t$i(a INTEGER PRIMARY KEY, b BLOB); INSERT INTO t$i VALUES($i, x'00');"; done | sqlite3 many.db
sqlite3 many.db "UPDATE t349 SET b=zeroblob(1048577); INSERT INTO t349 VALUES(500,zeroblob(1048578))"
check "250 tables are captured" capture many sqlite:many.db
check "into more than one part" manifest many "[p['objects'] for p in m['parts']]==[900, 356] and len(m['record_sets'])==250"
check "each with its own random bytes" sh -c 'unzip -qo many/data/parts/0002.zip -d many && [ -s many/data/blinding.bin ] && ! cmp -s many/data/blinding.bin many/data/blinding-0002.bin'
check "which is valid" "$verify" many.asice --policy L/policy.json

refused "a table that is not there" "the database has no table or view 'nothing'" sqlite:shop.db --table nothing
refused "a password in the address" "a password in the address would be kept" postgresql://me:secret@localhost/shop
check "which is not said again" sh -c '! grep -q secret .refused'
refused "a password for a file" "neither a password nor TLS" sqlite:shop.db --password-env HOME
refused "a variable that is not set" "the variable 'NONE_SUCH' with the password is not set" sqlite:shop.db --password-env NONE_SUCH
refused "DELETE" "only a SELECT is run" sqlite:shop.db --query 'DELETE FROM orders'
refused "a write in a WITH" "only a SELECT is run" sqlite:shop.db --query 'WITH a AS (SELECT 1) INSERT INTO visits SELECT 1,2'
refused "RETURNING" "only a SELECT is run" sqlite:shop.db --query 'UPDATE orders SET note=1 RETURNING id'
refused "ATTACH" "only a SELECT is run" sqlite:shop.db --query "ATTACH 'other.db' AS o"
refused "PRAGMA" "only a SELECT is run" sqlite:shop.db --query 'PRAGMA user_version=7'
refused "two statements" "expected one statement, found more" sqlite:shop.db --query 'SELECT 1; SELECT 2'
refused "a parameter too many" "the statement has 0 parameters, 1 were given" sqlite:shop.db --query 'SELECT 1' --param x
refused "a parameter that is not UTF-8" "expected parameter 2 in UTF-8" sqlite:shop.db --query 'SELECT ?, ?' --param x --param $'\xff'
refused "a name that is not UTF-8" "expected a name in UTF-8" sqlite:shop.db --table $'\xff'
sqlite3 empty.db 'VACUUM'
refused "a database without tables" "the database has no tables" sqlite:empty.db
printf 'CREATE TABLE good("k\xfe" TEXT PRIMARY KEY); INSERT INTO good VALUES(1); CREATE TABLE "bad\xff"(a);' | sqlite3 bytes.db
refused "the name of a table that is not UTF-8" "the name of table 'bad\\xff' is not UTF-8; name the others with --table" sqlite:bytes.db
check "another table beside it" capture bytes sqlite:bytes.db --table good
check "its key is named as its column is" python3 -c "
import json; h=json.load(open('bytes/data/records/001.header.json'))
assert h['about']['key']==[h['fields'][0]['name']], h"
check "it is valid" "$verify" bytes.asice --policy L/policy.json
refused "parameters without a statement" "parameters belong to a statement" sqlite:shop.db --param x
refused "no such engine" "expected a database as sqlite:PATH" oracle:x
refused "no such file" "missing.db" sqlite:missing.db
printf 'this is no database, and long enough to be one, but it is not at all a database%0500d' 0 >text.db
refused "a file that is no database" "file is not a database" sqlite:text.db
head -c 6000 shop.db >cut.db
refused "a database that was cut off" "malformed" sqlite:cut.db
mkdir fake && echo none >fake/libsqlite3.so.0
LD_LIBRARY_PATH=fake refused "no driver" "cannot load libsqlite3.so.0: install the package libsqlite3-0" sqlite:shop.db
check "other.db was not made" test ! -e other.db
check "what was refused left no draft" test -z "$(ls L/drafts)"

# A log that was never put into the database file: its rows count.
python3 - <<'PY'
import os, shutil, sqlite3
db = sqlite3.connect('wal.src')
db.execute('PRAGMA journal_mode=wal')
db.execute('CREATE TABLE t(id INTEGER PRIMARY KEY)')
db.execute('INSERT INTO t VALUES(1)')
db.commit()
db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
db.execute('INSERT INTO t VALUES(2)')
db.commit()
for suffix in ('', '-wal', '-shm'):
    shutil.copy('wal.src' + suffix, 'wal.db' + suffix)
PY
sums=$(sha256sum wal.db wal.db-wal wal.db-shm)
check "a database with a log" capture wal sqlite:wal.db
check "rows of the log are there" manifest wal "m['source']['rows']=='2' and m['source']['options']['journal_mode']=='wal'"
check "database, log and index are in the package" cmp wal.db-wal wal/data/sqlite/database-wal
check "none of the three was touched" test "$sums" = "$(sha256sum wal.db wal.db-wal wal.db-shm)"

# What a process leaves that was killed in the middle: a journal that is to be rolled back, a log that counts.
python3 - <<'PY'
import os, signal, sqlite3
for name, mode in (('hot', 'delete'), ('killed', 'wal')):
    child = os.fork()
    if child == 0:
        db = sqlite3.connect(name + '.db', isolation_level=None)
        db.execute('PRAGMA journal_mode=' + mode)
        db.execute('PRAGMA wal_autocheckpoint=0')
        db.execute('CREATE TABLE t(id INTEGER PRIMARY KEY, x)')
        db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000) INSERT INTO t SELECT i, hex(randomblob(100)) FROM n")
        db.execute('PRAGMA cache_size=10')
        db.execute('BEGIN')
        db.execute("UPDATE t SET x = 'on its way to the disk' || x")
        if mode == 'wal':
            db.execute('COMMIT')
            db.execute('BEGIN')
            db.execute('DELETE FROM t')
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
PY
# as_sqlite_sees NAME: rows are those that sqlite3 reads of a copy of the files, which are not touched.
as_sqlite_sees() {
  local name=$1 sums
  mkdir "seen.$name" && cp "$name".db* "seen.$name"/
  sums=$(sha256sum "$name".db*)
  check "$name: it can be read" capture "$name" "sqlite:$name.db"
  sqlite3 "seen.$name/$name.db" "SELECT id || ',\"' || x || '\"' || char(13) FROM t ORDER BY id" >"$name.rows"
  tail -n +2 "$name/data/views/001.csv" >"$name.csv"
  check "$name: rows are those that SQLite sees" sh -c "test -s $name.rows && cmp $name.rows $name.csv"
  check "$name: the files were not touched" test "$sums" = "$(sha256sum "$name".db*)"
  check "$name: it is valid" "$verify" "$name.asice" --policy L/policy.json
}
check "a journal was left that is hot" sh -c 'test -s hot.db-journal && grep -qa "on its way" hot.db'
as_sqlite_sees hot
check "what was never committed is not in its rows" sh -c '! grep -q "on its way" hot.csv'
check "but in the file of the package, beside its journal" sh -c 'cmp hot.db hot/data/sqlite/database && cmp hot.db-journal hot/data/sqlite/database-journal && grep -qa "on its way" hot/data/sqlite/database'
check "a log was left" test -s killed.db-wal
as_sqlite_sees killed
check "what the log has committed is in its rows, what it has not is not" sh -c 'test "$(grep -c "on its way" killed.csv)" = 2000'

# Virtual tables, and the tables in which they keep what they have.
sqlite3 virtual.db <<'SQL'
CREATE VIRTUAL TABLE docs USING fts5(title, body);
INSERT INTO docs VALUES('a','hello world'),('b','王小明 电话');
CREATE VIRTUAL TABLE places USING rtree(id, minx, maxx);
INSERT INTO places VALUES(1, 0.5, 1.5),(7, -10, 10);
CREATE TABLE plain(id INTEGER PRIMARY KEY);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema VALUES('table','odd','odd',0,'CREATE VIRTUAL TABLE odd USING nosuch(a)');
SQL
check "virtual tables" capture virtual sqlite:virtual.db
check "are there, and the tables that they keep" manifest virtual "[s['name'] for s in m['record_sets']]==['docs','docs_data','docs_idx','docs_content','docs_docsize','docs_config','places','places_rowid','places_node','places_parent','plain']"
check "one without a module is told to be missing" manifest virtual "m['complete']==[{'what':'odd','why':'not read: SQLite: the statement was refused: no such module: nosuch'}]"
check "rows of fts5" sh -c 'grep -q "^1,\"b\",\"王小明 电话\"" virtual/data/views/001.csv && grep -q "\"what\":\"virtual table\"" virtual/data/records/001.header.json'
check "rows of rtree" sh -c 'grep -q "^1,7,-10,10" virtual/data/views/007.csv'
check "its table of nodes" sh -c 'grep -q "\"what\":\"table\"" virtual/data/records/009.header.json && test "$(wc -l <virtual/data/views/009.csv)" = 2'
check "which is valid" "$verify" virtual.asice --policy L/policy.json
refused "that one by its name" "no such module: nosuch" sqlite:virtual.db --table odd

# Values that are lost easily, in each encoding; a cell of more than 1 MiB.
for pair in UTF-8:ff41d8 UTF-16le:410000d8 UTF-16be:0041d800; do
  encoding=${pair%:*}
  python3 - "$encoding" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + '.db')
db.execute(f'PRAGMA encoding="{sys.argv[1]}"')
db.execute('CREATE TABLE v(id INTEGER PRIMARY KEY, x)')
rows = ['e\u0301 \U0001f600 \u00e9', float('inf'), -0.0, 5e-324, -2**63, '', b'', 'a\0b', 'x' * 1048577]
db.executemany('INSERT INTO v(x) VALUES(?)', [(r,) for r in rows])
bad = {'UTF-8': 'ff41d8', 'UTF-16le': '410000d8', 'UTF-16be': '0041d800'}[sys.argv[1]]
db.execute(f"INSERT INTO v(x) VALUES(CAST(x'{bad}' AS TEXT))")
db.commit()
PY
  check "$encoding" capture "$encoding" "sqlite:$encoding.db"
  check "$encoding: valid" "$verify" "$encoding.asice" --policy L/policy.json
  check "$encoding: the large cell is an object" test "$(stat -c %s "$encoding/data/cells/000001.bin")" = 1048577
  check "$encoding: text that is none is marked" grep -q "\[not valid text\] .x${pair#*:}" "$encoding/data/views/001.csv"
  head -n -1 "$encoding/data/views/001.csv" >"$encoding.csv"
done
check "equal values give equal views in all encodings" sh -c 'cmp UTF-8.csv UTF-16le.csv && cmp UTF-8.csv UTF-16be.csv'

# Columns that are declared as what SQLite does not have: what is something else stays what it is.
sqlite3 odd.db <<'SQL'
CREATE TABLE odd(id INTEGER PRIMARY KEY, price NUMERIC(10,2), made DATETIME, day DATE, clock TIME, paid BOOLEAN, free NUMERIC);
INSERT INTO odd VALUES(1, 0.995, '2026-11-29T08:00:00', '2026-02-29', '24:00:00', 2, 1.5),
  (2, 1e17, '2026-11-29 08:00:00.50', '2026-11-29 ', '08:00', 'true', 1), (3, 'free', 1764403200, x'3031', '08:00:00.25', 0, 'x'),
  (4, -1.25, '2024-02-29 23:59:59.999999', '2024-02-29', '23:59:59', 1, NULL);
SQL
check "odd values" capture odd sqlite:odd.db
printf '"id","price","made","day","clock","paid","free"\r\n1,0.995,"2026-11-29T08:00:00","2026-02-29","24:00:00",2,1.5\r\n2,%s,"2026-11-29 08:00:00.50","2026-11-29 ","08:00","true",1\r\n3,"free",1764403200,\\x3031,08:00:00.25,false,"x"\r\n4,-1.25,2024-02-29T23:59:59.999999,2024-02-29,23:59:59,true,\r\n' 100000000000000000.00 >want.csv
check "stay what they are" cmp want.csv odd/data/views/001.csv

if [ -n "${AXEV_CHINOOK:-}" ]; then
  check "Chinook" capture chinook "sqlite:$AXEV_CHINOOK"
  check "Chinook is valid" "$verify" chinook.asice --policy L/policy.json
fi
conclude
