#!/bin/sh
# Runs the tests of the Python package against the sandbox: the cases, the tours, the proofs. CRUX_LONG=1 adds the long
# ones. Arguments go to pytest. The last line counts.
set -eu
cd "$(dirname "$0")/../.."
: "${CRUX_PREFIX:?is the installed libcrux}" "${CRUX_SANDBOX:?is the sandbox program}"
: "${CRUX_LIBRARY:=$CRUX_PREFIX/lib/libcrux.so}" "${CRUX_CASES:=$PWD/bindings/cases.json}"
here=$PWD/bindings/python
PYTHONPATH=$here
PYTHONDONTWRITEBYTECODE=1
export CRUX_LIBRARY CRUX_CASES PYTHONPATH PYTHONDONTWRITEBYTECODE
exec "$CRUX_SANDBOX" --shop "$PWD/target/languages/python/venv/bin/python" -X dev -m pytest -q \
    --show-capture=no -p no:cacheprovider --rootdir "$here" -c "$here/pyproject.toml" "$here/tests" "$@"
