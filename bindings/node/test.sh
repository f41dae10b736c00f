#!/bin/sh
# Builds the addon against the installed library, runs the tests, the cases and the tour against the sandbox.
# CRUX_LONG=1 adds the long proofs.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${CRUX_LIBRARY:=$CRUX_PREFIX/lib/libcrux.so}"
: "${CRUX_CASES:=$root/bindings/cases.json}"
modules=$root/target/languages/node/node_modules
sh "$here/build.sh" "$modules/@libcrux/$(node -p 'process.platform + "-" + process.arch')" || exit 1

export CRUX_LIBRARY CRUX_CASES NODE_PATH="$modules:$root/target/languages/node/tools/node_modules"
log=$root/target/languages/node/tests.tap
cd "$here" || exit 1
"$CRUX_SANDBOX" --shop node --expose-gc --test --test-concurrency=1 --test-reporter=tap test/*.test.js >"$log" 2>&1
code=$?
grep -vE '^ *(duration_ms|type|---|\.\.\.)|^ *# Subtest' "$log"

count() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$log" | tail -n 1; }
skips=$(sed -n 's/^ *ok .* # SKIP \(.*\)$/\1/p' "$log" | paste -sd ';' - | sed 's/;/; /g')
line="node: $(count pass) passed, $(count fail) failed"
[ "$(count skipped)" = 0 ] || line="$line, $(count skipped) skipped ($skips)"
echo "$line"
exit $code
