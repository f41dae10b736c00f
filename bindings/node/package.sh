#!/bin/sh
# Makes the packages of npm in the folder OUT: libcrux, and the one of this platform with the shared library inside;
# installs both into an empty project, without the network, and runs the tour and a CommonJS program with them.
# package.sh OUT
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/libcrux"
cp -R "$here/package.json" "$here/README.md" "$here/lib" "$here/examples" "$root"/LICENSE-* "$work/libcrux/"
sh "$here/build.sh" "$work/platform"
strip --strip-unneeded "$work/platform/crux.node"
cp "$root"/LICENSE-* "$work/platform/"
rm -f "$out"/libcrux-*.tgz
for package in platform libcrux; do
    (cd "$work/$package" && npm pack --silent --pack-destination "$out")
done

mkdir "$work/project"
cd "$work/project"
echo '{ "private": true }' >package.json
npm install --offline --no-audit --no-fund --ignore-scripts --omit=optional --loglevel=error "$out"/libcrux-*.tgz
[ -d node_modules/libcrux ] && [ -f node_modules/@libcrux/*/crux.node ]
unset CRUX_LIBRARY NODE_PATH
cp node_modules/libcrux/examples/tour.mjs .
"$CRUX_SANDBOX" --shop node tour.mjs >told.txt
diff told.txt "$root/bindings/tour.txt"
cat >main.cjs <<'PROGRAM'
const { login } = require('libcrux');
login('custom', process.env.CRUX_USER, process.env.CRUX_PASSWORD, { baseUrl: process.env.CRUX_BASE })
  .then((client) => client.get('things/0/')).then((thing) => console.log(thing.json().name));
PROGRAM
[ "$("$CRUX_SANDBOX" --shop node main.cjs)" = 'Ärmel "0"' ]
echo "Made and used: $(cd "$out" && echo libcrux-*.tgz)"
