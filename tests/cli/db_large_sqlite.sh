#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Long values of SQLite: read piece by piece, so that memory does not grow with them, and the same bytes as if they had been read whole.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
mib=64
"$axev" init L --origin test.example/log >/dev/null || exit 1

# ---- BLOBs, and kinds of tables ----
head -c $((mib * 1048576)) /dev/urandom >random.bin
noise=$(sha256sum <random.bin | cut -d' ' -f1)
sqlite3 long.db <<'SQL'
CREATE TABLE noise(id INTEGER PRIMARY KEY, b BLOB, t TEXT);
INSERT INTO noise VALUES(1, readfile('random.bin'), 'beside it'), (2, NULL, NULL), (3, x'00', 'x');
CREATE TABLE kinds(rowid TEXT, b, r REAL, d DECIMAL(10,2), t TEXT, u);
INSERT INTO kinds VALUES('k', zeroblob(1048577), 2, 1.5, 'a', NULL), ('l', zeroblob(1048576), 2.5, 2, NULL, zeroblob(3000000)), ('k', NULL, NULL, 'x', 'é', x''),
  ('m', zeroblob(2000000), 1, 3, 'z', CAST(replace(hex(zeroblob(600000)), '0', 'y') AS TEXT));
CREATE TABLE fixed(k TEXT PRIMARY KEY, b) WITHOUT ROWID;
INSERT INTO fixed VALUES('b', zeroblob(1500000)), ('a', 1);
CREATE TABLE made(a, b AS (a || 'x'), c);
INSERT INTO made(a, c) VALUES('1', zeroblob(1500001));
CREATE TABLE long_key(k TEXT COLLATE NOCASE PRIMARY KEY, n);
INSERT INTO long_key VALUES('b' || CAST(replace(hex(zeroblob(1048576)), '0', 'x') AS TEXT), 2), ('C', 1), ('a', 3), ('b', zeroblob(1048577));
CREATE VIEW kinds_whole AS SELECT * FROM kinds;
SQL
check "SQLite: long values of all tables" capture lite sqlite:long.db
check "are valid" "$verify" lite.asice --policy L/policy.json
check "one of $mib MiB is the same bytes" test "$(sha256sum <lite/data/cells/000001.bin | cut -d' ' -f1)" = "$noise"
cells lite/data/records/001.bin >got
printf 'integer:1 large:bytes:%s text:beside it\ninteger:2 null null\ninteger:3 bytes:00 text:x\n' $((mib * 1048576)) >want
check "and its row is whole" diff want got
check "the rowid by a name that no column has" grep -q '"run":"SELECT _rowid_ FROM ' lite/data/records/002.header.json
check "as a view, which has no pieces" capture lite_view sqlite:long.db --table kinds_whole
cells lite/data/records/002.bin >got
cells lite_view/data/records/001.bin >want
check "each value is the same" diff want got
check "a table without a rowid, one with computed columns" sh -c 'grep -L "\"run\"" lite/data/records/003.header.json lite/data/records/004.header.json | wc -l | grep -qx 2 && stat -c %s lite/data/cells/*.bin | grep -qx 1500000'
cells lite/data/records/005.bin >got
printf 'text:C integer:1\ntext:a integer:3\ntext:b large:bytes:1048577\nlarge:text:2097153 integer:2\n' >want
check "a key that is long, and has to be sorted" diff want got
needs_at_most "memory does not grow with a value" 48 sqlite:long.db --table noise

# ---- text, in each encoding ----
cat >make_texts.py <<'PY'
"""A database whose long texts have a character of several bytes at every border of a MiB, and what SQLite itself says that it stores."""
import hashlib, sqlite3, sys
encoding, mib, limit = sys.argv[1], int(sys.argv[2]), 1 << 20
codec = encoding.lower()
db = sqlite3.connect(encoding + ".db")
db.execute(f"PRAGMA encoding = '{encoding}'")
db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, note TEXT, at DATE)")
db.execute("CREATE TABLE keyed(k TEXT, n INT, a TEXT, PRIMARY KEY(k, n))")
db.execute("CREATE TABLE bad(k TEXT, a)")

