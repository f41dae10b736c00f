#!/bin/sh
# Compiles C# as the compiler of mono knows it, version 7 without local functions. The arguments are those of mcs;
# the framework's assemblies are added.
set -eu
api=/usr/lib/mono/4.7.2-api
exec mcs -nologo -noconfig -nostdlib -langversion:7.2 -warnaserror -optimize -deterministic "-lib:$api,$api/Facades" \
    -r:mscorlib.dll,System.dll,System.Core.dll "$@"
