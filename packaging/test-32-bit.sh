#!/bin/sh
# Runs the unit tests of the library in 32 bit, as a static program that needs nothing of 32 bit to be installed. Without a
# standard library for it, says so.
set -eu
cd "$(dirname "$0")/.."
target=i686-unknown-linux-musl
[ -d "$(rustc --print sysroot)/lib/rustlib/$target" ] || {
    echo "32 bit: SKIPPED: no standard library (rustup target add $target)"
    exit
}
. packaging/zig.sh
cargo-zigbuild test --quiet --locked --lib --target $target
