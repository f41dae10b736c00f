"""Both clients behind one face, so that the cases are told once."""

from __future__ import annotations

import asyncio
from typing import Any

import libcrux


async def _all(iterator: Any) -> list[Any]:
    return [one async for one in iterator]


class Waiting:
    """`Client` as it is."""

    make = libcrux.Client

    def run(self, outcome: Any) -> Any:
        return outcome

    def all(self, iterator: Any) -> list[Any]:
        return list(iterator)

    def follow(self, response: Any, link: str) -> Any:
        return response.follow(link)

    def stream(self, client: Any, method: str, path: str, **request: Any) -> tuple[int, bytes]:
        with client.stream(method, path, **request) as body:
            return body.status, b"".join(body)

    def close(self) -> None:
        pass


class Looping:
    """`AsyncClient`, each step run to its end by a loop that checks itself."""

    make = libcrux.AsyncClient

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_debug(True)

    def run(self, outcome: Any) -> Any:
        return self.loop.run_until_complete(outcome)

    def all(self, iterator: Any) -> list[Any]:
        return self.run(_all(iterator))

    def follow(self, response: Any, link: str) -> Any:
        return self.run(response.follow(link))

    def stream(self, client: Any, method: str, path: str, **request: Any) -> tuple[int, bytes]:
        async def read() -> tuple[int, bytes]:
            async with client.stream(method, path, **request) as body:
                return body.status, b"".join([piece async for piece in body])

        return self.run(read())

    def close(self) -> None:
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
