#!/bin/sh
# Makes the libraries that are installed out of cargo's static library:
#
#     packaging/link.sh CARGO_LIBRARY FOLDER VERSION
#
# libcrux.a is one object in which only the functions of crux.h are global. Nothing else of Rust's can clash with
# another Rust library of the program, and what no function needs is gone. libcrux.so is linked from the same object
# with the symbol versions of crux.map. (rustc hands the linker a version script of its own, which allows no
# second one; so rustc does not link this one.)
#
# CC, LD and OBJCOPY are the tools; LDFLAGS and LINK are added to the command that links the shared library.
set -eu
from=$1 folder=$2 version=$3
here=$(dirname "$0")
CC=${CC:-cc} LD=${LD:-ld} OBJCOPY=${OBJCOPY:-objcopy}

mkdir -p "$folder"
work=$(mktemp -d "$folder/link.XXXXXX")
trap 'rm -rf "$work"' EXIT

sed -n 's/^[a-z].*[ *]\(crux_[a-z_0-9]*\)(.*/\1/p' "$here/../include/crux.h" | sort -u >"$work/exported"
sed 's/^/-u /' "$work/exported" >"$work/roots"
# The grouped sections of C++ and Rust (COMDAT) become plain ones: a local symbol must not be thrown away for
# another library's copy. Bitcode for a later link-time optimization is of no use to a C compiler.
$LD -r --gc-sections --force-group-allocation "@$work/roots" "$from" -o "$work/whole.o"
$OBJCOPY --keep-global-symbols="$work/exported" --remove-section=.llvmbc --remove-section=.llvmcmd \
    --remove-section=.comment "$work/whole.o" "$work/libcrux.o"
$OBJCOPY --strip-debug "$work/libcrux.o" "$work/crux.o"
rm -f "$folder/libcrux.a"
${AR:-ar} crD "$folder/libcrux.a" "$work/crux.o"

# -z nodelete: threads and exit handlers of the library may outlive a dlclose.
# shellcheck disable=SC2086  # lists of words
$CC ${LDFLAGS:-} -shared -o "$work/libcrux.so" "$work/libcrux.o" ${LINK:--static-libgcc} -lm -lpthread -ldl \
    -Wl,--version-script="$here/crux.map" -Wl,-soname,libcrux.so.0 -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now \
    -Wl,-z,noexecstack -Wl,--hash-style=gnu -Wl,--gc-sections -Wl,--as-needed -Wl,--build-id=sha1
so=libcrux.so.$version
(cd "$work" && $OBJCOPY --only-keep-debug libcrux.so "$so.debug" &&
    $OBJCOPY --strip-unneeded --remove-section=.comment --add-gnu-debuglink="$so.debug" libcrux.so "$so")
mv "$work/$so" "$work/$so.debug" "$folder"
chmod 755 "$folder/$so"
chmod 644 "$folder/$so.debug" "$folder/libcrux.a"
ln -sf "$so" "$folder/libcrux.so.0"
ln -sf libcrux.so.0 "$folder/libcrux.so"
