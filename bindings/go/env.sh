# Sets what the scripts of this folder share: the Go to use, no network, and the library to build with. To be sourced,
# in the root of the tree.
languages=$PWD/target/languages/go
command -v go >/dev/null 2>&1 || PATH=$languages/venv/bin:$PATH
: "${CRUX_PREFIX:=$PWD/target/libcrux/$(uname -m)-unknown-linux-gnu}"
PKG_CONFIG_PATH=$CRUX_PREFIX/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
LD_LIBRARY_PATH=$(dirname "${CRUX_LIBRARY:-$CRUX_PREFIX/lib/libcrux.so}")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
CGO_ENABLED=1 GOPROXY=off GOFLAGS=-mod=mod GOTOOLCHAIN=local GOWORK=off
export PATH PKG_CONFIG_PATH LD_LIBRARY_PATH CRUX_PREFIX CGO_ENABLED GOPROXY GOFLAGS GOTOOLCHAIN GOWORK
