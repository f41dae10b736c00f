#!/bin/sh
# No undefined behaviour: C and C++ that use libcrux under UBSan, all C of the tree under gcc's analyzer, all C and C++ under
# clang's, and what miri can run of the library (miri.py): it calls no C, so those parts of ffi and sys that make no system
# call of weight.
#
# gcc's analyzer does not know C++ before version 13.
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

# ======== Analyzers ================================================================================================

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

# Clang's takes whatever it finds for an error.
clang='--analyze --analyzer-output text -Xclang -analyzer-werror -Iinclude -o /dev/null'
analyzed=0
unseen=0
: >$folder/commands
for file in $(find . -name '*.c' -not -path './target/*' | sed 's,^./,,' | sort); do
    if more=$(headers "$file"); then
        # A program may end when memory runs out; the examples show how one does not.
        case $file in
        examples-c/*) lax= ;;
        *) lax='-Wno-analyzer-possible-null-dereference -Wno-analyzer-possible-null-argument' ;;
        esac
        more=$(echo "$more" | sed 's/-I/-isystem /g')
        echo "gcc -std=gnu11 -O1 -fanalyzer -Werror -Iinclude $lax $more -c $file -o /dev/null"
        echo "clang $clang -std=gnu11 $more $file"
        analyzed=$((analyzed + 1))
    else
        unseen=$((unseen + 1))
    fi >>$folder/commands
done
# What a program does with an object of crux.hpp that was moved from is refused in words, which its tests try; with one of
# the standard library it would be undefined, and is found.
clang="$clang -Xclang -analyzer-config -Xclang cplusplus.Move:WarnOn=KnownsOnly"
plus=0
for file in $(find . -name '*.cpp' -not -path './target/*' | sed 's,^./,,' | sort); do
    echo "clang++ $clang -std=c++17 $file" >>$folder/commands
    plus=$((plus + 1))
done
analyze() {
    xargs -P 2 -I '{}' sh -c '{}' <$folder/commands &&
        echo "$analyzed C files by gcc and clang and $plus C++ programs by clang, 0 findings, $unseen not seen, whose headers are not here"
}
part analyzers analyze

# ======== miri ===================================================================================================

status=0
python3 tests/prove/miri.py >$folder/miri.log 2>&1 || status=$?
case $status in
0 | 77) measured="$measured; miri: $(tail -1 $folder/miri.log)" ;;
*)
    cat $folder/miri.log
    echo "miri: wrong"
    exit 1
    ;;
esac
echo "$measured"
