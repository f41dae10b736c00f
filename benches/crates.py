#!/usr/bin/env python3
"""Whose code the library consists of: the bytes of its functions, by the crate that a function belongs to.

    benches/crates.py [LIBRARY]   target/release/libcrux.so, which make bench has built

A function of the standard library that was made for a type of a crate counts as that crate's."""

import collections
import re
import subprocess
import sys

import tools

# What stands for several crates, by what names of functions begin with.
FAMILIES = {
    "crux": "libcrux", "ring_core": "ring", "ring": "ring", "core": "Rust's standard library", "alloc": "Rust's standard library",
    "std": "Rust's standard library", "hashbrown": "Rust's standard library", "rustls": "rustls", "webpki": "rustls",
    "gimli": "back-traces", "addr2line": "back-traces", "object": "back-traces", "miniz_oxide": "back-traces",
    "rustc_demangle": "back-traces",
}
CRATE = re.compile(r"(?<![\w:>])(\w+)::")
LEAST = 50_000


def family(name):
    """Whose a function is: the first crate in its name that is not of the standard library, else that."""
    if re.match(r"crux_\w+$", name):
        return "libcrux"
    if name.startswith("ring_core_"):
        return "ring"
    crates = [FAMILIES.get(crate, crate) for crate in CRATE.findall(name)]
    own = [crate for crate in crates if crate != "Rust's standard library"]
    return own[0] if own else crates[0] if crates else "Rust's standard library" if name.startswith("<") else "others"


def main():
    library = sys.argv[1] if len(sys.argv) > 1 else f"{tools.RELEASE}/libcrux.so"
    table = subprocess.run(["nm", "-S", "--demangle", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    bytes_of = collections.Counter()
    for line in table.splitlines():
        address, *rest = line.split(" ", 3)
        if len(rest) == 3 and rest[1] in "tTwW":
            bytes_of[family(rest[2])] += int(rest[0], 16)
    for name, size in bytes_of.most_common():
        if size >= LEAST:
            print(f"{name:28}{size / 1000:>8.0f} KB")
    print(f"{'all':28}{sum(bytes_of.values()) / 1000:>8.0f} KB")


if __name__ == "__main__":
    main()
