#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# PostgreSQL: what is refused, what goes on meanwhile, and that no password is left anywhere.
. "$AXEV_SOURCE_ROOT/tests/scenario.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_postgresql.sh"
. "$AXEV_SOURCE_ROOT/tests/cli/lib_data.sh"
pg_start
"$axev" init L --origin test.example/log >/dev/null || exit 1
sql <<'SQL' || exit 1
CREATE TABLE orders(id int PRIMARY KEY, phone text NOT NULL);
INSERT INTO orders VALUES(1,'1'),(2,'2');
CREATE SEQUENCE numbers;
CREATE ROLE auditor LOGIN PASSWORD 'geheim-42';
CREATE TABLE secret(id int PRIMARY KEY, owner text);
INSERT INTO secret VALUES(1,'auditor'),(2,'other');
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON secret USING (owner = current_user);
CREATE TABLE closed(id int PRIMARY KEY);
CREATE TABLE people(id int PRIMARY KEY, name text, phone text);
INSERT INTO people VALUES(1, 'a', '139'), (2, 'b', '138');
GRANT SELECT(id, name) ON people TO auditor;
CREATE TABLE by_columns(id int PRIMARY KEY, name text);
GRANT SELECT(id, name) ON by_columns TO auditor;
GRANT SELECT ON secret, orders TO auditor;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE VIEW slow AS SELECT pg_sleep(1)::text;
CREATE FUNCTION reset_security() RETURNS int LANGUAGE sql AS $$ SELECT set_config('row_security', 'on', false); SELECT 1 $$;
SQL

# ---- statements ----
refused "a table that is not there" "the database has no table or view 'nothing'" "postgres:" --table nothing
refused "a sequence" "is neither a table nor a view" "postgres:" --table numbers
refused "a name that is none" "table 'a.b.c.d'" "postgres:" --table a.b.c.d
refused "DELETE" "only a SELECT is run" "postgres:" --query 'DELETE FROM orders'
refused "RETURNING" "only a SELECT is run" "postgres:" --query 'DELETE FROM orders RETURNING id'
refused "a write in a WITH" "only a SELECT is run" "postgres:" --query 'WITH a AS (DELETE FROM orders RETURNING id) SELECT * FROM a'
refused "SELECT INTO" "only a SELECT is run" "postgres:" --query 'SELECT * INTO other FROM orders'
refused "a lock on rows" "cannot execute SELECT FOR UPDATE in a read-only transaction" "postgres:" --query 'SELECT * FROM orders FOR UPDATE'
refused "SHOW" "only a SELECT is run" "postgres:" --query 'SHOW server_version'
refused "COPY" "only a SELECT is run" "postgres:" --query "COPY orders TO PROGRAM 'cat'"
refused "two statements" "cannot insert multiple commands" "postgres:" --query 'SELECT 1; SELECT 2'
refused "an end of the statement around it" "syntax error" "postgres:" --query 'SELECT 1) AS q(c1); DROP TABLE orders; SELECT (1'
refused "a comment without an end" "unterminated" "postgres:" --query 'SELECT 1 /* '
refused "nextval" "cannot execute nextval() in a read-only transaction" "postgres:" --query "SELECT nextval('numbers')"
refused "a transaction that would write" "transaction read-write mode must be set before any query" "postgres:" --query "SELECT set_config('transaction_read_only', 'off', true)"
refused "a function that changes which rows are seen" "expected row_security to be off, found 'on'" "postgres:" --query 'SELECT reset_security()'
refused "a parameter too many" "the statement has 1 parameters, 2 were given" "postgres:" --query 'SELECT $1' --param x --param y
refused "a parameter of another type" "invalid input syntax" "postgres:" --query 'SELECT * FROM orders WHERE id = $1' --param x
refused "an error among the rows" "division by zero" "postgres:" --query 'SELECT 1/(i-70000) FROM generate_series(1,100000) i'
refused "a value that the server cannot send" "(54000); the server sends no row of 1 GiB or more: ask for fewer columns" "postgres:" --query "SELECT repeat('x', 1073741823)"
refused "no columns" "only a SELECT is run" "postgres:" --query 'SELECT FROM orders'
check "nothing was changed" test "$(sql -c 'SELECT count(*), max(id) FROM orders')" = "2|2"

