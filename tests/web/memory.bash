# SPDX-License-Identifier: Apache-2.0
# Sourced behind scenario.sh: a site of heavy pages, and the peak memory of the process that captures one.
declare -A heavy

serve_heavy() { # heavy[http], heavy[h2]: addresses
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=heavy" -addext "subjectAltName=DNS:localhost" \
    -addext "basicConstraints=critical,CA:TRUE" -days 2 -keyout heavy.key -out heavy.pem 2>openssl.log || { cat openssl.log; return 1; }
  node "$AXEV_SOURCE_ROOT/tests/web/heavy_site.mjs" heavy.key heavy.pem >heavy.json 2>heavy.err &
  started_pids="$started_pids $!"
  for _ in $(seq 300); do [ -s heavy.json ] && break; sleep 0.1; done
  [ -s heavy.json ] || { cat heavy.err; return 1; }
  heavy[http]=$(member http <heavy.json)
  heavy[h2]=$(member h2 <heavy.json)
}

# peak_kib URL OPTION...: captured into ledger L; VmHWM of the process. What the kernel tells of an ended process is the
# largest of it and its children, the browser: so it is looked at while it runs. last.json is what it said.
peak_kib() {
  local own now_kib kib=0
  "$axev" capture web "$@" --ca heavy.pem --no-checks --ledger L --json >last.json 2>last.err </dev/null &
  own=$!
  while now_kib=$(awk '/VmHWM/ {print $2}' "/proc/$own/status" 2>/dev/null) && [ -n "$now_kib" ]; do
    kib=$now_kib
    sleep 0.05
  done
  wait "$own" || { cat last.err >&2; return 1; }
  echo "$kib"
}
