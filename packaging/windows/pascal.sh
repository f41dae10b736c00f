#!/bin/sh
# Compiles a program of Free Pascal for Windows: packaging/windows/pascal.sh WIDTH FOLDER SOURCE. Debian has no units for
# Windows and no compiler for 32 bit, but the sources of both: those that are needed are compiled into
# target/windows/fpc-WIDTH first.
set -eu
cd "$(dirname "$0")/../.."
width=$1
. packaging/windows/common.sh
sources=$(echo /usr/share/fpcsrc/*)
units=$PWD/target/windows/fpc-$width
case $width in
x64) compiler=ppcx64 system=win64 cpu=x86_64 ;;
x86) compiler=$units/compiler/ppc386 system=win32 cpu=i386 ;;
esac
logged() { # COMMAND...; it warns much of its own units
    "$@" >"$units/log" || { cat "$units/log" >&2; exit 1; }
}
pascal() { logged "$compiler" -n "-T$system" -O2 -Sg -FU"$units" "$@"; }

# The messages of the compiler, then the compiler itself.
compiler_for_x86() (
    cd "$sources/compiler"
    own=$units/compiler
    mkdir "$own"
    logged ppcx64 -FU"$own" -FE"$own" utils/msg2inc.pp
    (cd "$own" && logged ./msg2inc "$(echo /usr/lib/*/fpc/*/msg/errore.msg)" msg msg)
    rm -f "$own"/*.o
    logged ppcx64 -di386 -dRELEASE -O1 -Fi"$own" -Fii386 -Fix86 -Fui386 -Fux86 -Fusystems -FU"$own" -FE"$own" -o"$own/ppc386" pp.pas
)

if [ ! -e "$units/done" ]; then
    rm -rf "$units"
    mkdir -p "$units"
    [ "$width" = x64 ] || compiler_for_x86
    paths=
    for folder in inc "$cpu" win "$system" win/wininc objpas objpas/sysutils objpas/classes charmaps; do
        paths="$paths -Fi$sources/rtl/$folder -Fu$sources/rtl/$folder"
    done
    # shellcheck disable=SC2086  # words
    {
        pascal $paths -Us "$sources/rtl/$system/system.pp"
        pascal $paths "$sources/rtl/$system/buildrtl.pp"
        pascal $paths "$sources/packages/fcl-base/src/syncobjs.pp"
    }
    touch "$units/done"
fi
pascal -FE"$2" -Fu"$units" -Fubindings/pascal -Fibindings/pascal "$3"
