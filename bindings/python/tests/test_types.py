"""mypy --strict on the package, and on programs that use it well and badly; documentation of all that is public."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import libcrux

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"


def mypy(folder: Path, *files: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(folder / "mypy")]
    ended = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
    return ended.stdout + ended.stderr


def test_the_package_is_typed(tmp_path: Path) -> None:
    package = HERE.parent / "libcrux"
    assert (package / "py.typed").exists()
    assert "Success" in mypy(tmp_path, package)


def test_a_program_is_checked_against_the_types(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text((HERE / "typed_good.py").read_text("utf-8"))
    bad.write_text((HERE / "typed_bad.py").read_text("utf-8"))
    assert "Success" in mypy(tmp_path, good)
    complaints = mypy(tmp_path, bad)
    for number, line in enumerate(bad.read_text().splitlines(), 1):
        if "# wrong" in line:
            assert f"bad.py:{number}: error" in complaints, line


def test_every_public_thing_is_documented() -> None:
    undocumented = []
    for name in libcrux.__all__:
        thing = getattr(libcrux, name)
        named = vars(thing).items() if isinstance(thing, type) else ()
        members = [thing, *(value for key, value in named if not key.startswith("_"))]
        for member in members:
            target = getattr(member, "__func__", member)
            if (callable(target) or isinstance(target, property)) and not target.__doc__:
                undocumented.append((name, target))
    assert undocumented == []
