"""The base of all errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._response import BaseResponse


class Error(Exception):
    """What went wrong, in one sentence for the person at the screen: ``str(error)``. It holds no secret.

    Errors can be pickled; a response comes along as a snapshot.
    """

    #: The number of the outcome, one of ``CRUX_ERR_...``.
    code: int = 0
    #: Its name, such as ``"too_large"``.
    word: str = ""
    #: The HTTP status; 0 if there was no response.
    status: int = 0
    #: What the server says about it, if anything.
    server_message: str | None = None
    #: Whether the same request may succeed later.
    retryable: bool = False
    #: Whether the request may have reached the server.
    maybe_sent: bool = False
    #: How many seconds the server asks to wait.
    retry_after: float | None = None
    #: The response, if there was one.
    response: BaseResponse | None = None

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> str | tuple[Any, ...]:
        return type(self), (self.message,), self.__dict__

    def __setstate__(self, state: dict[str, Any] | None) -> None:
        self.__dict__.update(state or {})


class LibraryError(ImportError):
    """The shared library could not be loaded, or is of another edition."""
