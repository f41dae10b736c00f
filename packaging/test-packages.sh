#!/bin/sh
# Installs each package into an empty environment and does the main job there: log in to Crunch in the sandbox over TLS
# and list datasets. The sandbox runs it ("make check-packages") and sets CRUX_SANDBOX_HTTPS and CRUX_SANDBOX_CA.
#
# Debian packages go into the oldest Debian that can be had (CRUX_DEBIAN, bullseye), which debootstrap makes once in
# target/; that needs root. What cannot run here is named; with CRUX_CHECK_ALL, as in the gate, it is an error.
set -eu
cd "$(dirname "$0")/.."
packages=$PWD/target/packages
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
export CRUX_PASSWORD='battery staple'
base=$CRUX_SANDBOX_HTTPS/api/
skipped=0

die() {
    echo "packages: $*" >&2
    exit 1
}
skip() {
    echo "packages: SKIPPED: $*"
    skipped=$((skipped + 1))
}
job() { # TITLE COMMAND...: runs crux, which must list the datasets
    title=$1
    shift
    "$@" --service crunch --user grace@example.com --base "$base" --ca "$ca" datasets/all/ >"$here/log" 2>&1 ||
        { cat "$here/log" >&2; die "$title fails"; }
    grep -q 'Plain blue mug' "$here/log" || { cat "$here/log" >&2; die "$title lists no datasets"; }
    echo "packages: $title does the main job"
}
# A C program of the package's own example, with what pkg-config says in an empty environment.
program() { # TITLE ROOT FLAGS...
    title=$1 where=$2
    shift 2
    ${compiler:-cc} -o "$here/login" "$@" || die "$title: the example does not compile"
    SSL_CERT_FILE=$CRUX_SANDBOX_CA LD_LIBRARY_PATH=$where "$here/login" crunch "$base" grace@example.com datasets/all/ >"$here/log" 2>&1 ||
        { cat "$here/log" >&2; die "$title: the example fails"; }
    grep -q 'Plain blue mug' "$here/log" || die "$title: the example lists no datasets"
    echo "packages: $title compiles and runs examples-c/login.c"
}

# The archives.
ca=$CRUX_SANDBOX_CA
for kind in x86_64-linux aarch64-linux x86_64-linux-musl; do
    [ -e "$packages/libcrux-$version-$kind.tar.gz" ] || skip "there is no archive for $kind"
done
for archive in "$packages"/libcrux-"$version"-*-linux.tar.gz; do
    name=$(basename "$archive" .tar.gz)
    machine=$(echo "$name" | sed 's/.*-\([a-z0-9_]*\)-linux/\1/')
    tar -xzf "$archive" -C "$here"
    if [ "$machine" = "$(uname -m)" ]; then
        job "$name" env -i CRUX_PASSWORD="$CRUX_PASSWORD" "$here/$name/bin/crux"
        # shellcheck disable=SC2046  # a list of flags
        program "$name" "$here/$name/lib" examples-c/login.c \
            $(PKG_CONFIG_PATH=$here/$name/lib/pkgconfig pkg-config --cflags --libs crux)
    elif emulator=$(command -v "qemu-$machine-static" || command -v "qemu-$machine") && [ -d "/usr/$machine-linux-gnu/lib" ]; then
        job "$name under qemu" "$emulator" -L "/usr/$machine-linux-gnu" "$here/$name/bin/crux"
    else
        skip "$name is not run: no qemu-$machine with a C library (qemu-user-static, libc6-arm64-cross)"
    fi
done

# The one for musl: the command needs nothing of the system; a program and the shared library use the system's musl.
name=libcrux-$version-x86_64-linux-musl
if [ -e "$packages/$name.tar.gz" ] && [ "$(uname -m)" = x86_64 ]; then
    tar -xzf "$packages/$name.tar.gz" -C "$here"
    job "$name" env -i CRUX_PASSWORD="$CRUX_PASSWORD" "$here/$name/bin/crux"
    if command -v musl-gcc >/dev/null 2>&1; then
        # shellcheck disable=SC2046  # a list of flags
        (compiler=musl-gcc && program "$name" "$here/$name/lib" examples-c/login.c \
            $(PKG_CONFIG_PATH=$here/$name/lib/pkgconfig pkg-config --cflags --libs crux))
    else
        skip "$name: no program is compiled against it without musl-gcc (musl-tools)"
    fi
