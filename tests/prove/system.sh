#!/bin/sh
# Every call of the system that fails is an outcome: driver.c runs the flows of flows.c with faults.c before the C library,
# then under limits of memory, descriptors and files, then on a disk that is full.
set -eu
. "$(dirname "$0")/kit.sh"
need gcc gcc
build
folder=target/prove/system
mkdir -p $folder/disk
# shellcheck disable=SC2086  # lists of words
gcc $C $DRIVER -o $folder/driver -L"$LIBRARY" -lcrux "-Wl,-rpath,$LIBRARY"

part faults "$SANDBOX" --shop $folder/driver faults $folder/work "$(amount 700 0)"
part limits "$SANDBOX" --shop $folder/driver limits $folder/work "$(amount 8 200)"
# A disk of its own needs a mount, which only root may make.
if unshare --mount mount -t tmpfs none $folder/disk 2>/dev/null; then
    # shellcheck disable=SC2016  # for the inner shell
    part disk unshare --mount sh -c 'mount -t tmpfs -o size=4m none "$1/disk" && "$2" --shop "$1/driver" full "$1/disk"' \
        sh $folder "$SANDBOX"
else
    measured="$measured; full disk: not tried, it needs root"
fi
echo "$measured"
