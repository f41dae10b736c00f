#!/bin/sh
# Makes the gem in the folder OUT, twice: as source, which is compiled when it is installed and loads the libcrux of the
# system, and for this platform, compiled and with its own libcrux. Installs each into an empty environment and runs the
# tour with it. Usage: package.sh OUT
set -eu
mkdir -p "${1:?usage: package.sh OUT}"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"
here=$PWD root=$(cd ../.. && pwd)
prefix=${CRUX_PREFIX:-$root/target/libcrux/$(uname -m)-unknown-linux-gnu}
sandbox=${CRUX_SANDBOX:-$root/target/debug/examples/sandbox}
work=$root/target/languages/ruby/package
rm -rf "$work"
mkdir -p "$work/source"

cp -R README.md libcrux.gemspec lib ext sig examples "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work/source/"
cp -R "$work/source" "$work/compiled"
version=$(ruby -e 'puts Gem::Specification.load(ARGV[0]).version' libcrux.gemspec)
platform=$(ruby -e 'puts Gem::Platform.local')

CRUX_RUBY_BUILT=$work/built
export CRUX_RUBY_BUILT
rake --silent compile >&2
cp "$work/built/lib/libcrux/native.so" "$work/compiled/lib/libcrux/"
strip --strip-unneeded "$work/compiled/lib/libcrux/native.so"
cp -L "$prefix/lib/libcrux.so.0" "$work/compiled/lib/libcrux/"
# The licences of all that the library holds.
if [ -f "$prefix/share/doc/crux/licences.txt" ]; then
    cp "$prefix/share/doc/crux/licences.txt" "$work/compiled/"
fi

for kind in source compiled; do
    (cd "$work/$kind" && gem build --silent libcrux.gemspec && mv ./*.gem "$out/")
done

# try NAME GEM VARIABLE=VALUE...: the tour, by nothing but what the gem has brought.
try() {
    name=$1 gem=$2
    shift 2
    home=$work/$name
    mkdir -p "$home/run"
    env -u CRUX_LIBRARY GEM_HOME="$home" GEM_PATH="$home" \
        gem install --silent --local --no-document --install-dir "$home" "$out/$gem"
    (cd "$home/run" && env -u CRUX_LIBRARY GEM_HOME="$home" GEM_PATH="$home" "$@" \
        "$sandbox" --shop ruby "$here/examples/tour.rb") >"$home/said"
    diff "$root/bindings/tour.txt" "$home/said" || diff -Z "$root/bindings/tour.txt" "$home/said"
    echo "$gem: installed, and its tour is right"
}
try as-source "libcrux-$version.gem" "LD_LIBRARY_PATH=$prefix/lib"
try as-compiled "libcrux-$version-$platform.gem" "PATH=$PATH"
