#!/bin/sh
# Runs a program for Windows: packaging/windows/wine.sh WIDTH PROGRAM [ARGUMENT...], without Wine's own words.
set -eu
width=$1
shift
project=$(cd "$(dirname "$0")/../.." && pwd)
WINEPREFIX=${WINEPREFIX:-$project/target/windows/wine-$width} WINEDEBUG=-all WINEDLLOVERRIDES='mscoree=;mshtml='
# No backtraces: those of 32 bit fault under Wine.
RUST_BACKTRACE=0
# Arguments and variables are UTF-8.
LC_ALL=C.UTF-8
export LC_ALL WINEPREFIX WINEDEBUG WINEDLLOVERRIDES RUST_BACKTRACE
[ "$width" = x86 ] || exec /usr/bin/wine "$@"
root=${LIBCRUX_WINE32:-${XDG_CACHE_HOME:-$HOME/.cache}/libcrux/wine32}
CRUX_ROOT=$root CRUX_PROJECT=$project CRUX_HERE=$PWD WINEARCH=win32
export CRUX_ROOT CRUX_PROJECT CRUX_HERE WINEARCH
# What is mounted goes with the process. The project and /tmp are where they are outside.
# shellcheck disable=SC2016  # for the inner shell
exec unshare --mount sh -c '
    for folder in /dev /proc /tmp "$CRUX_PROJECT"; do
        mkdir -p "$CRUX_ROOT$folder" && mount --rbind "$folder" "$CRUX_ROOT$folder"
    done
    exec chroot "$CRUX_ROOT" sh -c "cd \"\$CRUX_HERE\" && exec wine \"\$@\"" wine "$@"' wine "$@"
