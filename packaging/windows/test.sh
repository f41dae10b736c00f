#!/bin/sh
# Tests the library for Windows under Wine: packaging/windows/test.sh WIDTH. Its last line is
# "windows x64: 300 passed, 0 failed, 20 skipped (why)". What build.sh has made is tested as it is shipped; the sandbox
# runs outside Wine, on loopback, which they share.
set -eu
cd "$(dirname "$0")/../.."
width=$1
. packaging/windows/common.sh
wine="sh packaging/windows/wine.sh $width"
sandbox=target/debug/examples/sandbox
logs=target/windows/logs-$width
work=target/windows/test-$width
rm -rf "$logs" "$work"
mkdir -p "$logs" "$work/include"
passed=0 failed=0 skipped=0 reasons=

count() { # NAME PASSED FAILED SKIPPED
    echo "$width $1: $2 passed, $3 failed, $4 skipped"
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
}

because() { # REASON
    case $reasons in *"$1"*) ;; *) reasons="$reasons${reasons:+; }$1" ;; esac
}

# Runs a program that counts; its last line is "PASSED FAILED SKIPPED". One that ends without it, or badly after it, has
# failed.
counted() { # NAME COMMAND...
    name=$1 code=0
    shift
    timeout 600 "$@" >"$logs/$name" 2>&1 || code=$?
    line=$(tr -d '\r' <"$logs/$name" | tail -n 1)
    case $line in
    [0-9]*' 0 '[0-9]*)
        [ "$code" = 0 ] || {
            echo "$width $name ended with $code" >&2
            line="${line%% *} 1 ${line##* }"
        }
        ;;
    [0-9]*' '[0-9]*' '[0-9]*) ;;
    *) line='0 1 0' && tail -n 20 "$logs/$name" >&2 ;;
    esac
    grep FAILED "$logs/$name" >&2 || true
    # shellcheck disable=SC2086  # three numbers
    count "$name" $line
}

also() { # NAME COMMAND...
    name=$1
    shift
    if "$@" >"$logs/$name" 2>&1; then count "$name" 1 0 0; else
        tail -n 5 "$logs/$name" >&2
        count "$name" 0 1 0
    fi
}

c() { # PROGRAM FLAGS... : built like a user's
    program=$1
    shift
    "$mingw-gcc-win32" -std=gnu99 -Wall -Wextra -Werror -D_WIN32_WINNT=0x0601 -Iinclude -o "$work/$program.exe" "$@"
}

[ -x "$sandbox" ] || { echo "packaging/windows/test.sh needs the sandbox: cargo build --example sandbox" >&2; exit 1; }
cp "$made"/*.dll "$work"
$wine wineboot --init >"$logs/wineboot" 2>&1 || true

# The DLLs as files: what they need of the system, and what they export.
imports() {
    for dll in "$made"/*.dll; do
        "$mingw-objdump" -p "$dll" | sed -n 's/.*DLL Name: //p' | tr a-z A-Z |
            grep -vxE 'ADVAPI32.DLL|BCRYPT.DLL|CRYPT32.DLL|KERNEL32.DLL|MSVCRT.DLL|NTDLL.DLL|USERENV.DLL|WS2_32.DLL' &&
            return 1
    done
    return 0
}
exports() { # NAME: exactly the names of the header, without decoration
    "$mingw-objdump" -p "$made/$1.dll" | sed -e '1,/Ordinal\/Name Pointer/d' -e '/^$/,$d' -e 's/.*[] ]//' | sort >"$work/$1.names"
    sed -n 's/^ *\(crux_[a-z_0-9]*\) = .*/\1/p' bindings/vb6/crux_std.def | sort | diff - "$work/$1.names"
}
also imports imports
also exports exports crux

# Programs of C, linked with each of the import libraries.
c contract packaging/windows/tests/contract.c "$made/libcrux.dll.a" -lws2_32 -ladvapi32 -lversion
counted contract "$sandbox" --shop $wine "$work/contract.exe"
c unload packaging/windows/tests/unload.c
counted unload "$sandbox" --shop $wine "$work/unload.exe"
c login examples-c/login.c "$made/crux.lib"
login() { [ "$(CRUX_PASSWORD='battery staple' "$sandbox" --run sh -c '"$@" crunch "$CRUX_SANDBOX_HTTP/api/" grace@example.com datasets/' \
    login $wine "$work/login.exe" | grep -c '"shoji:catalog"')" = 1 ]; }