fi

# The Debian packages, unpacked: what libcrux-dev brings must fit together with libcrux0.
if command -v dpkg-deb >/dev/null 2>&1; then
    debian=$(dpkg --print-architecture)
    for package in libcrux0 libcrux-dev; do
        dpkg-deb -x "$packages/${package}_$version-1_$debian.deb" "$here/debian"
    done
    pc=$(find "$here/debian" -name crux.pc)
    # shellcheck disable=SC2046
    program "libcrux-dev" "$(dirname "$(dirname "$pc")")" examples-c/login.c -I"$here/debian/usr/include" \
        -L"$(dirname "$(dirname "$pc")")" $(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --libs crux)
    docs=$here/debian/usr/share/doc/libcrux-dev
    grep -ho '\]([^):#]*[)#]' "$docs"/*.md | sed 's/^](//; s/.$//' | sort -u | while IFS= read -r place; do
        [ -e "$docs/$place" ] || die "libcrux-dev: a page has a link to $place, which is not there"
    done
    if command -v lintian >/dev/null 2>&1; then
        lintian --fail-on error --suppress-tags initial-upload-closes-no-bugs --allow-root \
            "$packages"/*.deb >"$here/log" 2>&1 || { cat "$here/log" >&2; die "lintian has errors"; }
        echo "packages: lintian has no errors"
    else
        skip "lintian is missing"
    fi

    # In an old Debian with nothing but its base.
    suite=${CRUX_DEBIAN:-bullseye}
    root=$PWD/target/root-$suite
    if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null 2>&1; then
        skip "no installation in Debian $suite: that needs root and debootstrap"
    elif [ -e "$root/etc/debian_version" ] || {
        # It has its name only when it is complete.
        rm -rf "$root" "$root.new"
        debootstrap --variant=minbase "$suite" "$root.new" >"$here/log" 2>&1 && mv "$root.new" "$root"
    }; then
        echo '127.0.0.1 localhost' >"$root/etc/hosts"
        cp "$CRUX_SANDBOX_CA" "$root/ca.pem"
        ca=/ca.pem
        dpkg --root="$root" --purge crux-tools libcrux0 >/dev/null 2>&1 || :
        dpkg --root="$root" --install "$packages/libcrux0_$version-1_$debian.deb" \
            "$packages/crux-tools_$version-1_$debian.deb" >"$here/log" 2>&1 || { cat "$here/log" >&2; die "dpkg fails in $suite"; }
        job "Debian $suite ($(cat "$root/etc/debian_version")), libcrux0 and crux-tools" chroot "$root" /usr/bin/crux
        dpkg --root="$root" --purge crux-tools libcrux0 >"$here/log" 2>&1 || { cat "$here/log" >&2; die "purge fails"; }
        left=$(find "$root/usr" -name '*crux*')
        [ -z "$left" ] || die "purge leaves $left"
        tar -xzf "$packages/libcrux-$version-$(uname -m)-linux.tar.gz" -C "$root/opt"
        job "Debian $suite, the archive" chroot "$root" "/opt/libcrux-$version-$(uname -m)-linux/bin/crux"
        rm -rf "$root/opt/libcrux-$version-$(uname -m)-linux"
    else
        rm -rf "$root.new"
        skip "debootstrap cannot make Debian $suite here; that no symbol above GLIBC_2.17 is needed was checked by make dist"
    fi
else
    skip "the Debian packages: dpkg-deb is missing"
fi

if [ "$skipped" = 0 ]; then
    echo "packages: each was installed and does the main job"
elif [ -n "${CRUX_CHECK_ALL:-}" ]; then
    die "$skipped SKIPPED, named above; CRUX_CHECK_ALL wants all of them"
else
    echo "packages: what was installed does the main job; $skipped SKIPPED, named above"
fi
