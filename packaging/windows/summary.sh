#!/bin/sh
# Tests each width under Wine, and ends with a line for each: packaging/windows/summary.sh WIDTH...
set -u
cd "$(dirname "$0")/../.."
"${CARGO:-cargo}" build --quiet --example sandbox || exit 1
lines= failed=0
for width in "$@"; do
    log=target/windows/test-$width.log
    [ "$width" = x86 ] && { sh packaging/windows/wine32.sh || exit 1; }
    sh packaging/windows/test.sh "$width" 2>&1 | tee "$log"
    line=$(grep "^windows $width: " "$log" | tail -n 1)
    case $line in
    *', 0 failed, '*) ;;
    *) failed=1 ;;
    esac
    lines="$lines${line:-windows $width: 0 passed, 1 failed (it ended before its tests; see $log)}
"
done
printf '%s' "$lines"
exit $failed
