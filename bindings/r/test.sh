#!/bin/sh
# Builds the package below target/, installs and checks it there, and runs its tests against the sandbox.
# CRUX_PREFIX, CRUX_LIBRARY, CRUX_SANDBOX and CRUX_CASES are set by bindings/run.sh; CRUX_LONG=1 takes longer.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${CRUX_LIBRARY:=${CRUX_PREFIX:?names where libcrux is installed}/lib/libcrux.so}"
: "${CRUX_CASES:=$root/bindings/cases.json}"
: "${CRUX_SANDBOX:?names the sandbox program}"
export CRUX_LIBRARY CRUX_CASES CRUX_R_EXAMPLES="$here/examples" LC_ALL=C.UTF-8

work=$root/target/languages/r
rm -rf "$work"
mkdir -p "$work/library"
cd "$work" || exit 1
R CMD build --no-manual "$here" || exit 1
"$CRUX_SANDBOX" --shop R CMD check --no-manual --no-tests libcrux_*.tar.gz
export CRUX_R_CHECK="$work/libcrux.Rcheck/00check.log"
R CMD INSTALL --library="$work/library" libcrux_*.tar.gz || exit 1
export R_LIBS="$work/library"
exec "$CRUX_SANDBOX" --shop Rscript "$here/tests/run.R"
