#!/usr/bin/env python3
"""Holds the figures of README, docs and benches/README against what they come from: tests/prove/figures.py

ROWS is the table: a page, how the page says it, and the source. A source is read from the tree, or it is a command whose run
takes minutes: then its name must stand on the page, and the figure is only counted. A pattern that is nowhere on its page, a figure
that differs, and a number on a page that no row covers are failures. Not held here: docs/services.md, whose numbers are those of
the services; docs/options.md, which tests compare with the table of options; the programs of docs/from-other-clients.md.
"""

import ast
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "benches"))
import run  # noqa: E402  the rows of the benchmark, and where its results are

README, BENCHES = "README.md", "benches/README.md"
CONVENTIONS, ARCHITECTURE, WINDOWS = "docs/conventions.md", "docs/architecture.md", "docs/windows.md"
BINDING = "docs/binding.md"
PAGES = [README, BENCHES, CONVENTIONS, ARCHITECTURE, WINDOWS, BINDING, "docs/dependencies.md"]
WORDS = dict(enumerate("no one two three four five six seven eight nine ten".split()))

# Digits that are part of a name, a type, a place in a table, or a code of HTTP.
NAMES = re.compile(
    r"`stream` = 1|`[^`]*`|\]\([^)]*\)|https?://\S+|UTF-8|C\+\+17|HTTP/1\.1|x86(-64)?|AArch64|TLS 1\.[0-9](?: and 1\.3)?|S3|SHA-256|x64|win-x\d\d|ARM64"
    r"|Apache[- ]2\.0|SOCKS[45]|HTTP2|Visual Basic 6|CycloneDX 1\.5|MPL-2\.0|libcrux0|\.NET Standard 2\.0|Java 8|Lua 5\.1 to 5\.4"
    r"|\b401\b|^\d+\. |IPv6|socket2|\[vb6/|[01] fills in|0 is past|, 0 or 1\.|below 1 is less"
    r"|^  1\.$|[−-][12]\b", re.MULTILINE)
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


# Changes of pages that must be found: each is one figure that is wrong, new, or no longer there.
CHANGES = [(README, "and 27 allocations", "and 26 allocations"), (README, "| 0.31 | 0.32 |", "| 0.31 | 0.36 |"),
           (CONVENTIONS, "before 4,096 later", "before 4,097 later"), (WINDOWS, "within 50 ms", "soon"),
           (BENCHES, "How to read it:", "It takes 17 s.")]
changed = None


def text(path):
    page = (ROOT / path).read_text(encoding="utf-8")
    return page.replace(*changed[1:]) if changed and changed[0] == path else page


def found(path, pattern):
    """The first group of a pattern in a file of the tree."""
    match = re.search(pattern, text(path), re.MULTILINE)
    if not match:
        raise LookupError(f"{path} has nothing like {pattern!r}")
    return match[1]


def constant(path, name):
    """A constant of the library, in bytes or milliseconds."""
    words = found(path, rf"const {name}: \w+ = (.*);")
    duration = re.fullmatch(r"Duration::from_(secs|millis)\((.*)\)", words)
    value = eval(compile(ast.parse(duration[2] if duration else words, mode="eval"), path, "eval"), {})
    return value * 1000 if duration and duration[1] == "secs" else value


def kib(path, name):
    return str(constant(path, name) >> 10)


