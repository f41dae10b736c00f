# Read by the other scripts: where things are, and how the classes are made.
root=$(cd ../.. && pwd)
out=$root/target/languages/java
jars=${CRUX_JARS:-/usr/share/java}
jna=$jars/jna.jar
junit=$jars/junit4.jar
tests=$junit:$jars/hamcrest.jar
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

# The home of a Java that has java.lang.foreign, that is 22 or later, with a compiler; nothing if there is none.
java22() {
    for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
        version=$("$home/bin/javac" -version 2>&1) || continue
        version=${version#javac }
        [ "${version%%.*}" -ge 22 ] 2>/dev/null || continue
        echo "$home"
        return
    done
}

# Compiles the package into $out/classes, and what is for Java 22 into $out/classes22 if there is one.
classes() {
    new=$(java22)
    rm -rf "$out/classes" "$out/classes22"
    mkdir -p "$out/classes"
    javac --release 8 -encoding UTF-8 -Xlint:all,-options -Werror -cp "$jna" -d "$out/classes" src/main/java/org/libcrux/*.java
    [ -n "$new" ] || return 0
    "$new/bin/javac" --release 22 -encoding UTF-8 -Xlint:all,-restricted -Werror -cp "$out/classes" -d "$out/classes22" \
        src/main/java22/org/libcrux/*.java
}

# Puts a copy of the library $1 where the package looks for its own, below the folder $2.
copy_library() {
    machine=$(uname -m)
    [ "$machine" != x86_64 ] || machine=x86-64
    folder=$2/org/libcrux/native/linux-$machine
    mkdir -p "$folder"
    cp -L "$1" "$folder/libcrux.so"
}
