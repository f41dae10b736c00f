#!/bin/sh
# Packs what build.sh has made: packaging/windows/pack.sh WIDTH... In target/windows it makes
# libcrux-VERSION-windows.zip and Libcrux.Native.VERSION.nupkg. Sorted, and with the time of the commit: the same
# files give the same archives.
set -eu
cd "$(dirname "$0")/../.."
width=x64
. packaging/windows/common.sh
out=target/windows
name=libcrux-$version-windows
tree=target/windows/$name
rm -rf "$tree"
mkdir -p "$tree" "$out"
put() { # FOLDER FILE...
    folder=$tree/$1
    shift
    mkdir -p "$folder"
    cp "$@" "$folder"
}
for width in "$@"; do
    put "$width" target/windows/$width/*.dll target/windows/$width/*.lib target/windows/$width/*.a
    put def target/windows/$width/def/*.def
done
put include include/crux.h include/crux.hpp include/crux.json
put vb6 bindings/vb6/crux.bas bindings/vb6/README.md
put vba bindings/vb6/crux_vba.bas
put pascal bindings/pascal/*.pas bindings/pascal/*.inc
put examples examples-c/login.c examples-c/windows/window.c packaging/windows/examples/login.js bindings/pascal/examples/*
put . docs/windows.png LICENSE-MIT LICENSE-APACHE packaging/licences.txt
# Pages link to each other where they are now.
sed -e 's|\.\./bindings/vb6/|vb6/|' -e 's|\[Libcrux\](.*csharp/README.md)|`Libcrux`|' docs/windows.md >"$tree/README.md"
sed -i 's|\.\./\.\./docs/windows.md|../README.md|' "$tree/vb6/README.md"
(cd "$tree" && find . -type f ! -name SHA256SUMS | sort | xargs sha256sum >SHA256SUMS)
python3 packaging/windows/pack.py "$tree" "$out" "$version" "$SOURCE_DATE_EPOCH"
ls -l "$out/$name.zip" "$out/Libcrux.Native.$version.nupkg"
