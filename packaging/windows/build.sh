#!/bin/sh
# Builds the library for Windows: packaging/windows/build.sh WIDTH. It makes target/windows/WIDTH with crux.dll, what
# programs link with, and for x86 crux_std.dll, which has the calling convention stdcall.
set -eu
cd "$(dirname "$0")/../.."
width=$1
. packaging/windows/common.sh
work=target/windows/cargo/$width-parts
rm -rf "$made"
mkdir -p "$made" "$work"
compile() { # OUT SOURCE
    "$mingw-gcc-win32" -std=c99 -O2 -Wall -Wextra -Werror -Iinclude -ffile-prefix-map="$PWD"=/libcrux -c -o "$1" "$2"
}

# The version that Explorer and installers show.
resource() { # NAME DESCRIPTION
    numbers=$(echo "$version" | sed 's/[^0-9.].*//' | tr . ,),0
    cat >"$work/$1.rc" <<RC
1 VERSIONINFO
FILEVERSION $numbers
PRODUCTVERSION $numbers
FILETYPE 2
BEGIN
    BLOCK "StringFileInfo"
    BEGIN
        BLOCK "040904b0"
        BEGIN
            VALUE "FileDescription", "$2"
            VALUE "FileVersion", "$version"
            VALUE "InternalName", "$1"
            VALUE "LegalCopyright", "MIT or Apache-2.0"
            VALUE "OriginalFilename", "$1.dll"
            VALUE "ProductName", "libcrux"
            VALUE "ProductVersion", "$version"
        END
    END
    BLOCK "VarFileInfo"
    BEGIN
        VALUE "Translation", 0x409, 1200
    END
END
RC
    "$mingw-windres" "$work/$1.rc" "$work/$1_resource.o"
}
resource crux "Calls token-authenticated REST APIs (cdecl)"
resource crux_std "Calls token-authenticated REST APIs (stdcall)"

begin='' entropy=,--high-entropy-va
if [ "$width" = x86 ]; then
    # Registers our frames for unwinding. Without it first in the link, a panic ends a host that has libgcc_s loaded.
    begin=$work/rsbegin.o entropy=
    (cd "$work" && $RUSTC --target "$target" -O --emit obj -o rsbegin.o \
        "$($RUSTC --print sysroot)/lib/rustlib/src/rust/library/rtstartup/rsbegin.rs")
fi
windows_cargo rustc --quiet --release --lib --crate-type staticlib

# Made of the static library: the linker sorts imports by the names of files, so those must not depend on the folder. Nor
# must the address, which it would make of the name of the DLL.
link() { # NAME FILE...
    dll=$1
    shift
    # shellcheck disable=SC2086  # nothing, or a name
    "$mingw-gcc-win32" -shared -o "$made/$dll.dll" $begin "$@" "$work/${dll}_resource.o" \
        "target/windows/cargo/$target/release/libcrux.a" \
        "-Wl,-O1,--gc-sections,-s,--dynamicbase,--nxcompat,--disable-auto-image-base,--no-insert-timestamp$entropy" \
        -static-libgcc -lws2_32 -lbcrypt -lcrypt32 -ladvapi32 -luserenv -lntdll -lkernel32
}

# The names that are exported, as the interface lists them.
mkdir -p "$made/def"
{
    echo 'LIBRARY crux.dll'
    sed -n -e '/^EXPORTS/p' -e 's/^\( *crux_[a-z_0-9]*\) = .*/\1/p' bindings/vb6/crux_std.def
} >"$made/def/crux.def"
link crux "$made/def/crux.def"
# Its symbols are made of the name of the file as it is given.
(cd "$made" && "$mingw-dlltool" --deterministic-libraries -d def/crux.def -D crux.dll -l libcrux.dll.a)
llvm-dlltool -m "$machine" -d "$made/def/crux.def" -D crux.dll -l "$made/crux.lib"
[ "$width" = x86 ] || exit 0

compile "$work/crux_std.o" bindings/vb6/crux_std.c
link crux_std "$work/crux_std.o" bindings/vb6/crux_std.def
# A linker of Microsoft's asks for the decorated names.
sed 's/^\( *crux_[a-z_0-9]*\) = [a-z_0-9]*@/\1@/' bindings/vb6/crux_std.def >"$made/def/crux_std_link.def"
llvm-dlltool -k -m i386 -d "$made/def/crux_std_link.def" -D crux_std.dll -l "$made/crux_std.lib"
rm "$made/def/crux_std_link.def"
cp bindings/vb6/crux_std.def "$made/def"
