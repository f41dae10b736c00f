# zig and cargo-zigbuild, from PyPI into target/zig-VERSIONS, for builds for other computers; to be sourced in the root of
# the tree.
zig_version=0.17.1 zigbuild_version=0.24.1
zig=$PWD/target/zig-$zig_version-$zigbuild_version
if [ ! -x "$zig/bin/cargo-zigbuild" ]; then
    python3 -m venv "$zig"
    "$zig/bin/pip" install --quiet ziglang==$zig_version cargo-zigbuild==$zigbuild_version ||
        { echo "ziglang and cargo-zigbuild are needed from PyPI, and could not be installed." >&2; exit 1; }
fi
PATH=$zig/bin:$PATH
export PATH
