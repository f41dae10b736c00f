#!/usr/bin/env python3
"""Whether docs/dependencies.md names what each crate brings, as Cargo.lock says: tests/prove/supply.py

What a crate brings is what nothing else of the library needs, on Linux with x86-64. What several of them need stands below
the table. Prints how many crates are linked, and how many of them the library names itself.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "packaging"))
import sbom  # noqa: E402


def without(needs, own, left_out):
    """The crates that are linked if the library does not name one of them."""
    seen, todo = set(), [own]
    while todo:
        crate = todo.pop()
        new = {one for one in needs[crate] if not (crate == own and one == left_out)} - seen
        seen |= new
        todo += new
    return seen


def main():
    needs = sbom.graph()
    own = next(crate for crate in needs if crate[0] == "libcrux")
    everything = without(needs, own, None)
    words = lambda crates: " ".join(f"`{name}`" for name in sorted({name for name, _ in crates}))
    brought = {crate[0]: words(everything - without(needs, own, crate) - {crate}) for crate in needs[own]}
    shared = everything - needs[own]
    for crate in needs[own]:
        shared -= everything - without(needs, own, crate)

    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    wrong = []
    told = re.search(r"^Needed by more than one of them: (.*)\.$", page, re.MULTILINE)
    if not told or told[1] != words(shared):
        wrong.append(f"needed by more than one of them: {words(shared)}")
    for name, brings in sorted(brought.items()):
        row = re.search(rf"^\| `{name}` \| .* \| ?(.*?) ?\|$", page, re.MULTILINE)
        if not row or row[1] != brings:
            wrong.append(f"{name} brings {brings or 'nothing'}")
    if wrong:
        sys.exit("docs/dependencies.md differs from Cargo.lock:\n" + "\n".join(wrong))
    print(f"{len(everything)} crates linked, {len(needs[own])} of them named")


if __name__ == "__main__":
    main()
