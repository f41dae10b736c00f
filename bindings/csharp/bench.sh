#!/bin/sh
# Prints what a small GET costs, beside HttpClient, under mono: bench.sh [COUNT]
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/csharp/build
api=/usr/lib/mono/4.7.2-api
: "${CRUX_LIBRARY:=$CRUX_PREFIX/lib/libcrux.so}"
export CRUX_LIBRARY

sh build.sh
sh tools/csc.sh "-r:$out/Crux.dll" "-r:$api/System.Net.Http.dll" "-r:$api/System.Xml.dll" "-r:$api/System.Runtime.Serialization.dll" \
    "-out:$out/Bench.exe" bench/Bench.cs
exec "$CRUX_SANDBOX" --shop mono "$out/Bench.exe" "$@"
