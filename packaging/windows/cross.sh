#!/bin/sh
# Builds and runs a program of C for Windows in the place of one for this system, for tests/abi/misuse.rs:
# WIDTH is x64 or x86; packaging/windows/cross.sh build PROGRAM SOURCE, then run PROGRAM [ARGUMENT...].
set -eu
project=$(cd "$(dirname "$0")/../.." && pwd)
cd "$project"
width=$WIDTH
. packaging/windows/common.sh
what=$1 program=$2
shift 2
case $what in
build)
    "$mingw-gcc-win32" -std=gnu99 -O1 -Wall -Wextra -D_WIN32_WINNT=0x0601 -Iinclude \
        -o "$program.exe" "$1" "$made/libcrux.dll.a" -lm
    cp "$made/crux.dll" "$(dirname "$program")"
    ;;
run) exec sh packaging/windows/wine.sh "$width" "$program.exe" "$@" ;;
esac
