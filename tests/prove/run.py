#!/usr/bin/env python3
"""Runs the program behind every promise, and prints a line for each: tests/prove/run.py [--long] [NAME...].

promises.tsv is the table. A program gets PROVE=short or PROVE=long; its last line of output says what it measured. It ends
with 0 if the promise holds and with 77 if this machine cannot try it. What it printed is in target/prove/NAME.log.
"""

import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LOGS = ROOT / "target" / "prove"
SKIPPED = 77


def promises():
    """The rows of the table: name, promise, command."""
    rows = [line.split("\t") for line in (HERE / "promises.tsv").read_text().splitlines()]
    return [tuple(row) for row in rows[1:]]


def run(name, command, form):
    """Runs one program; its verdict and its last line."""
    log = LOGS / f"{name}.log"
    began = time.monotonic()
    with log.open("wb") as out:
        code = subprocess.call(
            ["sh", "-c", command], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env={**os.environ, "PROVE": form},
        )
    lines = log.read_text(errors="replace").strip().splitlines()
    verdict = {0: "holds", SKIPPED: "skipped"}.get(code, "FAILED")
    if verdict == "FAILED":
        print("\n".join(lines[-20:]), file=sys.stderr)
    last = lines[-1] if lines else "it printed nothing"
    print(f"{name}: {verdict}: {last} ({time.monotonic() - began:.0f} s)", flush=True)
    return verdict


def main():
    form = "long" if "--long" in sys.argv else "short"
    wanted = [word for word in sys.argv[1:] if word != "--long"]
    table = promises()
    unknown = set(wanted) - {name for name, _, _ in table}
    if unknown:
        sys.exit(f"No promise is named {', '.join(sorted(unknown))}; tests/prove/promises.tsv has them all.")
    LOGS.mkdir(parents=True, exist_ok=True)
    verdicts = [run(name, command, form) for name, _, command in table if not wanted or name in wanted]
    held, skipped = verdicts.count("holds"), verdicts.count("skipped")
    failed = len(verdicts) - held - skipped
    print(f"prove: {held} held, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


sys.exit(main())
