# What the scripts for Windows have in common; to be sourced in the top folder, with $width set to x64 or x86.
case $width in
x64) arch=x86_64 machine=i386:x86-64 ;;
x86) arch=i686 machine=i386 ;;
*) echo "a width is x64 or x86, not \"$width\"" >&2; exit 2 ;;
esac
# For Windows 7 and later, by the compiler of Debian, which comes with the sources of Rust's library.
target=$arch-win7-windows-gnu
mingw=$arch-w64-mingw32
made=$PWD/target/windows/$width
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
# The time that goes into files: that of the commit.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1700000000)}
CARGO_TARGET_DIR=$PWD/target/windows/cargo
RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
# No debugger looks at what runs under Wine.
CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0
export SOURCE_DATE_EPOCH CARGO_TARGET_DIR RUSTC RUSTC_BOOTSTRAP CARGO_PROFILE_DEV_DEBUG CARGO_INCREMENTAL

# Runs a command of Debian's cargo for the width. Not with the time, which is in nothing that it builds: what compiles C would
# do so again after each commit.
windows_cargo() { # COMMAND [ARGUMENT...]
    command=$1
    shift
    upper=$(echo "$arch" | tr a-z A-Z)
    rust=$($RUSTC --print sysroot)
    maps="--remap-path-prefix=$PWD=/libcrux --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo --remap-path-prefix=$rust=/rust"
    env -u SOURCE_DATE_EPOCH "RUSTFLAGS=$maps" "CARGO_TARGET_${upper}_WIN7_WINDOWS_GNU_LINKER=$mingw-gcc-win32" \
        "CC_${arch}_win7_windows_gnu=$mingw-gcc-win32" "AR_${arch}_win7_windows_gnu=$mingw-ar" \
        "CFLAGS_${arch}_win7_windows_gnu=-ffile-prefix-map=$PWD=/libcrux -ffile-prefix-map=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
        /usr/bin/cargo -Z build-std=std,panic_unwind "$command" --locked --target "$target" "$@"
}
