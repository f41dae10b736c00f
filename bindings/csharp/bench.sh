#!/bin/sh
# Prints what a small GET costs, beside HttpClient, under mono and, if there is one, under .NET: bench.sh [COUNT]
set -eu
cd "$(dirname "$0")"
tools=$(cd ../.. && pwd)/target/languages/csharp
out=$tools/build
api=/usr/lib/mono/4.7.2-api
: "${CRUX_LIBRARY:=$CRUX_PREFIX/lib/libcrux.so}"
export CRUX_LIBRARY

sh build.sh
sh tools/csc.sh "-r:$out/Crux.dll" "-r:$api/System.Net.Http.dll" "-r:$api/System.Xml.dll" "-r:$api/System.Runtime.Serialization.dll" \
    "-out:$out/Bench.exe" bench/Bench.cs
echo "mono"
"$CRUX_SANDBOX" --shop mono "$out/Bench.exe" "$@"
dotnet=$(command -v dotnet || echo "$tools/dotnet/dotnet")
[ -x "$dotnet" ] || exit 0
cp "$out/Bench.exe" "$out/Bench.dll"
cp tools/Tour.runtimeconfig.json "$out/Bench.runtimeconfig.json"
echo ".NET"
"$CRUX_SANDBOX" --shop "$dotnet" "$out/Bench.dll" "$@"
