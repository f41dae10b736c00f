#!/bin/sh
# A program of the baseline runs with the library of today: tests/prove/abi.sh [--record]
#
# abidiff compares today's library, built with debug information and linked as it is shipped, with tests/prove/baseline;
# programs in C and Pascal that were built on the baseline run with it, and today's bindings refuse an older one. That
# the comparison can fail is shown with libraries that differ. "--record" makes today's ABI the baseline.
set -eu
cd "$(dirname "$0")/../.."
old=$PWD/tests/prove/baseline
work=$PWD/target/prove/abi
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
abi() { python3 tests/prove/abi.py "$@"; }
die() {
    echo "abi: $*"
    exit 1
}

missing=
for pair in abidiff:abigail-tools fpc:fp-compiler luajit:luajit; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
# shellcheck disable=SC2086  # a list of words
[ -z "$missing" ] || {
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing fp-units-rtl fp-units-fcl; } >/dev/null 2>&1 || {
        echo "not tried: this machine lacks$missing, and Debian's packages cannot be installed"
        exit 77
    }
}

# Today's library. Types are of interest in the crate itself only.
mkdir -p "$work"
cargo rustc --quiet --lib --crate-type staticlib --target-dir "$work" \
    --config profile.dev.debug=0 --config 'profile.dev.package.libcrux.debug="full"'
sh packaging/link.sh "$work/debug/libcrux.a" "$work/made" "$version"
so=$work/made/libcrux.so.$version

# What abidw sees in a library, reduced to the functions of the header: seen LIBRARY FILE
seen() {
    abidw --debug-info-dir "$(dirname "$1")" --out-file "$2.whole" "$1"
    abi reduce "$2.whole" "$2"
}
# A library in C with the functions of a description and its debug information: made NAME DESCRIPTION CHANGE...
made() {
    name=$1
    shift
    abi library "$@" >"$work/$name.c"
    mkdir -p "$work/$name"
    cc -std=c99 -g -Wall -Wextra -Werror -shared -fPIC -Wl,-soname,libcrux.so.0 -Wl,--version-script=packaging/crux.map \
        "$work/$name.c" -o "$work/$name/libcrux.so.0"
}
# Whether programs of one ABI run with another; what was only added is no difference.
runs_with() { abidiff --no-added-syms "$1" "$2"; }

functions=$(seen "$so" "$work/today.xml")
if [ "${1:-}" = --record ]; then
    cp "$work/today.xml" "$old/abi.xml"
    cp include/crux.h include/crux.json bindings/pascal/cruxapi.pas "$old"
    echo "recorded: $functions functions of $version"
    exit
fi

echo "== the ABI against the baseline, and the header against the library"
runs_with "$old/abi.xml" "$work/today.xml" || die "the ABI of the baseline is broken"
abi grown "$old/crux.json" include/crux.json || die "crux.json has lost what programs build on"
made described include/crux.json
seen "$work/described/libcrux.so.0" "$work/described.xml" >/dev/null
abidiff "$work/today.xml" "$work/described.xml" || die "the library has another ABI than its header"

echo "== the comparison can fail"
# A change that must be found, and the word that abidiff has for it: found CHANGE WORD
found() {
    made other "$old/crux.json" "$1"
    seen "$work/other/libcrux.so.0" "$work/other.xml" >/dev/null
    if runs_with "$old/abi.xml" "$work/other.xml" >"$work/found" 2>&1; then die "abidiff has not found $1"; fi
    grep -q "$2.*crux_wait" "$work/found" || { cat "$work/found"; die "abidiff found something else than $1"; }
}
found wider=crux_wait '\[C\]'
found without=crux_wait '\[D\]'
made other "$old/crux.json" with=crux_newer
seen "$work/other/libcrux.so.0" "$work/other.xml" >/dev/null
runs_with "$old/abi.xml" "$work/other.xml" || die "a function more is no break"
sed 's/"key": "timeout/"key": "time/' include/crux.json >"$work/other.json"
if abi grown "$old/crux.json" "$work/other.json" >/dev/null; then die "the loss of options was not found"; fi

