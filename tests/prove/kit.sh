# What the scripts of the proof share; sourced by them. It goes to the root of the tree.
cd "$(dirname "$0")/../.." || exit 1
[ -n "${PROVE:-}" ] || PROVE=short
# What is built is expected here, whatever the environment says.
CARGO_TARGET_DIR=$PWD/target
export CARGO_TARGET_DIR
LIBRARY=$PWD/target/debug
SANDBOX=$LIBRARY/examples/sandbox
C='-std=gnu99 -g -O1 -Wall -Wextra -Werror -pthread -Iinclude'

DRIVER='tests/prove/driver.c tests/prove/trials.c tests/prove/flows.c tests/prove/faults.c tests/prove/limits.c'

# The first number, or in the long form the second.
amount() {
    if [ "$PROVE" = long ]; then echo "$2"; else echo "$1"; fi
}

# Ends the program as one that this machine cannot try.
skip() {
    echo "$*"
    exit 77
}

# Installs the Debian package $2 unless the command $1 is there.
need() {
    command -v "$1" >/dev/null 2>&1 && return
    as_root=
    [ "$(id -u)" = 0 ] || as_root='sudo -n'
    $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends "$2" >/dev/null || skip "$1 is not here, and the package $2 could not be installed"
}

# Runs a part of a program, named $1, in the program's `folder`; `measured` gets what its last line says.
measured=
part() {
    name=$1
    shift
    "$@" >"$folder/$name.log" 2>&1 || {
        cat "$folder/$name.log"
        echo "$name: wrong"
        exit 1
    }
    last=$(sed '/^$/d; s/^test result: ok. //; s/; 0 failed.*//' "$folder/$name.log" | tail -1)
    measured="$measured${measured:+; }$name: $last"
}

# Runs tests of a test program, $1, with the plain library, and the C programs that they build by SANITIZED_CC. It is no
# variable of cargo: it would build the C of ring anew by that.
programs() {
    tests=$(cargo test --no-run --test "$1" 2>&1 | sed -n 's/^ *Executable .*(\(.*\))$/\1/p')
    shift
    CC=$SANITIZED_CC "$tests" --quiet "$@"
}

# The library as it is tested, and the sandbox.
build() {
    cargo build --quiet --lib --example sandbox || exit 1
}

# cargo, with the sanitizer of build_sanitized. Sanitizers are of the nightly compiler; the stable one has them too, when it
# is asked like this. The C of ring is compiled with them as well.
sanitized() {
    with=$(echo "$host" | tr - _)
    command=$1
    shift
    env RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$sanitizer" CARGO_TARGET_DIR="$sanitized" "CC_$with=clang" \
        "CFLAGS_$with=-fsanitize=$sanitizer" cargo "$command" --target "$host" "$@"
}

# Builds the library with a sanitizer of Rust's, below target/prove/$1, and a C compiler for it: build_sanitized asan address
# ARGUMENTS FOR CARGO... Sets SANITIZED_CC, which links that library before any other. It also links the sanitizer's own
# library of Rust: clang's is of another version, and lacks functions that Rust's compiler calls.
build_sanitized() {
    sanitized=$PWD/target/prove/$1
    sanitizer=$2
    host=$(rustc -vV | sed -n 's/^host: //p')
    runtime=$(echo "$(rustc --print target-libdir)"/librustc-*_rt."$1".a)
    [ -e "$runtime" ] || skip "this Rust toolchain has no sanitizer $sanitizer"
    shift 2
    sanitized rustc --quiet --lib --crate-type cdylib "$@" || exit 1
    SANITIZED_CC=$sanitized/cc
    cat >"$SANITIZED_CC" <<END
#!/bin/sh
# clang with the sanitizer $sanitizer, for programs that use libcrux. Made by tests/prove/kit.sh.
exec clang -fsanitize=$sanitizer -fno-sanitize-link-runtime -Wno-unused-command-line-argument -g \\
    -L$sanitized/$host/debug -Wl,--disable-new-dtags,-rpath,$sanitized/$host/debug "\$@" \\
    -rdynamic -Wl,--whole-archive $runtime -Wl,--no-whole-archive -lpthread -ldl -lm -lrt
END
    chmod +x "$SANITIZED_CC"
}
