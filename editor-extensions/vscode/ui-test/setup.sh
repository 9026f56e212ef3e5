#!/bin/sh
# Installs what run.mjs needs: Chromium and ripgrep (Debian packages), code-server with VS Code 1.100.3,
# a browser driver and the packager (npm packages, into CACHE_DIR). Running it again does nothing.
#
# usage: setup.sh CACHE_DIR
set -eu

CODE_SERVER=4.100.3
VSCE=3.9.2
PLAYWRIGHT=1.65.1

if [ $# -ne 1 ]; then
    echo "usage: setup.sh CACHE_DIR" >&2
    exit 2
fi
mkdir -p "$1"
CACHE_DIR=$(cd "$1" && pwd)

say() { echo "vscode ui-test setup: $*"; }

debian_packages() {
    missing=
    for package in chromium fonts-dejavu-core ripgrep python3 make g++; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "installing Debian packages:$missing"
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    # shellcheck disable=SC2086 # a list of words on purpose
    if ! DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y --no-install-recommends $missing >"$CACHE_DIR/apt.log" 2>&1; then
        # A fresh machine has no package lists, an old one stale ones.
        $as_root apt-get -qq update
        DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq install -y --no-install-recommends $missing >"$CACHE_DIR/apt.log" 2>&1 || {
            cat "$CACHE_DIR/apt.log" >&2
            exit 1
        }
    fi
}

# Native modules are compiled against Node's headers. Where they lie beside the running Node, npm need not download them.
use_local_headers() {
    prefix=$(node -p 'require("path").dirname(require("path").dirname(process.execPath))')
    if [ -f "$prefix/include/node/node.h" ]; then
        export npm_config_nodedir="$prefix"
    fi
}

install_npm() {
    npm install --no-audit --no-fund --loglevel=error "$@"
}

# The published package runs install scripts that refuse root and fetch binaries from their projects' pages.
# Hence no scripts, then a rebuild of just the native modules that are needed, and links to what the scripts would have made.
code_server() {
    say "installing code-server $CODE_SERVER (npm, about two minutes, 320 MB) into $CACHE_DIR/cs"
    rm -rf "$CACHE_DIR/cs"
    mkdir -p "$CACHE_DIR/cs"
    cd "$CACHE_DIR/cs"
    npm init -y >/dev/null
    install_npm "code-server@$CODE_SERVER" --ignore-scripts
    npm rebuild --loglevel=error argon2
    cd node_modules/code-server/lib/vscode
    install_npm --omit=dev --ignore-scripts
    (cd extensions && install_npm --omit=dev --ignore-scripts)
    npm rebuild --loglevel=error @vscode/spdlog
    npm rebuild --loglevel=error native-watchdog
    ln -sfn node_modules node_modules.asar
    for file in bin/*/code-linux.sh; do ln -sf code-linux.sh "${file%/*}/code-server"; done
    for file in bin/*/browser-linux.sh; do ln -sf browser-linux.sh "${file%-linux.sh}.sh"; done
    mkdir -p node_modules/@vscode/ripgrep/bin
    ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
    node "$CACHE_DIR/cs/node_modules/code-server/out/node/entry.js" --config "$CACHE_DIR/cs/config.yaml" --version
}

tools() {
    say "installing @vscode/vsce $VSCE and playwright-core $PLAYWRIGHT (npm, 150 MB) into $CACHE_DIR/tool"
    rm -rf "$CACHE_DIR/tool"
    mkdir -p "$CACHE_DIR/tool"
    cd "$CACHE_DIR/tool"
    npm init -y >/dev/null
    install_npm "@vscode/vsce@$VSCE" "playwright-core@$PLAYWRIGHT"
}

# Runs a step unless its mark is there; a mark names everything that decides the result.
once() {
    mark="$CACHE_DIR/$1"
    shift
    [ ! -f "$mark" ] || return 0
    # Not in a condition, where `set -e` would not hold inside the step.
    ("$@")
    : >"$mark"
}

debian_packages
use_local_headers
NODE_ABI=$(node -p 'process.versions.modules')
once "cs-$CODE_SERVER-abi$NODE_ABI" code_server
once "tool-$VSCE-$PLAYWRIGHT" tools
say "ready: $CACHE_DIR"
