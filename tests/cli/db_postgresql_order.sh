#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# PostgreSQL: a large table whose rows lie in the order of their key is read as it lies. Whether it does is a guess of the server's statistics, so
# each key is looked at; where it was wrong, the table is read again, and nothing is left of the first time.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_postgresql.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
pg_start
"$axev" init L --origin test.example/log >/dev/null || exit 1
sql <<'SQL' || exit 1
CREATE TABLE lies(word text, id int PRIMARY KEY);
INSERT INTO lies SELECT 'word ' || i || repeat('.', 60), i FROM generate_series(-100000, 100000) i;
CREATE TABLE texts(id text PRIMARY KEY, word text);
INSERT INTO texts SELECT lpad(i::text, 8, '0'), repeat('.', 60) FROM generate_series(1, 150000) i;
CREATE TABLE pairs(a int, b int, word text, PRIMARY KEY(a, b));
INSERT INTO pairs SELECT i, i, repeat('.', 60) FROM generate_series(1, 150000) i;
CREATE TABLE few(id int PRIMARY KEY);
INSERT INTO few SELECT generate_series(1, 1000);
VACUUM ANALYZE;
SQL
# as_sorted NAME: the view is what the server sorts, byte for byte; the record set is checked by the verifier and by Python.
as_sorted() {
  check "$1: as the server sorts it" sh -c '{ printf "\"word\",\"id\"\r\n"; psql -XAtqc "SELECT \$\$\"\$\$ || word || \$\$\",\$\$ || id || chr(13) FROM lies ORDER BY id"; } | cmp - "$1/data/views/001.csv"' sh "$1"
  check "$1: valid" "$verify" "$1.asice" --policy L/policy.json
  check "$1: one record set with all rows" manifest "$1" "[s['records'] for s in m['record_sets']] == ['200001'] and m['source']['rows'] == '200001' and m['complete'] is True"
}
says_order() { python3 -c "import json, sys; sys.exit(json.load(open(sys.argv[1] + '/data/records/001.header.json'))['order'] != sys.argv[2])" "$1" "$2"; }
lies='; rows as they lie, each key compared with the one before'
has_step() { manifest "$1" "any(s['action'] == 'public.lies' and 'read again, sorted' in s['result'] for s in m['capture']['steps'])"; }
statement() { python3 -c "import json, sys; print(json.load(open(sys.argv[1] + '/data/records/001.header.json'))['about']['statement'])" "$1"; }

check "rows that lie in order" capture sorted postgres: --table lies
as_sorted sorted
check "are not sorted again" sh -c '! grep -q "ORDER BY" "$1"' sh <(statement sorted)
check "and it is said how their order is known" says_order sorted "id$lies"
check "the setting for it is in the package" grep -q '"synchronize_seqscans":"off"' sorted/data/postgresql/catalog.json

check "when an incomplete capture would be kept" capture kept postgres: --table lies --incomplete
check "the server sorts" grep -q 'ORDER BY id' <(statement kept)

# A row that was changed lies at the end; the statistics do not know.
sql -c "UPDATE lies SET word = word || '!' WHERE id = -99999"
check "a row that does not" capture moved postgres: --table lies
as_sorted moved
check "the server sorts then" grep -q 'ORDER BY id' <(statement moved)
check "it is said so" says_order moved id
check "with what happened" has_step moved
check "the first one has no such step" sh -c '! "$@"' sh python3 -c "import json, sys
sys.exit(not any('read again' in s['result'] for s in json.load(open('sorted/data/evidence.json'))['capture']['steps']))"
check "nothing is left on the way" test -z "$(ls L/drafts)"

# Content of its own came before it was seen.
sql -c "UPDATE lies SET word = repeat('z', 1500000) WHERE id = 5"
check "with a cell that is an object of its own" capture large postgres: --table lies
check "valid" "$verify" large.asice --policy L/policy.json
check "read again as well" has_step large

capture_options=(--table texts --table pairs --table few)
check "other keys" capture other postgres:
check "are sorted by the server" python3 - <<'PY'
import glob, json
headers = [json.load(open(path)) for path in sorted(glob.glob("other/data/records/*.header.json"))]
assert len(headers) == 3 and all("ORDER BY" in h["about"]["statement"] and "lie" not in h["order"] for h in headers), headers
PY
conclude
