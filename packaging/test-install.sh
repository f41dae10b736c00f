#!/bin/sh
# Installs into an empty folder and uses it as a stranger would: C and C++, shared and static, by pkg-config and by
# CMake, next to another Rust static library; then removes it, and nothing is left. "make check" runs it.
set -eu
cd "$(dirname "$0")/.."
# Folders of the installation that called this one are not for those below.
unset MAKEFLAGS MFLAGS LIBDIR BINDIR INCLUDEDIR DATADIR MANDIR DOCDIR
CC=${CC:-cc} CXX=${CXX:-c++} MAKE=${MAKE:-make}
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
prefix=$here/prefix
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)

step() { echo "check: $*"; }
die() {
    echo "check: $*" >&2
    exit 1
}
# Runs a command whose output matters only if it fails.
quietly() { "$@" >"$here/log" 2>&1 || { cat "$here/log" >&2; die "failed: $*"; }; }

step "install, without Rust and with a strict umask"
(umask 077 && quietly "$MAKE" install CARGO=/no/cargo/for/root PREFIX="$prefix" DESTDIR=)
closed=$(find "$prefix" -type d ! -perm -055; find "$prefix" -type f ! -perm -044)
[ -z "$closed" ] || die "others cannot read $closed"
for file in lib/libcrux.so.$version lib/libcrux.so.0 lib/libcrux.so lib/libcrux.a lib/pkgconfig/crux.pc bin/crux \
    lib/cmake/crux/crux-config.cmake include/crux.h share/man/man1/crux.1 share/man/man3/libcrux.3 \
    share/bash-completion/completions/crux share/zsh/site-functions/_crux \
    share/fish/vendor_completions.d/crux.fish share/doc/crux/licences.txt; do
    [ -e "$prefix/$file" ] || die "$file was not installed"
done
if grep -rIl '@[A-Z_]*@' "$prefix" >&2; then die "a placeholder was not filled in"; fi

step "the libraries"
so=$prefix/lib/libcrux.so.$version
dynamic=$(readelf --wide --dynamic "$so")
case $dynamic in *'[libcrux.so.0]'*) ;; *) die "no SONAME libcrux.so.0" ;; esac
case $dynamic in *RPATH* | *RUNPATH*) die "libcrux.so looks in a folder of its own" ;; esac
if echo "$dynamic" | grep NEEDED | grep -vE '\[(libc|libm|libpthread|libdl|ld-linux[a-z0-9_-]*)\.so' >&2; then
    die "libcrux.so needs more than the C library"
fi
sed -n 's/^[a-z].*[ *]\(crux_[a-z_0-9]*\)(.*/\1/p' include/crux.h | sort -u >"$here/declared"
objdump -T "$so" | sed -n 's/.* CRUX_0 *\(crux_.*\)/\1/p' | sort -u >"$here/versioned"
diff "$here/declared" "$here/versioned" >&2 || die "the header and the versioned symbols differ"
nm -g --defined-only "$prefix/lib/libcrux.a" | sed -n 's/^[0-9a-f]* . //p' | sort -u >"$here/global"
diff "$here/declared" "$here/global" >&2 || die "the header and the global symbols of libcrux.a differ"
# nm marks weak symbols that are not defined with w: only those may be missing at link time.
if nm "$prefix/lib/libcrux.a" | grep ' U rust_' >&2; then die "libcrux.a needs a Rust library"; fi
size=$(wc -c <"$prefix/lib/libcrux.a")
[ "$size" -lt 10000000 ] || die "libcrux.a has $size bytes"

cat >"$here/x.c" <<'X'
#include <crux.h>
#include <stdio.h>
int main(void)
{
    crux_client *me = crux_login("crunch", "http://127.0.0.1:1/", NULL, NULL);
    crux_response *response = crux_request(me, "GET", "datasets/all/", NULL, 0);
    int good = crux_code(response) == CRUX_ERR_CONNECT && crux_abi() >= CRUX_ABI;
    puts(crux_message(response));
    crux_free(response);
    crux_free(me);
    return good ? 0 : 1;
}
X
cp "$here/x.c" "$here/x.cc"
echo 'cmake_minimum_required(VERSION 3.10)
project(x C CXX)
find_package(crux 0.2 REQUIRED)
add_executable(c_shared x.c)
target_link_libraries(c_shared PRIVATE crux::crux)
add_executable(c_static x.c)
target_link_libraries(c_static PRIVATE crux::static)
add_executable(cxx_shared x.cc)
target_link_libraries(cxx_shared PRIVATE crux::crux)
add_executable(cxx_static x.cc)
target_link_libraries(cxx_static PRIVATE crux::static)' >"$here/CMakeLists.txt"

