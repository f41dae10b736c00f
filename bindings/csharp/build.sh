#!/bin/sh
# Builds the package's assembly with its documentation, and the examples, in target/languages/csharp/build.
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/csharp/build
mkdir -p "$out"

sh tools/compile.sh -target:library -unsafe "-doc:$out/Crux.xml" "-out:$out/Crux.dll" src/*.cs
for example in examples/*.cs; do
    sh tools/compile.sh "-r:$out/Crux.dll,System.Windows.Forms.dll,System.Drawing.dll" \
        "-out:$out/$(basename "$example" .cs).exe" "$example"
done