def seconds(path, name):
    return str(constant(path, name) // 1000)


def baseline(name):
    return json.loads(text("benches/baseline.json"))[name]


def hundreds(number):
    return f"{round(number, -2):,}"


def goal(row, other="curl"):
    """A goal of the benchmark, as run.py has it."""
    return next(line[8][other] for line in run.ROWS if line[0] == row)


def results(part):
    """What benches/run.py has left of this form; None if it has not been run."""
    kept = json.loads(text("benches/results.json")) if (ROOT / "benches/results.json").exists() else {}
    return kept.get(part)


def exact(name):
    """A count beside libcurl's, both of one run."""
    kept = results("exact")
    return kept and kept["counts"]["crux"][name] / kept["counts"]["curl"][name]


def drift():
    """How far instructions may move before the gate complains; a quoted ratio may be as far behind."""
    return float(found("benches/counts.py", r"^ALLOWED = (.*)"))


def size():
    kept = (results("exact") or {}).get("bytes")
    return kept and kept["crux"] / kept["curl"]


def ratio(row, other="curl"):
    kept = results("long")
    return kept and kept["ratios"][row][other]


def pair(row, other="curl"):
    """The ratios of a row over HTTP and HTTPS, as a page has them."""
    return results("long") and tuple(f"{ratio(f'{row}, {scheme}', other):.2f}" for scheme in ("HTTP", "HTTPS"))


def beside_raw(row):
    """What bare sockets take of libcurl: both have been compared with libcrux."""
    return results("long") and f"{ratio(row) / ratio(row, 'raw'):.2f}"


class By:
    """A command that prints the figure, and takes minutes or a quiet machine to do so."""

    def __init__(self, command):
        self.command = command

    def known(self, page):
        """Whether the page names it, and the tree has it."""
        words = self.command.split()
        if words[0] != "make":
            return self.command in text(page) and (ROOT / words[0]).exists()
        rules = "".join(text(path) for path in ["Makefile", *map(str, ROOT.glob("packaging/*.mk"))])
        return self.command in text(page) and re.search(rf"^{words[1]}:", rules, re.MULTILINE)


# "Measured" of README: its label, the rows of the benchmark for HTTP and HTTPS, and what is compared.
MEASURED = {
    "small GET, instructions": (lambda: exact("http get instructions"), lambda: exact("https get instructions")),
    "the same, 20 response headers":
        (lambda: exact("http get, 20 headers instructions"), lambda: exact("https get, 20 headers instructions")),
    "small POST, instructions": (lambda: exact("http post instructions"), lambda: exact("https post instructions")),
    "small GET, CPU": (lambda: ratio("small GET, HTTP"), lambda: ratio("small GET, HTTPS")),
    "small POST, CPU": (lambda: ratio("small POST, HTTP"), lambda: ratio("small POST, HTTPS")),
    "1 MiB, CPU": (lambda: ratio("1 MiB, HTTP"), lambda: ratio("1 MiB, HTTPS")),
    "gzip of 1 MiB, CPU": (lambda: ratio("gzip of 1 MiB, HTTP"), lambda: ratio("gzip of 1 MiB, HTTPS")),
    "256 MiB download, CPU": (lambda: ratio("256 MiB download, HTTP"), lambda: ratio("256 MiB download, HTTPS")),
    "64 MiB upload, CPU": (lambda: ratio("64 MiB upload, HTTP"), lambda: ratio("64 MiB upload, HTTPS")),
    "new connection, wall": (lambda: ratio("new connection, HTTP"), lambda: ratio("new connection, TLS resumed")),
    "8 threads on one client, wall": (lambda: ratio("8 threads, HTTP"), lambda: ratio("8 threads, HTTPS")),
    "cold start to the first response, wall": (None, lambda: ratio("cold start, one HTTPS GET")),
    "peak memory, 10,000 GETs": (None, lambda: ratio("peak memory, 10,000 HTTPS GETs")),
    "stripped library, size": (size, None),
}
COUNTED = {"small GET, instructions", "the same, 20 response headers", "small POST, instructions"}
LONG, GROWTH, SHORT = By("make bench-long"), By("make growth"), By("make bench")

ROWS = [
    (README, r"Rust ([\d.]+) or later", lambda: found("Cargo.toml", r'^rust-version = "(.*)"')),
    (README, r"glibc ([\d.]+) \(2014\)", lambda: found("packaging/dist.sh", r"^glibc=(.*)")),
    (README, r"cancelled within (\d+) ms", lambda: found("src/ffi/send.rs", r"CRUX_ERR_CANCELLED within (\d+) ms")),
    (README, r"The head of a response may have (\d+) KiB", lambda: kib("src/transport/buffers.rs", "MOST")),
    (README, r"may have (\d+) KiB, and so may what stands", lambda: kib("src/transport/http/chunked_body.rs", "MOST_BESIDE_BODY")),
    (README, r"takes (\w+) system calls", lambda: WORDS[baseline("http get syscalls")]),
    (README, r"system calls and (\d+) allocations", lambda: str(baseline("http get allocations"))),
    (README, r"## The rules, in (\w+) lines", lambda: WORDS[len(re.findall(r"^\d\. ", text(README), re.MULTILINE))]),
    (README, r"libcurl ([\d.]+);", LONG),
    (README, r"`make bench-long` of ([\d-]+) on a two-core EPYC", LONG),
    (README, r"with Debian (\d+), nginx", LONG),
    (README, r"sockets alone take ([\d.]+) of libcurl's", lambda: beside_raw("small GET, HTTP")),
    (README, r"about (\w+) times less CPU than Python's requests", LONG),
    (CONVENTIONS, r"or above 2\^(\d+)", lambda: str(constant("src/ffi/text.rs", "MOST_BYTES").bit_length() - 1)),
    (CONVENTIONS, r"not reused before ([\d,]+) later frees", lambda: f"{constant('src/ffi/handle.rs', 'REST'):,}"),
    (CONVENTIONS, r"CRUX_ERR_CANCELLED` within (\d+) ms", lambda: found("src/ffi/send.rs", r"CRUX_ERR_CANCELLED within (\d+) ms")),
    (CONVENTIONS, r"for at most (\d+) s, until no thread", lambda: seconds("src/sys/fork.rs", "PATIENCE")),
    (ARCHITECTURE, r"for at most (\d+) s, until no thread", lambda: seconds("src/sys/fork.rs", "PATIENCE")),
    (ARCHITECTURE, r"C library, it waits (\d+) ms", lambda: str(constant("src/sys/fork.rs", "GLANCE"))),
    (WINDOWS, r"for Windows (\d+) and later", lambda: found("packaging/windows/common.sh", r"For Windows (\d+) and later")),
    (WINDOWS, r"tested under Wine (\d+)", By("make windows")),
    (WINDOWS, r"under Wine 8 in (64) and (32) bit|(?:program of) (64|32) bit|VBA in (32) bit|the\n(32)-bit Wine|(32)-bit Wine", None),
    (WINDOWS, r"network within (\d+) ms", lambda: str(constant("src/sys/windows/socket.rs", "SLICE"))),
    (BINDING, r"cancel within (\d+) ms while", lambda: found("bindings/cases.json", r"ended from outside within (\d+) ms")),
    (BINDING, r"(\d+) requests through one", lambda: {"hundred": "100"}[found("bindings/cases.json", r'"name": "(\w+)_at_once"')]),
    (BENCHES, r"instructions \(within (\d+) %\)", lambda: str(round(drift() * 100))),
    (BENCHES, r"responses have (1, 5, 7 and 20) headers", lambda: "1, 5, 7 and 20" if all(
        f'headers/{n}"' in text("benches/counts.py") for n in (7, 20)) and '"http get, 1 header"' in text("benches/counts.py") else ""),
    (BENCHES, r"JSON of (100) MiB|(100) MiB, queried", GROWTH),
    (BENCHES, r"in pieces of (256) KiB; libcurl", lambda: str(eval(found("benches/client_crux.c", r"piece\[(\d+ \* \d+)\]")) >> 10)),
    (BENCHES, r"download of (\d+) MiB is read", lambda: found("benches/server.py", r"truncate\((\d+) << 20\)")),
    (BENCHES, r"\"(\d+) MiB upload\" describes", lambda: found("benches/bench.h", r"UPLOAD \(\(size_t\)(\d+) << 20\)")),
    (BENCHES, r"\"(\d+) MiB POST\" hands", lambda: found("benches/bench.h", r"UPLOAD \(\(size_t\)(\d+) << 20\)")),
    (BENCHES, r"Differences under (5) % are noise", None),
    (BENCHES, r"## Growth[\s\S]*?(?=\n## Goals)", GROWTH),
    (BENCHES, r"([\d.]+) and ([\d.]+) for a GET on HTTP and HTTPS", lambda: pair("small GET")),
    (BENCHES, r"HTTP and HTTPS \(goals ([\d.]+) and ([\d.]+)\)",
     lambda: (f"{goal('small GET, HTTP'):.2f}", f"{goal('small GET, HTTPS'):.2f}")),
    (BENCHES, r"([\d.]+) and ([\d.]+) for a POST", lambda: pair("small POST")),
    (BENCHES, r"for a POST\n  \(goals ([\d.]+) and ([\d.]+)\)",
     lambda: (f"{goal('small POST, HTTP'):.2f}", f"{goal('small POST, HTTPS'):.2f}")),
    (BENCHES, r"([\d.]+) and ([\d.]+) with 20 response headers", lambda: pair("GET, 20 response headers")),
    (BENCHES, r"with (20) response headers \(goal ([\d.]+)\)", lambda: ("20", f"{goal('GET, 20 response headers, HTTP'):.2f}")),
    (BENCHES, r"sockets alone are at ([\d.]+) and ([\d.]+)",
     lambda: results("long") and (beside_raw("small GET, HTTP"), beside_raw("small GET, HTTPS"))),
    (BENCHES, r"On a Xeon on 2026-11-22[\s\S]*?at 0\.63 and 0\.54", LONG),
    (BENCHES, r"there were 33,100 then", LONG),
    (BENCHES, r"there are ([\d,]+) now\n  \(2026-11-27\)", lambda: hundreds(results("exact")["counts"]["crux"]["http get instructions"])),
    (BENCHES, r"([\d.]+) on HTTP and ([\d.]+) on HTTPS", lambda: pair("small POST", "raw")),
    (BENCHES, r"on HTTPS \(goals ([\d.]+) and ([\d.]+)\)",
     lambda: (f"{goal('small POST, HTTP', 'raw'):.2f}", f"{goal('small POST, HTTPS', 'raw'):.1f}")),
    (BENCHES, r"Allocations of a small GET\*\*: (\d+)", lambda: str(baseline("http get allocations"))),
    (BENCHES, r"27 \((goal 24)\)", None),
    (BENCHES, r"\*\*Size\*\* \(([\d.]+) of libcurl", lambda: size() and f"{size():.2f}"),
    (BENCHES, r"with OpenSSL; goal ([\d.]+)\)", lambda: f"{run.SIZE_GOAL:.2f}"),
    (BENCHES, r"\*\*peak memory\*\* \(([\d.]+);", lambda: ratio("peak memory, 10,000 HTTPS GETs") and
     f"{ratio('peak memory, 10,000 HTTPS GETs'):.2f}"),
    (BENCHES, r"\*\*peak memory\*\* \([\d.]+; goal ([\d.]+)\)", lambda: f"{goal('peak memory, 10,000 HTTPS GETs'):.2f}"),
    (BENCHES, r"Of 2\.8 MB of code[\s\S]*?130 the back-traces", By("benches/crates.py")),
]


class Findings:
    def __init__(self):
        self.held, self.named, self.wrong = 0, [], []
        self.covered = {page: [] for page in PAGES}

    def compare(self, place, told, source):
        """One figure; a source that has not been run yet leaves it named."""
        if source is None:
            self.named.append(place)
        elif told != source:
            self.wrong.append(f"{place} is {told}, and its source says {source}")
        else:
            self.held += 1


def pages(findings):
    """Every row of the table."""
    for page, pattern, source in ROWS:
        matches = list(re.finditer(pattern, text(page)))
        if not matches:
            findings.wrong.append(f"{page} no longer says {pattern!r}")
            continue
        for match in matches:
            findings.covered[page].append(match.span())
        place = f"{page}: {' '.join(matches[0][0].split())[:60]!r}"
        if isinstance(source, By):
            findings.named.append(place)
            if not source.known(page):
                findings.wrong.append(f"{place}: {source.command} is not named there, or is not in the tree")
        elif source is not None:
            told = source()
            groups = matches[0].groups()
            for one, value in zip(groups, told if isinstance(told, tuple) else (told,)):
                findings.compare(place, one, value)


def measured(findings):
    """Every cell of README's table of ratios."""
    page = text(README)
    start = page.index("| | HTTP | HTTPS |")
    end = page.index("\n\n", start)
    findings.covered[README].append((start, end))
    for line in page[start:end].splitlines()[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for label, *told in (cells[:3], cells[3:]):
            if label not in MEASURED:
                findings.wrong.append(f"{README}: no row of MEASURED is called {label!r}")
                continue
            for scheme, cell, source in zip(("HTTP", "HTTPS"), told, MEASURED[label]):
                if bool(cell) != bool(source):
                    findings.wrong.append(f"{README}: {label}, {scheme}: {cell or 'nothing'} stands where a source says otherwise")
                elif cell:
                    value = source()
                    if value is None and not LONG.known(README):
                        findings.wrong.append(f"{README}: {label}, {scheme}: no command is named")
                    near = value and abs(float(cell) - value) <= 0.005 + drift() * value and label in COUNTED
                    findings.compare(f"{README}: {label}, {scheme}", cell, cell if near else value and f"{value:.2f}")


def promises(findings):
    """Each promise of README names files of the tree, and a program of promises.tsv, each of which stands there."""
    section = text(README).split("## What it promises")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][2:]
    for row in rows:
        for path in re.findall(r"`((?:tests|fuzz|benches)/[^`]*)`", row):
            findings.compare(f"{README}: {path}", True, (ROOT / path).exists())
    named = {word.strip() for row in rows for word in row.split("|")[-2].split(",")}
    programs = {line.split("\t")[0] for line in text("tests/prove/promises.tsv").splitlines()[1:]}
    findings.compare(f"{README}: programs of the proof", sorted(named), sorted(programs))
    if len(rows) < 8:
        findings.wrong.append(f"{README}: only {len(rows)} promises were read")


def languages(findings):
    """Each folder of bindings/ that has tests stands in README's table, and no other."""
    told = set(re.findall(r"^\| \[.*?\]\(bindings/(\w+)/README\.md\)", text(README), re.MULTILINE))
    findings.compare(f"{README}: languages", sorted(told), sorted(path.parent.name for path in ROOT.glob("bindings/*/test.sh")))


def strays(findings):
    """Numbers in the prose of a page that no row covers: a new figure gets a row."""
    for page in PAGES:
        words = text(page)
        blank = lambda match: re.sub(r"[^\n]", " ", match[0])
        prose = re.sub(r"^```.*?^```", blank, words, flags=re.MULTILINE | re.DOTALL)
        prose = re.sub(r"^    .*$", blank, prose, flags=re.MULTILINE)
        prose = NAMES.sub(blank, prose)
        for match in NUMBER.finditer(prose):
            if not any(start <= match.start() < end for start, end in findings.covered[page]):
                line = words.count("\n", 0, match.start()) + 1
                findings.wrong.append(f"{page}:{line}: no row of tests/prove/figures.py is about {match[0]}")


def all_findings():
    findings = Findings()
    for look in (pages, measured, promises, languages, strays):
        look(findings)
    return findings


def main():
    global changed
    findings = all_findings()
    for changed in CHANGES:
        page, old, new = changed
        if old not in (ROOT / page).read_text(encoding="utf-8") or len(all_findings().wrong) <= len(findings.wrong):
            findings.wrong.append(f"{page}: {new!r} for {old!r} was not found")
    changed = None
    print("\n  ".join(["Their commands take minutes:", *findings.named]))
    print("\n".join(findings.wrong))
    print(f"{findings.held} figures are what their sources say, {len(findings.wrong)} are not, and {len(CHANGES)} changes of a page are found; not compared: {len(findings.named)} whose "
          f"commands take minutes")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
