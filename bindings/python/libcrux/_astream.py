"""A body that is read piece by piece in an event loop."""

from __future__ import annotations

import asyncio
import ctypes
from types import TracebackType
from typing import Any, Awaitable, Callable

from ._interface import PHASE_RECEIVE, Handle
from ._library import lib
from ._request import Call
from ._response import Headers, failure
from ._session import Session
from ._stream import PIECE, Head, end

# Starts a call, and waits until it has ended.
Starter = Callable[[Call], Awaitable[Handle]]


def settle(future: asyncio.Future[None]) -> None:
    """Ends a wait, unless something else has."""
    if not future.done():
        future.set_result(None)


class AsyncStream:
    """The body of a response as its pieces come: `async with client.stream(...) as body: async for piece in body`."""

    def __init__(self, session: Session, start: Starter, call: Call) -> None:
        self._session, self._start, self._call = session, start, call
        call.set("stream", True)
        self._handle: Handle | None = None
        self._buffer: Any = None

    async def __aenter__(self) -> AsyncStream:
        try:
            handle = await self._start(self._call)
            self.head: Head = self._session.finished(self._call, handle, Head)
        except BaseException:
            self._call.stop()
            raise
        if self._call.progress is not None:
            self._call.progress._phase = PHASE_RECEIVE
        self._handle = handle
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def handle(self) -> Handle:
        """The response, until the stream is closed."""
        if self._handle is None:
            raise ValueError("The stream is closed.")
        return self._handle

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.head.status

    @property
    def headers(self) -> Headers:
        """The headers."""
        return self.head.headers

    @property
    def url(self) -> str:
        """Where it comes from, after redirects."""
        return self.head.url

    async def read(self, size: int = PIECE) -> bytes:
        """Returns the next bytes, at most so many; b"" at the end of a complete body, otherwise an error is raised."""
        if self._buffer is None or len(self._buffer) < size:
            self._buffer = ctypes.create_string_buffer(size)
        while True:
            count = lib.read(self.handle, self._buffer, size)
            if count != -2:
                break
            await self._more()
        self._session.log.hand_over()
        if count < 0:
            raise failure(self.handle, self.head)
        if self._call.progress is not None:
            self._call.progress.look(self.handle)
        return ctypes.string_at(self._buffer, count)

    async def _more(self) -> None:
        """Waits until the stream has more to read."""
        loop = asyncio.get_running_loop()
        descriptor, future = lib.event(self.handle), loop.create_future()
        if descriptor < 0:
            raise OSError("The system has no descriptor left to wait with.")
        loop.add_reader(descriptor, settle, future)
        try:
            await future
        finally:
            loop.remove_reader(descriptor)

    def __aiter__(self) -> AsyncStream:
        return self

    async def __anext__(self) -> bytes:
        piece = await self.read()
        if not piece:
            raise StopAsyncIteration
        return piece

    async def close(self) -> None:
        """Ends the request, if its body has not come to its end; a second time does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            end(handle)
        self._call.stop()
