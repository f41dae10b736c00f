#!/bin/sh
# Makes the jar in the folder $1, with the library inside, and those of the sources and the documentation; then runs the
# tour with nothing but the jar: with JNA, and without it where there is Java 22. CRUX_SANDBOX names the sandbox.
set -eu
[ $# -eq 1 ] || { echo "usage: package.sh OUT" >&2; exit 2; }
mkdir -p "$1"
to=$(cd "$1" && pwd)
cd "$(dirname "$0")"
. ./common.sh
prefix=${CRUX_PREFIX:-$root/target/libcrux/$(uname -m)-unknown-linux-gnu}
version=$(sed -n 's|^    <version>\(.*\)</version>$|\1|p' pom.xml)
name=libcrux-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

classes
mkdir -p "$work/jar/META-INF/maven/org.libcrux/libcrux"
cp -R "$out/classes/." "$work/jar"
cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$work/jar/META-INF"
cp pom.xml "$work/jar/META-INF/maven/org.libcrux/libcrux"
copy_library "$prefix/lib/libcrux.so" "$work/jar"
printf 'Automatic-Module-Name: org.libcrux\nMulti-Release: true\nImplementation-Version: %s\n' "$version" >"$work/manifest"
set -- "${new:+$new/bin/}jar" --create --file "$to/$name.jar" --manifest "$work/manifest" -C "$work/jar" .
[ -z "$new" ] || set -- "$@" --release 22 -C "$out/classes22" .
"$@"
jar --create --file "$to/$name-sources.jar" -C src/main/java . -C src/main java22
javadoc -quiet -Xdoclint:all,-missing -Werror --release 8 -encoding UTF-8 -cp "$jna" -d "$work/doc" \
    src/main/java/org/libcrux/*.java
jar --create --file "$to/$name-javadoc.jar" -C "$work/doc" .

# An empty environment: a folder with the jar, no variables but those of the sandbox.
mkdir "$work/empty"
cp examples/Tour.java "$work/empty"
cp "$jna" "$work/empty/jna.jar"
cd "$work/empty"
tour() { # JAVA-FOLDER CLASSPATH FLAGS...
    bin=$1 path=$2
    shift 2
    "${bin}javac" -encoding UTF-8 -cp "$to/$name.jar" Tour.java
    # shellcheck disable=SC2016  # the sandbox sets them
    "$CRUX_SANDBOX" --shop sh -c 'exec env -i PATH="$PATH" HOME="$PWD" LC_ALL=C.UTF-8 CRUX_BASE="$CRUX_BASE" \
        CRUX_USER="$CRUX_USER" CRUX_PASSWORD="$CRUX_PASSWORD" "$@"' sh \
        "${bin}java" -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 "$@" -cp "$path" Tour |
        diff "$root/bindings/tour.txt" -
}
tour '' "$to/$name.jar:jna.jar:."
if [ -n "$new" ]; then
    tour "$new/bin/" "$to/$name.jar:." --enable-native-access=ALL-UNNAMED
else
    echo "without java.lang.foreign: there is no Java 22 here"
fi
echo "$to/$name.jar"
