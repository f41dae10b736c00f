#!/bin/sh
# Builds the cases and the tour against the installed library, with warnings as errors and the sanitizers of addresses and
# of undefined behaviour, and runs them. bindings/run.sh sets the variables.
set -eu
cd "$(dirname "$0")"
. ../verdict.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PKG_CONFIG_PATH=$CRUX_PREFIX/lib/pkgconfig
export PKG_CONFIG_PATH
build() { # PROGRAM FLAGS... : of the sources and flags that follow
    program=$1
    shift
    # shellcheck disable=SC2046  # flags are words
    "${CXX:-c++}" -std=c++17 -g -Wall -Wextra -Wpedantic -Werror -fsanitize=address,undefined -fno-sanitize-recover=all \
        "$@" $(pkg-config --cflags --libs crux) "-Wl,-rpath,$CRUX_PREFIX/lib" -pthread -o "$work/$program"
}
build cases tests/main.cpp tests/data.cpp tests/own.cpp tests/system.cpp -lcrypto
build tour examples/tour.cpp
build login examples/login.cpp

cases "$CRUX_SANDBOX" --shop "$work/cases" "$CRUX_CASES"
tour() { (cd "$work" && "$CRUX_SANDBOX" --shop ./tour) | diff - ../tour.txt; }
login() { [ "$("$CRUX_SANDBOX" --shop "$work/login" | wc -l)" = 7 ]; }
also tour tour
also login login
verdict c++ "linked, so the loader finds the library"
