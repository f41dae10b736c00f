#!/bin/sh
# Compiles the C module for every Lua that is here, and runs the tests in each, in LuaJIT both with ffi and with the C module.
# Needs CRUX_LIBRARY, CRUX_SANDBOX and CRUX_CASES: see ../run.sh.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../.." && pwd)/target/languages/lua
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

unset LUA_INIT LUA_PATH_5_2 LUA_PATH_5_3 LUA_PATH_5_4 LUA_CPATH_5_2 LUA_CPATH_5_3 LUA_CPATH_5_4
export LUA_PATH="$here/?.lua;$here/?/init.lua;$here/tests/?.lua"
export CRUX_TEST_OLD="$work/old.so" CRUX_TEST_TOUR="$here/examples/tour.lua" CRUX_TEST_LOGIN="$here/examples/login.lua"
export CRUX_TEST_TOLD="$here/../tour.txt"
printf 'int crux_abi(void) { return 0; }\n' >"$work/old.c"
cc -shared -fPIC -o "$work/old.so" "$work/old.c" || exit 1

passed=0 failed=0 skipped=0 why=
count() { # INTERPRETER HEADERS WORD...: runs the tests in one Lua
    interpreter=$1 headers=$2
    shift 2
    lua=$build/$headers
    make -s -C "$here" BUILD="$lua" LUA_INCDIR="/usr/include/$headers" all || exit 1
    cc -shared -fPIC -fvisibility=hidden -Wall -Wextra -I"/usr/include/$headers" -o "$lua/system.so" "$here/tests/system.c" ||
        exit 1
    mkdir -p "$work/$headers$*"
    log=$work/log
    (
        cd "$work/$headers$*" || exit 1
        export LUA_CPATH="$lua/?.so" LUA_UNDER_TEST="$interpreter $*"
        "$CRUX_SANDBOX" --shop "$interpreter" "$@" "$here/tests/run.lua" "$CRUX_CASES"
    ) >"$log" 2>&1
    echo "== $interpreter $*"
    cat "$log"
    set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log" | tail -n 1)
    passed=$((passed + ${1:-0})) failed=$((failed + ${2:-1})) skipped=$((skipped + ${3:-0}))
    why=${why:-$(sed -n 's/^skipped //p' "$log" | head -n 1)}
}

for version in 5.1 5.2 5.3 5.4; do
    count "lua$version" "lua$version"
done
count luajit luajit-2.1
count luajit luajit-2.1 -l core_only

for file in "$here"/crux/*.lua "$here"/tests/*.lua "$here"/examples/*.lua; do
    for version in 5.1 5.2 5.3 5.4; do
        "luac$version" -p "$file" && continue
        failed=$((failed + 1))
    done
done

line="lua: $passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped ($why)"
echo "$line"
[ "$failed" -eq 0 ]
