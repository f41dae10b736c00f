#!/bin/sh
# Builds the package's assembly with its documentation, and the examples, in target/languages/csharp/build.
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/csharp/build
api=/usr/lib/mono/4.7.2-api
mkdir -p "$out"

sh tools/csc.sh -target:library -unsafe "-doc:$out/Crux.xml" "-out:$out/Crux.dll" src/*.cs
for example in examples/*.cs; do
    sh tools/csc.sh "-r:$out/Crux.dll" "-r:$api/System.Windows.Forms.dll" "-r:$api/System.Drawing.dll" "-out:$out/$(basename "$example" .cs).exe" "$example"
done
