#!/usr/bin/env python3
"""The table: libcrux beside libcurl, raw sockets and Python requests, on loopback.

    benches/run.py            the short form, under three minutes once everything is built
    benches/run.py --long     three times the rounds, four times the requests
    benches/run.py --counts   with the exact counts of all clients
    benches/run.py --exact    nothing but what is exact: the counts of all clients, and the sizes
    benches/run.py WORD ...   only the rows whose name holds one of the words

Clients take turns, so that what disturbs the machine disturbs all of them alike. Server and client share a
core, which is the stable arrangement; in rows with threads the client has the other cores. The long form and the exact one leave what they found in
results.json, which tests/prove/figures.py holds against the pages."""

import datetime
import json
import os
import platform
import statistics
import subprocess
import sys

import counts
import server
import tools

CLIENTS = ("crux", "curl", "curl8", "raw", "requests")

# name, kind, server, path, requests in a round, threads, what is compared, clients left out, goals by client
ROWS = [
    ("small GET, HTTP", "get", "http", "small", 2000, 1, "cpu", "", {"curl": 0.62, "curl8": 0.85, "raw": 1.40, "requests": 1 / 15}),
    ("small GET, HTTPS", "get", "https", "small", 2000, 1, "cpu", "", {"curl": 0.55, "curl8": 0.80, "raw": 1.20, "requests": 1 / 15}),
    ("GET, 1 response header, HTTP", "get", "bare", "small", 2000, 1, "cpu", "requests", {"curl": 0.62}),
    ("GET, 7 response headers, HTTP", "get", "http", "headers/7", 2000, 1, "cpu", "requests", {"curl": 0.62}),
    ("GET, 20 response headers, HTTP", "get", "http", "headers/20", 2000, 1, "cpu", "requests", {"curl": 0.50}),
    ("GET, 20 response headers, HTTPS", "get", "https", "headers/20", 2000, 1, "cpu", "requests", {"curl": 0.50}),
    ("GET, 10 headers of its own, HTTP", "own", "http", "small", 2000, 1, "cpu", "requests", {}),
    ("small POST, HTTP", "post", "http", "small", 2000, 1, "cpu", "", {"curl": 0.65, "raw": 1.15}),
    ("small POST, HTTPS", "post", "https", "small", 2000, 1, "cpu", "", {"curl": 0.58, "raw": 1.00}),
    ("1 MiB, HTTP", "get", "http", "mib.bin", 40, 1, "cpu", "requests", {}),
    ("1 MiB, HTTPS", "get", "https", "mib.bin", 40, 1, "cpu", "requests", {"curl": 0.70, "curl8": 0.90}),
    ("gzip of 1 MiB, HTTP", "get", "http", "text.json", 20, 1, "cpu", "raw requests", {"curl": 0.50, "curl8": 0.55}),
    ("gzip of 1 MiB, HTTPS", "get", "https", "text.json", 20, 1, "cpu", "raw requests", {"curl": 0.50, "curl8": 0.55}),
    ("256 MiB download, HTTP", "download", "http", "huge.bin", 1, 1, "cpu", "requests", {"curl": 0.80, "curl8": 0.95}),
    ("256 MiB download, HTTPS", "download", "https", "huge.bin", 1, 1, "cpu", "requests", {"curl": 0.70, "curl8": 1.00}),
    ("64 MiB upload, HTTP", "put", "http", "put/x", 2, 1, "cpu", "requests", {"curl": 0.75, "curl8": 0.80}),
    ("64 MiB upload, HTTPS", "put", "https", "put/x", 2, 1, "cpu", "requests", {"curl": 0.70, "curl8": 1.00}),
    ("64 MiB POST, body in each, HTTP", "upload", "http", "post/x", 2, 1, "cpu", "requests", {"curl": 0.75}),
    ("64 MiB POST, body in each, HTTPS", "upload", "https", "post/x", 2, 1, "cpu", "requests", {"curl": 0.70}),
    ("new connection, HTTP", "fresh", "http", "small", 300, 1, "wall", "requests", {}),
    ("new connection, TLS in full", "fresh", "full", "small", 100, 1, "wall", "requests", {"curl": 0.50, "curl8": 0.60}),
    ("new connection, TLS resumed", "fresh", "https", "small", 100, 1, "wall", "requests", {"curl": 0.50, "curl8": 0.60}),
    ("2 threads, HTTP", "threads", "http", "small", 4000, 2, "wall", "requests", {}),
    ("2 threads, HTTPS", "threads", "https", "small", 4000, 2, "wall", "requests", {}),
    ("8 threads, HTTP", "threads", "http", "small", 4000, 8, "wall", "requests", {"curl": 0.75, "curl8": 0.85}),
    ("8 threads, HTTPS", "threads", "https", "small", 4000, 8, "wall", "requests", {"curl": 0.70, "curl8": 0.75}),
    ("bursts of 8, HTTP", "burst", "http", "small", 2000, 8, "wall", "requests", {"curl": 1.00}),
    ("bursts of 8, HTTPS", "burst", "https", "small", 2000, 8, "wall", "requests", {"curl": 1.00}),
    ("cold start, one HTTPS GET", "cold", "https", "small", 1, 1, "whole_wall", "", {"curl": 0.50, "curl8": 0.50}),
    ("the same, with the system's roots", "cold", "https", "small", 1, 1, "whole_wall", "raw requests", {}),
    ("peak memory, 10,000 HTTPS GETs", "get", "https", "small", 10000, 1, "rss", "requests", {"curl": 0.40, "curl8": 0.40}),
]
RESULTS = f"{tools.HERE}/results.json"
SIZE_GOAL = 0.45
INSTRUCTIONS_GOAL = 0.45


