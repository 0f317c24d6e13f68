# SPDX-License-Identifier: Apache-2.0
# Sourced behind scenario.sh: a PostgreSQL server of the test's own, in the scratch folder, on a socket there and on a port of
# loopback, run by an unprivileged account, ended with the test by its pid.
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
pg_home="$scratch/pg"

# In front of a command, so that $! is the pid of what it becomes: a function would leave a shell between, and the server behind.
pg_as=()
[ "$(id -u)" -ne 0 ] || pg_as=(setpriv --reuid=postgres --regid=postgres --clear-groups)

# pg_start [OPTION=VALUE...]: local connections are trusted, those over TCP want a password; TLS with a certificate for 127.0.0.1 and
# localhost, which is its own root, $pg_ca.
pg_start() {
  local option
  [ -x "$pg_bin/initdb" ] || { echo "no PostgreSQL server here: install postgresql"; exit 1; }
  chmod 711 "$scratch"
  mkdir "$pg_home"
  [ "$(id -u)" -ne 0 ] || chown postgres "$pg_home"
  "${pg_as[@]}" env -C "$pg_home" "$pg_bin/initdb" -D "$pg_home/data" -U postgres -E UTF8 --locale=C.UTF-8 -N \
    --auth-local=trust --auth-host=scram-sha-256 >initdb.log 2>&1 || { cat initdb.log; exit 1; }
  pg_ca="$scratch/server.pem"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout server.key -out server.pem \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 >initdb.log 2>&1 || { cat initdb.log; exit 1; }
  install -m 600 server.key "$pg_home/data/server.key" && [ "$(id -u)" -ne 0 ] || chown postgres "$pg_home/data/server.key"
  pg_port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
  local options=(-c fsync=off -c ssl=on -c "ssl_cert_file=$pg_ca" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$pg_home" -p "$pg_port")
  for option in "$@"; do options+=(-c "$option"); done
  "${pg_as[@]}" env -C "$pg_home" "$pg_bin/postgres" -D "$pg_home/data" "${options[@]}" >postgres.log 2>&1 &
  pg_pid=$!
  started_pids="$started_pids $pg_pid"
  export PGCLIENTENCODING=UTF8 PGHOST="$pg_home" PGPORT="$pg_port" PGUSER=postgres PGDATABASE=postgres
  for _ in $(seq 200); do
    psql -XAtc 'SELECT 1' >/dev/null 2>&1 && return
    sleep 0.05
  done
  cat postgres.log
  exit 1
}

# SQL from standard input or as arguments, without the settings of anybody's .psqlrc.
sql() { psql -XAtq -v ON_ERROR_STOP=1 "$@"; }
