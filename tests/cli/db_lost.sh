#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Servers that break off while their rows are read: nothing is sealed; if it was asked for, what had come is, and is said not to be all.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_mariadb.sh"
start_mariadb || exit 1
maria() { mariadb --no-defaults --socket="$scratch/mariadb.sock" --user=root --default-character-set=utf8mb4 "$@"; }
. "$AXEV_SOURCE_ROOT/tests/cli/lib_postgresql.sh"
pg_start
"$axev" init L --origin test.example/log >/dev/null || exit 1
sql <<'SQL' || exit 1
CREATE ROLE reader LOGIN PASSWORD 'sesame-42';
CREATE TABLE first(id int PRIMARY KEY);
INSERT INTO first VALUES(1),(2);
CREATE TABLE many(id int PRIMARY KEY, t text);
INSERT INTO many SELECT i, repeat('x', 100) || i FROM generate_series(1, 20000) i;
CREATE TABLE never(id int PRIMARY KEY);
CREATE VIEW slow AS SELECT i, repeat('y', 1000) AS t, pg_sleep(0.02)::text AS s FROM generate_series(1, 3000) i;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
SQL
maria <<'SQL'
CREATE DATABASE shop CHARACTER SET utf8mb4;
USE shop;
CREATE TABLE many(id INT PRIMARY KEY, t VARCHAR(200));
INSERT INTO many WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, CONCAT(REPEAT('x', 100), i) FROM n;
INSERT INTO many SELECT id + 900, CONCAT(t, 'a') FROM many;
INSERT INTO many SELECT id + 1800, CONCAT(t, 'b') FROM many;
CREATE TABLE never(id INT PRIMARY KEY);
CREATE USER reader@'%' IDENTIFIED BY 'sesame-42';
GRANT SELECT, SHOW VIEW ON shop.* TO reader@'%';
SQL
export PGPASSWORD=sesame-42 SHOP_PASSWORD=sesame-42

cut_proxy() { # PORT BYTES: sets port
  coproc PROXY { exec python3 "$AXEV_SOURCE_ROOT/tests/cli/lib_cut_proxy.py" "$@" 2>/dev/null; }
  started_pids="$started_pids $PROXY_PID"
  read -r port <&"${PROXY[0]}"
}
end_proxy() { kill "$PROXY_PID"; wait "$PROXY_PID" 2>/dev/null; }
# begins_with PACKAGE NUMBER FILE: the rows of a set are the first ones of FILE, at least one, and not all.
begins_with() { python3 - "$@" <<'PY'
import sys
got = open(f"{sys.argv[1]}/data/views/{sys.argv[2]}.csv", "rb").read().split(b"\r\n")[1:-1]
want = open(sys.argv[3], "rb").read().split(b"\n")[:-1]
assert 0 < len(got) < len(want), (len(got), len(want))
assert got == want[:len(got)]
PY
}
missing() { python3 -c "import json,sys; m=json.load(open(sys.argv[1]+'/data/evidence.json'))['complete']; print(*(r['what']+': '+r['why'] for r in m), sep='\n')" "$1"; }
says_why() { missing "$1" | grep -qE -- "$2" || { missing "$1"; false; }; }

