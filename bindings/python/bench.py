"""Compares what a small GET costs with requests and aiohttp: a line a turn, for bindings/bench.sh.

Each request can be interrupted, its body is read and its JSON decoded.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import time
from typing import Any, Awaitable, Callable

import libcrux

BASE, PATH = os.environ["CRUX_BASE"], os.environ["CRUX_PATH"]
HEADERS = {"Authorization": "Bearer tok-7d1c"}
TURNS, COUNT = 7, 400


def cost(get: Callable[[], Any], count: int = COUNT) -> float:
    before = time.process_time()
    for _ in range(count):
        assert get()["name"]
    return (time.process_time() - before) / count * 1e6


def compare(ours: Callable[[], Any], theirs: Callable[[], Any], client: str) -> None:
    cost(ours)
    cost(theirs)
    for _ in range(TURNS):
        print(f"one at a time: {cost(ours, 3 * COUNT):.1f} against {cost(theirs):.1f} of {client}", flush=True)


async def async_cost(get: Callable[[], Awaitable[Any]], at_once: int) -> float:
    async def lane() -> None:
        for _ in range(2 * COUNT // at_once):
            assert (await get())["name"]

    before = time.process_time()
    await asyncio.gather(*(lane() for _ in range(at_once)))
    return (time.process_time() - before) / (2 * COUNT) * 1e6


async def async_compare(ours: Callable[[], Awaitable[Any]], theirs: Callable[[], Awaitable[Any]], client: str) -> None:
    for name, at_once in (("one at a time", 1), ("100 at once", 100)):
        await async_cost(ours, at_once)
        await async_cost(theirs, at_once)
        for _ in range(TURNS):
            own = await async_cost(ours, at_once)
            print(f"asyncio, {name}: {own:.1f} against {await async_cost(theirs, at_once):.1f} of {client}", flush=True)


def optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name}: skipped, it is not installed")
        return None


def waiting() -> None:
    with libcrux.token("custom", "tok-7d1c", base_url=BASE) as client:

        def ours() -> Any:
            return client.get(PATH).json()

        if "CRUX_LONG" in os.environ:
            tell_memory(lambda count: cost(ours, count))
            return
        if requests := optional("requests"):
            session = requests.Session()
            session.headers.update(HEADERS)
            compare(ours, lambda: session.get(BASE + PATH).json(), "requests")


async def looping() -> None:
    async with await libcrux.AsyncClient.token("custom", "tok-7d1c", base_url=BASE) as client:

        async def ours() -> Any:
            return (await client.get(PATH)).json()

        if aiohttp := optional("aiohttp"):
            async with aiohttp.ClientSession(headers=HEADERS) as session:

                async def theirs() -> Any:
                    async with session.get(BASE + PATH) as response:
                        return await response.json()

                await async_compare(ours, theirs, "aiohttp")


def tell_memory(run: Callable[[int], Any]) -> None:
    def after(count: int) -> float:
        run(count)
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    print(f"memory: {after(10_000):.1f} MiB after 10000 requests, {after(90_000):.1f} after 100000")


waiting()
if "CRUX_LONG" not in os.environ:
    asyncio.run(looping())
