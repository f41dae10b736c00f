#!/bin/sh
# Makes the packages of what "make dist" has built, in target/packages: an archive for each machine, three Debian
# packages (libcrux0, libcrux-dev, crux-tools), and whatever bindings/*/package.sh makes. What cannot be made is named.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
out=$PWD/target/packages
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1700000000)}"
rm -rf "$out"
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Makes an archive, sorted, without the builder's name, clock or umask. No pipe: it would hide a failure of tar.
pack() { # NAME TREE WORDS-FOR-TAR...
    archive=$1 from=$2
    shift 2
    tar --create --file="$work/tar" --directory="$from" --sort=name --owner=0 --group=0 --numeric-owner \
        --mode='u+rwX,go+rX,go-w' --mtime="@$SOURCE_DATE_EPOCH" "$@"
    gzip -9n <"$work/tar" >"$out/$archive.tar.gz"
}

for tree in target/libcrux/*-linux-gnu target/libcrux/*-linux-musl; do
    [ -d "$tree" ] || continue
    target=${tree##*/}
    libc=${target##*-}
    name=libcrux-$version-${target%%-*}-linux
    [ "$libc" = gnu ] || name=$name-$libc
    # An archive has one folder; debug information is a second one.
    pack "$name" "$tree" --exclude='*.debug' --transform="s|^\.|$name|;" .
    pack "$name-debug" "$tree" --transform="s|^|$name/|" "lib/libcrux.so.$version.debug"
    [ "$libc" = gnu ] || continue
    if command -v dpkg-deb >/dev/null 2>&1; then
        sh packaging/deb.sh "$tree" "$out"
    else
        echo "packages: Debian packages of $target SKIPPED: dpkg-deb is missing"
    fi
done

# Each makes its package with the library of this machine, installs it into an empty environment, and uses it there.
export CRUX_PREFIX="$PWD/target/libcrux/$(uname -m)-unknown-linux-gnu"
export CRUX_LIBRARY="$CRUX_PREFIX/lib/libcrux.so" CRUX_SANDBOX="$PWD/target/debug/examples/sandbox"
cargo build --quiet --example sandbox
for script in bindings/*/package.sh; do
    echo "packages: $script"
    sh "${script%/*}/setup.sh"
    sh "$script" "$out"
done
(cd "$out" && find . -type f ! -name SHA256SUMS | sort | xargs sha256sum >SHA256SUMS)
ls -l "$out"
