#!/usr/bin/env python3
"""Makes one table of what the bench.sh of all languages have printed: bindings/bench.py FILE

Each line stands for one turn: "go: one at a time: 20.1 against 35.8 of net/http". Of the turns the medians count; the
ratio is the median of the turns' own ratios, so that what else the computer does cancels out.
"""
import re
import statistics
import sys

# Language, measure, client, and what the ratio shall be at most.
GOALS = {
    ("cpp", "one at a time", "the C functions"): 1.05,
    ("csharp", "one at a time", "HttpClient"): 0.60,
    ("csharp", "100 at once", "HttpClient"): 0.60,
    ("go", "one at a time", "net/http"): 0.45,
    ("go", "100 at once", "net/http"): 0.45,
    ("java", "one at a time", "java.net.http"): 0.15,
    ("java", "100 at once", "java.net.http"): 0.15,
    ("java", "one at a time, java.lang.foreign", "java.net.http"): 0.15,
    ("java", "100 at once, java.lang.foreign", "java.net.http"): 0.15,
    ("node", "one at a time", "undici"): 0.75,
    ("node", "100 at once", "undici"): 0.75,
    ("python", "one at a time", "requests"): 0.10,
    ("python", "asyncio, one at a time", "aiohttp"): 0.90,
    ("python", "asyncio, 100 at once", "aiohttp"): 0.90,
    ("r", "one at a time", "curl"): 0.60,
    ("r", "100 at once", "curl"): 0.60,
    ("r", "one at a time", "httr"): 0.03,
    ("ruby", "one at a time", "Net::HTTP"): 0.35,
    ("ruby", "100 at once", "Net::HTTP"): 0.35,
}
TURN = re.compile(r"(\S+): (.+): ([\d.]+) against ([\d.]+) of (.+)")
MEMORY = re.compile(r"(\S+): (.+): ([\d.]+) MiB after ([\d]+) requests, ([\d.]+) after ([\d]+)")


def main():
    turns, memory, skipped = {}, [], []
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in map(str.strip, file):
            if turn := TURN.fullmatch(line):
                language, measure, ours, theirs, client = turn.groups()
                turns.setdefault((language, measure, client), []).append((float(ours), float(theirs)))
            elif found := MEMORY.fullmatch(line):
                memory.append(found.groups())
            else:
                skipped.append(line)

    print("CPU of a small GET, its JSON decoded, in µs")
    print(f"{'':9}{'':34}{'libcrux':>8}{'other':>8}  {'':20}{'ratio':>6}{'goal':>6}")
    for row, pairs in turns.items():
        language, measure, client = row
        ours, theirs = (statistics.median(side) for side in zip(*pairs))
        ratio = statistics.median(own / other for own, other in pairs)
        goal = GOALS.get(row)
        verdict = "" if goal is None else f"{goal:6.2f}  " + ("met" if ratio <= goal + 0.005 else "MISSED")
        print(f"{language:9}{measure:34}{ours:8.1f}{theirs:8.1f}  {client:20}{ratio:6.2f}{verdict}")
    if memory:
        print("\nMemory of the process, in MiB")
    for language, measure, early, few, late, many in memory:
        print(f"{language:9}{measure:34}{early:>8} after {int(few):,}, {late} after {int(many):,} requests")
    for line in skipped:
        print(line)


if __name__ == "__main__":
    main()
