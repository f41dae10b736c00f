#!/bin/sh
# Prints what a small GET costs, in microseconds of CPU of this process, and its ratio to java.net.http.HttpClient.
set -eu
cd "$(dirname "$0")"
. ./common.sh
: "${CRUX_LIBRARY:=$CRUX_PREFIX/lib/libcrux.so}"
export CRUX_LIBRARY
classes
mkdir -p "$out/bench"
javac -encoding UTF-8 -cp "$out/classes" -d "$out/bench" bench/Bench.java
"$CRUX_SANDBOX" --shop java -cp "$jna:$out/classes:$out/bench" Bench
[ -z "$new" ] || "$CRUX_SANDBOX" --shop "$new/bin/java" --enable-native-access=ALL-UNNAMED \
    -cp "$out/classes22:$out/classes:$out/bench" Bench
