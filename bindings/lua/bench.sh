#!/bin/sh
# Compares what a small GET costs through libcrux and through LuaSocket with cjson, in Lua 5.4 and in LuaJIT;
# bindings/bench.sh sets the variables.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../.." && pwd)/target/languages/lua
bench() { # INTERPRETER VERSION HEADERS
    make -s -C "$here" BUILD="$build/$3" LUA_INCDIR="/usr/include/$3" all >&2
    cc -shared -fPIC -fvisibility=hidden -I"/usr/include/$3" -o "$build/$3/system.so" "$here/tests/system.c"
    LUA_PATH="$here/?.lua;$here/?/init.lua;/usr/share/lua/$2/?.lua" \
        LUA_CPATH="$build/$3/?.so;/usr/lib/$(uname -m)-linux-gnu/lua/$2/?.so" "$1" "$here/bench.lua"
}
bench lua5.4 5.4 lua5.4
bench luajit 5.1 luajit-2.1