def mixed(lead, mib):  # 7 bytes of UTF-8, 6 of UTF-16: no border of many falls as the one before
    return "a" * lead + "\u738b\U0001f600" * ((mib << 20) // (7 if encoding == "UTF-8" else 6))

values = {-2**63: mixed(0, 5), 5: mixed(0, mib), 7: mixed(1, 5), 8: mixed(2, 5), 9: mixed(3, 5), 2**63 - 1: "x" * (5 << 20),
          20: "\u738b" * (limit // 3), 21: "\u738b" * (limit // 3) + "ab", 22: "b" * limit, 23: "b" * (limit + 1),
          24: "\u00e9" * (limit // 2), 25: "\u00e9" * (limit // 2) + "c"}
for i in range(40):
    db.execute("INSERT INTO t VALUES(?,?,NULL,'2026-11-29')", (100 + i, f"short {i}"))
for i, value in values.items():
    db.execute("INSERT INTO t VALUES(?,?,'beside it','2026-11-29')", (i, value))
    db.execute("INSERT INTO keyed VALUES(?,?,?)", (f"k{i % 7}", i, value if i in (7, 23, 25) else "short"))
for i in range(300):
    db.execute("INSERT INTO keyed VALUES(?,?,'short')", (f"k{i % 7}", 1000 - i))
good = ("\u738b" * limit).encode(codec)
if encoding == "UTF-8":
    half, wrong = b"\xf0\x9f", b"\xff"
else:
    half, wrong = (b"\x3d\xd8", b"\x00\xde") if encoding == "UTF-16le" else (b"\xd8\x3d", b"\xde\x00")
for i, value in enumerate([good + half, half + good, good[:limit - 2] + half + good, good + wrong + good, good[:3 * 2 ** 18] + wrong + good, good + b"\x00"]):
    db.execute("INSERT INTO bad VALUES(?, ?)", (f"k{i}", value))
db.execute("UPDATE bad SET a = CAST(a AS TEXT)")  # stored bytes as they are, where a bound value would be converted
db.execute("INSERT INTO bad VALUES('long', ?)", (b"\x00\xff" * (600 << 10),))
db.execute("INSERT INTO bad VALUES('short', ?)", (b"\x00\xff" * (450 << 10),))
db.commit()
for table, order in (("t", "id"), ("keyed", "k, n"), ("bad", "rowid")):
    for value, kind in db.execute(f"SELECT CAST(a AS BLOB), typeof(a) FROM {table} ORDER BY {order}"):
        tag = "bytes"
        if kind == "text":
            try:
                tag, value = "text", value.decode(codec).encode()
            except UnicodeDecodeError:
                tag = "raw-text"
        if len(value) > limit:
            print(table, tag, len(value), hashlib.sha256(value).hexdigest())
PY
cat >large.py <<'PY'
"""The long cells of a capture in the order of its rows: kind, size, and the digest of the object if the record has the same."""
import glob, hashlib, struct, sys
sys.path.insert(0, sys.argv[2])
import lib_records_cells as records
objects = {hashlib.sha256(open(path, "rb").read()).digest() for path in glob.glob(sys.argv[1] + "/data/cells/*.bin")}
records.show = lambda tag, content: (records.KINDS[content[0]], struct.unpack(">Q", content[1:9])[0], content[9:41]) if tag == 14 else None
for table, path in zip(("t", "keyed", "bad"), sorted(glob.glob(sys.argv[1] + "/data/records/*.bin"))):
    with open(path, "rb") as file:
        while head := file.read(4):
            for cell in records.cells(file.read(struct.unpack(">I", head)[0])):
                if cell and cell != "null":
                    print(table, *cell[:2], cell[2].hex() if cell[2] in objects else "no such object")
PY
for encoding in UTF-8 UTF-16le UTF-16be; do
  python3 make_texts.py $encoding $mib >$encoding.want || exit 1
  check "$encoding: text" capture $encoding sqlite:$encoding.db
  check "$encoding: is valid" "$verify" $encoding.asice --policy L/policy.json
  python3 large.py $encoding "$AXEV_SOURCE_ROOT/tests/cli" >got
  for table in t keyed; do
    check "$encoding: each long value of $table is the one that SQLite stores, in the order of the key" sh -c "grep '^$table ' $encoding.want >a; grep '^$table ' got | diff a - && test \$(wc -l <a) -ge 3"
  done
  check "$encoding: what is no text keeps its bytes" sh -c "grep '^bad ' $encoding.want | sort >a; grep '^bad ' got | sort | diff a - && test \$(grep -c raw-text a) -ge 5"
  check "$encoding: all rows are there" manifest $encoding "[s['records'] for s in m['record_sets']] == ['52', '312', '8']"
  needs_at_most "$encoding: memory does not grow with text" 56 sqlite:$encoding.db --table t
done
check "rows of a key that is not the rowid come by it" grep -q '"run":"SELECT _rowid_ FROM \\"keyed\\" ORDER BY \\"k\\" COLLATE BINARY,\\"n\\" COLLATE BINARY; SELECT _rowid_,' UTF-8/data/records/002.header.json
refused "a value of a query that is longer than SQLite's own maximum" "of at most 1000000000 bytes, found one that is longer" sqlite:long.db --query "SELECT zeroblob(1000000001)"
conclude