# ---- the server ----
refused "a server that ends the connection" "reading failed" "postgres:" --query \
  'SELECT CASE WHEN i = 90000 THEN pg_terminate_backend(pg_backend_pid()) END FROM generate_series(1,100000) i'
refused "a server that ends the connection, with parameters" "reading failed" "postgres:" --query \
  'SELECT CASE WHEN i = $1::int THEN pg_terminate_backend(pg_backend_pid()) END FROM generate_series(1,100000) i' --param 90000
refused "no server" "cannot connect" "postgresql://postgres@127.0.0.1:1/postgres"
refused "no database" 'database "nowhere" does not exist' "postgres:dbname=nowhere"
refused "a name that cannot be read" "expected postgresql://USER@HOST/DATABASE" "postgres:dbname"
mkdir fake && echo none >fake/libpq.so.5
LD_LIBRARY_PATH=fake refused "no driver" "cannot load libpq.so.5: install the package libpq5" "postgres:"

# ---- rows that are hidden ----
tcp="postgresql://auditor@127.0.0.1:$pg_port/postgres"
PGPASSWORD=geheim-42 refused "rows that a policy hides" 'query would be affected by row-level security policy for table "secret"' "$tcp" --table secret
PGPASSWORD=geheim-42 refused "the same in a query" 'query would be affected by row-level security policy for table "secret"' "$tcp" --query 'SELECT count(*) FROM secret'
PGPASSWORD=geheim-42 refused "a table that may not be read" "permission denied for table closed" "$tcp" --table closed
for table in people by_columns; do
  PGPASSWORD=geheim-42 refused "a table of which columns may be read: $table" "public.$table: the account may read columns of it, not the table, which then cannot be locked against changes: GRANT SELECT ON public.$table, or name the columns in a query (--query): PostgreSQL: " "$tcp" --table $table
done
check "its columns by a query" env PGPASSWORD=geheim-42 bash -c "$(declare -f capture member); verify='$verify' axev='$axev'; capture columns '$tcp' --query 'SELECT id, name FROM people ORDER BY id'"
check "are the rows" sh -c "python3 '$AXEV_SOURCE_ROOT/tests/cli/lib_records_cells.py' columns/data/records/001.bin | sort | tr '\n' ';' | grep -qx 'integer:1 integer:1 text:a;integer:1 integer:2 text:b;'"
sql -c 'GRANT SELECT ON by_columns TO auditor'
check "with the grant it is captured" env PGPASSWORD=geheim-42 "$axev" capture db "$tcp" --ledger L --table by_columns

# ---- passwords ----
PGPASSWORD=geheim-43 refused "a wrong password" 'password authentication failed for user "auditor"' "$tcp" --table orders
check "a password in the environment" env PGPASSWORD=geheim-42 bash -c 'exec "$@"' - "$axev" capture db "$tcp" --ledger L --table orders
printf '127.0.0.1:%s:postgres:auditor:geheim-42\n' "$pg_port" >pass && chmod 600 pass
check "a password in a file" env PGPASSFILE="$scratch/pass" "$axev" capture db "$tcp" --ledger L --table orders
check "a password in a variable" env SECRET=geheim-42 bash -c "$(declare -f capture member); verify='$verify' axev='$axev'; capture named '$tcp' --table orders --password-env SECRET"
check "the manifest has the name" manifest named "m['source']['dsn']=='$tcp' and m['source']['account']=='auditor'"
check "an account that cannot write is no remark" manifest named "m['source']['options']['account_can_write'] is False and not any('rights' in s['action'] for s in m['capture']['steps'])"
# hidden SENTENCE ADDRESS WORDS: refused, and no password is shown.
hidden() {
  refused "$1" "$3" "$2" --table orders
  check "$1: it is not shown" sh -c '! grep -q geheim .refused'
}
hidden "a password in the address" "postgresql://auditor:geheim-43@127.0.0.1:$pg_port/postgres" "give it apart (--password-env)"
hidden "a password among keywords" "postgres:user=auditor password = 'geheim-44' dbname=postgres" "give it apart (--password-env)"
hidden "a '@' that tears an address" "postgresql://auditor@geheim-45@127.0.0.1/postgres" "a '@' stands where it tears the URI"
hidden "a '/' that tears it" "postgresql://auditor:geheim/46@127.0.0.1/postgres" "a '@' stands where it tears the URI"
hidden "another engine" "mysql://root:geheim-47@127.0.0.1/x" "give it apart (--password-env)"
check "TLS is told" manifest named "m['source']['options']['tls'].startswith('TLSv1.3 ') and m['source']['options']['tls'].endswith(', certificate not verified')"
export PGPASSWORD=geheim-42
check "TLS with a root that was given" capture tls "$tcp" --table orders --ca "$pg_ca"
check "is told" manifest tls "m['source']['options']['tls'].endswith(', certificate verified')"
cp "$pg_ca" other.pem && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout other.key -out other.pem 2>/dev/null
refused "another root" "certificate verify failed" "$tcp" --table orders --ca other.pem
refused "a socket, where there is no TLS" "TLS was asked for, and a Unix socket has none" "postgres:" --table orders --ca "$pg_ca"
unset PGPASSWORD
mkdir seen && cp -r named named.json seen/
check "no password is in ledger, package or output" sh -c '! grep -raq geheim L seen'
check "what was refused left no draft" test -z "$(ls L/drafts)"

