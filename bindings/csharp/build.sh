#!/bin/sh
# Builds the package's assembly with its documentation, and the examples, in target/languages/csharp/build.
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/csharp/build
mkdir -p "$out"

sh tools/csc.sh -target:library -unsafe "-doc:$out/Crux.xml" "-out:$out/Crux.dll" src/*.cs
for example in examples/*.cs; do
    sh tools/csc.sh "-r:$out/Crux.dll" "-out:$out/$(basename "$example" .cs).exe" "$example"
done
