"""The client of programs that wait."""

from __future__ import annotations

from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Iterator

from ._hooks import LogTarget, give_tick, on_main_thread, take_tick
from ._interface import ClientOptions
from ._library import lib
from ._request import Call, Path, Progress, RequestOptions, Upload, upload
from ._response import BaseResponse
from ._session import Session, account_options, live, members
from ._stream import Stream, started, write_all
from ._tokens import TokenSource
from .errors import Error

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

class Response(BaseResponse):
    """What came of a request. It stays good when its client is closed, and ends with its last reference."""

    def follow(self, link: str, method: str = "GET", **request: Unpack[RequestOptions]) -> Response:
        """Requests a link as it stands in this response; a relative one begins at this response's URL."""
        live(self)
        assert self._session is not None
        return send(self._session.follow(self, link, method, request))


class Client:
    """An account at a service, made by `login`, `token`, `anonymous` or `from_env`; any number of threads may use it.

    What waits lets other threads run, and ends at once when a signal handler raises (Ctrl-C).
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @classmethod
    def _open(cls, session: Session) -> Self:
        call = session.first_login()
        if call is not None:
            try:
                send(call)
            except Error as error:
                if not session.is_anonymous(error):
                    raise
        return cls(session)

    @classmethod
    def login(
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
        return cls._open(Session(log, account_options(options, service, base_url, user=user, secret=secret)))

    @classmethod
    def token(
        cls,
        service: str | None,
        token: str | TokenSource,
        *,
        base_url: str | None = None,
        log: LogTarget | None = None,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """Takes a ready token or API key, or what fetches one. See `libcrux.token`."""
        return cls._open(Session(log, account_options(options, service, base_url, token=token)))

    @classmethod
    def anonymous(
        cls,
        service: str | None,
        *,
        base_url: str | None = None,
        log: LogTarget | None = None,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """Sends no credentials. See `libcrux.anonymous`."""
        return cls._open(Session(log, account_options(options, service, base_url)))

    @classmethod
    def from_env(
        cls,
        account: str | None = None,
        *,
        service: str | None = None,
        base_url: str | None = None,
        log: LogTarget | None = None,
        **options: Unpack[ClientOptions],
    ) -> Self:
        """Takes address and credentials from the environment. See `libcrux.from_env`."""
        return cls._open(Session(log, account_options(options, service, base_url), account, by_environment=True))

    def request(self, method: str, path: str, **request: Unpack[RequestOptions]) -> Response:
        """Sends a request and returns its response.

        path: below the base ("users/"), from the root ("/api/users/"), or a whole URL out of a response.
        request: `query`, `json`, `body`, `headers`, `fill`, `wait`, `progress` and the options of a call.

        Raises a `libcrux.Error`: HTTPError for a 4xx or 5xx, TimeoutError and so on.
        """
        return send(self._session.call(method, path, request))

    def get(self, path: str, **request: Unpack[RequestOptions]) -> Response:
        """Sends a GET. See `request`."""
        return send(self._session.call("GET", path, request))

    def post(self, path: str, **request: Unpack[RequestOptions]) -> Response:
        """Sends a POST. See `request`."""
        return send(self._session.call("POST", path, request))

    def put(self, path: str, **request: Unpack[RequestOptions]) -> Response:
        """Sends a PUT. See `request`."""
        return send(self._session.call("PUT", path, request))

    def patch(self, path: str, **request: Unpack[RequestOptions]) -> Response:
        """Sends a PATCH. See `request`."""
        return send(self._session.call("PATCH", path, request))

    def delete(self, path: str, **request: Unpack[RequestOptions]) -> Response:
        """Sends a DELETE. See `request`."""
        return send(self._session.call("DELETE", path, request))

    def follow(self, response: Response, link: str, method: str = "GET", **request: Unpack[RequestOptions]) -> Response:
        """Requests a link as it stands in a response; a relative one begins at that response's URL."""
        return send(self._session.follow(response, link, method, request))

    def pages(self, path: str, method: str = "GET", **request: Unpack[RequestOptions]) -> Iterator[Response]:
        """Yields the pages of a list, each requested when it is asked for."""
        return self._pages(self._session.call(method, path, request))

    def _pages(self, first: Call) -> Iterator[Response]:
        call: Call | None = first
        while call is not None:
            page = send(call)
            yield page
            call = self._session.next_page(page)

    def items(
        self, path: str, method: str = "GET", *, at: str | None = None, **request: Unpack[RequestOptions]
    ) -> Iterator[Any]:
        """Yields the members of all pages of a list; of an object (Crunch's catalogs) its pairs.

        at: the member of a page that holds the list, where that is not plain.
        """
        pages = self.pages(path, method, **request)
        return (item for page in pages for item in members(page, at))

    def stream(self, method: str, path: str, **request: Unpack[RequestOptions]) -> Stream:
        """Sends a request and returns its body as a binary file, which is also an iterator of pieces.

        Use it in a `with` statement: leaving that ends the request.
        """
        return Stream(self._session.call(method, path, request))

    def upload(
        self,
        path: str | None,
        file: Upload,
        *,
        field: str | None = None,
        filename: str | None = None,
        **request: Unpack[RequestOptions],
    ) -> Response:
        """Uploads a file as a form.

        path: where to; None: where the service takes files.
        file: its path, bytes, or a binary file. A path is sent straight from the disk.
        field: the form's field; None: the one the service wants.
        filename: the name that the server sees; None: the file's own.
        content_type: of the file; None: by the ending of its name.
        """
        return send(upload(self._session, path, file, field, filename, request))

    def download(self, url: str, file: Path | IO[bytes], **request: Unpack[RequestOptions]) -> Response:
        """Downloads a file; to another origin, such as a storage service, no token goes.

        file: a path, which has its name only once it is complete, or a binary file to write into.
        Returns the response without its body.
        """
        if not hasattr(file, "write"):
            return send(self._session.download(url, file, request))
        with self.stream("GET", url, **request) as body:
            for piece in body:
                write_all(file, piece)
            return Response(body.handle, self._session)

    def wait(self, response: Response, timeout: float | None = None, *, progress: Progress | None = None) -> Response:
        """Waits for the job that a response has started, and returns its last word: `location` is its result.

        timeout: seconds; None: as the option job_timeout_ms says. The job goes on after a TimeoutError.
        progress: called with the percentage and 100.
        """
        return send(self._session.job(response, timeout, progress))

    def cancel(self) -> None:
        """Ends all requests of this client with CancelledError, from any thread; the client stays usable."""
        lib.cancel(self._session.handle)

    def set_token(self, token: str) -> None:
        """Goes on with a token from elsewhere."""
        self._session.set_token(token)

    def logout(self) -> None:
        """Ends the session at the service; token and password are forgotten here."""
        send(self._session.logout())

    def reset_password(self, email: str) -> Response:
        """Asks the service to mail a link for a new password. Needs no login."""
        return send(self._session.reset_password(email))

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._session.closed

    def close(self) -> None:
        """Closes the client. What it has returned stays good; a second time does nothing."""
        self._session.close()

    def __enter__(self) -> Self:
        self._session.check_open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._session.name}{', closed' if self.closed else ''}>"

    def __reduce__(self) -> Any:
        raise TypeError("a client cannot be pickled: make one in each process")


def send(call: Call) -> Response:
    """Sends a call and waits for its response."""
    try:
        if call.source is not None or call.progress is not None or call.session.tokens is not None:
            handle = started(call)
        elif on_main_thread():
            tick = take_tick()
            try:
                lib.call_tick(call.handle, tick.hook, None, None)
                handle = lib.call_send(call.handle)
                tick.check()
            finally:
                give_tick(tick)
        else:
            handle = lib.call_send(call.handle)
        return call.session.finished(call, handle, Response)
    finally:
        call.stop()
