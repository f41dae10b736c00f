"""Builds the clients, runs them, and counts what can be counted exactly."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
TARGET = os.environ.get("CARGO_TARGET_DIR", f"{ROOT}/target")
RELEASE = f"{TARGET}/release"
BUILT = f"{TARGET}/benches"

skipped = []


def skip(what, why):
    """Says loudly what is not measured; the table ends with all of it once more."""
    line = f"SKIPPED {what}: {why}"
    if line not in skipped:
        skipped.append(line)
        print(f"*** {line}", file=sys.stderr)


def has(tool, package=None):
    if shutil.which(tool):
        return True
    skip(tool, f"not installed (package {package or tool})")
    return False


def build(*names):
    """Compiles the library and the clients named; returns the commands of those that could be made."""
    cargo = ["cargo", "build", "--release", "--lib", "--quiet"]
    subprocess.run(cargo, cwd=ROOT, check=True, env={**os.environ, "CARGO_TARGET_DIR": TARGET})
    os.makedirs(BUILT, exist_ok=True)
    flags = {
        "crux": [f"-I{ROOT}/include", f"-L{RELEASE}", f"-Wl,-rpath,{RELEASE}", "-lcrux"],
        "curl": ["-lcurl"],
        "raw": ["-lssl", "-lcrypto"],
    }
    if "crux_call_stream" in open(f"{ROOT}/include/crux.h").read():
        flags["crux"].append("-DHAVE_STREAM")
    packages = {"curl": "libcurl4-openssl-dev", "raw": "libssl-dev"}
    made = {}
    for name in names:
        if name not in flags:
            continue
        output = f"{BUILT}/client_{name}"
        command = ["cc", "-O2", "-pthread", "-o", output, f"{HERE}/client_{name}.c", *flags[name]]
        outcome = subprocess.run(command, capture_output=True, text=True)
        if outcome.returncode == 0:
            made[name] = [output]
        elif name in packages:
            skip(name, f"its client does not compile (package {packages[name]})")
        else:
            sys.exit(outcome.stderr)
    if "curl8" in names and "curl" in made:
        library = newer_curl()
        if library:
            made["curl8"] = ["env", f"LD_PRELOAD={library}", *made["curl"]]
    if "requests" in names:
        command = [sys.executable, f"{HERE}/client_requests.py"]
        if subprocess.run([sys.executable, "-c", "import requests"], capture_output=True).returncode == 0:
            made["requests"] = command
        else:
            skip("requests", "not installed for this python3")
    return made


def newer_curl():
    """The libcurl inside pycurl's wheel, or the one that $BENCH_CURL8 names."""
    given = os.environ.get("BENCH_CURL8")
    if given:
        return given
    find = "import importlib.util as u; print(u.find_spec(\"pycurl\").origin)"
    outcome = subprocess.run([sys.executable, "-c", find], capture_output=True, text=True)
    beside = outcome.stdout.strip().split("/pycurl")[0]
    found = glob.glob(f"{beside}/pycurl.libs/libcurl-*") if outcome.returncode == 0 else []
    if not found:
        skip("curl8", "neither pycurl's wheel nor $BENCH_CURL8 is there")
    return found[0] if found else None


def growth_client():
    build()
    output = f"{BUILT}/growth"
    flags = [f"-I{ROOT}/include", f"-L{RELEASE}", f"-Wl,-rpath,{RELEASE}", "-lcrux"]
    subprocess.run(["cc", "-O2", "-pthread", "-o", output, f"{HERE}/growth.c", *flags], check=True)
    return output


class Run:
    """One run of a client: what it printed, and what its process cost as a whole, in microseconds."""

    def __init__(self, command, arguments, ca, cores=None, prefix=(), extra=None):
        environment = {**os.environ, "BENCH_CA": ca, **(extra or {})}
        words = list(command)
        # env is a process of its own before the exec; here it costs nothing.
        while words and (words[0] == "env" or "=" in words[0]):
            word = words.pop(0)
            if "=" in word:
                key, value = word.split("=", 1)
                environment[key] = value
        words = [*prefix, *words, *map(str, arguments)]
        before = os.sched_getaffinity(0)
        if cores:
            os.sched_setaffinity(0, cores)
        read, write = os.pipe()
        actions = [(os.POSIX_SPAWN_DUP2, write, 1)]
        try:
            path = shutil.which(words[0])
            started = time.monotonic()
            child = os.posix_spawn(path, words, environment, file_actions=actions)
            os.close(write)
            output = b""
            while piece := os.read(read, 65536):
                output += piece
            _, status, usage = os.wait4(child, 0)
            self.whole_wall = (time.monotonic() - started) * 1e6
        finally:
            os.close(read)
            os.sched_setaffinity(0, before)
        if status != 0:
            raise SystemExit(f"failed: {' '.join(words)}")
        self.whole_cpu = (usage.ru_utime + usage.ru_stime) * 1e6
        numbers = output.decode().strip().splitlines()[-1].split()
        self.cpu, self.wall, self.rss = float(numbers[0]), float(numbers[1]), int(numbers[2])


def per_request(count_of, few, many):
    """What one more request adds: start and end cancel out."""
    return (count_of(many) - count_of(few)) / (many - few)


def instructions(command, arguments, ca, few=200, many=1000):
    """By callgrind."""
    with tempfile.TemporaryDirectory() as folder:

        def count_of(number):
            out = f"{folder}/out.{number}"
            tool = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}"]
            Run(command, [*arguments, number], ca, prefix=tool)
            return int(re.search(r"^(?:totals|summary): (\d+)", open(out).read(), re.M).group(1))

        return per_request(count_of, few, many)


def syscalls(command, arguments, ca, few=200, many=1200):
    """By strace, all threads."""
    with tempfile.TemporaryDirectory() as folder:

        def count_of(number):
            out = f"{folder}/out.{number}"
            Run(command, [*arguments, number], ca, prefix=["strace", "-c", "-f", "-qq", "-o", out])
            last = open(out).read().strip().splitlines()[-1].split()
            return int(next(word for word in last[3:] if word.isdigit()))

        return per_request(count_of, few, many)


def allocations(command, arguments, ca, few=200, many=1200):
    """By a counter in front of malloc."""
    counter = f"{BUILT}/count_alloc.so"
    os.makedirs(BUILT, exist_ok=True)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", counter, f"{HERE}/count_alloc.c"], check=True)
    preload = next((word[11:] for word in command if word.startswith("LD_PRELOAD=")), "")
    command = [word for word in command if word != "env" and not word.startswith("LD_PRELOAD=")]
    with tempfile.TemporaryDirectory() as folder:

        def count_of(number):
            out = f"{folder}/out.{number}"
            extra = {"LD_PRELOAD": f"{counter} {preload}".strip(), "COUNT_ALLOC": out}
            Run(command, [*arguments, number], ca, extra=extra)
            return int(open(out).read())

        return per_request(count_of, few, many)
