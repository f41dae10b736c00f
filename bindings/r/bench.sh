#!/bin/sh
# Compares what a small GET costs through libcrux and through the packages curl and httr; bindings/bench.sh sets the
# variables.
set -eu
cd "$(dirname "$0")"
library=$(cd ../.. && pwd)/target/languages/r/bench
mkdir -p "$library"
R CMD INSTALL --no-docs --no-test-load --preclean --clean --library="$library" . >&2
R_LIBS=$library exec Rscript bench.R
