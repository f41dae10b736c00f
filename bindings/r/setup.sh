#!/bin/sh
# Installs what the package needs to be built and tested and this machine lacks: R, a compiler, and four packages of R.
set -eu

missing=
command -v R >/dev/null 2>&1 && command -v cc >/dev/null 2>&1 && command -v make >/dev/null 2>&1 || missing=r-base-dev
for package in jsonlite testthat withr digest; do
    command -v Rscript >/dev/null 2>&1 &&
        Rscript -e "quit(status = !requireNamespace('$package', quietly = TRUE))" >/dev/null 2>&1 ||
        missing="$missing r-cran-$package"
done
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install:$missing" >&2
    exit 1
fi
echo "Installing: $missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086  # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