def verdict(ratio, goal):
    return f"≤ {goal:.2f} {'met' if ratio <= goal else 'MISSED'}"


class Row:
    def __init__(self, row):
        self.name, self.kind, self.server, self.path, self.count, self.threads, self.what, self.without, self.goals = row
        self.seen = {}

    def run(self, client, command, web, times):
        heavy = self.what in ("rss", "whole_wall") or self.path in ("huge.bin", "put/x", "post/x")
        number = self.count if heavy else self.count * times
        if client == "requests":
            number = max(1, number // 20)
        base = web.bases[self.server]
        roots = "roots.pem" if "roots" in self.name else "ca.pem"
        arguments = [self.kind, base, self.path, number]
        cores = {web.core}
        if self.threads > 1:
            arguments.append(self.threads)
            cores = os.sched_getaffinity(0) - cores or cores
        run = tools.Run(command, arguments, f"{web.folder}/{roots}", cores)
        value = getattr(run, self.what)
        self.seen.setdefault(client, []).append(value / (number if self.what in ("cpu", "wall") else 1))

    def line(self):
        unit = {"rss": "MiB", "whole_wall": "ms"}.get(self.what, "µs")
        scale = {"MiB": 1024, "ms": 1000, "µs": 1}[unit]
        cells = []
        for client in CLIENTS:
            values = self.seen.get(client)
            if not values:
                cells.append(f"{'-':>16}")
                continue
            middle = statistics.median(values)
            spread = statistics.median(abs(v - middle) for v in values) / middle
            cells.append(f"{middle / scale:>10,.1f} ±{spread:>3.0%}")
        ratios = [f"{self.ratio(other):>7.2f}" if self.ratio(other) else f"{'-':>7}" for other in CLIENTS[1:]]
        verdicts = [
            f"{'' if other == 'curl' else other + ' '}{verdict(self.ratio(other), goal)}"
            for other, goal in self.goals.items()
            if self.ratio(other)
        ]
        what = {"cpu": "CPU", "wall": "wall", "whole_wall": "wall", "rss": ""}[self.what]
        return f"{self.name:<34}{what:<5}{unit:<4}{''.join(cells)}  |{''.join(ratios)}  {', '.join(verdicts)}"

    def ratio(self, other):
        """Of rounds that ran side by side, not of medians: what came and went in between cancels out."""
        pairs = list(zip(self.seen.get("crux", []), self.seen.get(other, [])))
        return statistics.median(a / b for a, b in pairs) if pairs else None


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":")[1].strip()
                break
    return f"{datetime.date.today()}, {model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def keep(part, found, rows=None):
    """Leaves what one form has found in results.json; the other form's part stays, and so do other rows than these."""
    kept = {}
    if os.path.exists(RESULTS):
        with open(RESULTS) as file:
            kept = json.load(file)
    if rows:
        found = {**found, "ratios": {**kept.get(part, {}).get("ratios", {}), **found["ratios"]}}
    kept[part] = {"machine": machine(), **found}
    with open(RESULTS, "w") as file:
        json.dump(kept, file, indent=2, sort_keys=True)
        file.write("\n")


