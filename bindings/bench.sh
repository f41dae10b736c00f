#!/bin/sh
# Compares what a small GET costs in every language, or in those named, with the client that its people use:
# bindings/bench.sh [LANGUAGE...]. All of them ask one quiet server. Ends with a table. LONG=1 also looks whether memory
# stays flat over 100,000 requests.
set -u
cd "$(dirname "$0")/.."
. bindings/ready.sh

# This script once more, beside the server.
if [ -z "${CRUX_PATH:-}" ]; then
    if command -v nginx >/dev/null && command -v openssl >/dev/null; then
        CRUX_PATH=small exec python3 benches/server.py sh bindings/bench.sh "$@"
    fi
    CRUX_PATH=things/0/ exec "$CRUX_SANDBOX" --shop sh bindings/bench.sh "$@"
fi

if [ $# -eq 0 ]; then
    for script in bindings/*/bench.sh; do
        folder=${script%/bench.sh}
        set -- "$@" "${folder#bindings/}"
    done
fi
logs=target/languages
mkdir -p "$logs"
said=$logs/bench.txt
: >"$said"
# Runs the bench.sh of a language: bench LANGUAGE, with CRUX_LONG set for its memory.
bench() {
    sh "bindings/$1/bench.sh" >"$logs/bench-$1.out" 2>"$logs/bench-$1.log" || {
        echo "all: skipped, bench.sh failed; see $logs/bench-$1.log" >>"$logs/bench-$1.out"
        tail -n 20 "$logs/bench-$1.log" >&2
    }
    sed "s/^/$1: /" "$logs/bench-$1.out" >>"$said"
}
for language in "$@"; do
    echo "== $language" >&2
    sh "bindings/$language/setup.sh" >"$logs/bench-$language.log" 2>&1
    unset CRUX_LONG
    bench "$language"
    [ -z "${LONG:-}" ] || CRUX_LONG=1 bench "$language"
done
exec python3 bindings/bench.py "$said"
