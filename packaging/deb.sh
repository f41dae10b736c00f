#!/bin/sh
# Makes three Debian packages of an installed tree: packaging/deb.sh TREE FOLDER
#
# libcrux0 has the library and its symbols file, libcrux-dev what programs are compiled with, crux-tools the command.
# They need glibc 2.17 only, so that they fit any Debian or Ubuntu since 2014.
set -eu
cd "$(dirname "$0")/.."
tree=$1 out=$2
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
case ${tree##*/} in
x86_64-*) machine=amd64 triplet=x86_64-linux-gnu ;;
aarch64-*) machine=arm64 triplet=aarch64-linux-gnu ;;
*) echo "deb: ${tree##*/} has no name in Debian" >&2 && exit 1 ;;
esac
maintainer='the libcrux authors <maintainers@libcrux.example>'
date=$(date -uR -d "@$SOURCE_DATE_EPOCH")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

# Copies from the tree into a package: put PACKAGE FROM TO
put() {
    mkdir -p "$work/$1/$(dirname "$3")"
    cp -RP "$tree/$2" "$work/$1/$3"
}

lib=usr/lib/$triplet
for name in "libcrux.so.$version" libcrux.so.0; do put libcrux0 "lib/$name" "$lib/$name"; done
for name in libcrux.so libcrux.a cmake pkgconfig; do put libcrux-dev "lib/$name" "$lib/$name"; done
mkdir -p "$work/libcrux0/usr/share/doc/libcrux0"
gzip -9nc packaging/licences.txt >"$work/libcrux0/usr/share/doc/libcrux0/licences.txt.gz"
put libcrux0 share/doc/crux/crux.cdx.json usr/share/doc/libcrux0/crux.cdx.json
put libcrux-dev include usr/include
put libcrux-dev share/man/man3 usr/share/man/man3
mkdir -p "$work/crux-tools/usr/bin"
cp "$tree.made/crux-shared" "$work/crux-tools/usr/bin/crux"
put crux-tools share/man/man1 usr/share/man/man1
for folder in bash-completion fish; do put crux-tools "share/$folder" "usr/share/$folder"; done
put crux-tools share/zsh/site-functions usr/share/zsh/vendor-completions
sed -i "s|^prefix=.*|prefix=/usr|; s|^libdir=.*|libdir=\${prefix}/lib/$triplet|" "$work/libcrux-dev/$lib/pkgconfig/crux.pc"
# The header is two folders further away than in a tree with lib/.
sed -i 's|/\.\./\.\./\.\./include|/../../../../include|' "$work/libcrux-dev/$lib/cmake/crux/crux-config.cmake"
# The library is in a folder that libcrux.3 does not name, the header where it says.
find "$work" -path '*/man/*' -type f -exec sed -i 's|/usr/local/|/usr/|g; s|/usr/share/doc/crux|/usr/share/doc/libcrux-dev|g' {} + \
    -exec gzip -9n {} +
docs=usr/share/doc/libcrux-dev
for file in "$tree"/share/doc/crux/*.md "$tree"/share/doc/crux/*.c "$tree"/share/doc/crux/*.png; do
    case $file in *CHANGELOG*) ;; *) put libcrux-dev "share/doc/crux/${file##*/}" "$docs/${file##*/}" ;; esac
done
# The licences are in Debian's own form, below.
sed -i 's|\[\([^]]*\)\](LICENSE-[A-Z]*)|\1|g' "$work/libcrux-dev/$docs/README.md"
put libcrux-dev share/doc/crux/examples "$docs/examples"

field() { # PACKAGE SECTION DEPENDS DESCRIPTION
    mkdir -p "$work/$1/DEBIAN" "$work/$1/usr/share/doc/$1"
    cp packaging/debian/copyright "$work/$1/usr/share/doc/$1/copyright"
    { printf 'libcrux (%s-1) unstable; urgency=medium\n\n  * Release %s; the changes are in CHANGELOG.md.\n\n -- %s  %s\n' \
        "$version" "$version" "$maintainer" "$date"; } | gzip -9n >"$work/$1/usr/share/doc/$1/changelog.Debian.gz"
    gzip -9nc CHANGELOG.md >"$work/$1/usr/share/doc/$1/changelog.gz"
    find "$work/$1" -type d -exec chmod 755 {} +
    find "$work/$1" -type f ! -path '*/bin/*' -exec chmod 644 {} +
    find "$work/$1" -type f -path '*/bin/*' -exec chmod 755 {} +
    cat >"$work/$1/DEBIAN/control" <<CONTROL
Package: $1
Source: libcrux
Version: $version-1
Architecture: $machine
Multi-Arch: $5
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$work/$1" | cut -f1)
Depends: $3
Section: $2
Priority: optional
Description: $4
CONTROL
    (cd "$work/$1" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' md5sum >DEBIAN/md5sums)
    find "$work/$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group -Zxz --build "$work/$1" "$out/${1}_$version-1_$machine.deb" >/dev/null
}

# The symbols file tells packagers of programs which version of the library each function needs; where only one version
# can be named, it is that of the newest function.
mkdir -p "$work/libcrux0/DEBIAN"
sh packaging/symbols.sh >"$work/libcrux0/DEBIAN/symbols"
newest=$(sh packaging/symbols.sh --newest)
echo "activate-noawait ldconfig" >"$work/libcrux0/DEBIAN/triggers"
echo "libcrux 0 libcrux0 (>= $newest)" >"$work/libcrux0/DEBIAN/shlibs"

field libcrux0 libs 'libc6 (>= 2.17)' 'client of token-authenticated REST APIs - library
 libcrux logs in once to a token-authenticated REST API and then calls it,
 correctly, for as long as the program runs. Crux Connect and Crunch are built
 in; options describe any similar service.
 .
 This package has the shared library.' same
field libcrux-dev libdevel "libcrux0 (= $version-1), libc6-dev" 'client of token-authenticated REST APIs - development files
 libcrux logs in once to a token-authenticated REST API and then calls it,
 correctly, for as long as the program runs.
 .
 This package has the header, the static library, the files of pkg-config and
 CMake, the documentation and the examples.' same
field crux-tools web "libcrux0 (>= $newest), libc6 (>= 2.17)" 'command line for token-authenticated REST APIs
 crux logs in to a token-authenticated REST API, sends one request and prints
 the response, in the spirit of curl and HTTPie. It waits for jobs, turns
 pages, and resumes downloads.' foreign
