#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rows of a PostgreSQL server that this script starts: what is captured, and what the verifier says. Roots are computed again
# from what psql prints.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_postgresql.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
pg_start
"$axev" init L --origin test.example/log >/dev/null || exit 1

# dump NAME SELECT: what psql prints of it, one CSV line a row.
dump() { sql --csv -t -P 'null=<NULL>' -c "$2" >"$1.dump"; }
root() { # PACKAGE SET TYPE...: computed from SET's dump
  local package=$1 set=$2
  shift 2
  python3 "$AXEV_SOURCE_ROOT/tests/interop/lib_postgresql_root.py" "$package" "$set" "$set.dump" "$@"
}

sql <<'SQL' || exit 1
CREATE TABLE orders(id int PRIMARY KEY, phone text NOT NULL, total numeric(10,2), note varchar(20));
INSERT INTO orders VALUES(3,'13800000003',1.5,NULL),(1,'13800000001',99.99,'王小明'),(2,'',-0.05,'x');
CREATE TABLE visits(page text, n float8);
INSERT INTO visits VALUES('a',-0.5),('b',0.1),('a',-0.5),('b',NULL);
CREATE TABLE words(w text, part int, PRIMARY KEY(w, part));
INSERT INTO words VALUES('é',1),('B',1),('a',2),('a',1),('Z',1),('丙',1),('乙',1);
CREATE TABLE nothing(id int PRIMARY KEY);
CREATE VIEW big AS SELECT id, phone FROM orders WHERE id > 1;
CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."Kunden 客户"("ID" bigint PRIMARY KEY, "sum" int GENERATED ALWAYS AS (2 * "ID"::int) STORED, gone int);
INSERT INTO "Shop"."Kunden 客户"("ID") VALUES(7),(5);
ALTER TABLE "Shop"."Kunden 客户" DROP COLUMN gone;
CREATE TABLE parted(k int PRIMARY KEY, v text) PARTITION BY RANGE(k);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (10) TO (20);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (0) TO (10);
INSERT INTO parted VALUES(11,'b'),(3,'a'),(15,'c'),(1,'d');
CREATE TABLE parent(id int PRIMARY KEY);
CREATE TABLE child() INHERITS(parent);
INSERT INTO parent VALUES(1); INSERT INTO child VALUES(1),(2);
SQL
check "all tables are captured" capture all "postgres:"
check "the package is valid" "$verify" all.asice --policy L/policy.json
check "record sets and rows" manifest all "[s['name'] for s in m['record_sets']]==['\"Shop\".\"Kunden 客户\"','public.child','public.nothing','public.orders','public.parent','public.parted','public.visits','public.words'] and m['source']['rows']=='25' and m['complete'] is True"
printf '"id","phone","total","note"\r\n1,"13800000001",99.99,"王小明"\r\n2,"",-0.05,"x"\r\n3,"13800000003",1.50,\r\n' >want.csv
check "the view in CSV is in the order of the key" cmp want.csv all/data/views/004.csv
check "the header names the order" grep -q '"order":"w COLLATE \\"C\\", part"' all/data/records/008.header.json
dump public.orders 'SELECT * FROM orders ORDER BY id'
check "root of a table with a key" root all public.orders integer text decimal text
dump public.words 'SELECT * FROM words ORDER BY w COLLATE "C", part'
check "root of a table with a key of two, text in it" root all public.words text integer
dump public.visits 'SELECT * FROM visits'
check "root of a table without a key" root all public.visits text real64
dump public.nothing 'SELECT * FROM nothing'
check "root of an empty table" root all public.nothing integer
dump public.parted 'SELECT * FROM parted ORDER BY k'
check "root of a partitioned table" root all public.parted integer text
dump public.parent 'SELECT * FROM parent'
check "what inherits belongs to the parent, whose key is none" root all public.parent integer
dump '"Shop"."Kunden 客户"' 'SELECT * FROM "Shop"."Kunden 客户" ORDER BY 1'
check "generated and dropped columns, quoted names" root all '"Shop"."Kunden 客户"' integer integer
check "nothing is left of the way" test -z "$(ls L/drafts)"

check "what the server says of itself" manifest all "all(k in m['source']['options'] for k in ('system_identifier','lsn','encoding','driver')) and m['source']['options']['row_security']=='off' and m['source']['options']['account_can_write'] is True and m['source']['options']['in_recovery']=='f'"
check "system identifier" manifest all "m['source']['options']['system_identifier']=='$(sql -c 'SELECT system_identifier FROM pg_control_system()')'"
check "catalog" python3 - <<'PY'
import json
c = json.load(open('all/data/postgresql/catalog.json'))
assert not c['not_told'], c['not_told']
assert c['server']['account'] == 'postgres' and c['server']['is_superuser'] == 't'
assert c['snapshot']['isolation'] == 'repeatable read' and c['snapshot']['read_only'] == 'on'
total = next(x for x in c['columns'] if x['relation'] == 'public.orders' and x['name'] == 'total')
assert total['type'] == 'numeric(10,2)' and total['not_null'] == 'f'
assert any(x['definition'] == 'PRIMARY KEY (id)' for x in c['constraints'])
assert {x['relation'] for x in c['parents']} >= {'public.child', 'public.parted_1'}
assert len(c['plans']) == 8 and 'rows=' in c['plans'][0]['plan'][0]
PY

