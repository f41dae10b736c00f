#!/bin/sh
# Compiles C#: the csc of this machine, or the one that setup.sh brought. Arguments are those of csc; the framework's
# assemblies are added.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
api=/usr/lib/mono/4.7.2-api
set -- -nologo -noconfig -nostdlib -langversion:7.3 -warnaserror -optimize -deterministic "-r:$api/mscorlib.dll" "-r:$api/System.dll" \
    "-r:$api/System.Core.dll" "$@"
if command -v csc >/dev/null; then exec csc "$@"; fi
exec mono "$root/target/languages/csharp/roslyn/compile.exe" "$@"