# ---- meanwhile ----
wait_for() { # QUERY: until it says t
  for _ in $(seq 200); do
    [ "$(sql -c "$1")" = t ] && return
    sleep 0.05
  done
  return 1
}
capture meanwhile "postgres:" --table slow --table orders &
capturing=$!
check "the table is locked before anything is read" wait_for "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'orders'::regclass AND mode = 'AccessShareLock' AND pid <> pg_backend_pid()"
check "so that it cannot be emptied" sh -c "! psql -Xqc \"SET lock_timeout='100ms'\" -c 'TRUNCATE orders' 2>&1 | grep -v 'canceling statement due to lock timeout'"
wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%slow%' AND pid <> pg_backend_pid()"
sql -c "INSERT INTO orders VALUES(3, 'late')"
wait "$capturing"
check "rows that came meanwhile are not in it" manifest meanwhile "m['record_sets'][1]['records']=='2'"
check "though they are there" test "$(sql -c 'SELECT count(*) FROM orders')" = 3

# change SQL NAME: done by another session, which commits when the capture already waits for the table.
change() {
  local status
  echo "BEGIN; $1;" >&7
  wait_for "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'orders'::regclass AND mode = 'AccessExclusiveLock' AND granted"
  capture "$2" "postgres:" --table orders &
  capturing=$!
  wait_for "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"
  echo "COMMIT;" >&7
  wait "$capturing"
}
mkfifo session
sql <session >/dev/null &
started_pids="$started_pids $!"
exec 7>session
check "a column that is added meanwhile" change "ALTER TABLE orders ADD COLUMN extra int DEFAULT 7" added
check "is in all of it" grep -q '^1,"1",7' added/data/views/001.csv
change "ALTER TABLE orders RENAME TO former; CREATE TABLE orders(id int PRIMARY KEY)" anew >anew.out 2>&1
check "a table that is made anew meanwhile is refused" grep -q 'was made anew, renamed or removed meanwhile' anew.out
echo "CREATE TEMP TABLE passing AS SELECT 1 AS id;" >&7
wait_for "SELECT count(*) > 0 FROM pg_class WHERE relname = 'passing'"
refused "a temporary table of another session" "is a temporary table of another session" "postgres:" \
  --table "$(sql -c "SELECT relnamespace::regnamespace || '.passing' FROM pg_class WHERE relname = 'passing'")"
exec 7>&-

"$axev" capture db "postgres:" --query 'SELECT pg_sleep(60)::text' --ledger L >stopped.out 2>&1 &
capturing=$!
wait_for "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'COPY%pg_sleep(60)%' AND pid <> pg_backend_pid()"
kill -TERM "$capturing"
wait "$capturing"
check "a capture that is stopped while the server works" test $? -ne 0
check "ends what the server does" wait_for "SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE 'COPY%pg_sleep(60)%' AND pid <> pg_backend_pid()"
check "and leaves no draft" test -z "$(ls L/drafts)"
conclude
