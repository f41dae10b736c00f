# What run.sh and bench.sh need: an installed libcrux, the sandbox, and the variables that name them; to be sourced in the
# root of the tree.
[ -n "${CRUX_PREFIX:-}" ] || {
    CRUX_PREFIX=$PWD/target/languages/prefix
    make install PREFIX="$CRUX_PREFIX" >/dev/null || exit 1
}
[ -n "${CRUX_SANDBOX:-}" ] || {
    CARGO_TARGET_DIR=$PWD/target cargo build --quiet --example sandbox || exit 1
    CRUX_SANDBOX=$PWD/target/debug/examples/sandbox
}
CRUX_LIBRARY=$CRUX_PREFIX/lib/libcrux.so
CRUX_CASES=$PWD/bindings/cases.json
export CRUX_PREFIX CRUX_SANDBOX CRUX_LIBRARY CRUX_CASES
