#!/bin/sh
# Makes compile.exe, a command around the compiler of .NET, in the folder that has its libraries: compile.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
set -- "$1" "$here/Compile.cs"
for library in Microsoft.CodeAnalysis Microsoft.CodeAnalysis.CSharp System.Collections.Immutable; do
    set -- "$@" "-r:$1/$library.dll"
done
for library in /usr/lib/mono/4.5/Facades/System.*.dll /usr/lib/mono/4.5/Facades/netstandard.dll; do
    set -- "$@" "-r:$library"
done
folder=$1
shift
mcs -nowarn:1685 "-out:$folder/compile.exe" "$@"
