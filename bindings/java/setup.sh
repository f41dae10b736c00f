#!/bin/sh
# Installs what is missing to build and test the package: a compiler, JNA and JUnit. Java 22 or later is used if it is
# there, and not installed.
set -eu
cd "$(dirname "$0")"
. ./common.sh
set --
command -v javac >/dev/null || set -- "$@" default-jdk
# The example with a window: what Swing draws with, and a screen.
ls /usr/lib/jvm/*/lib/libawt_xawt.so >/dev/null 2>&1 || set -- "$@" default-jre
command -v Xvfb >/dev/null || set -- "$@" xvfb
command -v cc >/dev/null || set -- "$@" gcc libc6-dev
[ -e "$jna" ] || set -- "$@" libjna-java
[ -e "$junit" ] || set -- "$@" junit4
[ $# -eq 0 ] || $sudo apt-get install -y --no-install-recommends "$@"
