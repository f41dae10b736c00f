#!/bin/sh
# Installs what "make" has made, or removes it again: one list for both ways.
#
#     packaging/install.sh install|uninstall
#
# MADE is the folder of what was made; VERSION, PREFIX, DESTDIR, BINDIR, LIBDIR, INCLUDEDIR, DATADIR, MANDIR and
# DOCDIR come from the Makefile.
set -eu
umask 022 # folders too are for everybody
what=$1
cd "$(dirname "$0")/.."
D=${DESTDIR:-}
for name in PREFIX BINDIR LIBDIR INCLUDEDIR DATADIR MANDIR DOCDIR; do
    eval "folder=\$$name"
    case $folder in
    *[\'\"\`\$\;\#]*) problem='holds a character that pkg-config or CMake would act on; choose a folder without it' ;;
    /*) continue ;;
    *) problem='does not begin with a slash; programs could not be told where the library is' ;;
    esac
    echo "$name=$folder $problem." >&2
    exit 1
done
folders=

no_folder() { # TARGET
    [ -L "$1" ] || [ ! -d "$1" ] || { echo "$1 is a folder, where a file is to be installed." >&2; exit 1; }
}
put() { # MODE FILE TARGET
    if [ "$what" = uninstall ]; then
        rm -f "$D$3"
    else
        no_folder "$D$3"
        mkdir -p "$D$(dirname "$3")"
        new=$D$3.$$
        install -m "$1" "$2" "$new"
        mv -f "$new" "$D$3" # whole at any time, whoever else installs
    fi
}
link() { # TEXT TARGET
    if [ "$what" = uninstall ]; then
        rm -f "$D$2"
    else
        no_folder "$D$2"
        new=$D$2.$$
        ln -s "$1" "$new"
        mv -f "$new" "$D$2"
    fi
}
# A file with the folders and the version of this installation filled in.
fill() { # FILE TARGET
    if [ "$what" = install ]; then
        sed -e "s|@VERSION@|$VERSION|g" -e "s|@PC_PREFIX@|$(plain "$pc_prefix" ' ')|g" \
            -e "s|@PC_LIBDIR@|$(plain "$(below "$LIBDIR")" ' ')|g" \
            -e "s|@PC_INCLUDEDIR@|$(plain "$(below "$INCLUDEDIR")" ' ')|g" -e "s|@INCLUDEDIR@|$(plain "$INCLUDEDIR")|g" \
            -e "s|@DOCDIR@|$(plain "$DOCDIR")|g" -e "s|@TO_INCLUDE@|$(plain "$to_include")|g" \
            "$1" >"$work"
    fi
    put 644 "$work" "$2"
}
# A page: links lead to what is installed with it; of those into the source their words are left.
page() { # FILE TARGET
    if [ "$what" = install ]; then
        sed -e 's|\[docs/\([^]]*\)\](docs/|[\1](|g; s|](docs/|](|g; s|\[examples-c\](examples-c)|[examples](examples)|g' \
            -e 's|\[\([^]]*\)\]([^):]*/[^)]*)|\1|g; s|\[\(CONTRIBUTING\.md\)\](CONTRIBUTING\.md)|\1|g' "$1" >"$work"
    fi
    put 644 "$work" "$2"
}
# A text for the right side of sed's s; $2 is a character that gets a backslash in the file too.
plain() { printf '%s' "$1" | sed -e 's/[&|\\]/\\&/g' ${2:+-e 's/ /\\\\ /g'}; }
# A folder as crux.pc has it: below ${prefix} if it is.
below() {
    # shellcheck disable=SC2016  # pkg-config's variable
    case $1 in "$PREFIX"/*) printf '${prefix}/%s' "${1#"$PREFIX"/}" ;; *) printf '%s' "$1" ;; esac
}
own() { folders="$1
$folders"; } # a folder that goes when it is empty

work=$(mktemp) new=
trap 'rm -f "$work" "$new"' EXIT
cmake=$LIBDIR/cmake/crux
# PC_PREFIX: for an archive that may be unpacked anywhere.
pc_prefix=${PC_PREFIX:-$PREFIX}
# From the CMake package to the header, so that the tree may be moved; a header elsewhere has its own path.
# shellcheck disable=SC2016  # CMake's variable
case $INCLUDEDIR:$cmake in
"$PREFIX"/*:"$PREFIX"/*)
    to_include='${CMAKE_CURRENT_LIST_DIR}/'$(echo "${cmake#"$PREFIX"/}" | sed 's|[^/]*|..|g')/${INCLUDEDIR#"$PREFIX"/}
    ;;
*) to_include=$INCLUDEDIR ;;
esac

put 755 "$MADE/libcrux.so.$VERSION" "$LIBDIR/libcrux.so.$VERSION"
link "libcrux.so.$VERSION" "$LIBDIR/libcrux.so.0"
link libcrux.so.0 "$LIBDIR/libcrux.so"
put 644 "$MADE/libcrux.a" "$LIBDIR/libcrux.a"
for file in crux.h crux.hpp crux.json; do
    if [ -e "include/$file" ]; then put 644 "include/$file" "$INCLUDEDIR/$file"; fi
done
own "$LIBDIR/pkgconfig"
fill packaging/crux.pc.in "$LIBDIR/pkgconfig/crux.pc"
own "$LIBDIR/cmake" && own "$cmake"
fill packaging/crux-config.cmake.in "$cmake/crux-config.cmake"
fill packaging/crux-config-version.cmake.in "$cmake/crux-config-version.cmake"

put 755 "$MADE/crux" "$BINDIR/crux"
fill packaging/crux.1 "$MANDIR/man1/crux.1"
fill packaging/libcrux.3 "$MANDIR/man3/libcrux.3"
put 644 packaging/completions/crux.bash "$DATADIR/bash-completion/completions/crux"
put 644 packaging/completions/_crux "$DATADIR/zsh/site-functions/_crux"
put 644 packaging/completions/crux.fish "$DATADIR/fish/vendor_completions.d/crux.fish"

own "$DOCDIR"
for file in LICENSE-MIT LICENSE-APACHE packaging/licences.txt docs/examples.c docs/*.png; do
    put 644 "$file" "$DOCDIR/${file##*/}"
done
for file in README.md CHANGELOG.md docs/*.md; do page "$file" "$DOCDIR/${file##*/}"; done
own "$DOCDIR/examples"
for file in examples-c/*.[ch]; do put 644 "$file" "$DOCDIR/examples/${file#examples-c/}"; done
own "$DOCDIR/examples/crux"
for file in examples-c/crux/*.[ch]; do
    if [ -e "$file" ]; then put 644 "$file" "$DOCDIR/examples/crux/${file#examples-c/crux/}"; fi
done

if [ "$what" = uninstall ]; then
    printf '%s' "$folders" | while IFS= read -r folder; do rmdir "$D$folder" 2>/dev/null || :; done
fi
# The loader keeps a list of the system's libraries, which only root can renew; two at once get in each other's way.
if [ -z "$D" ] && [ "$(id -u)" = 0 ] && command -v ldconfig >/dev/null 2>&1; then ldconfig 2>/dev/null || ldconfig; fi
