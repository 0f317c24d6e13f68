#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Long values of MariaDB: read in slices, so that memory does not grow with them, and the same bytes as if they had been read whole.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_mariadb.sh"
start_mariadb || exit 1
mib=60 # the server's packets are of 64
"$axev" init L --origin test.example/log >/dev/null || exit 1
head -c $((mib * 1048576)) /dev/urandom >random.bin
noise=$(sha256sum <random.bin | cut -d' ' -f1)

sql <<SQL
CREATE DATABASE shop CHARACTER SET utf8mb4;
USE shop;
CREATE TABLE noise(id INT PRIMARY KEY, b LONGBLOB, t LONGTEXT);
INSERT INTO noise VALUES(1, LOAD_FILE('$scratch/random.bin'), 'beside it'), (2, NULL, NULL), (3, x'00', 'x');
CREATE TABLE kinds(w VARCHAR(20) CHARACTER SET latin1, n DECIMAL(20,3), d DATETIME(6), v VARBINARY(8), u BIGINT UNSIGNED, b LONGBLOB, t LONGTEXT,
  l MEDIUMTEXT CHARACTER SET latin1, m MEDIUMTEXT CHARACTER SET utf8mb3, j JSON, PRIMARY KEY(w, n, d, v, u));
SET SESSION sql_mode = '';
INSERT INTO kinds VALUES
 ('it''s \\\\ é', -1.5, '2026-11-29 08:00:00.000001', x'0027', 18446744073709551615, REPEAT(x'00ff41', 4000000), CONCAT(REPEAT('王', 6000000), '😀'), REPEAT('é', 1500000),
  REPEAT('汉', 500000), CONCAT('["', REPEAT('x', 1048576), '"]')),
 ('IT''S', -1.5, '2026-11-29 08:00:00.000001', x'0027', 18446744073709551614, NULL, REPEAT('a', 1048577), NULL, REPEAT('b', 1048576), NULL),
 ('', 0, '0000-00-00', '', 0, REPEAT('b', 1048577), NULL, 'x', NULL, '1'), ('z', 0, '0000-00-00', '', 0, NULL, NULL, NULL, NULL, NULL);
CREATE VIEW kinds_whole AS SELECT * FROM kinds;
CREATE TABLE heap(b LONGBLOB);
INSERT INTO heap VALUES(REPEAT('b', 2000000));
CREATE TABLE real_key(f FLOAT PRIMARY KEY, b LONGBLOB);
INSERT INTO real_key VALUES(0.1, REPEAT('b', 2000000));
SQL
address="mariadb://root@/shop?socket=$scratch/mariadb.sock"
check "a value of $mib MiB" capture maria "$address" --table noise
check "is valid" "$verify" maria.asice --policy L/policy.json
check "is the same bytes" test "$(sha256sum <maria/data/cells/000001.bin | cut -d' ' -f1)" = "$noise"
cells maria/data/records/001.bin >got
printf 'integer:1 large:bytes:%s text:beside it\ninteger:2 null null\ninteger:3 bytes:00 text:x\n' $((mib * 1048576)) >want
check "and its row is whole" diff want got
needs_at_most "memory does not grow with it" 56 "$address" --table noise
check "values of all kinds" capture maria_kinds "$address" --table kinds
check "in slices" manifest maria_kinds "any(s['result']=='6 long values read in slices, before the rows' for s in m['capture']['steps'])"
check "as a view, which has no slices" capture maria_whole "$address" --table kinds_whole
cells maria_kinds/data/records/001.bin | sort >got
cells maria_whole/data/records/001.bin | sed 's/^integer:1 //' | sort >want
check "each is the same" diff want got
check "and each long one" sh -c 'for p in maria_kinds maria_whole; do (cd $p/data/cells && sha256sum * | cut -d" " -f1 | sort) >$p.sums; done; test "$(wc -l <maria_kinds.sums)" = 7 && diff maria_kinds.sums maria_whole.sums'
check "they are valid" sh -c "'$verify' maria_kinds.asice --policy L/policy.json && '$verify' maria_whole.asice --policy L/policy.json"
check "tables without a key, or with one that has no exact text" capture maria_heap "$address" --table heap --table real_key
check "come whole" sh -c '! grep -q "\"run\"" maria_heap/data/records/*.json && test "$(stat -c %s maria_heap/data/cells/*.bin | tr "\n" " ")" = "2000000 2000000 "'
conclude
