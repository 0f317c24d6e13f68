# SPDX-License-Identifier: Apache-2.0
# Sourced by tests with a person at a browser that can be seen: a display of its own, xdotool plays the person.

start_display() {
  export XAUTHORITY="$scratch/display"
  touch "$XAUTHORITY"
  mkfifo number
  Xvfb -displayfd 3 -screen 0 1300x900x24 -noreset -nolisten tcp -auth "$XAUTHORITY" 3>number >xvfb.log 2>&1 &
  started_pids="$started_pids $!"
  export DISPLAY=":$(head -n1 number)"
  xauth -q add "$DISPLAY" . "$(head -c16 /dev/urandom | xxd -p)" 2>xauth.log
}
# await_window TITLE
await_window() { for _ in $(seq 300); do xdotool search --onlyvisible --name "$1" >/dev/null 2>&1 && return; sleep 0.1; done; }
