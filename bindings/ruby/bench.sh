#!/bin/sh
# Compares what a small GET costs through libcrux and through Net::HTTP; bindings/bench.sh sets the variables.
set -eu
cd "$(dirname "$0")"
CRUX_RUBY_BUILT=$(cd ../.. && pwd)/target/languages/ruby
export CRUX_RUBY_BUILT
rake compile >&2
exec ruby -Ilib -I"$CRUX_RUBY_BUILT/lib" bench.rb
