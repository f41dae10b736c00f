#!/bin/sh
# Runs the main examples with the sandbox, for "make demo". $1 is the folder of the compiled examples.
# The sandbox sets CRUX_SANDBOX_HTTP, CRUX_SANDBOX_HTTPS and CRUX_SANDBOX_CA.
set -u
failed=0

out=$(mktemp)
trap 'rm -f "$out"' EXIT

# Runs a program and shows the first lines of its output. Its exit status must be the one wanted.
show() {
    wanted=$1 title=$2
    shift 2
    printf '\n== %s\n' "$title"
    "$@" >"$out" 2>&1
    code=$?
    head -n 10 "$out"
    lines=$(wc -l <"$out")
    [ "$lines" -le 10 ] || echo "... ($lines lines in all)"
    if [ "$code" != "$wanted" ]; then
        echo "expected exit status $wanted, got $code" >&2
        failed=1
    fi
}

# The certificate of the sandbox comes from an authority of its own.
export SSL_CERT_FILE="$CRUX_SANDBOX_CA"

for base in "$CRUX_SANDBOX_HTTP" "$CRUX_SANDBOX_HTTPS"; do
    CRUX_PASSWORD='correct horse' show 0 "Crux Connect, permissions ($base)" \
        "$1/permissions" "$base/timp/" ada@example.com
    CRUX_PASSWORD='battery staple' show 0 "Crunch, datasets ($base)" \
        "$1/datasets" "$base/api/" grace@example.com 3
done
CRUX_PASSWORD='wrong' show 9 "Crunch, with a wrong password" \
    "$1/login" crunch "$CRUX_SANDBOX_HTTPS/api/" grace@example.com datasets/
exit $failed