def sizes():
    """The library as it is shipped, beside what libcurl loads: prints both, and returns their bytes."""
    shipped = f"{tools.TARGET}/libcrux/{platform.machine()}-unknown-linux-gnu/lib/libcrux.so"
    if not os.path.exists(shipped):
        tools.skip("the size of the library", "make dist has not made it")
        return {}
    ours = os.path.getsize(shipped)
    listing = subprocess.run(["ldd", f"{tools.BUILT}/client_curl"], capture_output=True, text=True).stdout
    theirs = 0
    for line in listing.splitlines():
        words = line.split()
        if len(words) > 2 and words[0].split(".so")[0] in ("libcurl", "libssl", "libcrypto", "libz"):
            theirs += os.path.getsize(os.path.realpath(words[2]))
    mib = 1 << 20
    print(f"library as make dist makes it: {ours / mib:.2f} MiB", end="")
    if theirs:
        ratio = ours / theirs
        print(f"; libcurl with ssl, crypto and z: {theirs / mib:.2f} MiB; ratio {ratio:.2f}  {verdict(ratio, SIZE_GOAL)}")
    else:
        print()
    return {"crux": ours, "curl": theirs}


def show_counts(made, web):
    table = {c: counts.measure(made[c], web, f"{web.folder}/ca.pem") for c in CLIENTS if c in made and c != "requests"}
    print(f"\n{'exact, per request':<38}{''.join(f'{c:>10}' for c in table)}")
    for name in table["crux"]:
        print(f"{name:<38}{''.join(f'{t[name]:>10,}' for t in table.values())}", end="")
        if name.endswith("instructions") and "curl" in table:
            ratio = table["crux"][name] / table["curl"][name]
            print(f"  | {ratio:.2f} of curl", end="")
            if name.endswith(" get instructions"):
                print(f"  {verdict(ratio, INSTRUCTIONS_GOAL)}", end="")
        print()
    return table


def main():
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    is_long, is_exact = "--long" in sys.argv, "--exact" in sys.argv
    rounds, times = (15, 4) if is_long else (5, 1)
    if not tools.has("nginx"):
        sys.exit(77)
    made = tools.build(*CLIENTS)
    rows = [Row(row) for row in ROWS if not is_exact and (not words or any(word in row[0] for word in words))]
    core = max(os.sched_getaffinity(0))
    with server.Server(core) as web:
        web.core = core
        print(f"{machine()}\nrounds: {rounds}; medians and median deviations; ratios are libcrux ÷ the other\n")
        print(f"{'':<43}{''.join(f'{c:>16}' for c in CLIENTS)}  |{''.join(f'{c[:7]:>7}' for c in CLIENTS[1:])}")
        for row in rows:
            for turn in range(rounds):
                order = [c for c in CLIENTS if c in made and c not in row.without.split()]
                for client in order if turn % 2 == 0 else reversed(order):
                    row.run(client, made[client], web, times)
            print(row.line(), flush=True)
        sizes_found = {} if words else sizes()
        exact = {"bytes": sizes_found} if sizes_found else {}
        if "--counts" in sys.argv or is_long or not words:
            os.sched_setaffinity(0, {core})
            exact["counts"] = show_counts(made, web)
    if not words and (is_long or is_exact):
        keep("exact", exact)
    if is_long:
        ratios = {row.name: {other: row.ratio(other) for other in CLIENTS[1:] if row.ratio(other)} for row in rows}
        keep("long", {"rounds": rounds, "ratios": ratios}, words)
    for line in tools.skipped:
        print(f"*** {line}")


if __name__ == "__main__":
    main()
