#!/bin/sh
# Compares what a small GET costs through libcrux and through net/http; bindings/bench.sh sets the variables.
set -eu
cd "$(dirname "$0")/../.."
. bindings/go/env.sh
cd bindings/go
go build -o "$languages/bench" bench.go
exec "$languages/bench"
