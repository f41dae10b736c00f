"""What a small GET costs, with its JSON decoded: microseconds of CPU, beside the clients that everybody uses.

Run it against the sandbox, with requests, urllib3 and aiohttp installed:
sandbox --shop python3 bindings/python/bench.py. The last lines are the ratios.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import statistics
import time
from typing import Any, Awaitable, Callable

import libcrux

BASE, USER, PASSWORD = (os.environ[name] for name in ("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD"))
URL = BASE + "things/0/"
HEADERS = {"Authorization": "Bearer tok-7d1c"}
ROUNDS, COUNT = 5, int(os.environ.get("BENCH_COUNT", "400"))
results: dict[str, float] = {}


def measure(name: str, get: Callable[[], Any]) -> None:
    for _ in range(50):
        assert get()["id"] == 0
    costs = []
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(COUNT):
            get()
        costs.append((time.process_time() - before) / COUNT * 1e6)
    tell(name, costs)


async def measure_async(name: str, get: Callable[[], Awaitable[Any]], at_once: int) -> None:
    async def batch() -> None:
        await asyncio.gather(*(get() for _ in range(at_once)))

    await batch()
    await batch()
    costs, times = [], max(COUNT // at_once, 2)
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(times):
            await batch()
        costs.append((time.process_time() - before) / times / at_once * 1e6)
    tell(f"{name}, {at_once} at once", costs)


def tell(name: str, costs: list[float]) -> None:
    results[name] = statistics.median(costs)
    print(f"{results[name]:8.1f} us  {name}", flush=True)


def optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed")
        return None


def waiting() -> None:
    with libcrux.login("custom", USER, PASSWORD, base_url=BASE) as client:
        measure("libcrux", lambda: client.get("things/0/").json())
    if urllib3 := optional("urllib3"):
        pool = urllib3.PoolManager()
        measure("urllib3", lambda: json.loads(pool.request("GET", URL, headers=HEADERS).data))
    if requests := optional("requests"):
        session = requests.Session()
        session.headers.update(HEADERS)
        measure("requests", lambda: session.get(URL).json())


async def looping() -> None:
    async with await libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE) as client:

        async def ours() -> Any:
            return (await client.get("things/0/")).json()

        for at_once in (1, 100):
            await measure_async("libcrux asyncio", ours, at_once)
    if aiohttp := optional("aiohttp"):
        async with aiohttp.ClientSession(headers=HEADERS) as session:

            async def theirs() -> Any:
                async with session.get(URL) as response:
                    return await response.json()

            for at_once in (1, 100):
                await measure_async("aiohttp", theirs, at_once)


waiting()
asyncio.run(looping())
for own, other in (
    ("libcrux", "urllib3"),
    ("libcrux", "requests"),
    ("libcrux asyncio, 1 at once", "aiohttp, 1 at once"),
    ("libcrux asyncio, 100 at once", "aiohttp, 100 at once"),
):
    if other in results:
        print(f"{results[own] / results[other]:8.2f}     {own} / {other}")
