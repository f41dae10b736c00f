#!/bin/sh
# Makes the wheel in the folder OUT, with the shared library inside, installs it into an empty environment without a
# network, and runs the tours with it: package.sh OUT
set -eu
mkdir -p "${1:?OUT is where the wheel goes}"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
: "${CRUX_PREFIX:=$PWD/target/libcrux/$(uname -m)-unknown-linux-gnu}"
: "${CRUX_SANDBOX:?is the sandbox program}"
work=$PWD/target/languages/python
venv=$work/venv

rm -rf "$work/build" "$work/empty" "$out"/libcrux-*.whl
mkdir -p "$work/build/libcrux/_native"
cp bindings/python/pyproject.toml bindings/python/setup.py bindings/python/README.md "$work/build"
cp bindings/python/libcrux/*.py bindings/python/libcrux/py.typed "$work/build/libcrux"
cp "$CRUX_PREFIX/lib/libcrux.so" "$work/build/libcrux/_native/libcrux.so.0"
cp LICENSE-APACHE LICENSE-MIT "$work/build"
cp packaging/licences.txt "$work/build/LICENSES-OF-WHAT-IS-LINKED"
(cd "$work/build" && "$venv/bin/python" -m pip wheel --quiet --disable-pip-version-check --no-index --no-deps \
    --no-build-isolation --wheel-dir "$out" .)

unset CRUX_LIBRARY PYTHONPATH
"$venv/bin/python" -m venv "$work/empty"
"$work/empty/bin/python" -m pip install --quiet --disable-pip-version-check --no-index "$out"/libcrux-*.whl
examples=$PWD/bindings/python/examples
expected=$PWD/bindings/tour.txt
cd "$work/empty"
"$CRUX_SANDBOX" --shop bin/python "$examples/tour.py" | diff - "$expected"
"$CRUX_SANDBOX" --shop bin/python "$examples/tour_async.py" >/dev/null
"$CRUX_SANDBOX" --shop bin/python -m libcrux GET things/0/ >/dev/null
"$CRUX_SANDBOX" --shop bin/python "$examples/login.py" >/dev/null
ls "$out"/libcrux-*.whl
