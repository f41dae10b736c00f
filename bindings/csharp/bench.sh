#!/bin/sh
# Prints what a small GET costs, beside HttpClient, under mono: bench.sh [COUNT]
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/csharp/build
: "${CRUX_LIBRARY:=$CRUX_PREFIX/lib/libcrux.so}"
export CRUX_LIBRARY

sh build.sh
sh tools/compile.sh "-r:$out/Crux.dll,System.Net.Http.dll,System.Xml.dll,System.Runtime.Serialization.dll" \
    "-out:$out/Bench.exe" bench/Bench.cs
exec "$CRUX_SANDBOX" --shop mono "$out/Bench.exe" "$@"
