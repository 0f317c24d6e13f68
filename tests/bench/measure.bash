# SPDX-License-Identifier: Apache-2.0
# Sourced by the benches: the best time of a command, in seconds[NAME].
spawn_time="$AXEV_BUILD_ROOT/tests/spawn_time"

declare -A seconds # of each thing measured: the best time
measure() { # NAME COMMAND...
  local name=$1 took
  shift
  read -r took _ < <("$spawn_time" 1 "$@") || { echo "$name: could not be measured"; exit 1; }
  [ -n "${seconds[$name]:-}" ] && [ "$(awk "BEGIN{print ($took < ${seconds[$name]})}")" = 0 ] || seconds[$name]=$took
}
