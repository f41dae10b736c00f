#!/bin/sh
# Compares what a small GET costs with requests and aiohttp, which it installs below target/languages/python;
# bindings/bench.sh sets the variables.
set -eu
cd "$(dirname "$0")/../.."
peers=target/languages/python/peers
python=target/languages/python/venv/bin/python
[ -d "$peers/requests" ] && [ -d "$peers/aiohttp" ] ||
    "$python" -m pip install --quiet --disable-pip-version-check --target "$peers" requests aiohttp >&2 || true
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=bindings/python:$peers exec "$python" bindings/python/bench.py
