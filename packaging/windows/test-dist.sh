#!/bin/sh
# Whether two builders get the same bytes for Windows: packaging/windows/test-dist.sh WIDTH... builds and packs once more, in
# another folder, and compares with what is in target/windows. Also that no path of the builder is inside. Its last
# line is "windows archives: ...".
set -eu
cd "$(dirname "$0")/../.."
width=x64
. packaging/windows/common.sh
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
die() {
    echo "windows archives: $*"
    exit 1
}

folder=$here/a/folder/of/another/name
mkdir -p "$folder"
git ls-files -z --cached --others --exclude-standard | xargs -0 -I{} cp --parents {} "$folder"
for width in "$@"; do
    sh "$folder/packaging/windows/build.sh" "$width" >"$here/log" 2>&1 ||
        { cat "$here/log" >&2; die "the second build of $width failed"; }
    diff -r "target/windows/$width" "$folder/target/windows/$width" >&2 || die "two folders give different bytes ($width)"
    for file in "target/windows/$width"/*.dll "target/windows/$width"/*.lib "target/windows/$width"/*.a; do
        for path in "$PWD" "${CARGO_HOME:-$HOME/.cargo}" "$($RUSTC --print sysroot)/lib"; do
            if strings -a "$file" | grep -F "$path" >&2; then die "$file holds a path of the builder"; fi
        done
    done
done
sh "$folder/packaging/windows/pack.sh" "$@" >"$here/log" 2>&1 || { cat "$here/log" >&2; die "the second archive failed"; }
for archive in "libcrux-$version-windows.zip" "Libcrux.Native.$version.nupkg"; do
    cmp "target/windows/$archive" "$folder/target/windows/$archive" >&2 || die "two folders give different archives"
done
echo "windows archives: the same bytes from two folders ($*), no path of the builder"
