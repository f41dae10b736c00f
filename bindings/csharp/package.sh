#!/bin/sh
# Makes the NuGet package in the folder OUT, installs it into an empty folder, and runs the tour with that, under mono and,
# if there is one, under .NET: package.sh OUT
set -eu
mkdir -p "$1"
packages=$(cd "$1" && pwd)
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
tools=$root/target/languages/csharp
: "${CRUX_PREFIX:=$root/target/libcrux/$(uname -m)-unknown-linux-gnu}"
version=$(sed -n 's/^ *"version": "\(.*\)",*$/\1/p' ../../include/crux.json | head -n 1)
case $(uname -m) in
    x86_64) runtime=linux-x64 ;;
    aarch64) runtime=linux-arm64 ;;
    *) echo "package.sh: NuGet has no name for this processor: $(uname -m)" >&2; exit 1 ;;
esac

sh build.sh
stage=$tools/package
rm -rf "$stage"
mkdir -p "$stage/lib/netstandard2.0" "$stage/runtimes/$runtime/native" "$stage/_rels"
sh tools/retarget.sh "$tools/build/Crux.dll" "$stage/lib/netstandard2.0/Crux.dll"
cp "$tools/build/Crux.xml" "$stage/lib/netstandard2.0/"
cp "$(readlink -f "$CRUX_PREFIX/lib/libcrux.so")" "$stage/runtimes/$runtime/native/libcrux.so"
cp ../../LICENSE-MIT ../../LICENSE-APACHE "$stage/"
grep -v window.png README.md >"$stage/README.md" # The picture stays in the source.
sed "s/\\\$version\\\$/$version/" Libcrux.nuspec >"$stage/Libcrux.nuspec"
cp tools/opc/content-types.xml "$stage/[Content_Types].xml"
cp tools/opc/relations.xml "$stage/_rels/.rels"
package=$packages/Libcrux.$version.nupkg
rm -f "$package"
find "$stage" -exec env TZ=UTC touch -d 2000-01-01 {} + # the same bytes from the same files
(cd "$stage" && find . -type f | LC_ALL=C sort | TZ=UTC zip -q -X -9 "$package" -@)

# Installed by NuGet where this machine has it, otherwise unpacked as NuGet would.
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
if command -v nuget >/dev/null; then
    HOME=$empty nuget install Libcrux -Version "$version" -Source "$packages" -OutputDirectory "$empty" -NonInteractive >/dev/null
else
    mkdir "$empty/Libcrux.$version"
    unzip -q "$package" -d "$empty/Libcrux.$version"
fi
installed=$empty/Libcrux.$version

unset CRUX_LIBRARY
cp examples/Tour.cs "$empty/"
sh tools/compile.sh "-r:$installed/lib/netstandard2.0/Crux.dll,netstandard.dll" "-out:$empty/Tour.exe" "$empty/Tour.cs"
cd "$empty"
MONO_PATH=$installed/lib/netstandard2.0 "$CRUX_SANDBOX" --shop mono Tour.exe >mono.txt
cmp mono.txt "$root/bindings/tour.txt"
echo "$package: the tour runs under mono"

dotnet=$(command -v dotnet || echo "$tools/dotnet/dotnet")
[ -x "$dotnet" ] || { echo "$package: not tried under .NET, which is missing"; exit 0; }
# What a build of .NET lays out: the assembly beside the program, the library below runtimes/.
mkdir app
cp Tour.exe app/Tour.dll
cp -r "$installed/lib/netstandard2.0/Crux.dll" "$installed/runtimes" app/
cp "$root/bindings/csharp/tools/Tour.runtimeconfig.json" app/
"$CRUX_SANDBOX" --shop "$dotnet" app/Tour.dll >dotnet.txt
cmp dotnet.txt "$root/bindings/tour.txt"
echo "$package: the tour runs under .NET"
