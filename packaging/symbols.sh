#!/bin/sh
# Prints Debian's symbols file of the shared library, as the header says: packaging/symbols.sh [HEADER]
#
# Each function with the release that brought it, its @since; packages of programs depend on no newer one than they
# need. "--newest" prints that of the newest function.
set -eu
newest=
if [ "${1:-}" = --newest ]; then
    newest=1
    shift
fi
header=${1:-$(dirname "$0")/../include/crux.h}
first=0.2.0 # The symbols have a version since this release; no older one can be linked with.

# Version and function, sorted by version.
since() {
    awk -v first="$first" '
        $1 == "@since" { since = $2 }
        /^[a-z].*[ *]crux_[a-z_0-9]*\(/ {
            name = $0
            sub(/\(.*/, "", name)
            sub(/.*[ *]/, "", name)
            if (since == "") { print name " has no @since" > "/dev/stderr"; exit 1 }
            split(since, part, ".")
            split(first, least, ".")
            if (part[1] + 0 < least[1] + 0 || (part[1] == least[1] && part[2] + 0 < least[2] + 0)) print first, name
            else print part[1] "." part[2] + 0 "." part[3] + 0, name
            since = ""
        }' "$header"
}

all=$(since)
if [ -n "$newest" ]; then
    echo "$all" | cut -d' ' -f1 | sort -V | tail -n 1
    exit
fi
echo 'libcrux.so.0 libcrux0 #MINVER#'
echo '* Build-Depends-Package: libcrux-dev'
echo " CRUX_0@CRUX_0 $first"
echo "$all" | sed 's/\(.*\) \(.*\)/ \2@CRUX_0 \1/' | LC_ALL=C sort
