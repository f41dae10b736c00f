#!/usr/bin/env python3
"""The counts that do not depend on the weather: instructions, system calls and allocations of small requests,
by the headers of their responses and by their own. Compared with baseline.json; `--rewrite` writes it anew. Fails if
anything has drifted."""

import json
import os
import sys

import server
import tools

BASELINE = f"{tools.HERE}/baseline.json"
ALLOWED = 0.03
# name, kind, server, path
ROWS = [
    ("http get", "get", "http", "small"),
    ("http get, 1 header", "get", "bare", "small"),
    ("http get, 7 headers", "get", "http", "headers/7"),
    ("http get, 20 headers", "get", "http", "headers/20"),
    ("http get, 10 own headers", "own", "http", "small"),
    ("http post", "post", "http", "small"),
    ("https get", "get", "https", "small"),
    ("https get, 20 headers", "get", "https", "headers/20"),
    ("https post", "post", "https", "small"),
]


def measure(command, web, ca):
    """All counts of one client, as {"http get instructions": …}."""
    counts = {}
    for place, kind, where, path in ROWS:
        arguments = [kind, web.bases[where], path]
        if tools.has("valgrind"):
            counts[f"{place} instructions"] = round(tools.instructions(command, arguments, ca))
        if tools.has("strace"):
            counts[f"{place} syscalls"] = round(tools.syscalls(command, arguments, ca))
        counts[f"{place} allocations"] = round(tools.allocations(command, arguments, ca))
    return counts


def main():
    if not tools.has("nginx"):
        sys.exit(77)
    client = tools.build("crux")["crux"]
    # One core for both: then a response is whole when the client looks, and nothing is counted twice.
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    with server.Server(core) as web:
        now = measure(client, web, f"{web.folder}/ca.pem")
    if "--rewrite" in sys.argv:
        with open(BASELINE, "w") as file:
            json.dump(now, file, indent=2)
            file.write("\n")
        print(f"{BASELINE} written")
    before = json.load(open(BASELINE))
    drifted = 0
    print(f"{'':38}{'recorded':>10}{'now':>10}{'change':>9}")
    for name, old in before.items():
        new = now.get(name)
        if new is None:
            print(f"{name:38}{old:>10}{'-':>10}  SKIPPED")
            continue
        change = new / old - 1
        bad = abs(change) > ALLOWED if name.endswith("instructions") else new != old
        drifted += bad
        print(f"{name:38}{old:>10}{new:>10}{change:>+9.1%}{'  DRIFTED' if bad else ''}")
    if drifted:
        print("\nIf the change is meant: benches/counts.py --rewrite, and say in the commit why.")
    sys.exit(1 if drifted else 0)


if __name__ == "__main__":
    main()
