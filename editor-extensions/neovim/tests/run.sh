#!/bin/sh
# Tests the plugin in a real Neovim with the real server.
#
#   CACHE_DIR=DIR MEDCODE_BINARY=FILE MEDCODE_DATA_DIR=DIR run.sh [TEST_FILE…]
#
# Environment: CACHE_DIR         where Neovim and the linters are kept between runs
#              MEDCODE_BINARY    the medcode binary
#              MEDCODE_DATA_DIR  the data directory with an installed catalog
#              NEOVIM_SUITE      see setup.sh
# Without TEST_FILE the linters and every *_test.lua are run. The last line is `N passed, M failed`.
# Exit code: 0 all passed, 1 something failed, 77 no Neovim could be had (the reason is said), 2 the call was wrong
set -eu

# A test file that hangs is stopped after so many seconds.
FILE_TIMEOUT_S=600
# Neovim kills a server that does not end within 2 s (exit_timeout): quitting has to be quicker than that.
QUIT_LIMIT_MS=1500

fail() { echo "neovim tests: $*" >&2; exit 2; }

[ -n "${CACHE_DIR:-}" ] || fail "set CACHE_DIR to a directory for downloads"
[ -x "${MEDCODE_BINARY:-}" ] || fail "set MEDCODE_BINARY to the medcode binary"
[ -d "${MEDCODE_DATA_DIR:-}" ] || fail "set MEDCODE_DATA_DIR to the data directory of an installed catalog"

tests=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$CACHE_DIR"
CACHE_DIR=$(cd "$CACHE_DIR" && pwd)
MEDCODE_PATH=$(cd "$(dirname "$MEDCODE_BINARY")" && pwd)/$(basename "$MEDCODE_BINARY")
MEDCODE_DATA_DIR=$(cd "$MEDCODE_DATA_DIR" && pwd)

status=0
"$tests/setup.sh" "$CACHE_DIR" || status=$?
if [ "$status" -ne 0 ]; then
    echo "0 passed, 0 failed"
    exit "$status"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
report=$work/report
: >"$report"

if [ $# -eq 0 ]; then
    "$tests/lint.sh" "$CACHE_DIR" | tee -a "$report"
    set -- "$tests"/*_test.lua
fi

# Neovim and medcode find no configuration, state or cache of the person who runs the tests.
export HOME="$work/home" XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state"
export XDG_CACHE_HOME="$work/cache" XDG_RUNTIME_DIR="$work/run" TMPDIR="$work/tmp"
export MEDCODE_PATH MEDCODE_DATA_DIR MEDCODE_TEST_PLUGIN="${tests%/*}" MEDCODE_TEST_CHILDREN="$work/children"
unset MEDCODE_SERVER MEDCODE_CONFIG
mkdir -p "$HOME" "$XDG_RUNTIME_DIR" "$TMPDIR"

say() { printf '%s\n' "$1" | tee -a "$report"; }

# Whether a process of this id lives; one that has ended but was not yet collected by its parent does not.
lives() { [ -n "$(tr -d '\0' 2>/dev/null <"/proc/$1/cmdline")" ]; }

# Judges how Neovim ended: its exit code "$2", and what it left behind.
check_end() {
    name=$1
    if [ "$2" -ne 0 ] || [ ! -e "$MEDCODE_TEST_CHILDREN" ]; then
        say "not ok - $name runs to its end (exit code $2)"
        tail -n 20 "$work/messages" >&2
        return
    fi
    left=
    for child in $(cat "$MEDCODE_TEST_CHILDREN"); do
        if lives "$child"; then left="$left $child"; fi
    done
    if [ -n "$left" ]; then
        say "not ok - $name leaves no process after :qa (left:$left)"
    elif [ "$3" -gt "$QUIT_LIMIT_MS" ]; then
        say "not ok - $name leaves no process after :qa (the server took $3 ms)"
    else
        say "ok - $name leaves no process after :qa"
    fi
}

run_file() {
    name=$(basename "$1")
    rm -f "$MEDCODE_TEST_CHILDREN"
    echo "# $name"
    status=0
    MEDCODE_TEST_FILE="$1" timeout --kill-after=5 "$FILE_TIMEOUT_S" "$CACHE_DIR/nvim" --headless --clean \
        --cmd "lua package.path = vim.env.MEDCODE_TEST_PLUGIN .. '/tests/?.lua;' .. package.path" \
        -u "$tests/user_init.lua" -c 'lua dofile(vim.env.MEDCODE_TEST_FILE)' </dev/null >"$work/lines" 2>"$work/messages" || status=$?
    ended=$(date +%s%3N)
    tee -a "$report" <"$work/lines"
    # Written just before Neovim is told to quit.
    told=$(date -r "$MEDCODE_TEST_CHILDREN" +%s%3N 2>/dev/null || echo "$ended")
    check_end "$name" "$status" "$((ended - told))"
}

for file in "$@"; do
    run_file "$file"
done

passed=$(grep -c '^ok - ' "$report" || true)
failed=$(grep -c '^not ok - ' "$report" || true)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
