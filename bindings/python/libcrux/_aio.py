"""The client of asyncio: one descriptor a client, no thread of its own."""

from __future__ import annotations

import asyncio
import os
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, AsyncIterator

from ._astream import AsyncStream, settle
from ._hooks import LogTarget
from ._interface import ClientOptions, Handle
from ._library import lib
from ._request import Call, Path, Progress, RequestOptions, Upload, upload
from ._response import BaseResponse
from ._session import Session, account_options, members
from ._stream import write_all
from ._tokens import TokenSource
from .errors import ArgumentError, Error

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

# How often progress is looked at, in seconds.
_LOOK = 0.1

# So many at most in one turn of the loop: timers and others must come to their turn too.
_ONE_TURN = 256


class AsyncResponse(BaseResponse):
    """What came of a request. It stays good when its client is closed, and ends with its last reference."""

    _client: AsyncClient

    async def follow(self, link: str, method: str = "GET", **request: Unpack[RequestOptions]) -> AsyncResponse:
        """Requests a link as it stands in this response; a relative one begins at this response's URL."""
        return await self._client.follow(self, link, method, **request)


class AsyncClient:
    """An account at a service, for one event loop at a time. A task that is cancelled ends its request.

    Made by its class methods `login`, `token`, `anonymous` and `from_env`. Names and arguments are those of `Client`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._descriptor = -1
        self._process = -1

    @classmethod
    async def _open(cls, session: Session) -> Self:
        client = cls(session)
        call = session.first_login()
        if call is not None:
            try:
                await client._send(call)
            except Error as error:
                if not session.is_anonymous(error):
                    client._unwatch()
                    raise
            except BaseException:
                client._unwatch()
                raise
        return client

    @classmethod
    async def login(
        cls,
        service: str | None,
        user: str,
        secret: str,
        *,
        base_url: str | None = None,
        log: LogTarget | None = None,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """Logs in with a name and a password. See `libcrux.login`."""
        return await cls._open(Session(log, account_options(options, service, base_url, user=user, secret=secret)))

    @classmethod
    async def token(
        cls,
        service: str | None,
        token: str | TokenSource,
        *,
        base_url: str | None = None,
        log: LogTarget | None = None,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """Takes a ready token or API key, or what fetches one; a coroutine of that runs in this loop. See
        `libcrux.token`."""
        return await cls._open(Session(log, account_options(options, service, base_url, token=token)))

    @classmethod
    async def anonymous(
        cls,
        service: str | None,
        *,
        base_url: str | None = None,
        log: LogTarget | None = None,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """Sends no credentials. See `libcrux.anonymous`."""
        return await cls._open(Session(log, account_options(options, service, base_url)))

    @classmethod
    async def from_env(
        cls,
        account: str | None = None,
        *,
        service: str | None = None,
        base_url: str | None = None,
        log: LogTarget | None = None,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """Takes address and credentials from the environment. See `libcrux.from_env`."""
        return await cls._open(Session(log, account_options(options, service, base_url), account, by_environment=True))

    async def request(self, method: str, path: str, **request: Unpack[RequestOptions]) -> AsyncResponse:
        """Sends a request and returns its response. See `Client.request`."""
        return await self._send(self._session.call(method, path, request))

    async def get(self, path: str, **request: Unpack[RequestOptions]) -> AsyncResponse:
        """Sends a GET."""
        return await self._send(self._session.call("GET", path, request))

    async def post(self, path: str, **request: Unpack[RequestOptions]) -> AsyncResponse:
        """Sends a POST."""
        return await self._send(self._session.call("POST", path, request))

    async def put(self, path: str, **request: Unpack[RequestOptions]) -> AsyncResponse:
        """Sends a PUT."""
        return await self._send(self._session.call("PUT", path, request))

    async def patch(self, path: str, **request: Unpack[RequestOptions]) -> AsyncResponse:
        """Sends a PATCH."""
        return await self._send(self._session.call("PATCH", path, request))

    async def delete(self, path: str, **request: Unpack[RequestOptions]) -> AsyncResponse:
        """Sends a DELETE."""
        return await self._send(self._session.call("DELETE", path, request))

    async def follow(
        self, response: AsyncResponse, link: str, method: str = "GET", **request: Unpack[RequestOptions]
    ) -> AsyncResponse:
        """Requests a link as it stands in a response; a relative one begins at that response's URL."""
        return await self._send(self._session.follow(response, link, method, request))

    async def pages(
        self, path: str, method: str = "GET", **request: Unpack[RequestOptions]
    ) -> AsyncIterator[AsyncResponse]:
        """Yields the pages of a list, each requested when it is asked for."""
        call: Call | None = self._session.call(method, path, request)
        while call is not None:
            page = await self._send(call)
            yield page
            call = self._session.next_page(page)

    async def items(
        self, path: str, method: str = "GET", *, at: str | None = None, **request: Unpack[RequestOptions]
    ) -> AsyncIterator[Any]:
        """Yields the members of all pages of a list. See `Client.items`."""
        async for page in self.pages(path, method, **request):
            for item in members(page, at):
                yield item

    def stream(self, method: str, path: str, **request: Unpack[RequestOptions]) -> AsyncStream:
        """A body that is read piece by piece, by `async with` and `async for`."""
        return AsyncStream(self._session, self._run, self._session.call(method, path, request))

    async def upload(
        self,
        path: str | None,
        file: Upload,
        *,
        field: str | None = None,
        filename: str | None = None,
        **request: Unpack[RequestOptions],
    ) -> AsyncResponse:
        """Uploads a file as a form. See `Client.upload`."""
        return await self._send(upload(self._session, path, file, field, filename, request))

    async def download(self, url: str, file: Path | IO[bytes], **request: Unpack[RequestOptions]) -> AsyncResponse:
        """Downloads a file. See `Client.download`."""
        if isinstance(file, str) or not hasattr(file, "write"):
            return await self._send(self._session.download(url, file, request))
        async with self.stream("GET", url, **request) as body:
            async for piece in body:
                write_all(file, piece)
            return self._response(body.handle)

    async def wait(
        self, response: AsyncResponse, timeout: float | None = None, *, progress: Progress | None = None
    ) -> AsyncResponse:
        """Waits for the job that a response has started. See `Client.wait`."""
        return await self._send(self._session.job(response, timeout, progress))

    def cancel(self) -> None:
        """Ends all requests of this client with CancelledError; it stays usable."""
        lib.cancel(self._session.handle)

    def set_token(self, token: str) -> None:
        """Goes on with a token from elsewhere."""
        self._session.set_token(token)

    async def logout(self) -> None:
        """Ends the session at the service; token and password are forgotten here."""
        await self._send(self._session.logout())

    async def reset_password(self, email: str) -> AsyncResponse:
        """Asks the service to mail a link for a new password. Needs no login."""
        return await self._send(self._session.reset_password(email))

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._session.closed

    async def close(self) -> None:
        """Closes the client; requests that are under way end with CancelledError."""
        if not self.closed:
            if self._waiting and self._watching() is not None:
                lib.cancel(self._session.handle)
                if self._session.tokens is not None:
                    self._session.tokens.stop()
                await asyncio.wait(set(self._waiting.values()))
            self._unwatch()
        self._session.close()

    async def __aenter__(self) -> Self:
        self._session.check_open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._session.name}{', closed' if self.closed else ''}>"

    def __reduce__(self) -> Any:
        raise TypeError("a client cannot be pickled: make one in each process")

    def __del__(self) -> None:
        if self._waiting is not None and not self._session.closed:
            self._unwatch()

    # ---- The one descriptor ----------------------------------------------------------------------------------------

    def _watch(self) -> asyncio.AbstractEventLoop:
        """Has the running loop call `_ready` when a request has ended."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            if self._waiting and self._watching() is not None:
                raise ArgumentError("The client has requests under way in another event loop; make one for each loop.")
            self._unwatch()
            self._descriptor = lib.event(self._session.handle)
            if self._descriptor < 0:
                raise OSError("The system has no descriptor left to wait with.")
            loop.add_reader(self._descriptor, self._ready)
            self._loop, self._process = loop, os.getpid()
            if self._session.tokens is not None:
                self._session.tokens.loop = loop
        return loop

    def _watching(self) -> asyncio.AbstractEventLoop | None:
        """The loop that watches, unless it is closed, or that of a forked child's parent: the two share what it waits
        with."""
        loop = self._loop
        return None if loop is None or loop.is_closed() or self._process != os.getpid() else loop

    def _unwatch(self) -> None:
        loop, self._loop = self._watching(), None
        self._waiting.clear()
        if loop is not None:
            loop.remove_reader(self._descriptor)

    def _ready(self) -> None:
        """Wakes the tasks whose requests have ended."""
        if self._session.closed:
            return
        for _ in range(_ONE_TURN):
            value = lib.next_finished(self._session.handle, 0)
            if not value:
                break
            future = self._waiting.pop(value, None)
            if future is not None:
                settle(future)
            if not self._waiting:
                break
        self._session.log.hand_over()

    async def _run(self, call: Call) -> Handle:
        """Starts a call and waits until it has ended; ends it if the task is cancelled."""
        loop = self._watch()
        handle = lib.call_start(call.handle)
        key = handle.value or 0
        future = self._waiting[key] = loop.create_future()
        try:
            if call.progress is None:
                await future
            else:
                while not future.done():
                    await asyncio.wait({future}, timeout=_LOOK)
                    call.progress.look(handle)
        except BaseException:
            self._waiting.pop(key, None)
            lib.cancel(handle)
            # The client may be closing, and wait for it.
            future.cancel()
            raise
        return handle

    async def _send(self, call: Call) -> AsyncResponse:
        try:
            return self._finished(call, await self._run(call))
        finally:
            call.stop()

    def _finished(self, call: Call, handle: Handle) -> AsyncResponse:
        response = self._session.finished(call, handle, AsyncResponse)
        response._client = self
        return response

    def _response(self, handle: Handle) -> AsyncResponse:
        response = AsyncResponse(handle, self._session)
        response._client = self
        return response
