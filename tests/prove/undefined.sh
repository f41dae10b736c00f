#!/bin/sh
# No undefined behaviour: C and C++ that use libcrux under UBSan, all C of the tree under gcc's -fanalyzer, and, in the long
# form, what miri can run of the library: it calls no C, so those parts of ffi and sys that make no system call of weight.
#
# gcc's analyzer does not know C++ before version 13; crux.hpp is used under UBSan instead. Miri is of a nightly toolchain.
set -eu
. "$(dirname "$0")/kit.sh"
need gcc gcc
need clang clang
build
folder=target/prove/undefined
mkdir -p $folder

# ======== UBSan ==================================================================================================

SANITIZED_CC=$PWD/$folder/cc
cat >"$SANITIZED_CC" <<'END'
#!/bin/sh
# clang with the sanitizer of undefined behaviour. Made by tests/prove/undefined.sh.
exec clang -fsanitize=undefined,nullability,local-bounds,float-divide-by-zero -fno-sanitize-recover=all "$@"
END
chmod +x "$SANITIZED_CC"
link="-L$LIBRARY -lcrux -Wl,-rpath,$LIBRARY"
# shellcheck disable=SC2086  # lists of words
{
    "$SANITIZED_CC" $C $DRIVER -o $folder/driver $link
    "$SANITIZED_CC" $C tests/prove/storm.c -o $folder/storm $link
    clang++ -std=c++17 -g -Wall -Wextra -Werror -fsanitize=undefined -fno-sanitize-recover=all -Iinclude \
        bindings/cpp/examples/tour.cpp -o $folder/tour $link
}
tour() {
    (cd $folder && "$SANDBOX" --shop ./tour) | diff bindings/tour.txt - && echo "1 program"
}
part flows "$SANDBOX" --shop $folder/driver plain $folder/work
part storm "$SANDBOX" --shop $folder/storm $folder/files "$(amount 20 1000)"
part misuse programs abi no_argument_does_harm
part examples programs examples --skip desktop --skip cpp
part C++ tour

# ======== -fanalyzer =============================================================================================

# What the C of a binding needs besides: its language's headers, if they are here.
headers() {
    case $1 in
    bindings/lua/*) pkg-config --cflags lua5.4 ;;
    bindings/ruby/*) pkg-config --cflags "$(pkg-config --list-all | sed -n 's/^\(ruby-[0-9.]*\) .*/\1/p')" ;;
    bindings/node/*) [ -e /usr/include/node/node_api.h ] && echo -I/usr/include/node ;;
    bindings/r/*) [ -e /usr/share/R/include/R.h ] && echo -I/usr/share/R/include ;;
    benches/*) pkg-config --cflags libcurl ;;
    examples-c/desktop.c) pkg-config --cflags gtk+-3.0 ;;
    # Go's own compiler makes a header of its shim, and what is for Windows needs another one.
    bindings/go/* | bindings/vb6/* | */windows/*) return 1 ;;
    esac 2>/dev/null
}

analyzed=0
unseen=0
: >$folder/commands
for file in $(find . -name '*.c' -not -path './target/*' | sed 's,^./,,' | sort); do
    if more=$(headers "$file"); then
        # A program may end when memory runs out; the examples show how one does not.
        case $file in
        examples-c/*) ;;
        *) more="$more -Wno-analyzer-possible-null-dereference -Wno-analyzer-possible-null-argument" ;;
        esac
        echo "gcc -std=gnu11 -O1 -fanalyzer -Werror -Iinclude $(echo "$more" | sed 's/-I/-isystem /g') -c $file -o /dev/null"
        analyzed=$((analyzed + 1))
    else
        unseen=$((unseen + 1))
    fi >>$folder/commands
done
analyze() {
    xargs -P 2 -I '{}' sh -c '{}' <$folder/commands &&
        echo "$analyzed C files, 0 findings, $unseen not seen, whose headers are not here"
}
part fanalyzer analyze

# ======== miri ===================================================================================================

if [ "$PROVE" != long ]; then
    measured="$measured; miri: in the long form"
elif rustup component add miri rust-src --toolchain nightly >/dev/null 2>&1; then
    # One at a time: it ends at the first call that it does not have, such as ring's C or a socket; and it is slow.
    interpret() {
        MIRIFLAGS=-Zmiri-disable-isolation CARGO_TARGET_DIR=$folder/miri \
            $limit cargo +nightly miri test --quiet --lib -- "$@"
    }
    miri() {
        ran=0
        beyond=0
        limit=
        names=$(interpret --list | sed -n 's/: test$//p' | grep -E '^(ffi|sys|json|secret)::')
        limit='timeout 300'
        for test in $names; do
            status=0
            said=$(interpret --exact "$test" 2>&1) || status=$?
            if [ $status = 0 ]; then
                ran=$((ran + 1))
            elif [ $status = 124 ] || echo "$said" | grep -q 'unsupported operation'; then
                beyond=$((beyond + 1))
            else
                echo "$said"
                return 1
            fi
        done
        echo "$ran unit tests, $beyond are beyond it"
        [ $ran -gt 0 ]
    }
    part miri miri
else
    measured="$measured; miri: there is no nightly toolchain that has it"
fi
echo "$measured"
