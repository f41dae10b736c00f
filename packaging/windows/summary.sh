#!/bin/sh
# Tests each width under Wine, and ends with a line for each, whatever fails: packaging/windows/summary.sh [--build]
# WIDTH... With --build they are built and packed before.
set -u
cd "$(dirname "$0")/../.."
mkdir -p target/windows
lines= failed=0 broken=

# What must be there before a test; the first that cannot be made is named in the lines.
before() { # WHAT COMMAND...
    [ -z "$broken" ] || return
    what=$1
    shift
    "$@" || broken="$what failed"
}

if [ "${1:-}" = --build ]; then
    shift
    before 'the build' make --no-print-directory windows-packages "WIDTHS=$*"
fi
before 'the build of the sandbox' "${CARGO:-cargo}" build --quiet --example sandbox
for width in "$@"; do
    log=target/windows/test-$width.log line=
    [ "$width" != x86 ] || before 'the 32-bit Wine' sh packaging/windows/wine32.sh
    if [ -z "$broken" ]; then
        sh packaging/windows/test.sh "$width" 2>&1 | tee "$log"
        line=$(grep "^windows $width: " "$log" | tail -n 1)
    fi
    case $line in
    *', 0 failed, '*) ;;
    *) failed=1 ;;
    esac
    lines="$lines${line:-windows $width: 0 passed, 1 failed (${broken:-it ended before its last line; see $log})}
"
done
printf '%s' "$lines"
exit $failed
