"""A program that uses the types as they are meant."""

from __future__ import annotations

import asyncio
import io
import logging
from pathlib import Path
from typing import Iterator

import libcrux


def pieces() -> Iterator[bytes]:
    yield b"a"


def show(done: int, total: int | None) -> None:
    print(done, total)


with libcrux.login(
    "crunch", "a", "b", log=logging.getLogger("x"), timeout_total_ms=5, tls_ca_file=Path("ca")
) as client:
    response: libcrux.Response = client.get("a/", query={"a": [1, None, True]}, fill={"b": 2}, retry_max=0)
    status: int = response.status
    text: str = response.text
    body: bytes = response.body
    where: str | None = response.location
    again: libcrux.Response = response.follow("b/", "POST", json={"c": None}, wait=True)
    for page in client.pages("a/", timeout_total_ms=1):
        print(page.headers["x"].upper())
    client.put("a/", body=pieces(), content_type="text/csv", progress=show)
    client.upload(None, Path("a"), field="b")
    client.upload("a/", io.BytesIO(b""), filename="b", progress=show)
    client.download("a/", Path("b"), sha256="c")
    client.download("a/", io.BytesIO())
    with client.stream("GET", "a/") as stream:
        first: bytes = next(stream)
        rest: bytes = stream.read()
    try:
        client.wait(response, 1.5, progress=lambda percent, total: print(percent + 1))
    except libcrux.TimeoutError as error:
        seconds: float | None = error.retry_after
        name: str = error.word
    except (libcrux.HTTPError, libcrux.AuthError) as failure:
        print(failure.response.text if failure.response else failure.message)


async def run() -> None:
    async with await libcrux.AsyncClient.token("crunch", "a", log=lambda level, line: print(level + 1, line)) as client:
        answer: libcrux.AsyncResponse = await client.get("a/")
        follower: libcrux.AsyncResponse = await answer.follow("b/")
        print(follower.elapsed)
        async for page in client.pages("a/"):
            print(page.status)
        async with client.stream("GET", "a/") as body:
            async for piece in body:
                print(len(piece))


asyncio.run(run())