check "one table and a view" capture some "postgres:" --table big --table orders
check "a view is a multiset" grep -q '"multiset":true' some/data/records/001.header.json
check "a view's definition, and the table below it" python3 -c "
import json
c = json.load(open('some/data/postgresql/catalog.json'))
assert [r['name'] for r in c['relations']] == ['public.orders', 'public.big'], c['relations']
assert 'WHERE (orders.id > 1)' in c['relations'][1]['definition']"
dump public.big 'SELECT * FROM big'
check "root of a view" root some public.big integer text
check "a name with capitals" capture quoted "postgres:" --table '"Shop"."Kunden 客户"'

check "a query with parameters" capture query "postgres:" --query 'SELECT phone, 1, 2 FROM orders WHERE note = $1 AND id < $2;' --param 王小明 --param 2
check "its row, and names that come twice" grep -q '^1,"13800000001",1,2' query/data/views/001.csv
check "its parameters stand in the header" grep -q '"parameters":\["王小明","2"\]' query/data/records/001.header.json
check "a query without parameters" capture plain "postgres:" --query 'WITH a AS (SELECT * FROM visits) SELECT page, n FROM a ORDER BY 1 -- end'
cp public.visits.dump query.dump
check "its root" root plain query text real64
check "VALUES is a query" capture values "postgres:" --query "VALUES (1, 'a'), (2, 'b')"

# ---- types ----
sql <<'SQL' || exit 1
CREATE TYPE mood AS ENUM('sad', 'ok');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE types(id int PRIMARY KEY, b bool, i2 int2, i8 int8, o oid, f4 float4, f8 float8, n numeric, n2 numeric(30,6), t text,
  c char(4), na name, ba bytea, d date, ti time, ts timestamp, tz timestamptz, p positive, ttz timetz, iv interval, u uuid, j json,
  jb jsonb, ar int[], te text[], r numrange, pr pair, m mood, ip inet, x xml, mo money, ch "char", bi bit(5));
INSERT INTO types(id) VALUES(1);
INSERT INTO types VALUES
(2, true, -32768, -9223372036854775808, 4294967295, '-0', '-0', 'NaN', 1.5, 'e' || U&'\0301' || ' 😀 é', 'a', 'nä', '\x00ff',
 '0044-03-15 BC', '24:00', '0044-03-15 12:30:00.000001 BC', '1969-12-31 23:59:59.999999+00', 7, '12:00:00.5+08', '1 mon -2 days 03:00:00.25',
 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a":1, "a":12345678901234567890.123}', '{"b":1,"a":1.10}', '{{1,NULL},{3,4}}',
 '{"a,b",NULL,"NULL",""}', '[1.10,2)', ROW(NULL,NULL), 'ok', '192.168.1.1', '<a/>', 12.34, 'q', B'10110'),
(3, false, 32767, 9223372036854775807, 0, 'NaN', 'NaN', 'Infinity', -0.000001, '', '', '', '', 'infinity', '00:00', 'infinity', 'infinity', 1,
 '00:00-15:59', '-1 year', '00000000-0000-0000-0000-000000000000', 'null', 'null', '{}', '{}', 'empty', ROW(1,'x,"y'), 'sad', '::1/64', '', -1, '', B'00000'),
