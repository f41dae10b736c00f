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
export CRUX_TEST_TOLD="$here/../tour.txt" CRUX_TEST_MEMORY_LUA="$here/tests/memory.lua"
printf 'int crux_abi(void) { return 0; }\n' >"$work/old.c"
cc -shared -fPIC -o "$work/old.so" "$work/old.c" || exit 1

prepare() { # HEADERS: compiles the module, and what the tests need
    make -s -C "$here" BUILD="$build/$1" LUA_INCDIR="/usr/include/$1" all &&
        cc -shared -fPIC -fvisibility=hidden -Wall -Wextra -I"/usr/include/$1" -o "$build/$1/system.so" \
            "$here/tests/system.c"
}

run() { # NAME INTERPRETER HEADERS WORD...: the tests in one Lua, in a folder of their own
    name=$1 interpreter=$2 headers=$3
    shift 3
    mkdir "$work/$name"
    cd "$work/$name" || exit 1
    export LUA_CPATH="$build/$headers/?.so" LUA_UNDER_TEST="$interpreter $*" CRUX_TEST_MEMORY="$build/$headers/memory"
    "$CRUX_SANDBOX" --shop "$interpreter" "$@" "$here/tests/run.lua" "$CRUX_CASES" >"$work/$name.log" 2>&1
}

names=
for version in 5.1 5.2 5.3 5.4; do
    prepare "lua$version" || exit 1
    cc -Wall -Wextra -I"/usr/include/lua$version" -o "$build/lua$version/memory" "$here/tests/memory.c" \
        "-llua$version" -lm || exit 1
    names="$names lua$version"
done
prepare luajit-2.1 || exit 1
names="$names luajit luajit-core"

# They mostly wait, so all run at once.
for name in $names; do
    case $name in
    luajit) run "$name" luajit luajit-2.1 & ;;
    luajit-core) run "$name" luajit luajit-2.1 -l core_only & ;;
    *) run "$name" "$name" "$name" & ;;
    esac
done
wait

passed=0 failed=0 skipped=0 why=
for name in $names; do
    echo "== $name"
    cat "$work/$name.log"
    # shellcheck disable=SC2046
    set -- $(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$work/$name.log" | tail -n 1)
    passed=$((passed + ${1:-0})) failed=$((failed + ${2:-1})) skipped=$((skipped + ${3:-0}))
    why=${why:-$(sed -n 's/^skipped //p' "$work/$name.log" | head -n 1)}
done

for file in "$here"/crux/*.lua "$here"/tests/*.lua "$here"/examples/*.lua "$here"/*.lua "$here"/*.rockspec; do
    for version in 5.1 5.2 5.3 5.4; do
        "luac$version" -p "$file" || failed=$((failed + 1))
    done
done

line="lua: $passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped ($why)"
echo "$line"
[ "$failed" -eq 0 ]
