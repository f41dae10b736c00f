#!/bin/sh
# Prints what a small GET costs in CPU, body read and JSON decoded, and the ratio to LuaSocket with cjson where those are
# installed. Needs CRUX_LIBRARY and CRUX_SANDBOX, and test.sh to have run before.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../.." && pwd)/target/languages/lua
bench() { # INTERPRETER HEADERS WORD...
    interpreter=$1 headers=$2
    shift 2
    version=$("$interpreter" -e 'io.write((_VERSION:gsub("Lua ", "")))')
    system_c=/usr/lib/$(uname -m)-linux-gnu/lua/$version/?.so
    LUA_PATH="$here/?.lua;$here/?/init.lua;$here/tests/?.lua;/usr/share/lua/$version/?.lua" \
        LUA_CPATH="$build/$headers/?.so;$system_c" "$CRUX_SANDBOX" --shop "$interpreter" "$@" "$here/bench.lua"
}
for version in 5.1 5.2 5.3 5.4; do
    bench "lua$version" "lua$version"
done
bench luajit luajit-2.1
bench luajit luajit-2.1 -l core_only
