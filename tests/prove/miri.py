#!/usr/bin/env python3
"""Runs unit tests of the library under miri, which sees undefined behaviour that happens to do no harm: tests/prove/miri.py

miri.tsv is the table: the tests of the short form, and those that miri cannot run, with the reason. The long form tries all
others as well, each for ten minutes at most, and names those that turn out to be beyond miri: they want a row. It ends with 77
if miri is not here; the last line says what was measured.
"""

import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LONG = os.environ.get("PROVE") == "long"
# How long a test may take, in seconds; on a quiet machine all of the short form take less than one may.
PATIENCE = 600
MIRI = ["cargo", "+nightly", "miri", "test", "--quiet", "--lib"]
ENVIRONMENT = {
    **os.environ,
    # The clock, the environment and files are those of the system, as for any test; no number becomes a pointer.
    "MIRIFLAGS": "-Zmiri-disable-isolation -Zmiri-strict-provenance",
    "CARGO_TARGET_DIR": str(ROOT / "target/prove/undefined/miri"),
}


def rows(form):
    """The names of one form: each is that of a test, or what names of tests begin with."""
    lines = [line.split("\t") for line in (HERE / "miri.tsv").read_text().splitlines()[1:]]
    return [line[0] for line in lines if line[1] == form]


def is_here():
    """Whether miri can be had; the long form also asks for it."""
    command = ["rustup", "component", "add", "miri", "rust-src", "--toolchain", "nightly"]
    try:
        if LONG:
            subprocess.run(command, capture_output=True, check=False)
        return subprocess.run(["cargo", "+nightly", "miri", "--version"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def listed():
    """All unit tests."""
    out = subprocess.run([*MIRI, "--", "--list"], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.removesuffix(": test") for line in out.splitlines() if line.endswith(": test")]


def interpret(arguments):
    """Runs tests one after the other in one process, until it ends or a test takes too long; what it said."""
    command = [*MIRI, "--", "--test-threads=1", "--format=pretty", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    said = b""
    while True:
        if not select.select([process.stdout], [], [], PATIENCE)[0]:
            os.killpg(process.pid, signal.SIGKILL)
            break
        piece = os.read(process.stdout.fileno(), 65536)
        if not piece:
            break
        said += piece
        sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    process.wait()
    return said.decode(errors="replace")


def outcomes(said):
    """What became of each test that was begun: "ok", or how it ended."""
    found = {}
    for part in ("\n" + said).split("\ntest ")[1:]:
        name, begun, rest = part.partition(" ... ")
        if not begun:
            continue
        is_good = re.search(r"^ok$", rest, re.MULTILINE)
        found[name.removesuffix(" - should panic")] = "ok" if is_good else rest or f"it took longer than {PATIENCE} s"
    return found


def run(names):
    """The outcomes of all tests; behind one that ends the process the next process goes on."""
    found = {}
    while names:
        some = outcomes(interpret(["--exact", *names]))
        found.update(some)
        left = [name for name in names if name not in found]
        if len(left) == len(names):
            break
        names = left
    return found


def is_beyond(how):
    """Whether a test ended for a reason that is miri's: a call of the system that it does not have, or its slowness."""
    return LONG and ("unsupported operation" in how or how.startswith("it took longer"))


def told(found, kind):
    """A line for each test that ended in a way of this kind."""
    return [f"{name}: {' '.join(how.split())[:300]}" for name, how in found.items() if how != "ok" and kind(how)]


def main():
    if not is_here():
        print('not run: there is no nightly toolchain with miri ("rustup toolchain install nightly -c miri -c rust-src")')
        return 77
    subprocess.run([*MIRI, "--no-run"], cwd=ROOT, env=ENVIRONMENT, check=True)
    began = time.monotonic()
    short, never = rows("short"), rows("never")
    if LONG:
        names = listed()
        wrong = [f"{row}: no test is called like this" for row in short + never if not any(name.startswith(row) for name in names)]
        wanted = [name for name in names if not name.startswith(tuple(never))]
        found = run(wanted)
        wrong += [f"{name}: it did not run" for name in wanted if name not in found]
    else:
        skipped = [word for row in never for word in ("--skip", row)]
        found = outcomes(interpret([*short, *skipped]))
        wrong = [f"{row}: no test of this name has run" for row in short if not any(name.startswith(row) for name in found)]
    wrong += told(found, lambda how: not is_beyond(how))
    beyond = told(found, is_beyond)
    print("\n".join(["", *wrong, "beyond it, without a row:", *beyond]))
    good = list(found.values()).count("ok")
    others = f"{len(beyond)} are beyond it and have no row" if LONG else "the long form tries the others"
    print(f"{good} unit tests in {time.monotonic() - began:.0f} s, {len(wrong)} wrong; {others} (tests/prove/miri.tsv)")
    return 1 if wrong else 0


sys.exit(main())
