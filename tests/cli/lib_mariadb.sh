# SPDX-License-Identifier: Apache-2.0
# Sourced by tests that need a MariaDB server: one of their own in the scratch folder, with TLS, on loopback.

sql() { mariadb --no-defaults --socket="$PWD/mariadb.sock" --user=root --default-character-set=utf8mb4 "$@"; }

# A root of its own and a certificate for 127.0.0.1; other.pem is a root that signed nothing.
make_certificates() {
  local name
  for name in ca other; do
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Test $name" -keyout $name.key -out $name.pem 2>/dev/null || return 1
  done
  openssl req -newkey rsa:2048 -nodes -subj "/CN=127.0.0.1" -keyout server.key -out server.csr 2>/dev/null &&
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem \
      -extfile <(echo "subjectAltName=IP:127.0.0.1") 2>/dev/null
}

# Sets mariadb_port. The server refuses to run as root.
start_mariadb() {
  local as=() _
  make_certificates || return 1
  chmod 755 .
  mkdir data
  if [ "$(id -u)" -eq 0 ]; then
    as=(--user=nobody)
    chown nobody . data server.key server.pem ca.pem
  fi
  mariadb-install-db --no-defaults "${as[@]}" --datadir="$PWD/data" --auth-root-authentication-method=normal --skip-test-db \
    >install.log 2>&1 || { cat install.log; return 1; }
  mariadb_port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
  /usr/sbin/mariadbd --no-defaults "${as[@]}" --datadir="$PWD/data" --socket="$PWD/mariadb.sock" --port="$mariadb_port" \
    --bind-address=127.0.0.1,127.0.0.2 --pid-file="$PWD/mariadb.pid" --skip-log-bin --innodb-buffer-pool-size=64M \
    --max-allowed-packet=64M --ssl-ca="$PWD/ca.pem" --ssl-cert="$PWD/server.pem" --ssl-key="$PWD/server.key" >mariadbd.log 2>&1 &
  started_pids="$started_pids $!"
  for _ in $(seq 300); do
    sql -e 'SELECT 1' >/dev/null 2>&1 && return
    sleep 0.1
  done
  cat mariadbd.log
  return 1
}