export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
step "pkg-config: $CC and $CXX, shared and static"
flags=$(pkg-config --cflags --libs crux)
static="$(pkg-config --cflags crux) $(pkg-config --variable=static_libs crux)"
[ "$(pkg-config --modversion crux)" = "$version" ] || die "crux.pc has another version"
# shellcheck disable=SC2086  # lists of flags
quietly $CC "$here/x.c" -o "$here/c_shared" $flags
# shellcheck disable=SC2086
quietly $CXX "$here/x.cc" -o "$here/cxx_shared" $flags
# shellcheck disable=SC2086
quietly $CC "$here/x.c" -o "$here/c_static" $static
# shellcheck disable=SC2086
quietly $CXX "$here/x.cc" -o "$here/cxx_static" $static
for program in c_shared cxx_shared; do LD_LIBRARY_PATH=$prefix/lib quietly "$here/$program"; done
for program in c_static cxx_static; do
    quietly "$here/$program"
    if readelf --dynamic "$here/$program" | grep libcrux >&2; then die "$program is not static"; fi
done

# The two lines of README.md, in a folder that the compiler does not search.
step "the lines of README.md"
grep '^    cc program\.c ' README.md >"$here/lines"
[ "$(wc -l <"$here/lines")" = 2 ] || die "README.md has no two lines that compile program.c"
grep -F "$(sed -n 's/^    \(.*static_libs.*\)/\1/p' "$here/lines")" packaging/crux.pc.in >/dev/null ||
    die "crux.pc and README.md name different lines"
cp "$here/x.c" "$here/program.c"
while read -r line; do
    rm -f "$here/a.out"
    (cd "$here" && quietly sh -c "$CC ${line#cc }")
    LD_LIBRARY_PATH=$prefix/lib quietly "$here/a.out"
    readelf --dynamic "$here/a.out" | grep libcrux >/dev/null && is_shared=1 || is_shared=0
    case $line in
    *static_libs*) [ $is_shared = 0 ] || die "not static: $line" ;;
    *) [ $is_shared = 1 ] || die "not shared: $line" ;;
    esac
done <"$here/lines"

step "next to another Rust static library"
printf '%s\n' '#[unsafe(no_mangle)] pub extern "C" fn other() -> i32 {' \
    'std::panic::catch_unwind(|| { let v: Vec<i32> = Vec::new(); v[std::env::args().count()] }).unwrap_or(7) }' >"$here/other.rs"
quietly "${RUSTC:-rustc}" --edition 2024 --crate-type staticlib -C panic=unwind -o "$here/libother.a" "$here/other.rs"
sed 's/int main(void)/int other(void); int main(void)/; s/return good/return other() == 7 \&\& good/' "$here/x.c" >"$here/two.c"
# shellcheck disable=SC2086
quietly $CC "$here/two.c" -o "$here/two" "$here/libother.a" $static
quietly "$here/two"

if command -v cmake >/dev/null 2>&1; then
    step "CMake"
    quietly cmake -S "$here" -B "$here/build" -DCMAKE_PREFIX_PATH="$prefix"
    quietly cmake --build "$here/build"
    for program in c_shared c_static cxx_shared cxx_static; do quietly "$here/build/$program"; done
elif [ -n "${CRUX_CHECK_ALL:-}" ]; then
    die "cmake is missing"
else
    step "CMake: SKIPPED, cmake is missing"
fi

if [ -e "$prefix/include/crux.hpp" ]; then
    step "crux.hpp"
    printf '%s\n' '#include <crux.hpp>' 'int main() {' '    crux::options options;' \
        '    options.set("service", "custom");' "    return crux::version() == \"$version\" ? 0 : 1;" '}' >"$here/hpp.cc"
    # shellcheck disable=SC2086
    quietly $CXX -std=c++17 -Wall -Wextra -Werror "$here/hpp.cc" -o "$here/hpp" $flags
    LD_LIBRARY_PATH=$prefix/lib quietly "$here/hpp"
