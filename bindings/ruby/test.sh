#!/bin/sh
# Builds the extension and runs the gem's own tests, the cases and the tour against the sandbox. CRUX_LONG=1 makes the
# long ones long. The last line says how many passed.
set -u
cd "$(dirname "$0")" || exit 1
root=$(cd ../.. && pwd)
: "${CRUX_LIBRARY:=${CRUX_PREFIX:-$root/target/languages/prefix}/lib/libcrux.so}"
: "${CRUX_SANDBOX:=$root/target/debug/examples/sandbox}"
: "${CRUX_CASES:=$root/bindings/cases.json}"
CRUX_RUBY_BUILT=$root/target/languages/ruby
export CRUX_LIBRARY CRUX_CASES CRUX_RUBY_BUILT

mkdir -p "$CRUX_RUBY_BUILT"
log=$CRUX_RUBY_BUILT/test.log
"$CRUX_SANDBOX" --shop rake test >"$log" 2>&1
code=$?
verdict=$(grep '^ruby: ' "$log")
grep -v '^ruby: ' "$log"
echo "${verdict:-ruby: 0 passed, 1 failed (it ended with $code before its tests)}"
exit "$code"
