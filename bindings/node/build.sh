#!/bin/sh
# Builds the addon and lays it, with the shared library, into FOLDER as the package of this platform:
# build.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
: "${CRUX_PREFIX:=$here/../../target/libcrux/$(uname -m)-unknown-linux-gnu}"
node=$(command -v node)
headers=${CRUX_NODE_HEADERS:-}
for place in "$(dirname "$(readlink -f "$node")")/../include/node" /usr/include/node /usr/include/nodejs/src; do
    [ -n "$headers" ] || [ ! -f "$place/node_api.h" ] || headers=$place
done
[ -n "$headers" ] || { echo "The headers of Node (node_api.h, uv.h) were not found; set CRUX_NODE_HEADERS." >&2; exit 1; }

mkdir -p "$folder"
${CC:-cc} -std=gnu11 -O2 -g0 -Wall -Wextra ${CFLAGS:-} -fPIC -shared -fvisibility=hidden -pthread \
    -I"$headers" "$here"/src/*.c -o "$folder/crux.node" ${LDFLAGS:-}
cp -L "$CRUX_PREFIX/lib/libcrux.so.0" "$folder/libcrux.so.0"
node -e '
const { version } = require(process.argv[1]);
const { platform, arch } = process;
console.log(JSON.stringify({
  name: `@libcrux/${platform}-${arch}`, version,
  description: `The shared library of libcrux for ${platform} on ${arch}, and the addon that calls it`,
  license: "MIT OR Apache-2.0", os: [platform], cpu: [arch], libc: ["glibc"], engines: { node: ">=20" },
  files: ["crux.node", "libcrux.so.0"],
}, null, 2));' "$here/package.json" >"$folder/package.json"
