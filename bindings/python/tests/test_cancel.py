"""Cases that are written by hand: what waits is ended from outside."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from pathlib import Path
from typing import Any

from conftest import BASE, PASSWORD, USER, requests_to, set_answer
from helpers import (
    WITHIN,
    cancelled,
    interrupted,
    with_async_client,
)

import libcrux


def test_cancel_request(client: libcrux.Client) -> None:
    assert interrupted(lambda: client.get("slow/"), "/slow/") < WITHIN
    assert interrupted(lambda: client.get("slow/", progress=print), "/slow/") < WITHIN
    assert with_async_client(lambda client: cancelled(client.get("slow/"), "/slow/")) < WITHIN
    # And from another thread.
    caught: list[float] = []

    def wait() -> None:
        try:
            client.get("slow/")
        except libcrux.CancelledError:
            caught.append(time.monotonic())

    before = requests_to("/slow/")
    thread = threading.Thread(target=wait)
    thread.start()
    while requests_to("/slow/") == before:
        pass
    since = time.monotonic()
    client.cancel()
    thread.join()
    assert caught[0] - since < WITHIN


def test_cancel_login() -> None:
    set_answer("/login", body={"token": "x"}, delay_ms=5000)

    def login() -> None:
        libcrux.login("custom", USER, PASSWORD, base_url=BASE)

    async def alike() -> float:
        return await cancelled(libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE), "/login")

    assert interrupted(login, "/login") < WITHIN
    assert asyncio.run(alike(), debug=True) < WITHIN


def test_cancel_job(client: libcrux.Client) -> None:
    progress = "/endless/progress/"
    set_answer("/endless/", status=202, body={"value": progress})
    set_answer(progress, body={"value": {"progress": 10, "message": "working"}})
    assert interrupted(lambda: client.post("endless/", json={}, wait=True), progress) < WITHIN
    accepted = client.post("endless/", json={})
    assert interrupted(lambda: client.wait(accepted), progress) < WITHIN

    async def jobs(client: libcrux.AsyncClient) -> list[float]:
        accepted = await client.post("endless/", json={})
        return [
            await cancelled(client.post("endless/", json={}, wait=True), progress),
            await cancelled(client.wait(accepted), progress),
        ]

    assert max(with_async_client(jobs)) < WITHIN


def test_cancel_page(client: libcrux.Client) -> None:
    set_answer("/list/", body={"results": [1], "next": "/late/"})
    set_answer("/late/", body={"results": []}, delay_ms=5000)
    assert interrupted(lambda: list(client.pages("list/")), "/late/") < WITHIN

    async def pages(client: libcrux.AsyncClient) -> float:
        async def read() -> list[Any]:
            return [page async for page in client.pages("list/")]

        return await cancelled(read(), "/late/")

    assert with_async_client(pages) < WITHIN


def test_cancel_download(client: libcrux.Client, tmp_path: Path) -> None:
    path, target = "drip/100000000", tmp_path / "out.bin"
    assert interrupted(lambda: client.download(path, target), "/" + path) < WITHIN
    assert interrupted(lambda: client.download(path, target, progress=lambda *_: None), "/" + path) < WITHIN
    assert interrupted(lambda: client.download(path, io.BytesIO()), "/" + path) < WITHIN
    assert with_async_client(lambda client: cancelled(client.download(path, target), "/" + path)) < WITHIN
    assert with_async_client(lambda client: cancelled(client.download(path, io.BytesIO()), "/" + path)) < WITHIN
    assert not target.exists()
