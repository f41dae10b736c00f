#!/bin/sh
# Compiles the cases, the tour and the ten lines with all run-time checks and the leak finder of Free Pascal, and runs
# them. bindings/run.sh sets the variables.
set -eu
cd "$(dirname "$0")"
. ../verdict.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() { # PROGRAM
    fpc -v0we -Criot -gh -gl -O2 -Sew -Fu. -Futests -FU"$work" -FE"$work" "$1" || { echo "$1 does not compile" >&2; exit 1; }
}
build tests/cases.pas
build examples/tour.pas
build examples/login.pas
# A library of another edition, for the case about one that is too old.
echo 'int crux_abi(void) { return 0; }' >"$work/old.c"
cc -shared -fPIC "$work/old.c" -o "$work/old.so"
# One that has the edition and lacks what belongs to it.
echo 'int crux_abi(void) { return 1000; }' >"$work/half.c"
cc -shared -fPIC "$work/half.c" -o "$work/half.so"
export CRUX_OLD_LIBRARY="$work/old.so" CRUX_HALF_LIBRARY="$work/half.so" LC_ALL=C.UTF-8

HEAPTRC="log=$work/heap" cases "$CRUX_SANDBOX" --shop "$work/cases" "$CRUX_CASES"
tour() { (cd "$work" && HEAPTRC="log=$work/tour.heap" "$CRUX_SANDBOX" --shop ./tour) | diff - ../tour.txt; }
login() { [ "$(HEAPTRC="log=$work/login.heap" "$CRUX_SANDBOX" --shop "$work/login" | wc -l)" = 7 ]; }
no_leak() { tail -n 30 "$1" | grep '^0 unfreed memory blocks' >/dev/null || { cat "$1"; return 1; }; }
also tour tour
also login login
also no_leak_in_the_tour no_leak "$work/tour.heap"
also no_leak_in_the_cases no_leak "$work/heap"
verdict pascal "the compiler refuses wrong types"
