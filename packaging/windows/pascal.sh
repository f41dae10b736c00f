#!/bin/sh
# Compiles a program of Free Pascal for Windows of 64 bit: packaging/windows/pascal.sh FOLDER SOURCE. Debian has no units for
# Windows, but the sources of them: those that are needed are compiled into target/windows/fpc first.
set -eu
cd "$(dirname "$0")/../.."
sources=$(echo /usr/share/fpcsrc/*)
units=$PWD/target/windows/fpc
pascal() { # ARGUMENT... ; it warns much of its own units
    ppcx64 -n -Twin64 -O2 -Sg -FU"$units" "$@" >"$units/log" || { cat "$units/log" >&2; exit 1; }
}

if [ ! -e "$units/done" ]; then
    rm -rf "$units"
    mkdir -p "$units"
    paths=
    for folder in inc x86_64 win win64 win/wininc objpas objpas/sysutils objpas/classes charmaps; do
        paths="$paths -Fi$sources/rtl/$folder -Fu$sources/rtl/$folder"
    done
    # shellcheck disable=SC2086  # words
    {
        pascal $paths -Us "$sources/rtl/win64/system.pp"
        pascal $paths "$sources/rtl/win64/buildrtl.pp"
        pascal $paths "$sources/packages/fcl-base/src/syncobjs.pp"
    }
    touch "$units/done"
fi
pascal -FE"$1" -Fu"$units" -Fubindings/pascal -Fibindings/pascal "$2"
