"""Memory, objects, descriptors and threads stay what they are."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from typing import Any, Iterator

from conftest import BASE, PASSWORD, USER
from helpers import (
    Ring,
    ended_by_an_alarm,
    long,
    memory,
    some_of_everything,
)

import libcrux
from libcrux import _hooks


def test_nothing_leaks_over_ten_thousand_calls() -> None:
    """Memory, objects, descriptors and threads are what they were."""
    rounds = 1000

    async def many(client: libcrux.AsyncClient, count: int) -> None:
        for _ in range(count // 50):
            for answer in await asyncio.gather(*(client.get("things/0/") for _ in range(50))):
                answer.json()

    def state() -> tuple[int, int, int]:
        gc.collect()
        return len(gc.get_objects()), len(os.listdir("/proc/self/fd")), threading.active_count()

    def everything(times: int) -> None:
        # Without a log: what captures it here keeps every line.
        with libcrux.login("custom", USER, PASSWORD, base_url=BASE, log_level=0) as client:
            for number in range(times):
                if number % 10 == 0:
                    some_of_everything(client)
                client.get("things/0/").json()

        async def run(client: libcrux.AsyncClient) -> None:
            await many(client, times * 8)

        async def open_and_run() -> None:
            async with await libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE) as client:
                await run(client)

        asyncio.run(open_and_run())

    everything(rounds // 5)
    before, bytes_before = state(), memory()
    everything(rounds)
    after, bytes_after = state(), memory()
    assert after[0] - before[0] < 100
    assert after[1] <= before[1]
    assert after[2] == before[2]
    assert bytes_after - bytes_before < 4 << 20
    assert (_hooks._sources, _hooks._logs) == ({}, {})


def test_nothing_waits_for_the_collector(client: libcrux.Client) -> None:
    def failing() -> Iterator[bytes]:
        yield b"a"
        raise LookupError

    def attempt(action: Any) -> None:
        try:
            action()
        except (libcrux.Error, LookupError, Ring):
            pass

    gc.collect()
    gc.disable()
    try:
        some_of_everything(client)
        attempt(lambda: client.get("things/999/"))
        attempt(lambda: client.get("slow/", timeout_total_ms=20))
        attempt(lambda: client.put("echo/", body=failing()))
        attempt(lambda: ended_by_an_alarm(lambda: client.get("slow/")))
        assert _hooks._sources == {}
        client.close()
        assert _hooks._logs == {}
    finally:
        gc.enable()


@long
def test_memory_is_flat_over_a_hundred_thousand_requests(client: libcrux.Client) -> None:
    for _ in range(2000):
        client.get("things/0/").json()
    before = memory()
    for _ in range(100_000):
        client.get("things/0/").json()
    assert memory() - before < 2 << 20
