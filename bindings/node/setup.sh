#!/bin/sh
# Installs what is missing to build and test the package: a C compiler, Node with its headers and npm; and, below
# target/languages/node, the compiler that checks its types.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../../target/languages/node/tools

packages=
command -v cc >/dev/null || packages="$packages gcc libc6-dev"
command -v node >/dev/null || packages="$packages nodejs libnode-dev"
command -v npm >/dev/null || packages="$packages npm"
if command -v node >/dev/null; then
    prefix=$(dirname "$(readlink -f "$(command -v node)")")/..
    [ -f "$prefix/include/node/node_api.h" ] || [ -f /usr/include/node/node_api.h ] ||
        [ -n "${CRUX_NODE_HEADERS:-}" ] || packages="$packages libnode-dev"
fi
if [ -n "$packages" ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages
fi

mkdir -p "$tools"
[ -f "$tools/package.json" ] || echo '{ "private": true }' >"$tools/package.json"
[ -d "$tools/node_modules/typescript" ] && [ -d "$tools/node_modules/undici" ] ||
    (cd "$tools" && npm install --no-save --no-audit --no-fund --loglevel=error typescript@5 @types/node@20 undici@6)
