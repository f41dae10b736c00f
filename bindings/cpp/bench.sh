#!/bin/sh
# Compares what a small GET costs through crux.hpp and through the C functions; bindings/bench.sh sets the variables.
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/cpp
mkdir -p "$out"
PKG_CONFIG_PATH=$CRUX_PREFIX/lib/pkgconfig
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # flags are words
"${CXX:-c++}" -std=c++17 -O2 tests/bench.cpp $(pkg-config --cflags --libs crux) "-Wl,-rpath,$CRUX_PREFIX/lib" -o "$out/bench"
exec "$out/bench"
