#!/bin/sh
# Makes the source package, with the shared library of this kind of computer inside, in the folder $1; installs it into
# an empty library of R, and runs the tour with it. The library is that of $CRUX_PREFIX, else what "make dist" has made.
set -eu
out=${1:?names the folder for the package}
mkdir -p "$out"
out=$(cd "$out" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
: "${CRUX_PREFIX:=$root/target/libcrux/$(uname -m)-unknown-linux-gnu}"
: "${CRUX_SANDBOX:=$root/target/debug/examples/sandbox}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$here" "$work/libcrux"
mkdir -p "$work/libcrux/inst/lib" "$work/library" "$work/empty"
cp -L "$CRUX_PREFIX/lib/libcrux.so.0" "$work/libcrux/inst/lib/libcrux.so.0"
licences=$CRUX_PREFIX/share/doc/crux/licences.txt
[ ! -e "$licences" ] || cp "$licences" "$work/libcrux/inst/licences.txt"
# What R CMD check is to take as meant.
echo inst/lib/libcrux.so.0 >"$work/libcrux/BinaryFiles"
(cd "$work" && R CMD build --no-manual libcrux) >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
package=$(basename "$work"/libcrux_*.tar.gz)
cp "$work/$package" "$out/"

unset CRUX_LIBRARY R_LIBS R_LIBS_USER
R CMD INSTALL --library="$work/library" "$out/$package" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
cd "$work/empty"
R_LIBS="$work/library" LC_ALL=C.UTF-8 "$CRUX_SANDBOX" --shop Rscript --vanilla "$here/examples/tour.R" >"$work/said"
diff "$root/bindings/tour.txt" "$work/said"
echo "$out/$package"
