#!/usr/bin/env python3
"""The licences of all that is linked into the library, from Cargo.lock and the sources of each crate.

    packaging/licences.py            fails if packaging/licences.txt is not what they say
    packaging/licences.py --write    writes it
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEPT = ROOT / "packaging" / "licences.txt"
# Systems that a library is shipped for. What only another system links is not listed.
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "x86_64-pc-windows-gnu", "i686-pc-windows-gnu"]
NAMES = ("LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")
RULE = "=" * 78


def linked():
    """Names and versions of the crates that are linked: no tools of the build, no tests, no compiler plug-ins."""
    found = set()
    for target in TARGETS:
        listed = subprocess.run(
            ["cargo", "tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none", "--target", target,
             "--format", "{p}"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for line in listed.splitlines():
            words = line.split()
            if len(words) >= 2 and words[0] != "libcrux":
                found.add((words[0], words[1].lstrip("v")))
    return found


def texts(folder):
    """The licence files of a crate, ring's further ones in its folders included."""
    files = [path for path in sorted(folder.iterdir())
             if path.is_file() and path.name.upper().startswith(NAMES)]
    files += sorted(path for path in folder.glob("third_party/*/LICENSE*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8", errors="replace")) for path in files]


def page():
    metadata = json.loads(subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version", "1"], cwd=ROOT, check=True, capture_output=True,
        text=True).stdout)
    wanted = linked()
    crates = sorted((package["name"], package["version"], package["license"] or "see below",
                     pathlib.Path(package["manifest_path"]).parent)
                    for package in metadata["packages"] if (package["name"], package["version"]) in wanted)
    assert len(crates) == len(wanted), "a crate of cargo tree is missing in cargo metadata"
    lines = ["Licences of the software that is linked into libcrux", "",
             "libcrux itself is licensed under MIT or Apache-2.0, at your option. It holds the Rust standard library",
             "(MIT or Apache-2.0, Copyright the Rust Project contributors) and, from Cargo.lock:", ""]
    lines += [f"    {name} {version}: {licence}" for name, version, licence, _ in crates]
    lines += ["", "Where there is a choice, MIT is taken. Each text stands once; the crates that carry it are named above it.", ""]
    # The same text in many crates is printed once.
    carriers = {}
    for name, version, _, folder in crates:
        for file, text in texts(folder):
            text = "\n".join(line.rstrip() for line in text.strip().splitlines())
            carriers.setdefault(text, []).append(f"{name} {version} ({file})")
    for text, names in sorted(carriers.items(), key=lambda pair: pair[1][0]):
        lines += [RULE, *[f"{name}" for name in names], RULE, "", text, ""]
    return "\n".join(lines)


def main():
    made = page()
    if "--write" in sys.argv[1:]:
        KEPT.write_text(made, encoding="utf-8")
    elif not KEPT.exists() or KEPT.read_text(encoding="utf-8") != made:
        sys.exit("packaging/licences.txt is not what Cargo.lock says: run \"make licences\"")


if __name__ == "__main__":
    main()