(4, NULL, 0, 0, 1, '-Infinity', 'Infinity', '-Infinity', 0, ' ', ' x', ' ', '\x', '-infinity', '23:59:59.999999', '-infinity', '-infinity', 2,
 '00:00+00', '0', NULL, '[]', '[]', NULL, NULL, '(,)', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(5, NULL, 0, 0, 1, '3.4028235e38', 5e-324, 1e130000::numeric, 999999999999999999999999.999999, E'a\tb\n"', NULL, NULL, NULL, '4713-11-24 BC', NULL,
 '4713-11-24 00:00 BC', '4713-11-24 00:00+00 BC', 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(6, NULL, 0, 0, 1, 1e-45, 1.7976931348623157e308, ('0.' || repeat('0', 16000) || '1')::numeric, 0.5, 'x', NULL, NULL, NULL, '5874897-12-31', NULL,
 '294246-12-31 23:59:59.999999', '294246-12-31 23:59:59.999999+00', 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO types(id, f4, f8, n, n2, d, ts, tz, ti, t)
  SELECT i, random()::float4 * 1e30, (random() - 0.5) * 10 ^ (300 * random()), round((random()::numeric - 0.5) * 10::numeric ^ (i % 40), i % 23),
  (random()::numeric - 0.5) * 10::numeric ^ (i % 20), '0001-01-01 BC'::date + i * 1500, '0400-01-01 BC'::timestamp + i * interval '1 year 3 days 01:02:03.000456',
  '0001-01-01 00:00+00'::timestamptz + i * interval '2 years 1 month 7 days 11:22:33.445566', '00:00:00'::time + i * interval '86.123400 seconds', md5(i::text)
  FROM generate_series(10, 900) i;
SQL
check "a table of many types" capture types "postgres:" --table types
check "it is valid" "$verify" types.asice --policy L/policy.json
PGTZ=UTC PGOPTIONS="-c IntervalStyle=iso_8601 -c lc_monetary=C" dump public.types "SELECT id, b, i2, i8, o, f4, f8, n, n2, t, c, na, ba, d, ti, ts,
  CASE WHEN isfinite(tz) THEN trunc(extract(epoch FROM tz) * 1000000)::text ELSE tz::text END, p, ttz, iv, u, j, jb, ar, te, r, pr, m, ip, x, mo, ch, bi
  FROM types ORDER BY id"
check "every value is the one that psql prints" root types public.types integer boolean integer integer integer real32 real64 decimal decimal text \
  text text bytes calendar calendar calendar instant integer "other=time with time zone" other=interval other=uuid other=json other=jsonb \
  'other=integer[]' 'other=text[]' other=numrange other=public.pair other=public.mood other=inet other=xml other=money 'other="char"' other=bit
check "labels of the enumeration are kept" grep -q '"labels":"\[\\"sad\\", \\"ok\\"\]"' types/data/postgresql/catalog.json
sql -c "CREATE TABLE late(t timestamptz PRIMARY KEY); INSERT INTO late VALUES('294276-12-31 23:00+00')"
refused "an instant that no cell can hold" "a point in time behind the year 294246" "postgres:" --table late

# ---- large values ----
sql <<'SQL' || exit 1
CREATE TABLE large(id int PRIMARY KEY, t text, b bytea, j json);
INSERT INTO large VALUES(1, repeat('王', 500000), decode(repeat('00ff', 700000), 'hex'), ('"' || repeat('x', 1048576) || '"')::json), (2, 'small', '', '1');
SQL
check "large values" capture large "postgres:" --table large
check "are valid" "$verify" large.asice --policy L/policy.json
check "and objects of their own" test "$(stat -c %s large/data/cells/*.bin | tr '\n' ' ')" = "1500000 1400000 1048578 "
check "with the bytes as they are" sh -c 'psql -XAtc "SELECT t FROM large WHERE id=1" | head -c -1 | cmp - large/data/cells/000001.bin'

# ---- other encodings of the server ----
sql -c "CREATE DATABASE ascii ENCODING SQL_ASCII LOCALE 'C' TEMPLATE template0"
sql -c "CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0"
sql -d ascii -c "CREATE TABLE t(id int PRIMARY KEY, x text); INSERT INTO t VALUES(1, convert_from('\\xff41', 'SQL_ASCII')), (2, 'ok')"
sql -d latin -c "CREATE TABLE t(id int PRIMARY KEY, x text); INSERT INTO t VALUES(1, 'é')"
check "a database without an encoding" capture ascii "postgres:dbname=ascii"
check "text that is none is marked" grep -q '^1,"\[not valid text\] .xff41"' ascii/data/views/001.csv
check "it is valid all the same" "$verify" ascii.asice --policy L/policy.json
check "a database in LATIN1" capture latin "postgresql:///latin"
check "its text is UTF-8" grep -q '^1,"é"' latin/data/views/001.csv

sql -c "DROP TABLE late; CREATE TABLE bare()"
check "a table without columns among all" capture bare "postgres:"
check "is told to be missing" manifest bare "m['complete'][0]['what']=='public.bare'"

# ---- a standby ----
"${pg_as[@]}" env -C "$pg_home" "$pg_bin/pg_basebackup" -h "$pg_home" -p "$pg_port" -U postgres -D "$pg_home/standby" -R -X stream -c fast >standby.log 2>&1 || cat standby.log
"${pg_as[@]}" env -C "$pg_home" "$pg_bin/postgres" -D "$pg_home/standby" -c fsync=off -c listen_addresses= -c "unix_socket_directories=$pg_home" -p 5433 >>standby.log 2>&1 &
started_pids="$started_pids $!"
for _ in $(seq 200); do
  psql -XAtqp 5433 -c 'SELECT 1' >/dev/null 2>&1 && break
  sleep 0.05
done
check "a standby" capture standby "postgres:port=5433" --table orders
check "is told to be one, with the position that it had replayed" manifest standby "m['source']['options']['in_recovery']=='t' and '/' in m['source']['options']['lsn'] and m['source']['options']['system_identifier']=='$(sql -c 'SELECT system_identifier FROM pg_control_system()')'"
check "its rows are those of the server" cmp standby/data/records/001.bin some/data/records/002.bin
conclude
