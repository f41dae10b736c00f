#!/bin/sh
# Makes the rocks in the folder OUT, one for each Lua, with the shared library inside, installs each into an empty tree without
# a network, and runs the tour with it: package.sh OUT
set -eu
mkdir -p "${1:?OUT is where the rocks go}"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
: "${CRUX_PREFIX:=$PWD/target/libcrux/$(uname -m)-unknown-linux-gnu}"
: "${CRUX_SANDBOX:?is the sandbox program}"
tour=$PWD/bindings/lua/examples/tour.lua expected=$PWD/bindings/tour.txt
work=$PWD/target/languages/lua/rocks
rm -rf "$work"
mkdir -p "$work/source/licences"
(cd bindings/lua && cp -r Makefile README.md ./*.rockspec crux src examples "$work/source")
rm -rf "$work/source/build" "$work"/source/crux/*.so
cp LICENSE-APACHE LICENSE-MIT "$work/source/licences"
cp packaging/licences.txt "$work/source/licences/LICENSES-OF-WHAT-IS-LINKED"
cp "$CRUX_PREFIX/lib/libcrux.so" "$work/source/crux/libcrux.so"
unset CRUX_LIBRARY LUA_PATH LUA_CPATH

use() { # TREE VERSION INTERPRETER
    printf '%s: ' "$3"
    rm -rf "$work/empty"
    mkdir "$work/empty"
    (
        cd "$work/empty"
        export LUA_PATH="$1/share/lua/$2/?.lua;$1/share/lua/$2/?/init.lua" LUA_CPATH="$1/lib/lua/$2/?.so"
        "$CRUX_SANDBOX" --shop "$3" "$tour" >told.txt
        diff told.txt "$expected"
    )
    echo "the tour is right"
}

for version in 5.1 5.2 5.3 5.4; do
    rm -rf "$work/source/build"
    rocks="luarocks --lua-version $version"
    (cd "$work/source" && $rocks make --tree "$work/built-$version" LUA_INCDIR="/usr/include/lua$version") >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    mkdir -p "$out/lua$version"
    (cd "$out/lua$version" && rm -f ./*.rock && $rocks pack --tree "$work/built-$version" libcrux) >"$work/log" 2>&1
    $rocks install --tree "$work/tree-$version" "$out/lua$version"/*.rock >"$work/log" 2>&1
    use "$work/tree-$version" "$version" "lua$version"
done
# LuaJIT takes the rock of 5.1: by ffi the library inside, or the C module without it.
use "$work/tree-5.1" 5.1 luajit
ls "$out"/*/*.rock
