"""Tokens that the program supplies itself, and jobs that are awaited later."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from conftest import BASE, TOKEN, requests_to, set_answer
from helpers import WITHIN, cancelled, interrupted, python, with_async_client

import libcrux
from libcrux._tokens import TokenSource


def source_of(asked: list[str | None]) -> TokenSource:
    """Gives one that is refused, and then the right one."""

    def fetch(refused: str | None) -> str:
        asked.append(refused)
        return "stale" if refused is None else TOKEN

    return fetch


def test_token_source() -> None:
    asked: list[str | None] = []
    with libcrux.token("custom", source_of(asked), base_url=BASE) as client:
        assert client.get("things/1/").json()["name"] == "Bluse"
        assert client.get("things/1/", progress=lambda *_: None).status == 200
        with client.stream("GET", "things/1/") as body:
            assert body.read()
    assert asked == [None, "stale"]
    asked.clear()

    async def alike() -> None:
        fetch = source_of(asked)

        async def awaited(refused: str | None) -> Any:
            await asyncio.sleep(0)
            return fetch(refused)

        async with await libcrux.AsyncClient.token("custom", awaited, base_url=BASE) as client:
            got = await asyncio.gather(*(client.get("things/1/") for _ in range(20)))
            assert {one.status for one in got} == {200}
        async with await libcrux.AsyncClient.token("custom", fetch, base_url=BASE) as client:
            async with client.stream("GET", "things/1/") as body:
                assert await body.read()

    asyncio.run(alike(), debug=True)
    assert asked == [None, "stale", None, "stale"]


def test_token_source_throws() -> None:
    class Locked(Exception):
        pass

    def locked(refused: str | None) -> str:
        raise Locked

    async def later(refused: str | None) -> str:
        await asyncio.sleep(0)
        raise Locked

    def late(refused: str | None) -> str:
        if refused is None:
            return "stale"
        raise Locked

    for source in (locked, late):
        with libcrux.token("custom", source, base_url=BASE) as client:
            for _ in range(2):
                with pytest.raises(Locked):
                    client.get("things/1/")
                with pytest.raises(Locked):
                    client.stream("GET", "things/1/")

    async def alike() -> None:
        for source in (locked, later, late):
            async with await libcrux.AsyncClient.token("custom", source, base_url=BASE) as client:
                for got in await asyncio.gather(*(client.get("things/1/") for _ in range(5)), return_exceptions=True):
                    assert isinstance(got, Locked)

    asyncio.run(alike(), debug=True)


def test_a_source_gives_what_is_no_token() -> None:
    async def forgotten(refused: str | None) -> str:
        return TOKEN

    wrong: list[tuple[Any, type[Exception]]] = [
        (lambda _: None, libcrux.AuthError),
        (lambda _: "", libcrux.AuthError),
        (lambda _: b"bytes", TypeError),
        (lambda _: "a\0b", libcrux.ArgumentError),
        (lambda _: "\ud800", UnicodeEncodeError),
        (lambda _: "x" * (1 << 22), libcrux.ArgumentError),
        (lambda: TOKEN, TypeError),
        (forgotten, TypeError),
    ]
    for source, kind in wrong:
        with libcrux.token("custom", source, base_url=BASE) as client, pytest.raises(kind):
            client.get("things/1/")
    with pytest.raises(TypeError):
        libcrux.token("custom", 7, base_url=BASE)  # type: ignore[arg-type]


def test_a_source_that_waits_stops_nothing_and_can_be_ended() -> None:
    go = threading.Event()

    def slow(refused: str | None) -> str:
        set_answer("/asked/")
        libcrux.token("custom", TOKEN, base_url=BASE).get("asked/")
        go.wait()
        return TOKEN

    with libcrux.token("custom", slow, base_url=BASE) as client:
        assert interrupted(lambda: client.get("things/1/"), "/asked/") < WITHIN
        go.set()
    entered, left = threading.Event(), threading.Event()

    async def never(refused: str | None) -> str:
        entered.set()
        try:
            await asyncio.sleep(60)
        finally:
            left.set()
        return TOKEN

    async def closed() -> None:
        client = await libcrux.AsyncClient.token("custom", never, base_url=BASE)
        task = asyncio.ensure_future(client.get("things/1/"))
        while not entered.is_set():
            await asyncio.sleep(0.01)
        since = time.monotonic()
        await client.close()
        with pytest.raises(libcrux.CancelledError):
            await task
        assert time.monotonic() - since < WITHIN

    asyncio.run(closed(), debug=True)
    assert left.wait(5)


def test_a_client_is_closed_while_its_source_begins() -> None:
    entered, proceed = threading.Event(), threading.Event()

    def late(refused: str | None) -> Any:
        entered.set()
        proceed.wait(5)
        return asyncio.sleep(60)

    async def closed() -> None:
        client = await libcrux.AsyncClient.token("custom", late, base_url=BASE)
        task = asyncio.ensure_future(client.get("things/1/"))
        while not entered.is_set():
            await asyncio.sleep(0.01)
        closing = asyncio.ensure_future(client.close())
        await asyncio.sleep(0.05)
        proceed.set()
        await asyncio.wait_for(closing, 5)
        with pytest.raises(libcrux.CancelledError):
            await task

    asyncio.run(closed())


def test_a_program_ends_while_a_source_waits() -> None:
    code = """
import asyncio, os, threading, libcrux
entered = threading.Event()
async def never(refused):
    entered.set()
    await asyncio.Event().wait()
async def main():
    client = await libcrux.AsyncClient.token("custom", never, base_url=os.environ["CRUX_BASE"])
    task = asyncio.ensure_future(client.get("things/1/"))
    while not entered.is_set():
        await asyncio.sleep(0.01)
asyncio.run(main())
"""
    since = time.monotonic()
    ended = python(code)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert time.monotonic() - since < 4


def test_a_wait_has_its_own_time_and_ends_alone(client: libcrux.Client) -> None:
    progress = "/endless/progress/"
    set_answer("/endless/", status=202, body={"value": progress})
    set_answer(progress, body={"value": {"progress": 10, "message": "working"}})
    accepted = client.post("endless/", json={})
    for timeout in (0.1, 0):
        with pytest.raises(libcrux.TimeoutError):
            client.wait(accepted, timeout)

    async def two(client: libcrux.AsyncClient) -> None:
        accepted = await client.post("endless/", json={})
        seen: list[tuple[int, int | None]] = []
        other = asyncio.ensure_future(client.wait(accepted, progress=lambda done, total: seen.append((done, total))))
        before = requests_to(progress)
        assert await cancelled(client.wait(accepted), progress, 2) < WITHIN
        # Before it has begun, too.
        task = asyncio.ensure_future(client.wait(accepted))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not other.done() and requests_to(progress) > before
        while (10, 100) not in seen:
            await asyncio.sleep(0.01)
        other.cancel()

    with_async_client(two)