fi

step "the command"
[ "$("$prefix/bin/crux" --version)" = "crux $version" ] || die "crux --version is not $version"
outcome=0
"$prefix/bin/crux" --servce crunch x 2>"$here/log" || outcome=$?
[ "$outcome" = 1 ] && grep -- "did you mean --service?" "$here/log" >/dev/null || die "a bad option is not explained"

step "a staged tree, as packagers make it"
quietly "$MAKE" install PREFIX=/usr LIBDIR=/usr/lib/x86_64-linux-gnu DESTDIR="$here/stage"
grep -x 'libdir=${prefix}/lib/x86_64-linux-gnu' "$here/stage/usr/lib/x86_64-linux-gnu/pkgconfig/crux.pc" >/dev/null ||
    die "crux.pc of a staged tree names the stage"
mv "$here/stage/usr" "$here/moved"
sed -i 's/0.2 REQUIRED/REQUIRED/' "$here/CMakeLists.txt"
if command -v cmake >/dev/null 2>&1; then
    quietly cmake -S "$here" -B "$here/build2" -Dcrux_DIR="$here/moved/lib/x86_64-linux-gnu/cmake/crux"
    quietly cmake --build "$here/build2" --target c_shared
    quietly "$here/build2/c_shared"
fi
mkdir -p "$here/stage" && mv "$here/moved" "$here/stage/usr"
quietly "$MAKE" uninstall PREFIX=/usr LIBDIR=/usr/lib/x86_64-linux-gnu DESTDIR="$here/stage"

# Names with blanks and an &; header and libraries that are not below PREFIX.
odd="$here/a b&c"
# With a backslash before what the shell would take for its own, as pkg-config prints it.
escaped() { printf '%s' "$1" | sed 's/[ &|]/\\&/g'; }
try_odd() { # TITLE LIBDIR INCLUDEDIR
    step "$1"
    quietly "$MAKE" install PREFIX="$odd" LIBDIR="$2" INCLUDEDIR="$3" DESTDIR=
    [ -e "$2/libcrux.so.0" ] && [ -e "$3/crux.h" ] || die "not where LIBDIR and INCLUDEDIR say"
    grep -F "$3/crux.h" "$odd/share/man/man3/libcrux.3" >/dev/null || die "libcrux.3 does not name $3/crux.h"
    for words in '--cflags --libs' '--cflags --static'; do
        # shellcheck disable=SC2086  # a list of words
        flags=$(PKG_CONFIG_PATH="$2/pkgconfig" pkg-config $words crux)
        case $words in *static) flags="$flags $(escaped "$2/libcrux.a") -lm -lpthread -ldl" ;; esac
        quietly sh -c "$CC $(escaped "$here/x.c") -o $(escaped "$here/odd") $flags"
        LD_LIBRARY_PATH=$2 quietly "$here/odd"
    done
    if command -v cmake >/dev/null 2>&1; then
        rm -rf "$here/build3"
        quietly cmake -S "$here" -B "$here/build3" -Dcrux_DIR="$2/cmake/crux"
        quietly cmake --build "$here/build3" --target c_shared c_static
        quietly "$here/build3/c_shared"
        quietly "$here/build3/c_static"
    fi
    quietly "$MAKE" uninstall PREFIX="$odd" LIBDIR="$2" INCLUDEDIR="$3" DESTDIR=
}
try_odd "a PREFIX with blanks and &" "$odd/lib" "$odd/include"
try_odd "LIBDIR and INCLUDEDIR that are not below PREFIX" "$here/other lib&s" "$here/other include"

step "uninstall"
quietly "$MAKE" uninstall PREFIX="$prefix" DESTDIR=
left=$(find "$prefix" "$here/stage" "$odd" "$here/other lib&s" "$here/other include" \( ! -type d -o -name '*crux*' \))
[ -z "$left" ] || die "uninstall leaves $left"
echo "check: in, used in every way, out"
