#!/bin/sh
# Compares what a small GET costs through crux.pas and through TFPHTTPClient; bindings/bench.sh sets the variables.
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/pascal
mkdir -p "$out"
fpc -v0we -O2 -Fu. -FU"$out" -FE"$out" tests/bench.pas >&2
exec "$out/bench"
