#!/bin/sh
# Checks the format and the style of the plugin's Lua files; one line `ok - …`, `not ok - …` or `skipped - …` each.
#
#   lint.sh CACHE_DIR        after setup.sh CACHE_DIR
#
# luacheck comes with setup.sh, or from PATH; stylua's WebAssembly build is installed by npm into CACHE_DIR.
set -eu

STYLUA=@johnnymorganz/stylua@2.5.2

report() {
    if [ "$2" -eq 0 ]; then echo "ok - $1"; else echo "not ok - $1"; fi
}

[ $# -eq 1 ] || { echo "usage: lint.sh CACHE_DIR" >&2; exit 2; }
cache=$(cd "$1" && pwd)
plugin=$(cd "$(dirname "$0")/.." && pwd)

luacheck=$(command -v luacheck || true)
[ ! -x "$cache/luacheck" ] || luacheck=$cache/luacheck
if [ -n "$luacheck" ]; then
    status=0
    (cd "$plugin" && "$luacheck" --quiet --no-color --no-cache .) >&2 || status=$?
    report "luacheck finds nothing" "$status"
else
    echo "skipped - luacheck, because it is neither on PATH nor in $cache"
fi

# The name of the directory is that of the pinned version: another version is another directory.
module_dir="$cache/stylua/$(basename "$STYLUA")"
if [ ! -d "$module_dir/node_modules" ]; then
    echo "neovim lint: installing $STYLUA with npm into $cache (nothing else is changed)" >&2
    mkdir -p "$module_dir"
    npm install --prefix "$module_dir" --no-save --ignore-scripts --no-audit --no-fund --silent "$STYLUA" >&2 || rm -rf "$module_dir"
fi
if [ -d "$module_dir/node_modules" ]; then
    status=0
    node "$plugin/tests/stylua.mjs" "$module_dir" >&2 || status=$?
    report "all files are formatted by stylua" "$status"
else
    echo "skipped - stylua, because npm could not install it"
fi
