#!/bin/sh
# Makes a current Neovim available for the tests, without installing anything on the machine.
#
#   setup.sh CACHE_DIR
#
# Afterwards CACHE_DIR/nvim starts a Neovim of at least 0.11, and CACHE_DIR/luacheck the linter when it could be had. An nvim on PATH
# that is new enough is used as it is. Otherwise the packages of a newer Debian suite are unpacked below CACHE_DIR and run through
# their own loader and C library: apt gets a state, lists and status of its own, and the mirror's address comes from the machine's own
# apt configuration. A second run reuses what is there.
#
# Environment: NEOVIM_SUITE  the Debian suite to take Neovim from (default sid; setting it ignores an nvim on PATH)
# Exit code:   0 ready, 77 not possible on this machine (the reason is the last line), anything else a failure
set -eu

say() { printf 'neovim setup: %s\n' "$*" >&2; }
skip() { say "skipped, because $*"; exit 77; }

# Whether the Neovim "$1" runs and is at least 0.11.
new_enough() {
    "$1" --headless --clean -u NONE -l /dev/stdin >/dev/null 2>&1 <<'LUA'
os.exit(vim.fn.has('nvim-0.11') == 1 and 0 or 1)
LUA
}

# Runs "$1" (of apt) with everything it keeps below $cache, so that the machine's own state is neither read nor changed.
private_apt() {
    apt_command=$1
    shift
    "$apt_command" -o Dir::Etc::sourcelist="$cache/$suite/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State="$cache/$suite/state" \
        -o Dir::State::lists="$cache/$suite/lists" -o Dir::State::status="$cache/$suite/status" -o Dir::Cache="$cache/$suite/cache" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

# Downloads the packages of Neovim and luacheck, with all they depend on, into $suite/debs.
download() {
    command -v apt-get >/dev/null || skip "there is no nvim 0.11 or newer on PATH and no apt-get to fetch one"
    # shellcheck disable=SC2016 # the format is apt's, not the shell's
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | sort -u | head -n 1)
    [ -n "$mirror" ] || skip "apt is configured without a Debian mirror to fetch Neovim from"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -r "$keyring" ] || skip "the package debian-archive-keyring is not installed"

    mkdir -p "$cache/$suite/state" "$cache/$suite/lists/partial" "$cache/$suite/cache/archives/partial" "$cache/$suite/debs.partial"
    : >"$cache/$suite/status"
    echo "deb [signed-by=$keyring] $mirror $suite main" >"$cache/$suite/sources.list"
    say "reading the package lists of Debian $suite"
    private_apt apt-get -qq update || skip "the package lists of Debian $suite could not be fetched"
    packages=$(private_apt apt-get -s install --no-install-recommends neovim lua-check | awk -v suite="$suite" '/^Inst/ { print $2 "/" suite }')
    say "downloading $(echo "$packages" | wc -l) packages into $cache/$suite (nothing is installed)"
    # shellcheck disable=SC2086 # one argument per package
    (cd "$cache/$suite/debs.partial" && private_apt apt-get -qq download $packages) || skip "the packages of Neovim could not be fetched"
    mv "$cache/$suite/debs.partial" "$cache/$suite/debs"
}

# Unpacks the downloaded packages into $suite/root.
unpack() {
    say "unpacking"
    rm -rf "$cache/$suite/root.partial"
    mkdir -p "$cache/$suite/root.partial"
    for deb in "$cache/$suite"/debs/*.deb; do
        dpkg-deb -x "$deb" "$cache/$suite/root.partial"
    done
    mv "$cache/$suite/root.partial" "$cache/$suite/root"
}

# Writes the starter of the unpacked Neovim, and that of luacheck, which is Lua and runs in it.
write_starters() {
    cat >"$cache/nvim" <<EOT
#!/bin/sh
root='$cache/$suite/root'
# Before Debian 13 the loader lies in lib, since then in usr/lib.
for loader in "\$root"/lib/*-linux-gnu*/ld-linux*.so.* "\$root"/usr/lib/*-linux-gnu*/ld-linux*.so.*; do
    [ -x "\$loader" ] && break
done
triplet=\${loader%/*}
triplet=\${triplet##*/}
lib=\$root/usr/lib/\$triplet
export VIMRUNTIME="\$root/usr/share/nvim/runtime"
export LUA_PATH="\$root/usr/share/lua/5.1/?.lua;\$root/usr/share/lua/5.1/?/init.lua;;" LUA_CPATH="\$lib/lua/5.1/?.so;;"
# The tree-sitter parsers lie beside the library; Markdown buffers fail without them.
exec "\$loader" --library-path "\$lib:\$root/lib/\$triplet" "\$root/usr/bin/nvim" --cmd "lua vim.opt.rtp:prepend('\$root/usr/lib/nvim')" "\$@"
EOT
    cat >"$cache/luacheck" <<EOT
#!/bin/sh
exec '$cache/nvim' --headless --clean -u NONE -l '$cache/$suite/root/usr/bin/luacheck' "\$@"
EOT
    chmod +x "$cache/nvim" "$cache/luacheck"
}

[ $# -eq 1 ] || { echo "usage: setup.sh CACHE_DIR" >&2; exit 2; }
mkdir -p "$1"
cache=$(cd "$1" && pwd)
exec 9>"$cache/lock"
flock 9

if [ -z "${NEOVIM_SUITE:-}" ] && command -v nvim >/dev/null && new_enough nvim; then
    installed=$(command -v nvim)
    printf '#!/bin/sh\nexec '\''%s'\'' "$@"\n' "$installed" >"$cache/nvim"
    chmod +x "$cache/nvim"
    say "using $installed"
else
    suite=${NEOVIM_SUITE:-sid}
    [ -d "$cache/$suite/debs" ] || download
    [ -d "$cache/$suite/root" ] || unpack
    write_starters
fi
"$cache/nvim" --version | head -n 1 | sed 's/^/neovim setup: ready, /' >&2
