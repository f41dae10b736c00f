#!/bin/sh
# Runs the tests of every language, or of those named: bindings/run.sh [LANGUAGE...]. Ends with a line for each, and
# fails if one of them fails. What a language needs and this machine lacks is installed first.
set -u
cd "$(dirname "$0")/.."
. bindings/ready.sh

if [ $# -eq 0 ]; then
    for script in bindings/*/test.sh; do
        folder=${script%/test.sh}
        set -- "$@" "${folder#bindings/}"
    done
fi
logs=target/languages
mkdir -p "$logs"
verdicts= failed=0
for language in "$@"; do
    folder=bindings/$language
    log=$logs/$language.log
    echo "== $language"
    { sh "$folder/setup.sh" && sh "$folder/test.sh"; } >"$log" 2>&1
    code=$?
    line=$(grep -E '^[^ ]+: [0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
    if [ "$code" -ne 0 ] || [ -z "$line" ]; then
        tail -n 40 "$log" >&2
        failed=1
    fi
    verdicts="$verdicts${line:-$language: 0 passed, 1 failed (it ended with $code before its tests; see $log)}
"
done
printf '%s' "$verdicts"
exit $failed
