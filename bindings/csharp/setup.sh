#!/bin/sh
# Installs what is missing to build and test the package of C#: mono with its compiler and NUnit, and, below
# target/languages/csharp, a .NET runtime, on which the package is tried as well.
set -eu
cd "$(dirname "$0")/../.."
tools=target/languages/csharp

missing=
command -v mcs >/dev/null && [ -d /usr/lib/mono/4.7.2-api ] || missing="$missing mono-devel"
ls /usr/lib/mono/gac/System.Windows.Forms/4.0* >/dev/null 2>&1 || missing="$missing libmono-system-windows-forms4.0-cil"
command -v nunit-console >/dev/null && [ -d /usr/lib/mono/gac/nunit.framework ] || missing="$missing nunit-console libnunit-cil-dev"
for program in zip unzip python3; do
    command -v $program >/dev/null || missing="$missing $program"
done
python3 -m pip --version >/dev/null 2>&1 || missing="$missing python3-pip"
if [ -n "$missing" ]; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    command -v apt-get >/dev/null || { echo "Please install:$missing" >&2; exit 1; }
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of names
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# A runtime of .NET, out of a wheel. Without it, mono alone is used.
if ! command -v dotnet >/dev/null && [ ! -e "$tools/dotnet/dotnet" ]; then
    rm -rf "$tools/wheel" "$tools/dotnet"
    mkdir -p "$tools"
    python3 -m pip download --quiet --no-deps --dest "$tools/wheel" dotnetcore2==3.1.23 || exit 0
    unzip -q "$tools"/wheel/*.whl 'dotnetcore2/bin/*' -d "$tools/wheel"
    mv "$tools/wheel/dotnetcore2/bin" "$tools/dotnet"
    chmod +x "$tools/dotnet/dotnet"
    rm -rf "$tools/wheel"
fi
