#!/bin/sh
# The library for other computers: any Linux with glibc 2.17 (2014) or later, and any with musl, such as Alpine.
#
#     packaging/dist.sh [TARGET...]      x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu x86_64-unknown-linux-musl
#
# zig (packaging/zig.sh) compiles the C of a dependency and links against a glibc as old as is asked for. Each target
# becomes an installed tree, target/libcrux/TARGET, that runs wherever it is unpacked. All paths of the builder are mapped
# away: two builders get the same bytes (packaging/test-dist.sh).
set -eu
umask 022
cd "$(dirname "$0")/.."
glibc=2.17
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
sysroot=$(rustc --print sysroot)
cargo_home=${CARGO_HOME:-$HOME/.cargo}
export CARGO_TARGET_DIR="$PWD/target"

# Compilers take the maps of paths as words, which a blank would divide.
for folder in "$PWD" "$cargo_home" "$sysroot"; do
    case $folder in *[[:space:]]*)
        echo "make dist cannot work with the folder \"$folder\": choose one without a blank in its name." >&2
        exit 1
        ;;
    esac
done

sh packaging/rust.sh
. packaging/zig.sh
# The time that goes into archives: that of the commit.
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1700000000)}"

# Names what is not built. What an earlier build left must not pass for a new one.
skip() { # TARGET REASON
    rm -rf "target/libcrux/$1" "target/libcrux/$1.made"
    echo "dist: $1 SKIPPED: $2"
}

[ $# -gt 0 ] || {
    set -- x86_64-unknown-linux-gnu
    for target in aarch64-unknown-linux-gnu x86_64-unknown-linux-musl; do
        if [ -d "$sysroot/lib/rustlib/$target" ]; then
            set -- "$@" "$target"
        else
            skip "$target" "no standard library (rustup target add $target)"
        fi
    done
}

for target in "$@"; do
    machine=${target%%-*}
    # What zig calls the C library, what cargo-zigbuild calls the target, how rustc is to use the C library: not to
    # pack it, and what is shared of it, into the archive. What zig has compiled into programs on its own.
    case $target in
    *-musl) libc=musl zig_target=$target own="libunwind.a" rust_libc=-Ctarget-feature=-crt-static ;;
    *) libc=gnu.$glibc zig_target=$target.$glibc own="libunwind.a libc_nonshared.a" rust_libc= ;;
    esac
    tools=
    if [ "$machine" != "$(uname -m)" ]; then tools=$machine-linux-gnu-; fi
    if ! command -v "${tools}ld" >/dev/null 2>&1; then
        skip "$target" "no ${tools}ld (package binutils-$machine-linux-gnu)"
        continue
    fi
    maps="--remap-path-prefix=$PWD=/libcrux --remap-path-prefix=$cargo_home=/cargo --remap-path-prefix=$sysroot=/rust"
    # The last one that fits wins.
    c_maps="-ffile-prefix-map=$PWD=/libcrux -ffile-prefix-map=$cargo_home=/cargo -ffile-prefix-map=$(readlink -f "$zig")=/zig"
    variable=$(echo "$target" | tr - _)
    env RUSTFLAGS="$maps $rust_libc" "CFLAGS_$variable=$c_maps" \
        cargo-zigbuild rustc --locked --profile dist --lib --crate-type staticlib --target "$zig_target"

    made=target/libcrux/$target.made
    tree=target/libcrux/$target
    rm -rf "$made" "$tree"
    compile="python -m ziglang cc -target $machine-linux-$libc $c_maps"
    # What zig links into everything, the unwinder and the part of the C library that is not shared, was compiled where
    # zig is, and its debug information says so.
    mkdir -p "$made"
    echo 'int main(void) { return 0; }' >"$made/empty.c"
    ZIG_GLOBAL_CACHE_DIR=$PWD/$made/cache $compile "$made/empty.c" -lunwind -o "$made/empty"
    inside=$made/inside.o
    # shellcheck disable=SC2046  # names
    ${tools}ld -r --whole-archive $(for name in $own; do find "$made/cache" -name "$name"; done) -o "$inside"
    ${tools}objcopy --strip-debug "$inside"
    rm -rf "$made/cache" "$made/empty" "$made/empty.c"
    CC=$compile LD=${tools}ld OBJCOPY=${tools}objcopy AR=${tools}ar LINK=$inside \
        sh packaging/link.sh "target/$target/dist/libcrux.a" "$made" "$version"
    $compile -std=c99 -O2 -fPIE -pie -Iinclude examples-c/crux.c -o "$made/crux" "$made/libcrux.a" \
        -Wl,--gc-sections -s "$inside" -lm -lpthread -ldl
    # The same with the shared library, for Debian.
    $compile -std=c99 -O2 -fPIE -pie -Iinclude examples-c/crux.c -o "$made/crux-shared" -L"$made" -lcrux -Wl,-s
    # shellcheck disable=SC2016  # pkg-config's variable
    env MADE="$made" VERSION="$version" DESTDIR="$PWD/$tree/" PREFIX=/usr/local BINDIR=/usr/local/bin LIBDIR=/usr/local/lib \
        INCLUDEDIR=/usr/local/include DATADIR=/usr/local/share MANDIR=/usr/local/share/man \
        DOCDIR=/usr/local/share/doc/crux PC_PREFIX='${pcfiledir}/../..' sh packaging/install.sh install
    mv "$tree/usr/local/"* "$tree" && rmdir "$tree/usr/local" "$tree/usr"
    mv "$made/libcrux.so.$version.debug" "$tree/lib"
    python3 packaging/sbom.py "$target" >"$tree/share/doc/crux/crux.cdx.json"

    so=$tree/lib/libcrux.so.$version
    newest=$(objdump -T "$so" "$tree/bin/crux" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
    if [ "$(printf '%s\n' "GLIBC_$glibc" "$newest" | sort -V | tail -n 1)" != "GLIBC_$glibc" ]; then
        echo "dist: $target needs $newest, more than GLIBC_$glibc" >&2
        exit 1
    fi
    echo "dist: $target: $(wc -c <"$so") bytes, needs at most $newest, in $tree"
done
