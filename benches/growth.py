#!/usr/bin/env python3
"""Growth: whether the cost of a request stays what it is when there is more of everything around it.

    benches/growth.py [--long]"""

import json
import os
import subprocess
import sys

import server
import tools


def make_catalogue(name, mib):
    """One JSON document of many small products."""
    size = 0
    with open(name, "w") as file:
        size += file.write('{"products":[')
        number = 0
        while size < mib << 20:
            product = {"id": number, "name": f"product {number}", "price": "12.50", "tags": ["a", "b"]}
            size += file.write(("," if number else "") + json.dumps(product))
            number += 1
        file.write(f'],"count":{number}}}')


def make_rows(name, count):
    with open(name, "w") as file:
        json.dump([{"id": number, "name": f"row {number}"} for number in range(count)], file, separators=(",", ":"))


def show(title, columns, program, kind, base, path, most):
    print(f"\n{title}\n  {columns[0]:>28}{columns[1]:>22}{columns[2]:>22}", flush=True)
    command = [program, kind, base, path, str(most)]
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        first, cost, memory = line.rsplit(" ", 2)
        print(f"  {first:>28}{cost:>22}{memory:>22}", flush=True)


def main():
    long = "--long" in sys.argv
    if not tools.has("nginx"):
        sys.exit(77)
    program = tools.growth_client()
    core = max(os.sched_getaffinity(0))
    with server.Server(core) as web:
        api = f"{web.folder}/files/api"
        for kib in (64, 256, 1024, 4096, 16384, 65536):
            with open(f"{api}/body{kib}", "wb") as file:
                file.truncate(kib << 10)
        make_catalogue(f"{api}/catalogue.json", 100)
        make_rows(f"{api}/rows.json", 100_000)
        each = ("CPU µs each", "memory, KiB")
        # A single thread mostly wakes its core up; more of them keep it awake.
        show("threads on one client, all cores", ("threads", *each), program, "threads", web.http, "small", 32)
        os.sched_setaffinity(0, {core})
        show("threads on one client, one core", ("threads", *each), program, "threads", web.http, "small", 32)
        most = 1_000_000 if long else 100_000
        show("requests one after the other", ("up to", *each), program, "requests", web.http, "small", most)
        show("responses that are kept", ("kept", *each), program, "live", web.http, "small", 10_000)
        columns = ("way", "CPU µs each", "÷ crux_request")
        show("ways to the same response", columns, program, "ways", web.http, "small", 16_000)
        units = ("KiB", "CPU µs for each MiB", "memory, KiB")
        show("body in memory", units, program, "body", web.http, "body", 65536)
        units = ("pointer", "CPU µs", "memory added, KiB")
        show("JSON of 100 MiB, asked in this order", units, program, "json", web.http, "catalogue.json", 0)
        units = ("nodes", "CPU ms", "memory added ÷ body")
        show("JSON, each node by its own pointer", units, program, "nodes", web.http, "rows.json", 100_000)
    for line in tools.skipped:
        print(f"*** {line}")


if __name__ == "__main__":
    main()
