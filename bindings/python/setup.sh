#!/bin/sh
# Installs what is missing to build and test the Python package: python3 with venv, and pytest, mypy, setuptools and
# wheel in a venv of their own below target/languages/python.
set -eu
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
venv=target/languages/python/venv

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    command -v apt-get >/dev/null 2>&1 || {
        echo "Please install Python 3 with its module venv." >&2
        exit 1
    }
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -c 'import pytest, mypy, setuptools, wheel' 2>/dev/null ||
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check pytest mypy 'setuptools>=61' wheel
