"""Cases that are written by hand: closing, finalizers, threads, fork, the library."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import threading
from pathlib import Path
from typing import Callable

import pytest
from conftest import BASE, TOKEN, set_answer
from helpers import (
    python,
    with_async_client,
)

import libcrux
from libcrux._interface import ABI


def test_closed(client: libcrux.Client) -> None:
    page = client.get("things/", query={"limit": 2})
    pages = client.pages("things/", query={"limit": 2})
    next(pages)
    client.close()
    client.close()
    assert client.closed
    attempts: list[Callable[[], object]] = [
        lambda: client.get("things/"),
        lambda: next(pages),
        lambda: page.follow("./1/"),
        lambda: client.wait(page),
        lambda: client.upload("upload/", b""),
        lambda: client.stream("GET", "things/"),
        lambda: client.set_token("x"),
        lambda: client.cancel(),
        lambda: client.__enter__(),
    ]
    for attempt in attempts:
        with pytest.raises(ValueError, match="closed"):
            attempt()

    async def alike() -> None:
        client = await libcrux.AsyncClient.token("custom", TOKEN, base_url=BASE)
        await client.get("things/0/")
        await client.close()
        await client.close()
        with pytest.raises(ValueError, match="closed"):
            await client.get("things/0/")

    asyncio.run(alike(), debug=True)


def test_answer_outlives_client(client: libcrux.Client) -> None:
    response = client.get("things/0/")
    client.close()
    del client
    gc.collect()
    assert response.json()["name"] == 'Ärmel "0"'
    assert response.headers["content-type"].startswith("application/json")
    assert response.url == BASE + "things/0/"


FINALIZERS = """
import asyncio, gc, os, random, libcrux
base, user, password = (os.environ[name] for name in ("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD"))
random.seed(7)
kept = []
for n in range(20):
    client = libcrux.login("custom", user, password, base_url=base, log=lambda level, line: None, log_level=5)
    body = client.stream("GET", "drip/100000")
    things = [client, body, client.get("things/0/"), client.pages("things/"), client.get("things/")]
    next(things[3])
    if n % 2:
        things.append(things)  # A cycle, for the collector.
    random.shuffle(things)
    while len(things) > 2:
        things.pop()
    if n > 15:
        kept.append(things)
gc.collect()
assert len(libcrux._hooks._logs) <= 5, libcrux._hooks._logs

async def leave():
    client = await libcrux.AsyncClient.login("custom", user, password, base_url=base)
    kept.append((client, client.stream("GET", "drip/100000000"), asyncio.ensure_future(client.get("slow/"))))
    await asyncio.sleep(0)

asyncio.run(leave())
import threading
def endless():
    while True:
        yield b"x" * 1000
client = libcrux.login("custom", user, password, base_url=base)
def send():
    try:
        client.put("echo/", body=endless())
    except libcrux.CancelledError:
        pass  # At exit.
threading.Thread(target=send, daemon=True).start()
threading.Thread(target=lambda: client.get("slow/"), daemon=True).start()
while not libcrux._hooks._sources:
    pass
print("end")
"""


def test_finalizers() -> None:
    for _ in range(3):
        ended = python(FINALIZERS)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "end\n", "")


def test_threads(client: libcrux.Client) -> None:
    names: list[str] = []

    def work() -> None:
        names.extend(client.get(f"things/{n % 7}/").json()["name"] for n in range(50))

    set_answer("/wait/", body={}, delay_ms=1000)
    waiting = threading.Thread(target=lambda: names.append(str(client.get("wait/").status)))
    waiting.start()
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 100, "the one that waits stopped the others"
    waiting.join()
    assert names[-1] == "200"


def test_hundred_at_once(client: libcrux.Client) -> None:
    threads_before = threading.active_count()
    descriptors = len(os.listdir("/proc/self/fd"))

    async def hundred(client: libcrux.AsyncClient) -> None:
        answers = await asyncio.gather(*(client.get(f"things/{n % 7}/") for n in range(100)))
        assert [answer.json()["id"] for answer in answers] == [n % 7 for n in range(100)]

    with_async_client(hundred)
    assert threading.active_count() == threads_before
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(client.get("things/0/").status)) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 100
    client.close()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= descriptors + 2


FORK = """
import os, libcrux
base, user, password = (os.environ[name] for name in ("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD"))
client = libcrux.login("custom", user, password, base_url=base)
first = client.get("things/0/")
child = os.fork()
names = [client.get(f"things/{n % 7}/").json()["name"] for n in range(50)]
assert first.json()["id"] == 0 and names[1] == "Bluse" and len(set(names)) == 7
if child:
    assert os.waitpid(child, 0)[1] == 0
    print("both")
"""


def test_fork() -> None:
    ended = python(FORK)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "both\n", "")


def test_library_missing() -> None:
    ended = python("import libcrux", CRUX_LIBRARY="/nowhere/libcrux.so")
    assert ended.returncode == 1
    assert "LibraryError: libcrux could not be loaded. Tried: the variable CRUX_LIBRARY, /nowhere/" in ended.stderr
    ended = python("import libcrux", CRUX_LIBRARY="", LD_LIBRARY_PATH="/nowhere")
    if ended.returncode:
        assert "the package's own copy" in ended.stderr
        assert "the system's loader, libcrux.so.0" in ended.stderr


def test_library_too_old(tmp_path: Path) -> None:
    source, library = tmp_path / "old.c", tmp_path / "old.so"
    source.write_text("int crux_abi(void) { return 0; }")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    ended = python("import libcrux", CRUX_LIBRARY=str(library))
    assert ended.returncode == 1
    assert f"is of edition 0, and this package needs edition {ABI}" in ended.stderr
