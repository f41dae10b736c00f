#!/bin/sh
# No data race: a storm of 32 threads (storm.c) under ThreadSanitizer, with a standard library that is instrumented too. Its
# sources are a component of rustup; Debian's rust-src and rust-web-src are those of other versions.
#
# helgrind and drd do not serve here: the locks of Rust's library are futexes, which they do not know, so that all that a
# lock guards is a race to them (helgrind found 1,000 of them in three rounds, and gave up counting).
set -eu
. "$(dirname "$0")/kit.sh"
need clang clang
rounds=$(amount 60 3000)

# The locks of the standard library are what orders the threads; a build without its sources would see a race in each.
rustup component add rust-src >/dev/null 2>&1 || true
[ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ] ||
    skip 'no sources of the standard library, and "rustup component add rust-src" did not bring them'

build
build_sanitized tsan thread -Zbuild-std
folder=target/prove/threads
mkdir -p $folder
# shellcheck disable=SC2086  # a list of words
"$SANITIZED_CC" $C tests/prove/storm.c -o $folder/storm -lcrux
export TSAN_OPTIONS="exitcode=66 log_path=stdout second_deadlock_stack=1"

# A tool that finds nothing might look at nothing: here it has something to find, in C and in Rust.
if "$SANDBOX" --shop $folder/storm $folder/files 1 race >$folder/race.log 2>&1 || ! grep -q 'data race' $folder/race.log; then
    cat $folder/race.log
    echo "ThreadSanitizer did not find the race that storm.c makes when it is asked to"
    exit 1
fi
"$SANDBOX" --shop $folder/storm $folder/files "$rounds" >$folder/storm.log 2>&1 || {
    cat $folder/storm.log
    exit 1
}
echo "$(tail -1 $folder/storm.log), 0 data races; helgrind: not of use, it does not know Rust's locks"