echo "== SONAME, symbol versions, Debian's symbols file"
readelf --dynamic --wide "$so" | grep -q 'SONAME.*\[libcrux\.so\.0\]' || die "its SONAME is not libcrux.so.0"
nm --dynamic --defined-only "$so" | sed -n 's/.* T //p' | sed 's/@@/@/' | LC_ALL=C sort >"$work/exported"
sh packaging/symbols.sh | sed -n 's/^ \(crux_[^ ]*\) .*/\1/p' | LC_ALL=C sort >"$work/listed"
diff "$work/exported" "$work/listed" || die "packaging/symbols.sh and the library differ"
sh packaging/symbols.sh "$old/crux.h" | grep '^ ' | LC_ALL=C sort >"$work/listed.old"
sh packaging/symbols.sh | grep '^ ' | LC_ALL=C sort >"$work/listed.new"
lost=$(LC_ALL=C comm -23 "$work/listed.old" "$work/listed.new")
[ -z "$lost" ] || die "Debian's symbols file lost or changed: $lost"

echo "== programs of the baseline with today's library"
CARGO_TARGET_DIR=$PWD/target cargo build --quiet --example sandbox
sandbox=$PWD/target/debug/examples/sandbox
export LD_LIBRARY_PATH="$work/made" CRUX_LIBRARY="$so" LC_ALL=C.UTF-8
made baseline "$old/crux.json"
{
    printf '#include "crux.h"\nstatic void (*const all[])(void) = {\n'
    sed -n 's/^[a-z].*[ *]\(crux_[a-z_0-9]*\)(.*/    (void (*)(void))\1,/p' "$old/crux.h" | sort -u
    printf '};\nextern const size_t functions_of_the_baseline;\nconst size_t functions_of_the_baseline = sizeof all / sizeof *all;\n'
} >"$work/all.c"
# The loader looks for every function when the program starts.
cc -std=c99 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -Werror -I"$old" "$old/program.c" "$work/all.c" \
    "$work/baseline/libcrux.so.0" -Wl,-z,now -o "$work/program-c"
fpc -v0we -Criot -O2 -Sew -Fu"$old" -FU"$work" -o"$work/program-pas" "$old/program.pas" >"$work/fpc.log" || {
    cat "$work/fpc.log"
    die "the Pascal program of the baseline does not compile"
}
c=$("$sandbox" --shop "$work/program-c") || die "the C program of the baseline: $c"
pascal=$("$sandbox" --shop "$work/program-pas") || die "the Pascal program of the baseline: $pascal"
if LD_LIBRARY_PATH=$work/other "$work/program-c" >/dev/null 2>&1; then die "the C program runs with any library"; fi

echo "== bindings refuse an older library in words"
made older "$old/crux.json" abi=0
refusing=
# A language, its command, and words that it must say: refuses LANGUAGE WORDS COMMAND...
refuses() {
    language=$1 words=$2
    shift 2
    if CRUX_LIBRARY=$work/older/libcrux.so.0 "$@" >"$work/said" 2>&1; then die "$language takes a library that is too old"; fi
    grep -q "$words" "$work/said" || { cat "$work/said"; die "$language refuses it in other words"; }
    CRUX_LIBRARY=$so "$@" >"$work/said" 2>&1 || { cat "$work/said"; die "$language refuses today's library"; }
    refusing="$refusing $language"
}
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=bindings/python refuses python 'edition 0, and this package needs edition [1-9]' \
    python3 -c 'import libcrux'
LUA_PATH='bindings/lua/?.lua;bindings/lua/?/init.lua' refuses lua 'CRUX_ABI is 0, and this package was made for [1-9]' \
    luajit -e 'require "crux"'
cat >"$work/older.pas" <<'PASCAL'
program older;
{$mode delphi}
uses {$ifdef unix}cwstring,{$endif} SysUtils, crux;
begin
  try
    CruxLogin('custom', GetEnvironmentVariable('CRUX_BASE'), '', '');
  except
    on E: ECrux do
      if Pos('has edition', E.Message) > 0 then begin WriteLn(E.Message); Halt(1); end;
  end;
end.
PASCAL
mkdir -p "$work/units"
fpc -v0we -O1 -Fubindings/pascal -FU"$work/units" -o"$work/older-pas" "$work/older.pas" >"$work/fpc.log" ||
    { cat "$work/fpc.log"; die "the unit crux does not compile"; }
refuses pascal 'has edition 0; this program needs edition [1-9]' "$work/older-pas"
# "make languages" tries all ten of them: the case library_too_old of bindings/cases.json.
cases=$(grep -l library_too_old -r bindings --include='*.py' --include='*.rb' --include='*.js' --include='*.lua' --include='*.go' \
    --include='*.java' --include='*.cs' --include='*.pas' --include='*.R' --include='*.cpp' | cut -d/ -f2 | sort -u | wc -l)

echo "$functions functions as in the baseline and as in the header, and two broken libraries found;" \
    "programs of the baseline: C $c, Pascal $pascal; an older library is refused by$refusing" \
    "(and in the case library_too_old of $cases languages)"
