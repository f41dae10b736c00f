#!/bin/sh
# Builds the package and tests it: its own tests, the cases and the tour, by NUnit under mono. The last line counts them.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
out=$root/target/languages/csharp/build
: "${CRUX_LIBRARY:=$CRUX_PREFIX/lib/libcrux.so}"
: "${CRUX_CASES:=$root/bindings/cases.json}"
export CRUX_LIBRARY CRUX_CASES

sh build.sh
nunit=$(ls -d /usr/lib/mono/gac/nunit.framework/2.6.4*/nunit.framework.dll)
sh tools/compile.sh "-r:$out/Crux.dll" "-out:$out/Probe.exe" tests/programs/Probe.cs
sh tools/compile.sh -target:library "-r:$out/Crux.dll,$nunit,System.Web.Extensions.dll" "-out:$out/Crux.Tests.dll" tests/*.cs

report=$out/report.xml
rm -f "$report"
"$CRUX_SANDBOX" --shop nunit-console -nologo -nodots -labels -domain:None -process:Single -noshadow "-xml:$report" "$out/Crux.Tests.dll" || true
exec python3 tools/verdict.py "$report"
