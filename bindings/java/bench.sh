#!/bin/sh
# Compares what a small GET costs through libcrux, by JNA and by java.lang.foreign, and through java.net.http;
# bindings/bench.sh sets the variables.
set -eu
cd "$(dirname "$0")"
. ./common.sh
classes
mkdir -p "$out/bench"
javac -encoding UTF-8 -cp "$out/classes" -d "$out/bench" bench/Bench.java
java -cp "$jna:$out/classes:$out/bench" Bench ''
if [ -n "$new" ]; then
    "$new/bin/java" --enable-native-access=ALL-UNNAMED -cp "$out/classes22:$out/classes:$out/bench" Bench ', java.lang.foreign'
else
    echo 'java.lang.foreign: skipped, there is no Java 22'
fi
