#!/bin/sh
# Runs the fuzz targets, two at a time, and ends with how many inputs were tried: fuzz/run.sh [TARGET...].
# PROVE=short (the usual) takes a minute in all, PROVE=long tries a hundred million inputs.
# What ends a target is kept in target/prove/fuzz/found; to see it again: fuzz/run.sh TARGET FILE.
#
# The layout is that of cargo-fuzz, and `cargo fuzz run TARGET` works for those who have it and a nightly compiler. This
# script does the same with the stable one, which knows what cargo-fuzz asks of it but must be told that it may. The lock
# file is one of its own: `cargo update --workspace --manifest-path fuzz/Cargo.toml` after a new version of the library.
set -eu
cd "$(dirname "$0")/.."

fuzz=$PWD/fuzz
out=$PWD/target/prove/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')
all=$(sed -n '/^\[\[bin\]\]/,/^name/s/^name = "\(.*\)"/\1/p' "$fuzz/Cargo.toml")
# These have a connection, or threads, or look for the nearest of a hundred names, and are slower by a hundred times.
slow='options proxies responses sequences'

# Built as cargo-fuzz does: coverage for the engine, and every memory error found by the address sanitizer.
coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4'
coverage="$coverage -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
coverage="$coverage -Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTC_BOOTSTRAP=1 RUSTFLAGS="--cfg fuzzing $coverage -Zsanitizer=address" CARGO_TARGET_DIR=$out \
    cargo build --quiet --release --locked --manifest-path "$fuzz/Cargo.toml" --target "$host"
bin=$out/$host/release

# An input that was found, once more.
if [ $# = 2 ] && [ -f "$2" ]; then
    exec "$bin/$1" "$2"
fi

targets=${*:-$all}
count=$(echo "$targets" | wc -w)
rm -rf "$out/found" "$out/logs"
mkdir -p "$out/found" "$out/logs" "$out/scratch"
# Where a target writes files; they are gone with the run.
trap 'rm -rf "$out/scratch"' EXIT
export TMPDIR="$out/scratch"

# How long, and how often: a minute of two processes; or all that the fast targets have to try for 10^8.
limit() {
    case "${PROVE:-short} $slow" in
        long*"$1"*) echo -max_total_time=3600 ;;
        long*) echo "-runs=$((100000000 / (count > 4 ? count - 4 : 1)))" ;;
        *) echo "-max_total_time=$((120 / count > 0 ? 120 / count : 1))" ;;
    esac
}

try() {
    mkdir -p "$out/corpus/$1"
    # New inputs go to the first folder. A target that hangs for a minute has failed.
    nice -n 5 "$bin/$1" -seed=1 -timeout=60 -max_len=2048 -print_final_stats=1 "$(limit "$1")" \
        -artifact_prefix="$out/found/$1-" "$out/corpus/$1" "$fuzz/corpus/$1" >"$out/logs/$1" 2>&1 ||
        echo "$1" >>"$out/logs/failed"
}

# Two lanes; a lane takes every other target.
lane() {
    turn=0
    for target in $targets; do
        [ $((turn % 2)) != "$1" ] || try "$target"
        turn=$((turn + 1))
    done
}
lane 0 &
lane 1
wait

tried=0
for target in $targets; do
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/logs/$target")
    echo "$target: ${runs:-no} executions"
    tried=$((tried + ${runs:-0}))
done
tried=$(echo "$tried" | sed -e ':a' -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/' -e 'ta')
if [ -e "$out/logs/failed" ]; then
    for target in $(cat "$out/logs/failed"); do
        echo "--- $target"
        tail -n 40 "$out/logs/$target"
    done
    echo "$count targets, $tried executions, failed: $(tr '\n' ' ' <"$out/logs/failed")(inputs in $out/found)"
    exit 1
fi
echo "$count targets, $tried executions, no crash"
