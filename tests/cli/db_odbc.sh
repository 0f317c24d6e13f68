#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rows through ODBC, with the drivers for SQLite and PostgreSQL, and with one that cuts values.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_postgresql.sh"

sqlite3 shop.db <<'SQL'
CREATE TABLE kinds(id INTEGER PRIMARY KEY, s VARCHAR(10), d DECIMAL(10,2), r REAL, b BLOB, m TIMESTAMP, day DATE, loose INTEGER);
INSERT INTO kinds VALUES(1,'王小明, more than ten','1.50',0.1,x'00ff','2026-11-29 08:00:00.5','2026-11-29','not a number'),
 (2,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(3,'','-.5',-1e300,x'','soon','','9223372036854775807');
CREATE TABLE long(id INTEGER PRIMARY KEY, t TEXT);
INSERT INTO long VALUES(1,replace(hex(zeroblob(40000)),'0','汉')),(2,replace(hex(zeroblob(8191)),'0','y')),(3,replace(hex(zeroblob(600000)),'0','z'));
CREATE TABLE heap(a TEXT, n INTEGER);
INSERT INTO heap VALUES('x',1),('x',1),('w',NULL);
CREATE TABLE cut(t TEXT);
INSERT INTO cut VALUES('x-rayed');
CREATE VIEW few AS SELECT id FROM kinds WHERE id<3;
SQL
"$axev" init L --origin test.example/log >/dev/null || exit 1
address="odbc:Driver=SQLite3;Database=$PWD/shop.db"

cells() { python3 "$AXEV_SOURCE_ROOT/tests/cli/lib_records_cells.py" "$1"; }
set_of() { python3 -c "import json,sys; m=json.load(open(sys.argv[1]+'/data/evidence.json')); print(sys.argv[1]+'/'+next(r['path'] for r in m['record_sets'] if r['name']==sys.argv[2]))" "$1" "$2"; }

check "all tables of SQLite's driver" capture lite "$address"
check "are valid" "$verify" lite.asice --policy L/policy.json
cells "$(set_of lite kinds)" >got
cat >want <<'END'
integer:1 text:王小明, more than ten text:1.5 real64:3fb999999999999a bytes:00ff calendar:2026-11-29T08:00:00.5 calendar:2026-11-29 other:INTEGER:not a number
integer:2 null null null null null null null
integer:3 text: text:-0.5 real64:fe37e43c8800759c bytes: other:TIMESTAMP:soon other:DATE: integer:9223372036854775807
END
check "each value is as it was handed over, and nothing is made a number that is none" diff want got
sqlite3 shop.db "SELECT 'integer:' || id || ' text:' || t FROM long ORDER BY id" >want
check "texts of many pieces are whole" python3 - "$(set_of lite long)" want <<'PY'
import subprocess, sys, os
got = subprocess.run([sys.executable, os.environ["AXEV_SOURCE_ROOT"] + "/tests/cli/lib_records_cells.py", sys.argv[1]], capture_output=True, check=True).stdout.split(b"\n")
want = open(sys.argv[2], "rb").read().split(b"\n")
assert got[:2] == want[:2]
assert got[2] == b"integer:3 large:text:1200000", got[2][:60]
PY
check "a longer one is an object" sh -c "sqlite3 shop.db 'SELECT t FROM long WHERE id=3' | tr -d '\n' | cmp - lite/data/cells/000001.bin"
cells "$(set_of lite heap)" | sort >got
printf '%s\n' 'integer:1 text:w null' 'integer:2 text:x integer:1' >want
check "rows without a key are counted" diff want got
sqlite3 far.db <<'SQL'
CREATE TABLE far(id INTEGER PRIMARY KEY, t TEXT, b BLOB);
INSERT INTO far VALUES(1, 'a' || replace(hex(zeroblob(400000)), '0', '😀'), CAST(replace(hex(zeroblob(1100000)), '0', 'xy') AS BLOB)),
  (2, replace(hex(zeroblob(524288)), '0', 'y'), zeroblob(1048576)), (3, replace(hex(zeroblob(524288)), '0', 'y') || 'y', zeroblob(1048577)),
  (4, replace(hex(zeroblob(400000)), '0', '汉') || 'é', x'00');
SQL
check "values that go by way of a file" capture far "odbc:Driver=SQLite3;Database=$PWD/far.db" --table far
check "are valid" "$verify" far.asice --policy L/policy.json
check "and those of the database" python3 - <<'PY'
import sqlite3
db = sqlite3.connect("far.db")
want = [v.encode() if isinstance(v, str) else bytes(v) for row in db.execute("SELECT t, b FROM far ORDER BY id") for v in row]
want = [v for v in want if len(v) > 1048576]
got = [open(f"far/data/cells/{i + 1:06}.bin", "rb").read() for i in range(len(want))]
assert len(want) == 5 and got == want, [len(v) for v in want]
PY
check "their lengths are held against the server's" manifest far "any(s['result']=='as long as the server counts: 2 columns of text or bytes; not checked: 0' for s in m['capture']['steps'])"
check "the driver's file is told, with its digest" manifest lite "__import__('hashlib').sha256(open(m['source']['options']['driver_file'],'rb').read()).hexdigest()==m['source']['options']['driver_sha256']"
check "lengths were held against the server's" manifest lite "any(s['result']=='as long as the server counts: 3 columns of text or bytes; not checked: 0' and s['action']=='kinds' for s in m['capture']['steps'])"
check "a view and a query" capture some "$address" --table few --query 'SELECT s FROM kinds WHERE s LIKE ?' --param '王%'
cells "$(set_of some query)" >got
printf 'integer:1 text:王小明, more than ten\n' >want
check "the row of the query" diff want got

pg_start
sql <<'SQL'
CREATE ROLE reader LOGIN PASSWORD 'sesame-42';
CREATE TABLE kinds(id int PRIMARY KEY, big bigint, n numeric(20,3), f4 real, f8 double precision, t text, b bytea, flag boolean, d date,
  ts timestamp(6), tz timestamptz, tm time, u uuid, j jsonb, a int[]);
INSERT INTO kinds VALUES(1,9223372036854775807,-0.500,1234567.875,0.30000000000000004,'王小明 😀',E'\\x00ff',true,'2026-11-29',
  '2026-11-29 08:00:00.5','2026-11-29 08:00:00+08','08:00:00.000001','00000000-0000-0000-0000-000000000001','{"a": 1}','{1,2}'),
 (2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE SCHEMA other;
CREATE TABLE other.kinds(id int PRIMARY KEY);
CREATE TABLE long(id int PRIMARY KEY, t text, b bytea);
INSERT INTO long VALUES(1, repeat('汉', 100000), decode(repeat('00ff', 100000), 'hex')), (2, repeat('y', 8191), NULL);
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
SQL
export SHOP_PASSWORD=sesame-42
server="odbc:Driver=PostgreSQL Unicode;Servername=127.0.0.1;Port=$pg_port;Database=postgres;UID=reader;BoolsAsChar=0;ByteaAsLongVarBinary=1;MaxLongVarcharSize=100"
check "tables of PostgreSQL's driver" capture pg "$server" --password-env SHOP_PASSWORD --table public.kinds --table long
check "are valid" "$verify" pg.asice --policy L/policy.json
check "the password is nowhere" sh -c '! grep -rqa sesame pg pg.bundle L'
cells "$(set_of pg public.kinds)" >got
cat >want <<'END'
integer:1 integer:9223372036854775807 decimal:-0.500 real32:4996b43f real64:3fd3333333333334 text:王小明 😀 bytes:00ff boolean:01 calendar:2026-11-29 calendar:2026-11-29T08:00:00.5 calendar:2026-11-29T00:00:00 calendar:08:00:00.000001 text:00000000-0000-0000-0000-000000000001 text:{"a": 1} text:{1,2}
integer:2 null null null null null null null null null null null null null null
END
check "each value" diff want got
cells "$(set_of pg long)" | sha256sum >got
{ python3 -c 'print("integer:1 text:"+"汉"*100000+" bytes:"+"00ff"*100000); print("integer:2 text:"+"y"*8191+" null")'; } | sha256sum >want
check "long texts and bytes are whole, whatever size the driver declares" diff want got
refused "a table of two schemas" "2 schemas have a table 'kinds': name it SCHEMA.TABLE" "odbc:Driver=PostgreSQL Unicode;Servername=$pg_home;Port=$pg_port;Database=postgres;UID=postgres" --table kinds
WRONG=wrong
export WRONG
refused "a wrong password" "password authentication failed" "$server" --password-env WRONG
refused "a password in the string" "a password in the address would be kept" "$server;Pwd=sesame-42"
refused "a driver that is not there" "ODBC: cannot connect" "odbc:Driver=Dameng;Server=x"
refused "no such table" "no table or view 'nothing'" "$address" --table nothing
refused "DELETE" "only a SELECT is run" "$address" --query 'DELETE FROM heap'
refused "no root of TLS" "said in its connection string" "$address" --ca server.pem
refused "a server that is gone" "ODBC: cannot connect" "odbc:Driver=PostgreSQL Unicode;Servername=127.0.0.1;Port=1;Database=x;UID=y"

mkdir liar
cc -shared -fPIC -o liar/libodbc.so.2 "$AXEV_SOURCE_ROOT/tests/odbc_liar.c" -ldl || exit 1
AXEV_REAL_ODBC=$(python3 -c 'import ctypes.util; print(ctypes.util.find_library("odbc"))')
[ -n "$AXEV_REAL_ODBC" ] && AXEV_REAL_ODBC=$(ls /usr/lib/*/libodbc.so.2 /lib/*/libodbc.so.2 2>/dev/null | head -1)
export AXEV_REAL_ODBC LD_LIBRARY_PATH="$PWD/liar"
AXEV_LIE=silent refused "values cut in silence" "the driver cuts values of column 't': 4 characters or bytes came, the server counts 7" "$address" --table cut
AXEV_LIE=length refused "values cut, but with their length" "the driver cuts a value and does not say so" "$address" --table cut
# That is no server which broke off: what it handed over is not kept as if it were only not all.
AXEV_LIE=silent refused "nor are they kept as incomplete" "the driver cuts values of column 't': 4 characters or bytes came, the server counts 7" "$address" --table few --table cut --incomplete
AXEV_LIE=length refused "nor those with their length" "the driver cuts a value and does not say so" "$address" --table few --table cut --incomplete
check "nothing is left of what was refused" test -z "$(ls L/drafts)"
conclude
