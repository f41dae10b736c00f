#!/bin/sh
# Puts the clients and servers from PyPI that tests/real uses, pinned in requirements.txt, into a venv below the target
# folder, unless they are there.
set -eu
cd "$(dirname "$0")/../.."
venv=${CARGO_TARGET_DIR:-target}/real/python

cmp -s tests/real/requirements.txt "$venv/requirements.txt" && exit 0
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r tests/real/requirements.txt
# Last, so that what was broken off is made anew.
cp tests/real/requirements.txt "$venv/requirements.txt"
