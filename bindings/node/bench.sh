#!/bin/sh
# Compares what a small GET costs through libcrux and through undici, fetch and node:http; bindings/bench.sh sets the
# variables.
set -eu
cd "$(dirname "$0")"
out=$(cd ../.. && pwd)/target/languages/node
sh build.sh "$out/node_modules/@libcrux/$(node -p 'process.platform + "-" + process.arch')"
NODE_PATH=$out/node_modules:$out/tools/node_modules exec node bench.js
