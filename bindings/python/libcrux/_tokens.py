"""A token that the program itself supplies: out of a keyring, a vault, single sign-on."""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import inspect
import itertools
import time
from concurrent.futures import CancelledError as Stopped
from concurrent.futures import Future
from typing import Any, Awaitable, Callable, Optional, Union

from ._interface import ReleaseHook, TokenHook
from ._library import text
from .errors import ArgumentError, CancelledError

#: Is given the token that the server refused, None if none was, and returns another; None: there is none.
TokenSource = Callable[[Optional[str]], Union[Optional[str], Awaitable[Optional[str]]]]


class Tokens:
    """Asks such a callable. libcrux does that by one request at a time, always on a thread of its own: on the main thread
    what a signal handler raises could be lost in it."""

    def __init__(self, source: TokenSource) -> None:
        self._source = source
        self._awaited: Future[Any] | None = None
        self._stopped = False
        #: Where a coroutine runs.
        self.loop: asyncio.AbstractEventLoop | None = None
        #: What the latest attempt has raised.
        self.error: BaseException | None = None

    def context(self) -> int:
        """The number under which libcrux asks, until it releases that."""
        number = next(_numbers)
        _sources[number] = self
        return number

    def fill(self, refused: bytes | None, buffer: int, capacity: int) -> int:
        """Writes a token; returns its length, 0 if there is none, -1 if that failed."""
        _asking.append(self)
        try:
            if _leaving:
                return -1
            token = self._source(None if refused is None else refused.decode())
            if inspect.isawaitable(token):
                token = self._result(token)
            self.error = None
            written = b"" if token is None else text(token, "the token")
            if len(written) > capacity:
                raise ArgumentError(f"The token is longer than {capacity} bytes.")
            ctypes.memmove(buffer, written, len(written))
            return len(written)
        except Stopped:
            self.error = CancelledError("The client was closed while its source of tokens was waiting.")
            return -1
        except BaseException as error:
            self.error = error
            return -1
        finally:
            _asking.remove(self)

    def _result(self, token: Any) -> Any:
        """Waits, on this thread, for what the event loop works out."""

        async def work() -> Any:
            return await token

        working = work()
        try:
            if self.loop is None:
                raise TypeError("an asynchronous source of tokens needs an AsyncClient")
            self._awaited = asyncio.run_coroutine_threadsafe(working, self.loop)
        except BaseException:
            working.close()
            if inspect.iscoroutine(token):
                token.close()
            raise
        if self._stopped:
            self._awaited.cancel()  # `stop` came before there was this one.
        return self._awaited.result()

    def stop(self) -> None:
        """Ends a wait for the event loop, and those to come."""
        self._stopped = True
        if self._awaited is not None:
            self._awaited.cancel()


_numbers = itertools.count(1)
_sources: dict[int, Tokens] = {}
_asking: list[Tokens] = []
_leaving: list[bool] = []


def _fill(context: int, refused: bytes | None, buffer: int, capacity: int) -> int:
    return _sources[context].fill(refused, buffer, capacity)


token_hook = TokenHook(_fill)
release_tokens = ReleaseHook(_sources.pop)


@atexit.register
def _leave() -> None:
    """A thread of libcrux must not come back into an interpreter that has gone."""
    _leaving.append(True)
    for tokens in list(_asking):
        tokens.stop()
    end = time.monotonic() + 1
    while _asking and time.monotonic() < end:
        time.sleep(0.01)
