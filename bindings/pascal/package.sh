#!/bin/sh
# Makes libcrux-pascal-VERSION.tar.gz in the folder OUT, the units with their README and example, then compiles and runs
# the example in an empty folder from it: package.sh OUT
set -eu
cd "$(dirname "$0")/../.."
out=$1
command -v fpc >/dev/null 2>&1 || { echo "packages: Pascal SKIPPED: fpc is missing (bindings/pascal/setup.sh)"; exit 0; }
: "${CRUX_PREFIX:=$PWD/target/libcrux/$(uname -m)-unknown-linux-gnu}"
: "${CRUX_SANDBOX:=$PWD/target/debug/examples/sandbox}"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
name=libcrux-pascal-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/made/$name"
cp bindings/pascal/*.pas bindings/pascal/*.inc bindings/pascal/README.md bindings/pascal/examples/login.pas LICENSE-* "$work/made/$name"
tar --create --gzip --file="$out/$name.tar.gz" --directory="$work/made" --sort=name --owner=0 --group=0 --numeric-owner \
    --mode='u+rwX,go+rX,go-w' --mtime="@${SOURCE_DATE_EPOCH:-1700000000}" "$name"

mkdir "$work/used"
tar -xzf "$out/$name.tar.gz" -C "$work/used"
cd "$work/used/$name"
fpc -v0we -Sew login.pas >/dev/null
[ -x "$CRUX_SANDBOX" ] || { echo "packages: $name made, its use SKIPPED: there is no sandbox (cargo build --example sandbox)"; exit 0; }
said=$(LC_ALL=C.UTF-8 CRUX_LIBRARY="$CRUX_PREFIX/lib/libcrux.so" "$CRUX_SANDBOX" --shop ./login)
case $said in *Bluse*) echo "packages: $name: compiled and used" ;; *) echo "$name does not work: $said" >&2; exit 1 ;; esac
