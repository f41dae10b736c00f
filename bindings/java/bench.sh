#!/bin/sh
# Compares what a small GET costs through libcrux, by JNA and by java.lang.foreign, and through java.net.http;
# bindings/bench.sh sets the variables.
set -eu
cd "$(dirname "$0")"
. ./common.sh
classes
mkdir -p "$out/bench"
javac -encoding UTF-8 -cp "$out/classes" -d "$out/bench" bench/Bench.java
# Memory is looked at with a small heap: a large one grows for long, whatever is in it.
heap=
[ -z "${CRUX_LONG:-}" ] || heap='-Xmx64m -Xmn8m'
# shellcheck disable=SC2086  # two words
java $heap -cp "$jna:$out/classes:$out/bench" Bench ''
if [ -n "$new" ]; then
    # shellcheck disable=SC2086
    "$new/bin/java" $heap --enable-native-access=ALL-UNNAMED -cp "$out/classes22:$out/classes:$out/bench" Bench ', java.lang.foreign'
else
    echo 'java.lang.foreign: skipped, there is no Java 22'
fi
