#!/bin/sh
# Builds the cases and the tour against the installed library, with warnings as errors and the sanitizers of addresses and
# of undefined behaviour, and runs them. bindings/run.sh sets the variables.
set -eu
cd "$(dirname "$0")"
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
build cases tests/main.cpp tests/data.cpp tests/own.cpp -lcrypto
build tour examples/tour.cpp
build login examples/login.cpp

cases=0
"$CRUX_SANDBOX" --shop "$work/cases" "$CRUX_CASES" >"$work/said" || cases=$?
cat "$work/said"
counts=$(tail -n 1 "$work/said")
case $counts in
[0-9]*' '[0-9]*' '[0-9]*) ;;
*) echo "the cases ended with $cases before their last line"; counts='0 1 0' ;;
esac
passed=${counts%% *} rest=${counts#* }
failed=${rest% *} skipped=${rest#* }
also() { # NAME COMMAND...: one more test
    name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else
        echo "FAILED $name"
        failed=$((failed + 1))
    fi
}
tour() { (cd "$work" && "$CRUX_SANDBOX" --shop ./tour) | diff - ../tour.txt; }
login() { [ "$("$CRUX_SANDBOX" --shop "$work/login" | wc -l)" = 7 ]; }
also tour tour
also login login
echo "c++: $passed passed, $failed failed, $skipped skipped (linked, so the loader finds the library)"
[ "$failed" = 0 ]
