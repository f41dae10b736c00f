#!/bin/sh
# Tests each width under Wine, and ends with a line for each, whatever fails: packaging/windows/summary.sh [--build]
# [--same-bytes] WIDTH... With --build they are built and packed before; --same-bytes builds them in another folder after, and
# compares.
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

build= same=
[ "${1:-}" != --build ] || { build=1 && shift; }
[ "${1:-}" != --same-bytes ] || { same=1 && shift; }
goals='windows-suite windows-sandbox'
[ -z "$build" ] || goals="windows-packages $goals"
# shellcheck disable=SC2086  # names
before 'the build' make --no-print-directory -j 2 $goals "WIDTHS=$*"
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
if [ -n "$same" ]; then
    line=$([ -n "$broken" ] || sh packaging/windows/test-dist.sh "$@" | tail -n 1)
    case $line in *': the same bytes '*) ;; *) failed=1 ;; esac
    lines="$lines${line:-windows archives: not compared ($broken)}
"
fi
printf '%s' "$lines"
exit $failed
