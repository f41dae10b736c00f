#!/bin/sh
# Installs what building and testing the Lua package needs and is not there: Lua 5.1 to 5.4, LuaJIT, their headers,
# LuaRocks and a C compiler.
set -eu
missing=
need() { # PROGRAM-OR-HEADER PACKAGE
    case $1 in
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
    esac || missing="$missing $2"
}
for version in 5.1 5.2 5.3 5.4; do
    need "lua$version" "lua$version"
    need "luac$version" "lua$version"
    need "/usr/include/lua$version/lua.h" "liblua$version-dev"
done
need luajit luajit
need /usr/include/luajit-2.1/lua.h libluajit-5.1-dev
need luarocks luarocks
need zip zip
need unzip unzip
need cc gcc
need make make
[ -z "$missing" ] || {
    apt-get -qq update
    # shellcheck disable=SC2086
    apt-get -qq install --no-install-recommends --yes $missing
}
