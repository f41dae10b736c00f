"""The examples, the programs of the pages, and the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

import libcrux

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"


def example(*arguments: str, folder: Path, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-X", "dev", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONASYNCIODEBUG": "1", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A sandbox of one's own: the tour makes a thing, and expects to be the first."""
    script = 'env | grep ^CRUX_ > "$1.part"; mv "$1.part" "$1"; cat'
    told = tmp_path / "environment"
    shop = subprocess.Popen(
        [os.environ["CRUX_SANDBOX"], "--shop", "sh", "-c", script, "sh", str(told)], stdin=subprocess.PIPE
    )
    while not told.exists():
        assert shop.poll() is None
    yield dict(line.split("=", 1) for line in told.read_text("utf-8").splitlines())
    assert shop.stdin is not None
    shop.stdin.close()
    shop.wait(10)


def test_the_tour_prints_what_all_tours_print(own_sandbox: dict[str, str], tmp_path: Path) -> None:
    expected = (HERE.parents[1] / "tour.txt").read_text("utf-8")
    assert example(str(EXAMPLES / "tour.py"), folder=tmp_path, **own_sandbox) == expected


def test_the_asynchronous_tour_prints_its_four_lines(tmp_path: Path) -> None:
    expected = 'Ärmel "0" Bluse Čepice Dirndl Écharpe Frack Γάντι\n3\ncancelled\n1048576\n'
    assert example(str(EXAMPLES / "tour_async.py"), folder=tmp_path) == expected


def test_the_login_example_lists_things(tmp_path: Path) -> None:
    assert "Bluse\n" in example(str(EXAMPLES / "login.py"), folder=tmp_path)


def blocks(page: str, fence: str) -> list[str]:
    text = (HERE.parent / page).read_text("utf-8")
    return [block.split("```")[0] for block in text.split(f"```{fence}\n")[1:]]


@pytest.mark.parametrize("page", ["docs/from-requests.md", "docs/from-pycrunch.md", "README.md"])
def test_the_programs_of_the_pages_run(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As printed, but for the address of the service and the password that the sandbox wants."""
    here: Any = {"base_url": os.environ["CRUX_SANDBOX_HTTP"] + "/api/"}
    login, token = libcrux.login, libcrux.token
    accounts = {"crunch": ("grace@example.com", "battery staple"), "crux-connect": ("ada@example.com", "correct horse")}
    monkeypatch.setattr(libcrux, "login", lambda service, *_, **options: login(service, *accounts[service], **here))
    monkeypatch.setattr(libcrux, "token", lambda service, secret, **options: token(service, secret, **here))
    monkeypatch.setenv("R_CRUNCH_API_KEY", "apk-c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveCE=")
    programs = blocks(page, "python libcrux")
    assert len(programs) == 1
    exec(compile(programs[0], page, "exec"), {})
    assert capsys.readouterr().out.strip()
    for other in blocks(page, "python"):
        compile(other, page, "exec")


def test_the_module_is_a_program(tmp_path: Path) -> None:
    assert '"Bluse"' in example("-m", "libcrux", "GET", "things/1/", folder=tmp_path)
    assert example("-m", "libcrux", "-i", "GET", "things/1/", folder=tmp_path).startswith("200\n")
    assert "1.5" in example("-m", "libcrux", "POST", "echo/", '{"a": 1.5}', folder=tmp_path)
    pages = example("-m", "libcrux", "--all", "GET", "things/?limit=3", folder=tmp_path)
    assert "Bluse" in pages and "Frack" in pages
    example("-m", "libcrux", "-o", "out.bin", "GET", "files/out.bin", folder=tmp_path)
    assert (tmp_path / "out.bin").stat().st_size == 1 << 20
    assert '"progress":100' in example("-m", "libcrux", "--wait", "POST", "jobs/", "{}", folder=tmp_path)
    ended = subprocess.run([sys.executable, "-m", "libcrux", "GET", "none/"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (libcrux.HTTPError.code, "")
    assert "404" in ended.stderr
