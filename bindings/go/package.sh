#!/bin/sh
# package.sh OUT: makes the Go module in the folder OUT, laid out as a module proxy serves it, with the static library
# of this machine inside; then fetches it from there into an empty environment, with no network, and runs the tour with
# it, once with the library inside and once with the installed one.
set -eu
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/../.."
. bindings/go/env.sh
version=v$(sed -n 's/^\theaderVersion *= "\(.*\)"/\1/p' bindings/go/generated.go)
module=libcrux.example/crux
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# The module: what a program needs, and no tests.
stage=$work/stage/$module@$version
arch=$(go env GOARCH)
mkdir -p "$stage/lib/linux_$arch"
for file in bindings/go/*.go bindings/go/*.h bindings/go/*.c bindings/go/go.mod bindings/go/README.md LICENSE-*; do
    case $file in
    *_test.go | */bench.go) ;;
    *) cp "$file" "$stage/" ;;
    esac
done
cp "$CRUX_PREFIX/lib/libcrux.a" "$stage/lib/linux_$arch/"
cp packaging/licences.txt "$stage/"
find "$work/stage" -exec touch -h -d 2000-01-01T00:00:00Z {} +

place=$out/$module/@v
rm -rf "$place"
mkdir -p "$place"
(cd "$work/stage" && find . -type f | LC_ALL=C sort | sed 's|^\./||' |
    python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as module:
    for line in sys.stdin:
        module.write(line.rstrip("\n"))
' "$place/$version.zip")
cp bindings/go/go.mod "$place/$version.mod"
printf '{"Version":"%s","Time":"2000-01-01T00:00:00Z"}\n' "$version" >"$place/$version.info"
echo "$version" >"$place/list"

# Into an empty environment.
mkdir "$work/program"
cp bindings/go/examples/tour.go "$work/program/main.go"
cd "$work/program"
export GOPROXY="file://$out" GONOSUMDB='*' GOMODCACHE="$work/modules"
go mod init example >/dev/null 2>&1
go get "$module@$version"
go build -tags crux_static -o static .
go build -o linked .
tour=$OLDPWD/bindings/tour.txt
env -u LD_LIBRARY_PATH "$CRUX_SANDBOX" --shop ./static | diff "$tour" -
"$CRUX_SANDBOX" --shop ./linked | diff "$tour" -
echo "go: $place/$version.zip runs the tour, with the library inside and with the installed one"