# ---- PostgreSQL, a connection that ends behind so many bytes ----
sql -c "SELECT id || ',\"' || t || '\"' FROM many ORDER BY id" >pg.rows
where="postgresql://reader@127.0.0.1"
cut_proxy "$pg_port" 1000000
refused "a connection that is lost" "reading failed" "$where:$port/postgres?sslmode=disable" --table first --table many --table never
end_proxy
check "leaves no draft" test -z "$(ls L/drafts)"
cut_proxy "$pg_port" 1000000
check "what had come is kept when that is asked for" capture pg "$where:$port/postgres?sslmode=disable" --table first --table many --table never --query 'SELECT 1' --incomplete
end_proxy
check "and said not to be all" grep -q '"complete":false' pg.json
check "rows are the first ones of the key" begins_with pg 002 pg.rows
check "why it ended, and after how many rows" says_why pg '^public.many: reading ended after [0-9]+ rows: PostgreSQL: reading failed: '
check "what was never read" sh -c "$(declare -f missing); missing pg | grep -qx 'public.never: not read: reading had ended before' && missing pg | grep -qx 'query: not read: reading had ended before'"
check "what was not checked" says_why pg '^session settings: not checked: reading had ended before$'
check "sets and rows" manifest pg "[(s['name'],s.get('ended_early')) for s in m['record_sets']]==[('public.first',None),('public.many',True)] and int(m['source']['rows'])==2+int(m['record_sets'][1]['records'])"
check "step" manifest pg "any(s['action']=='public.many' and s['result']=='read '+m['record_sets'][1]['records']+' rows, not all of them' for s in m['capture']['steps'])"
check "the package is valid" "$verify" pg.asice --policy L/policy.json
check "but partial" sh -c "LANG=C '$verify' pg.asice --policy L/policy.json --lang en | grep -q 'a partial capture, the manifest lists what is missing'"
check "no word of it says whole" sh -c "! '$verify' pg.asice --policy L/policy.json --json | grep -qE '\"complete\": ?\"?(true|passed)'"
for lang in en zh; do "$axev" print pg.asice --lang $lang -o pg.$lang.pdf >print.$lang 2>&1 || cat print.$lang; pdftotext -layout pg.$lang.pdf pg.$lang.txt; done
check "print tells it in English" sh -c "grep -q 'The capture is partial' pg.en.txt && grep -q 'not all:' pg.en.txt && tr -s ' \n' ' ' <pg.en.txt | grep -q 'ended early'"
check "and in Chinese" sh -c "grep -q '本次提取不完整' pg.zh.txt && grep -q '未读完' pg.zh.txt && tr -d ' \n' <pg.zh.txt | grep -q '行后中断'"
check "all rows later" capture whole "$where:$pg_port/postgres" --table first --table many
check "a comparison with all of them says why rows are wanting" sh -c "'$axev' compare pg.asice whole.asice --lang en | grep -q 'Reading of A ended early'"
check "and one with itself never says the same" sh -c "'$axev' compare pg.asice pg.asice --json | grep -q '\"same\": *false'"

