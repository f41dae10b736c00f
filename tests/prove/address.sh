#!/bin/sh
# No memory error and no leak. The library under AddressSanitizer with its leak check: the flows of flows.c, without and
# with faults, the storm, the C examples and the misuse matrix, which their tests build with our compiler and judge. The
# plain library under valgrind, which also sees what is used before it is set.
set -eu
. "$(dirname "$0")/kit.sh"
need clang clang
need gcc gcc
need valgrind valgrind
build
build_sanitized asan address
folder=target/prove/address
mkdir -p $folder
export ASAN_OPTIONS="detect_leaks=1 detect_stack_use_after_return=1 strict_string_checks=1"

# shellcheck disable=SC2086  # a list of words
{
    "$SANITIZED_CC" $C $DRIVER -o $folder/driver -lcrux
    "$SANITIZED_CC" $C tests/prove/storm.c -o $folder/storm -lcrux
    gcc $C $DRIVER -o $folder/plain -L"$LIBRARY" -lcrux "-Wl,-rpath,$LIBRARY"
}

# A tool that finds nothing might look at nothing: here it has something to find.
for flaw in overrun leak; do
    if "$SANDBOX" --shop $folder/driver $flaw $folder/work >$folder/$flaw.log 2>&1 ||
        ! grep -q 'ERROR: \(Address\|Leak\)Sanitizer' $folder/$flaw.log; then
        cat $folder/$flaw.log
        echo "AddressSanitizer did not find the $flaw that driver.c makes when it is asked to"
        exit 1
    fi
done

part flows "$SANDBOX" --shop $folder/driver plain $folder/work
part faults "$SANDBOX" --shop $folder/driver faults $folder/work "$(amount 150 0)"
part storm "$SANDBOX" --shop $folder/storm $folder/files "$(amount 20 1000)"

part misuse programs abi no_argument_does_harm
# The windows are GTK's, whose fonts leak; crux.hpp has tests of its own, under clang's sanitizers.
part examples programs examples --skip desktop --skip cpp

# Uninitialized memory, which no sanitizer of ours sees; what ring's assembler does is explained in the suppressions.
part valgrind "$SANDBOX" --shop valgrind --quiet --error-exitcode=66 --leak-check=full --show-leak-kinds=definite,indirect \
    --errors-for-leak-kinds=definite,indirect --suppressions=.ci/valgrind.supp $folder/plain plain $folder/work

if [ "$PROVE" = long ]; then
    # The tests in Rust, on a library that is a part of them: those that neither build C nor look at the clock.
    rust_tests() {
        sanitized test --quiet --lib --test services --test replies --test files || return 1
        awk '/^test result: ok/ { sum += $4 } END { print sum " tests in Rust" }' $folder/tests.log
    }
    part tests rust_tests
fi
echo "$measured"
