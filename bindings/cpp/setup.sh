#!/bin/sh
# Installs what the tests of crux.hpp need: a compiler, a JSON reader and a SHA-256 for the cases.
set -eu
missing=
command -v c++ >/dev/null 2>&1 || missing="$missing g++"
[ -e /usr/include/nlohmann/json.hpp ] || missing="$missing nlohmann-json3-dev"
[ -e /usr/include/openssl/sha.h ] || missing="$missing libssl-dev"
[ -z "$missing" ] || {
    command -v apt-get >/dev/null 2>&1 || { echo "Please install:$missing" >&2; exit 1; }
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
