#!/bin/sh
# Makes the folder with the 32-bit Wine, if it is not there: packaging/windows/wine32.sh. It stays for other clones.
set -eu
root=${LIBCRUX_WINE32:-${XDG_CACHE_HOME:-$HOME/.cache}/libcrux/wine32}
[ -e "$root/.complete" ] && exit
[ "$(id -u)" = 0 ] || { echo "the 32-bit Wine needs root for a folder of its own" >&2; exit 1; }
rm -rf "$root"
mkdir -p "$root"
# The main archive that this system uses, and its name there.
archive=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Component: main' |
    grep -v -e '-updates$' -e '-security$' -e '-backports$' | head -n 1)
debootstrap --arch=i386 --variant=minbase --include=wine,wine32 "${archive#* }" "$root" "${archive% *}" >"$root.log" 2>&1 ||
    { tail -n 5 "$root.log" >&2; exit 1; }
rm -rf "$root/var/cache/apt/archives"/*.deb
echo '127.0.0.1 localhost' >"$root/etc/hosts"
touch "$root/.complete"
