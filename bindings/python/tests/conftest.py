"""The sandbox, and the line that counts."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path
from typing import Any, Iterator

import pytest

import libcrux

BASE, USER, PASSWORD = (os.environ[name] for name in ("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD"))
HTTPS, CA = os.environ["CRUX_SANDBOX_HTTPS"], os.environ["CRUX_SANDBOX_CA"]
TOKEN = "tok-7d1c"
CASES: list[dict[str, Any]] = json.loads(Path(os.environ["CRUX_CASES"]).read_text("utf-8"))


def control(name: str, document: Any = None) -> Any:
    """Calls a control of the sandbox."""
    data = None if document is None else json.dumps(document).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{BASE}_sandbox/{name}", data=data)) as answer:
        return json.loads(answer.read() or b"null")


def set_answer(path: str, **answer: Any) -> None:
    control("answer", {"path": path, "method": "*", "status": 200, **answer})


def requests_to(path: str) -> int:
    return sum(request["path"] == path for request in control("requests"))


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    control("forget", {})
    yield
    control("forget", {})


@pytest.fixture
def client() -> Iterator[libcrux.Client]:
    with libcrux.login("custom", USER, PASSWORD, base_url=BASE) as client:
        yield client


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    def count(*outcomes: str) -> int:
        return sum(len(terminalreporter.stats.get(outcome, [])) for outcome in outcomes)

    skipped = terminalreporter.stats.get("skipped", [])
    reasons = sorted({str(report.longrepr[2]).replace("Skipped: ", "") for report in skipped})
    line = f"python: {count('passed')} passed, {count('failed', 'error')} failed"
    config._verdict = line + (f", {len(skipped)} skipped ({'; '.join(reasons)})" if skipped else "")


def pytest_unconfigure(config: Any) -> None:
    if hasattr(config, "_verdict"):
        print(config._verdict, flush=True)
