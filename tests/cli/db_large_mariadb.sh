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
CREATE TABLE exact(w BIT(64), u UUID, i INET6, j INET4, b LONGBLOB, PRIMARY KEY(w, u, i, j));
INSERT INTO exact VALUES(x'ffffffffffffffff', '00112233-4455-6677-8899-aabbccddeeff', '::ffff:1.2.3.4', '10.0.0.1', REPEAT('1', 1048577)),
 (x'8000000000000000', 'ffffffff-ffff-1fff-bfff-ffffffffffff', '::', '255.255.255.255', REPEAT('2', 1048577)),
 (x'8000000000000000', 'ffffffff-ffff-1fff-bfff-ffffffffffff', '::', '255.255.255.254', REPEAT('3', 1048577)),
 (0, '00000000-0000-0000-0000-000000000001', 'fe80::1', '0.0.0.0', REPEAT('4', 1048577)), (1, '00000000-0000-0000-0000-000000000001', 'fe80::1', '0.0.0.0', NULL);
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
check "in slices" manifest maria_kinds "any(s['result']=='7 long values read in slices, before the rows' for s in m['capture']['steps'])"
check "as a view, which has no slices" capture maria_whole "$address" --table kinds_whole
cells maria_kinds/data/records/001.bin | sort >got
cells maria_whole/data/records/001.bin | sed 's/^integer:1 //' | sort >want
check "each is the same" diff want got
check "and each long one" sh -c 'for p in maria_kinds maria_whole; do (cd $p/data/cells && sha256sum * | cut -d" " -f1 | sort) >$p.sums; done; test "$(wc -l <maria_kinds.sums)" = 7 && diff maria_kinds.sums maria_whole.sums'
check "they are valid" sh -c "'$verify' maria_kinds.asice --policy L/policy.json && '$verify' maria_whole.asice --policy L/policy.json"
check "keys of bits, UUID and addresses" capture maria_exact "$address" --table exact
check "in slices" manifest maria_exact "any(s['result']=='4 long values read in slices, before the rows' for s in m['capture']['steps'])"
check "each beside its own key" sh -c 'head -qc 1 maria_exact/data/cells/*.bin | grep -qx 4321 || { head -qc 1 maria_exact/data/cells/*.bin; false; }'
check "are valid" "$verify" maria_exact.asice --policy L/policy.json

# ---- text of other encodings: converted slice by slice, held against what Python makes of it ----
cat >make_encodings.py <<'PY'
"""Statements for a table of a long text in each encoding, and in encodings.want the digests of what they are in UTF-8."""
import hashlib
names = {"latin1": "cp1252", "gbk": "gbk", "big5": "big5", "sjis": "shift_jis", "ujis": "euc_jp", "euckr": "euc_kr", "cp1251": "cp1251", "koi8r": "koi8_r",
         "ucs2": "utf-16be", "utf16": "utf-16be", "utf16le": "utf-16le", "utf32": "utf-32be"}
pieces = {"latin1": "a\u00e9\u20acz", "gbk": "a\u738b\u554a", "big5": "a\u738b\u4e2d", "sjis": "a\u65e5\uff71", "ujis": "a\u65e5\u3042", "euckr": "a\uac00",
          "cp1251": "\u0416a", "koi8r": "\u0416a", "ucs2": "a\u738b", "utf16": "\U0001f600a\u738b", "utf16le": "a\U0001f600\u738b", "utf32": "\U0001f600\u738ba"}
sums = []
for name, codec in names.items():
    piece, times = pieces[name], (5 if name in ("gbk", "utf16") else 1) * 1048576 + 3
    print(f"CREATE TABLE e_{name}(id INT PRIMARY KEY, a LONGTEXT CHARACTER SET {name}, b MEDIUMTEXT CHARACTER SET {name});")
    raw = piece.encode(codec)
    print(f"INSERT INTO e_{name} VALUES(1, REPEAT(CONVERT(X'{raw.hex()}' USING {name}), {times}), REPEAT(CONVERT(X'{raw.hex()}' USING {name}), 1000));")
    one = piece.encode()
    print(f"INSERT INTO e_{name} VALUES(2, REPEAT('y', 1048576), REPEAT('z', 1048577)), (3, NULL, 'x');")
    sums.append((len(one) * times, hashlib.sha256(one * times).hexdigest()))
    sums.append((1048577, hashlib.sha256(b"z" * 1048577).hexdigest()))
with open("encodings.want", "w") as want:
    want.write("".join(f"{size} {digest}\n" for size, digest in sums))
PY
python3 make_encodings.py | sql -D shop || exit 1
tables=$(sql -D shop -N -e "SELECT GROUP_CONCAT(CONCAT('--table ', TABLE_NAME) ORDER BY CREATE_TIME, TABLE_NAME SEPARATOR ' ') FROM information_schema.TABLES WHERE TABLE_SCHEMA='shop' AND TABLE_NAME LIKE 'e\_%'")
check "text of twelve other encodings" capture maria_encodings "$address" $tables
check "is valid" "$verify" maria_encodings.asice --policy L/policy.json
check "each in slices" manifest maria_encodings "sum(s['result']=='2 long values read in slices, before the rows' for s in m['capture']['steps'])==12"
check "and the UTF-8 that Python makes of it" sh -c 'for f in maria_encodings/data/cells/*.bin; do echo "$(stat -c %s "$f") $(sha256sum <"$f" | cut -d" " -f1)"; done | sort >a; sort encodings.want | diff - a'
check "what is short in UTF-8 is none" sh -c 'for r in maria_encodings/data/records/*.bin; do python3 "$1" "$r"; done | grep -c "^integer:2 text:y* large:text:1048577$" | grep -qx 12' sh "$AXEV_SOURCE_ROOT/tests/cli/lib_records_cells.py"
sql -D shop -e "CREATE TABLE latin(id INT PRIMARY KEY, a LONGTEXT CHARACTER SET latin1); INSERT INTO latin VALUES(1, REPEAT(CONVERT('é' USING latin1), $mib * 1048576))"
needs_at_most "memory does not grow with text that is converted, nor is a packet too small for it" 56 "$address" --table latin
# Stored when packets were longer: the server makes no text of such a length any more, but for slices.
sql -D shop -e "CREATE TABLE longer(id INT PRIMARY KEY, b LONGBLOB, t LONGTEXT, l LONGTEXT CHARACTER SET latin1);
  INSERT INTO longer VALUES(1, REPEAT('b', 20 * 1048576), REPEAT('王', 7 * 1048576), REPEAT(CONVERT('é' USING latin1), 20 * 1048576)); SET GLOBAL max_allowed_packet = 16777216"
check "values that are longer than a packet" capture maria_longer "$address" --table longer
check "are whole" sh -c '(head -c 20971520 /dev/zero | tr "\\0" b | sha256sum; python3 -c "import sys; sys.stdout.write(chr(0x738b) * 7340032)" | sha256sum;
  python3 -c "import sys; sys.stdout.write(chr(0xe9) * 20971520)" | sha256sum) >a; for f in maria_longer/data/cells/*.bin; do sha256sum <"$f"; done | diff a -'
sql -e "SET GLOBAL max_allowed_packet = 67108864"

check "tables without a key, or with one that has no exact text" capture maria_heap "$address" --table heap --table real_key
check "come whole" sh -c '! grep -q "\"run\"" maria_heap/data/records/*.json && test "$(stat -c %s maria_heap/data/cells/*.bin | tr "\n" " ")" = "2000000 2000000 "'
conclude