also login-by-crux.lib login
pascal() {
    sh packaging/windows/pascal.sh "$width" "$work" bindings/pascal/examples/login.pas &&
        [ "$("$sandbox" --shop $wine "$work/login.exe" | wc -l)" = 7 ]
}
also pascal pascal
if [ "$width" = x64 ]; then
    # Wine's Windows is older than this Node wants.
    node() {
        CRUX_PASSWORD='battery staple' NODE_SKIP_PLATFORM_CHECK=1 NODE_PATH="$PWD/target/windows/node/node_modules" "$PWD/$sandbox" --run sh -c \
            'script=$1 out=$2 && shift 2 && cd "${out%/*}" && "$@" "$script" "$CRUX_SANDBOX_HTTP/api/" grace@example.com "${out##*/}"' \
            node "$PWD/packaging/windows/examples/login.js" "$PWD/$work/node.json" sh "$PWD/packaging/windows/wine.sh" "$width" \
            "$PWD/target/windows/node/package/bin/node.exe" &&
            grep '"shoji:catalog"' "$work/node.json"
    }
    if command -v npm >/dev/null 2>&1 || [ -n "${CRUX_CHECK_ALL:-}" ]; then also node node; else
        count node 0 0 1
        because 'there is no npm to fetch Node with'
    fi
    # The package of C#, under .NET. The console has the letters of one code page.
    ascii() { LC_ALL=C tr -d '\r?\200-\377' <"$1"; }
    dotnet() {
        app=$PWD/$work/dotnet
        mkdir -p "$app/runtimes/win-x64/native"
        cp "$made/crux.dll" "$app/runtimes/win-x64/native"
        cp bindings/csharp/tools/Tour.runtimeconfig.json "$app"
        sh bindings/csharp/build.sh &&
            sh bindings/csharp/tools/retarget.sh target/languages/csharp/build/Crux.dll "$app/Crux.dll" &&
            sh bindings/csharp/tools/compile.sh "-r:$app/Crux.dll,netstandard.dll" "-out:$app/Tour.dll" bindings/csharp/examples/Tour.cs &&
            (cd "$app" && "$OLDPWD/$sandbox" --shop sh "$OLDPWD/packaging/windows/wine.sh" "$width" \
                "$OLDPWD/target/windows/dotnet/dotnet.exe" "$app/Tour.dll") >"$work/tour" &&
            ascii bindings/tour.txt >"$work/tour.expected" && ascii "$work/tour" | diff "$work/tour.expected" -
    }
    if [ -e target/windows/dotnet/dotnet.exe ] || [ -n "${CRUX_CHECK_ALL:-}" ]; then also dotnet dotnet; else
        count dotnet 0 0 1
        because 'there is no mono to compile C# with, or no .NET to run it'
    fi
fi
if [ "$width" = x86 ]; then
    also exports-of-the-twin exports crux_std
    # As it is written: the stack pointer is what is looked at.
    c stdcall -O0 -fno-omit-frame-pointer packaging/windows/tests/stdcall.c
    counted stdcall "$sandbox" --shop $wine "$work/stdcall.exe"
fi

# The window, on a screen of its own: it lists the datasets, saves the first and ends.
c window -municode -mwindows examples-c/windows/window.c "$made/libcrux.dll.a" -lcomctl32 -lgdi32
window() {
    Xvfb -displayfd 3 -screen 0 800x600x24 3>"$work/display" 2>/dev/null &
    screen=$!
    until [ -s "$work/display" ] || ! kill -0 $screen 2>/dev/null; do sleep 0.1; done
    # shellcheck disable=SC2016  # variables of the inner shell
    DISPLAY=:$(cat "$work/display") CRUX_PASSWORD='battery staple' timeout 120 "$sandbox" --run sh -c \
        'file=$1 && shift && "$@" "$CRUX_SANDBOX_HTTP/api/" grace@example.com "$file" --once' \
        window "$work/export.csv" $wine "$work/window.exe"
    code=$?
    kill $screen
    [ $code = 0 ] && [ -s "$work/export.csv" ] && [ ! -e "$work/export.csv.part" ]
}
also window window

# Every function with every bad argument, as tests/abi/misuse.rs has it.
misuse() {
    env -u RUSTC -u RUSTC_BOOTSTRAP -u CARGO_PROFILE_DEV_DEBUG -u CARGO_INCREMENTAL CARGO_TARGET_DIR="$PWD/target" \
        WIDTH="$width" CRUX_CROSS="$PWD/packaging/windows/cross.sh" \
        "${CARGO:-cargo}" test --test abi -- --exact misuse::no_argument_does_harm | tee "$work/misuse" >&2
    grep -q '^test result: ok. 1 passed' "$work/misuse"
}
also misuse misuse

# The cases of all languages, through crux.hpp.
ln -sf /usr/include/nlohmann "$work/include/nlohmann"
"$mingw-g++-posix" -std=c++17 -O1 -Wall -Wextra -Werror -Iinclude -I"$work/include" -static -o "$work/cases.exe" \
    bindings/cpp/tests/main.cpp bindings/cpp/tests/data.cpp bindings/cpp/tests/own.cpp bindings/cpp/tests/system.cpp "$made/libcrux.dll.a" -lbcrypt
counted cases "$sandbox" --shop $wine "$work/cases.exe" bindings/cases.json
because 'a linked program has no loader of its own, and there is no fork'

# The suite of the library itself.
sh packaging/windows/suite.sh "$width" "$logs" >"$work/suite" || count suite 0 1 0
while read -r name right wrong ignored; do
    count "suite-$name" "$right" "$wrong" "$ignored"
done <"$work/suite"
because 'five gigabytes take too long'
# What only Unix has is not built: C compilers, forks, signals, modes of files, /proc.
unix=$(awk '
    /^#\[cfg\(unix\)\]$/ { marked = 1; next }
    marked && /^mod [a-z_]*;/ { name = $2; sub(/;/, "", name); folder = FILENAME; sub(/main.rs$/, "", folder)
        file = folder name ".rs"; while ((getline line < file) > 0) if (line ~ /^#\[test\]$/) all++ }
    marked && /^#\[test\]$/ { all++ }
    { marked = 0 }
    # The matrix of misuse has been counted.
    END { print all - 1 }' tests/abi/*.rs tests/files/*.rs tests/replies/*.rs tests/secrets/*.rs tests/services/*.rs tests/session/*.rs tests/wire/*.rs)
hosts=$(cat tests/host/*.rs tests/examples/*.rs tests/house/*.rs tests/install/*.rs | grep -c '^#\[test\]$')
count unix-only 0 0 $((unix + hosts))
because "$((unix + hosts)) tests are about Unix: its compilers, forks, signals, modes of files, /proc, terminals"

echo "windows $width: $passed passed, $failed failed, $skipped skipped ($reasons)"
[ "$failed" = 0 ]
