#!/bin/sh
# Whether two builders get the same bytes: builds the library for other computers once more, in another folder, and
# compares. Also that no path of the builder is inside, and that the stripped library is as small as it should be.
# "make check-dist" runs it after "make dist".
set -eu
cd "$(dirname "$0")/.."
target=$(uname -m)-unknown-linux-gnu
kept=$PWD/target/libcrux/$target
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
die() {
    echo "check-dist: $*" >&2
    exit 1
}

folder=$here/a/folder/of/another/name
mkdir -p "$folder/target"
git ls-files -z --cached --others --exclude-standard | xargs -0 -I{} cp --parents {} "$folder"
ln -s "$PWD"/target/zig-* "$folder/target"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) sh "$folder/packaging/dist.sh" "$target" >"$here/log" 2>&1 ||
    { cat "$here/log" >&2; die "the second build failed"; }
diff -r "$kept" "$folder/target/libcrux/$target" >&2 || die "two folders give different bytes"

for file in "$kept"/lib/libcrux.* "$kept"/bin/crux; do
    for path in "$PWD" "${CARGO_HOME:-$HOME/.cargo}" "$(rustc --print sysroot)"; do
        if strings -a "$file" | grep -F "$path" >&2; then die "$file holds a path of the builder"; fi
    done
done
so=$(readlink -f "$kept/lib/libcrux.so")
size=$(wc -c <"$so")
[ "$size" -le 3565158 ] || die "libcrux.so has $size bytes, more than 3.4 MiB"
echo "check-dist: the same bytes from two folders, $size bytes, no path of the builder"
