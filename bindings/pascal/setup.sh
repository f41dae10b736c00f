#!/bin/sh
# Installs what the tests of crux.pas need: Free Pascal with its JSON reader, a C compiler, and a SHA-256.
set -eu
missing=
command -v fpc >/dev/null 2>&1 || missing="$missing fp-compiler fp-units-fcl fp-units-rtl"
command -v cc >/dev/null 2>&1 || missing="$missing gcc"
[ -e /usr/include/openssl/sha.h ] || missing="$missing libssl-dev"
[ -z "$missing" ] || {
    command -v apt-get >/dev/null 2>&1 || { echo "Please install:$missing" >&2; exit 1; }
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
