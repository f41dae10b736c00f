#!/bin/sh
# Installs what is missing to build and test the gem: Ruby with its headers, rake, minitest, and a C compiler. Debian
# and its kin are served; elsewhere it says what is missing.
set -eu

missing=
for pair in ruby:ruby rake:rake cc:gcc make:make; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
if command -v ruby >/dev/null 2>&1; then
    ruby -rrbconfig -e 'exit File.exist?(File.join(RbConfig::CONFIG["rubyhdrdir"], "ruby.h"))' || missing="$missing ruby-dev"
    ruby -e 'require "minitest"' 2>/dev/null || missing="$missing ruby-minitest"
else
    missing="$missing ruby-dev ruby-minitest"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install:$missing" >&2
    exit 1
fi
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "Installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086  # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
