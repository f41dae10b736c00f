#!/bin/sh
# Builds the Go package against the installed library and runs its tests: all of them once as they are, once under the
# race detector with the collector and cgo's checks at their strictest, and once with the static library. The last line
# is "go: N passed, N failed, N skipped (why)"; the second and the third run count as one test each.
set -u
cd "$(dirname "$0")/../.."
. bindings/go/env.sh
: "${CRUX_CASES:=$PWD/bindings/cases.json}"
export CRUX_CASES
log=$languages/tests.log
mkdir -p "$languages"
cd bindings/go || exit 1
passed=0 failed=0
count() {
    echo "== $1"
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
sandboxed() { "$CRUX_SANDBOX" --shop env "$@"; }
is_formatted() { [ -z "$("$(go env GOROOT)/bin/gofmt" -l ./*.go examples/*.go)" ]; }
vets() { go vet . && (cd examples && go vet tour.go && go vet login.go); }

count 'gofmt' is_formatted
count 'go vet' vets
echo '== go test'
sandboxed go test -count=1 -v . >"$log" 2>&1
code=$?
cat "$log"
# A test that has parts is not counted itself.
counted() { grep -E "^ *--- $1: " "$log" | grep -cv -- "^--- $1: TestCases "; }
passed=$((passed + $(counted PASS))) failed=$((failed + $(counted FAIL))) skipped=$(counted SKIP)
[ "$code" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
why=$(sed -n 's/.*_test\.go:[0-9]*: \(a Go program cannot fork[^;]*\);.*/\1/p' "$log" | head -n 1)
count 'race detector, GOGC=1, cgocheck2' \
    sandboxed GOGC=1 GOEXPERIMENT=cgocheck2 go test -race -count=1 .
count 'static library' \
    sandboxed CGO_LDFLAGS="-L$CRUX_PREFIX/lib" go test -tags crux_static -count=1 -run 'TestCases|TestTour' .

echo "go: $passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped (${why:-see the log})")"
[ "$failed" -eq 0 ]
