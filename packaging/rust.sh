#!/bin/sh
# Says in one sentence if Rust is missing or too old for this library.
set -eu
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
cargo=${CARGO:-cargo} # may have words behind it
if ! command -v "${cargo%% *}" >/dev/null 2>&1 || ! found=$("${RUSTC:-rustc}" --version 2>/dev/null); then
    echo "libcrux is written in Rust, which was not found: install Rust $wanted or later from https://rustup.rs," \
        "open a new terminal and type make again." >&2
    exit 1
fi
found=$(echo "$found" | sed 's/^rustc \([0-9.]*\).*/\1/')
if [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1)" != "$wanted" ]; then
    echo "libcrux needs Rust $wanted or later, and this is Rust $found: type \"rustup update\", then make again." >&2
    exit 1
fi