# ---- PostgreSQL, a server that is gone without a word: the other side of an idle connection is asked each minute ----
"$axev" capture db "$where:$pg_port/postgres?sslmode=disable" --query 'SELECT pg_sleep(60)::text' --ledger L >idle.out 2>&1 &
idle=$!
for _ in $(seq 200); do
  [ "$(PGPASSWORD='' sql -c "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%pg_sleep(60)%' AND pid <> pg_backend_pid()")" = t ] && break
  sleep 0.05
done
check "it is missed" sh -c "ss -Htno state established '( dport = :$pg_port )' | grep -E 'timer:\(keepalive,([0-9]|[1-5][0-9]|60)(\.[0-9]+)?(ms|sec)|timer:\(keepalive,1min,' || { ss -Htno; false; }"
kill "$idle"
wait "$idle" 2>/dev/null

# ---- ODBC, with PostgreSQL's driver, which fetches so many rows at a time. When a connection ends inside of an answer, SQLFetch of that
# driver (13.02) reads where nothing is, and the process is gone; so here the server ends it, with a message. ----
odbc="odbc:Driver=PostgreSQL Unicode;Servername=127.0.0.1;Port=$pg_port;Database=postgres;UID=reader;SSLmode=disable"
ended_in_the_middle() { # capture ARGUMENTS...: it loses its connection while it fetches rows of "slow"
  "$@" --password-env SHOP_PASSWORD --table public.first --table slow --table never --query 'SELECT 1' &
  local capturing=$! _
  for _ in $(seq 200); do
    [ "$(PGPASSWORD='' sql -c "SELECT count(*) > 0 FROM pg_stat_activity WHERE query ILIKE 'fetch%' AND usename = 'reader'")" = t ] && break
    sleep 0.05
  done
  sleep 1
  PGPASSWORD='' sql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'" >/dev/null
  wait "$capturing"
}
ended_in_the_middle capture ended "$odbc;UseDeclareFetch=1;Fetch=20" >ended.out 2>&1
check "ODBC: without the option nothing is sealed" sh -c 'test ! -s ended.json && grep -q "ODBC: reading failed: .*terminating connection" ended.err && test -z "$(ls L/drafts)"'
check "ODBC: what had come is kept when that is asked for" ended_in_the_middle capture odbc "$odbc;UseDeclareFetch=1;Fetch=20" --incomplete
check "is said not to be all" grep -q '"complete":false' odbc.json
check "why it ended, and after how many rows" says_why odbc '^slow: reading ended after [1-9][0-9]* rows: ODBC: reading failed: .*terminating connection'
check "what was never read, and what was not checked" sh -c "$(declare -f missing); missing odbc | grep -qx 'never: not read: reading had ended before' && missing odbc | grep -qx 'query: not read: reading had ended before' && missing odbc | grep -qx 'lengths of values: not checked: reading had ended before'"
check "sets and rows" manifest odbc "[(s['name'],s.get('ended_early')) for s in m['record_sets']]==[('public.first',None),('slow',True)] and int(m['source']['rows'])==2+int(m['record_sets'][1]['records']) and int(m['record_sets'][1]['records'])<3000"
check "rows are the first ones, whole" python3 - odbc/data/views/002.csv <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
assert sorted(int(r["i"]) for r in rows) == list(range(1, len(rows) + 1)) and all(r["t"] == "y" * 1000 for r in rows), len(rows)
PY
check "the package is valid" "$verify" odbc.asice --policy L/policy.json
check "but partial" sh -c "LANG=C '$verify' odbc.asice --policy L/policy.json --lang en | grep -q 'a partial capture, the manifest lists what is missing'"
check "in Chinese, too" sh -c "'$axev' print odbc.asice --lang zh -o odbc.pdf >print.out 2>&1; pdftotext -layout odbc.pdf - | tr -d ' \n' | grep -q '取值长度' || { cat print.out; false; }"
# Without a driver that fetches in pieces nothing has come when the connection ends.
cut_proxy "$pg_port" 1000000
refused "ODBC: a driver that fetches all rows at once" "ODBC: " "${odbc/Port=$pg_port/Port=$port}" --password-env SHOP_PASSWORD --table many --incomplete
end_proxy

# ---- PostgreSQL, a server that is killed ----
kill_in_the_middle() { # NAME OPTIONS...
  capture "$@" "postgres:" --table first --table slow --table never &
  local capturing=$! _
  for _ in $(seq 200); do
    [ "$(PGPASSWORD='' sql -c "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%slow%' AND pid <> pg_backend_pid()")" = t ] && break
    sleep 0.05
  done
  sleep 1
  kill -QUIT "$pg_pid"
  wait "$pg_pid" 2>/dev/null
  wait "$capturing"
}
kill_in_the_middle killed --incomplete
check "a server that is killed" says_why killed '^public.slow: reading ended after [1-9][0-9]* rows: PostgreSQL: reading failed: '
check "its package is valid" "$verify" killed.asice --policy L/policy.json
check "rows are counted in it" manifest killed "0 < int(m['record_sets'][1]['records']) < 3000 and m['record_sets'][1]['ended_early'] is True"
"${pg_as[@]}" env -C "$pg_home" "$pg_bin/postgres" -D "$pg_home/data" -c fsync=off -c listen_addresses= -c "unix_socket_directories=$pg_home" -p "$pg_port" >>postgres.log 2>&1 &
pg_pid=$!
started_pids="$started_pids $pg_pid"
for _ in $(seq 200); do PGPASSWORD='' sql -c 'SELECT 1' >/dev/null 2>&1 && break; sleep 0.05; done
kill_in_the_middle dead >dead.out 2>&1
check "without the option nothing is sealed" sh -c 'test ! -s dead.json && grep -q "reading failed" dead.err && test -z "$(ls L/drafts)"'

# ---- MariaDB ----
maria shop -N -e "SELECT CONCAT(id, ',\"', t, '\"') FROM many ORDER BY id" >maria.rows
where="mariadb://reader@127.0.0.1"
cut_proxy "$mariadb_port" 200000
refused "MariaDB: a connection that is lost" "MariaDB: reading failed" "$where:$port/shop" --password-env SHOP_PASSWORD --table many
end_proxy
cut_proxy "$mariadb_port" 200000
check "MariaDB: what had come" capture maria "$where:$port/shop" --password-env SHOP_PASSWORD --table many --table never --incomplete
end_proxy
check "is the first rows" begins_with maria 001 maria.rows
check "and told not to be all" says_why maria '^many: reading ended after [1-9][0-9]* rows: MariaDB: reading failed: '
check "and what was never read" says_why maria '^never: not read: reading had ended before$'
check "which is valid" "$verify" maria.asice --policy L/policy.json

refused "a first failure is one all the same" "the statement was refused" "$where:$mariadb_port/shop" --password-env SHOP_PASSWORD --incomplete --query 'SELECT nothing()'
sqlite3 shop.db 'CREATE TABLE t(a)'
refused "a file has no half-way" "only those of a server can be incomplete" sqlite:shop.db --incomplete
conclude
