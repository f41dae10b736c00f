#!/bin/sh
# Builds the package against the installed library and runs its tests, the cases and the tour: with JNA, and with
# java.lang.foreign where there is a Java that has it. bindings/run.sh sets the variables.
set -eu
cd "$(dirname "$0")"
. ./common.sh
: "${CRUX_LIBRARY:=$CRUX_PREFIX/lib/libcrux.so}" "${CRUX_CASES:=$root/bindings/cases.json}"
export CRUX_LIBRARY CRUX_CASES
classes
rm -rf "$out/tests" "$out/copy"
mkdir -p "$out/tests"
javac -encoding UTF-8 -Xlint:all,-try -Werror -cp "$out/classes:$tests" -d "$out/tests" \
    src/test/java/*.java src/test/java/org/libcrux/*.java examples/*.java
copy_library "$CRUX_LIBRARY" "$out/copy"

# A screen for the example with a window. The file of an earlier run would be read before it is emptied.
rm -f "$out/display"
Xvfb -displayfd 3 -screen 0 800x600x24 3>"$out/display" 2>/dev/null &
screen=$!
trap 'kill $screen' EXIT
until [ -s "$out/display" ] || ! kill -0 $screen 2>/dev/null; do sleep 0.1; done
[ ! -s "$out/display" ] || export DISPLAY=":$(cat "$out/display")"

passed=0 failed=0 skipped=0 why=
suite() { # JAVA CLASSPATH FLAGS: runs all tests once
    rm -f "$out/counts"
    # shellcheck disable=SC2086  # flags are words
    "$CRUX_SANDBOX" --shop "$1" -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 $3 -Dcrux.java="$3" -Dcrux.jar="$out/copy" \
        -cp "$2:$out/classes:$out/tests:$tests" org.libcrux.Main "$out/counts" || true
    p=0 f=1 s=0 reasons=
    [ ! -e "$out/counts" ] || read -r p f s reasons <"$out/counts"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    [ -z "$reasons" ] || why=$reasons
}
suite java "$jna" ''
if [ -n "$new" ]; then
    suite "$new/bin/java" "$out/classes22" --enable-native-access=ALL-UNNAMED
else
    skipped=$((skipped + 1))
    why="$why; no Java 22 to try java.lang.foreign with"
fi
rest=
[ "$skipped" = 0 ] || rest=", $skipped skipped ($why)"
echo "java: $passed passed, $failed failed$rest"
[ "$failed" = 0 ]
