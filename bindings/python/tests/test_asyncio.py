"""One loop after another, in debug mode; what ends with its task or its client."""

from __future__ import annotations

import asyncio
import io
import logging
import time
import warnings
from typing import Any

import pytest
from conftest import BASE, PASSWORD, USER, requests_to
from helpers import (
    WITHIN,
    with_async_client,
)

import libcrux
from libcrux import _hooks


def test_asyncio_in_debug_mode_has_nothing_to_complain_of(caplog: pytest.LogCaptureFixture) -> None:
    async def all_of_it(client: libcrux.AsyncClient) -> None:
        asyncio.get_running_loop().slow_callback_duration = 0.1
        first = await client.get("things/", query={"limit": 3})
        assert (await first.follow("./1/")).json()["name"] == "Bluse"
        assert [item["id"] async for item in client.items("things/")][:3] == [0, 1, 2]
        task = asyncio.ensure_future(client.get("slow/"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.download("files/out.bin", io.BytesIO())

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with caplog.at_level(logging.WARNING, "asyncio"):
            with_async_client(all_of_it)
    assert [record for record in caplog.records if record.name == "asyncio"] == []


def test_a_client_goes_from_one_loop_to_the_next() -> None:
    client = asyncio.run(libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE))
    for _ in range(3):
        assert asyncio.run(client.get("things/0/")).status == 200
    asyncio.run(client.close())


def test_a_burst_leaves_the_loop_to_others_between() -> None:
    async def burst(client: libcrux.AsyncClient) -> None:
        many = 600
        tasks = [asyncio.ensure_future(client.get("things/0/")) for _ in range(many)]
        await asyncio.sleep(0)
        # The loop stands still until all have come.
        end = time.monotonic() + 20
        while requests_to("/things/0/") < many:
            assert time.monotonic() < end
        done, turns = 0, []
        while done < many:
            await asyncio.sleep(0)
            now = sum(task.done() for task in tasks)
            turns.append(now - done)
            done = now
        assert max(turns) <= 256
        assert {task.result().status for task in tasks} == {200}

    with_async_client(burst)


def test_closing_ends_what_is_under_way() -> None:
    async def run() -> None:
        client = await libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE)
        task = asyncio.ensure_future(client.get("slow/"))
        await asyncio.sleep(0)
        await client.close()
        with pytest.raises(libcrux.CancelledError):
            await task

    asyncio.run(run(), debug=True)


def test_a_body_that_never_comes_ends_with_its_task() -> None:
    async def never() -> Any:
        yield b"one"
        await asyncio.sleep(3600)

    async def run(client: libcrux.AsyncClient) -> float:
        task = asyncio.ensure_future(client.put("echo/", body=never()))
        while not _hooks._sources:
            await asyncio.sleep(0)
        since = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - since

    assert with_async_client(run) < WITHIN


def test_links_are_followed_by_the_client_of_their_response() -> None:
    async def follow(client: libcrux.AsyncClient) -> None:
        async with await libcrux.AsyncClient.anonymous("custom", base_url=BASE) as other:
            page = await client.get("things/")
            with pytest.raises(libcrux.ArgumentError):
                await other.follow(page, "./1/")

    with_async_client(follow)
