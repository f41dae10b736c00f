#!/bin/sh
# Compares what a small GET costs through libcrux and through HttpClient, under mono; bindings/bench.sh sets the variables.
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/csharp/build
sh build.sh >&2
sh tools/compile.sh "-r:$out/Crux.dll,System.Net.Http.dll,System.Web.Extensions.dll" "-out:$out/Bench.exe" bench/Bench.cs >&2
exec mono "$out/Bench.exe"
