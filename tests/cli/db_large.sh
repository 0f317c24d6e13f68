#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Long values of PostgreSQL: read in slices, so that memory does not grow with them, and the same bytes as if they had been read whole.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_postgresql.sh"
mib=64
"$axev" init L --origin test.example/log >/dev/null || exit 1

head -c $((mib * 1048576)) /dev/urandom >random.bin
noise=$(sha256sum <random.bin | cut -d' ' -f1)

pg_start
install -m 644 random.bin "$pg_home/noise"
sql <<SQL || exit 1
CREATE TABLE noise(id int PRIMARY KEY, b bytea, t text);
INSERT INTO noise VALUES(1, pg_read_binary_file('$pg_home/noise'), 'beside it'), (2, NULL, NULL), (3, '\x00', repeat('x', 1000));
CREATE TABLE kinds(b bytea, t text, c char(3000000), v varchar, j jsonb, a text[], n numeric, m bytea);
ALTER TABLE kinds ALTER m SET STORAGE EXTERNAL;
INSERT INTO kinds VALUES
  (decode(repeat('00ff41', 1000000), 'hex'), repeat('王', 1000000) || 'é', 'padded', repeat('😀', 800000), ('["' || repeat('汉', 900000) || '"]')::jsonb,
   ARRAY[repeat('a"b', 800000), NULL], 1.50, decode(repeat('01', 2097152), 'hex')),
  (decode(repeat('01', 2097153), 'hex'), repeat('x', 2097152), NULL, repeat('x', 2097153), '1', '{}', NULL, decode(repeat('02', 3145728), 'hex')),
  (NULL, NULL, 'y', '', NULL, NULL, 2, NULL), (decode(repeat('01', 2097153), 'hex'), 'same', 'z', NULL, NULL, NULL, 2, NULL);
CREATE VIEW kinds_whole AS SELECT * FROM kinds;
CREATE TABLE parted(k int, b bytea) PARTITION BY RANGE(k);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (10) TO (20);
INSERT INTO parted SELECT i, decode(repeat(lpad(to_hex(i), 2, '0'), 2500000), 'hex') FROM generate_series(8, 11) i;
CREATE VIEW parted_whole AS SELECT * FROM parted;
SQL
check "PostgreSQL: a value of $mib MiB" capture noise "postgres:" --table noise
check "is valid" "$verify" noise.asice --policy L/policy.json
check "is the same bytes" test "$(sha256sum <noise/data/cells/000001.bin | cut -d' ' -f1)" = "$noise"
cells noise/data/records/001.bin >got
printf 'integer:1 large:bytes:%s text:beside it\ninteger:2 null null\ninteger:3 bytes:00 text:%s\n' $((mib * 1048576)) "$(printf 'x%.0s' $(seq 1000))" >want
check "and its row is whole" diff want got
check "what was run is told beside what was asked" sh -c 'grep -q "\"run\":\"SELECT CASE WHEN" noise/data/records/001.header.json && grep -q "\"statement\":\"SELECT id, b, t FROM public.noise ORDER BY id\"" noise/data/records/001.header.json'
check "and that it was read in slices" manifest noise "any(s['result']=='1 long values read in slices, before the rows' for s in m['capture']['steps'])"
needs_at_most "memory does not grow with it" 48 "postgres:" --table noise
check "values of all kinds" capture kinds "postgres:" --table kinds
check "as a view, which has no slices" capture whole "postgres:" --table kinds_whole
check "each is the same" cmp kinds/data/records/001.bin whole/data/records/001.bin
check "those of more than 2 MiB in slices" manifest kinds "any(s['result']=='12 long values read in slices, before the rows' for s in m['capture']['steps'])"
check "the view in none" manifest whole "not any('slices' in s['result'] for s in m['capture']['steps'])"
check "they are valid" sh -c "'$verify' kinds.asice --policy L/policy.json && '$verify' whole.asice --policy L/policy.json"
check "partitions" capture parted "postgres:" --table parted
check "as a view" capture parted_whole "postgres:" --table parted_whole
check "hold the same" cmp parted/data/records/001.bin parted_whole/data/records/001.bin
sql -c "CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0"
sql -d latin -c "CREATE TABLE t(x text, n name); INSERT INTO t VALUES(repeat('é', 2000000) || 'a' || repeat('ß', 200000), 'ü'), (repeat('é', 2100000), NULL); CREATE VIEW v AS SELECT * FROM t"
check "a server in LATIN1" capture latin "postgres:dbname=latin" --table t
check "as a view" capture latin_whole "postgres:dbname=latin" --table v
check "is UTF-8 all the same" cmp latin/data/records/001.bin latin_whole/data/records/001.bin
sql -c "CREATE DATABASE ascii ENCODING SQL_ASCII LOCALE 'C' TEMPLATE template0"
sql -d ascii -c "CREATE TABLE t(x text); INSERT INTO t VALUES(repeat(convert_from('\\xff41', 'SQL_ASCII'), 1500000)); CREATE VIEW v AS SELECT * FROM t"
check "a server without an encoding" capture ascii "postgres:dbname=ascii" --table t
check "as a view" capture ascii_whole "postgres:dbname=ascii" --table v
check "keeps its bytes, which are no text" sh -c "cmp ascii/data/records/001.bin ascii_whole/data/records/001.bin && head -c 2 ascii/data/cells/000001.bin | od -An -tx1 | grep -q 'ff 41'"
conclude
