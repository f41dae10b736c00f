"""What several tests need: programs of their own, Ctrl-C, alarms, clients of asyncio."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import BASE, PASSWORD, USER, requests_to

import libcrux

long = pytest.mark.skipif(not os.environ.get("CRUX_LONG"), reason="CRUX_LONG=1 runs it")


WITHIN = 0.3


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program of its own, which must not even warn."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def interrupted(action: Callable[[], object], path: str, times: int = 1) -> float:
    """Presses Ctrl-C once the sandbox has got a request; how long the action then took to end."""
    pressed: list[float] = []
    before = requests_to(path)

    def press() -> None:
        while requests_to(path) < before + times:
            pass
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        action()
        thread.join()
    took = time.monotonic() - pressed[0]
    thread.join()
    return took


async def cancelled(action: Any, path: str, times: int = 1) -> float:
    """Cancels a task once the sandbox has got its request; how long it then took to end."""
    before = requests_to(path)
    task = asyncio.ensure_future(action)
    while await asyncio.get_running_loop().run_in_executor(None, requests_to, path) < before + times:
        assert not task.done()
    since = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.monotonic() - since


def with_async_client(action: Callable[[libcrux.AsyncClient], Any]) -> Any:
    async def run() -> Any:
        async with await libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE) as client:
            return await action(client)

    return asyncio.run(run(), debug=True)


def under_way(client: libcrux.Client) -> int:
    return libcrux._library.lib.number(client._session.handle, b"under_way")


def memory() -> int:
    """Resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Ring(BaseException):
    """What the alarm raises; as KeyboardInterrupt, no Exception, which handlers of the log would catch."""


def ended_by_an_alarm(action: Any) -> float:
    """How long an action goes on after a signal handler has raised."""
    rang: list[float] = []

    def ring(*_: Any) -> None:
        rang.append(time.monotonic())
        raise Ring

    def press() -> None:
        # Long enough to be in the middle of it; however long, the time counts from the signal.
        time.sleep(0.3)
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGUSR1)

    pressed: list[float] = []
    former = signal.signal(signal.SIGUSR1, ring)
    thread = threading.Thread(target=press)
    try:
        thread.start()
        with pytest.raises(Ring):
            action()
        return time.monotonic() - pressed[0]
    finally:
        thread.join()
        signal.signal(signal.SIGUSR1, former)


def some_of_everything(client: libcrux.Client) -> None:
    client.post("echo/", json={"a": [1]}, query={"b": 2}, headers={"X-C": "d"}).json()
    client.get("things/0/").headers["content-type"]
    for _ in client.pages("things/", query={"limit": 3}):
        pass
    client.put("echo/", body=iter([b"a"]))
    assert client.get("files/out.bin").body
    with client.stream("GET", "files/out.bin") as body:
        next(body)
    for path in ("things/999/", "{none}/"):
        with pytest.raises(libcrux.Error):
            client.get(path)
    client.upload("upload/", b"abc", field="file")
