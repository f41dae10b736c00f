#!/bin/sh
# Makes an assembly of .NET Standard 2.0 out of one that was compiled against the framework: retarget.sh IN OUT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$(cd "$here/../../.." && pwd)/target/languages/csharp
cecil=$(ls /usr/lib/mono/gac/Mono.Cecil/0.11*/Mono.Cecil.dll)
mcs "-r:$cecil" "-out:$tools/retarget.exe" "$here/Retarget.cs"
exec mono "$tools/retarget.exe" "$1" /usr/lib/mono/4.5/Facades/netstandard.dll "$2"
