#!/bin/sh
# The suite of the library itself for Windows: packaging/windows/suite.sh --build WIDTH builds its programs, all of them
# at once; packaging/windows/suite.sh WIDTH LOGS runs them under Wine, three at a time, and prints "NAME PASSED FAILED
# SKIPPED" for each.
set -eu
cd "$(dirname "$0")/../.."
build=
[ "$1" != --build ] || { build=1 && shift; }
width=$1
. packaging/windows/common.sh
list=target/windows/suite-$width.list
# The longest first. They wait more than they calculate.
programs='wire session services files abi replies lib secrets'

if [ -n "$build" ]; then
    log=target/windows/suite-$width.log
    rm -f "$list"
    mkdir -p target/windows
    # shellcheck disable=SC2046  # names
    windows_cargo test --no-run --lib $(for name in $programs; do [ $name = lib ] || echo "--test=$name"; done) >"$log" 2>&1 ||
        { tail -n 40 "$log" >&2; exit 1; }
    sed -n 's/^ *Executable [^(]*(\(.*\))$/\1/p' "$log" |
        sed -e 's|.*/crux-[0-9a-f]*\.exe$|lib &|' -e t -e 's|.*/\([a-z]*\)-[0-9a-f]*\.exe$|\1 &|' >"$list.new"
    mv "$list.new" "$list"
    exit
fi
logs=$2
path() { sed -n "s/^$1 //p" "$list"; }

# A program that faults may still end with 0, so each must say its result: "PASSED FAILED IGNORED".
result_in() { # LOG
    sed -n 's/^test result: .* \([0-9]*\) passed; \([0-9]*\) failed; \([0-9]*\) ignored.*/\1 \2 \3/p' "$1" | tail -n 1
}
run() { # LOG PROGRAM ARGUMENT...
    log=$1
    shift
    timeout 1200 sh packaging/windows/wine.sh "$width" "$@" >"$log" 2>&1 || true
}

[ -s "$list" ] || { echo "packaging/windows/suite.sh --build $width comes first" >&2; exit 1; }
# shellcheck disable=SC2086  # names
for name in $programs; do echo "$logs/suite-$name" "$(path $name)"; done |
    xargs -n 2 -P 3 sh -c 'timeout 1200 sh packaging/windows/wine.sh "$0" "$2" >"$1" 2>&1 || true' "$width"

for name in $programs; do
    log=$logs/suite-$name program=$(path "$name")
    result=$(result_in "$log")
    # Wine's server may end just as a program begins: "wine client error".
    [ -n "$result" ] || {
        echo "$width suite-$name ended without a result, and runs once more" >&2
        run "$log" "$program"
        result=$(result_in "$log")
    }
    # shellcheck disable=SC2086  # three numbers
    set -- ${result:-0 1 0}
    right=$1 wrong=$2 ignored=$3
    # Limits of time that Wine on a busy machine does not keep: what failed is named, and runs once more, alone.
    for failed in $(sed -n '/^failures:$/,$s/^    \([a-z_0-9:]*\)$/\1/p' "$log" | sort -u); do
        again=$logs/again-$failed
        run "$again" "$program" --exact "$failed"
        result=$(result_in "$again")
        echo "$width suite-$name: $failed failed, and alone: ${result:-it did not end}" >&2
        [ "$result" = "1 0 0" ] || { grep panicked -A 3 "$again" >&2 || true; continue; }
        right=$((right + 1)) wrong=$((wrong - 1))
    done
    echo "$name $right $wrong $ignored"
done
