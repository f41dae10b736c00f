"""The errors of libcrux: a class for each outcome, all of them `Error`."""

# Made from include/crux.json by "make bindings": change it there.

from __future__ import annotations

import builtins

from ._error import Error


class ArgumentError(Error, ValueError):
    """An argument or option is not usable; nothing was sent."""

    code = 1
    word = "argument"


class ResolveError(Error, builtins.ConnectionError):
    """The host name could not be resolved."""

    code = 2
    word = "resolve"


class ConnectError(Error, builtins.ConnectionError):
    """No connection could be made."""

    code = 3
    word = "connect"


class TLSError(Error, builtins.ConnectionError):
    """A trusted, encrypted connection could not be made."""

    code = 4
    word = "tls"


class TransferError(Error, builtins.ConnectionError):
    """The connection broke."""

    code = 5
    word = "io"


class ProtocolError(Error):
    """The server's response is not valid HTTP, or not what the service promises."""

    code = 6
    word = "protocol"


class TimeoutError(Error, builtins.TimeoutError):
    """A time limit was reached."""

    code = 7
    word = "timeout"


class CancelledError(Error):
    """The operation was cancelled."""

    code = 8
    word = "cancelled"


class AuthError(Error, builtins.PermissionError):
    """The login was refused, or the server did not accept the token."""

    code = 9
    word = "auth"


class HTTPError(Error):
    """The server answered with an error status, or a redirect that is not followed."""

    code = 10
    word = "http"


class TooLargeError(Error):
    """The response is larger than the limit."""

    code = 11
    word = "too_large"


class JobError(Error):
    """The server says that its job failed."""

    code = 12
    word = "job"


class FileError(Error, OSError):
    """A local file could not be read or written."""

    code = 13
    word = "file"


class InternalError(Error):
    """A fault inside libcrux."""

    code = 14
    word = "internal"


CLASSES: dict[int, type[Error]] = {
    1: ArgumentError,
    2: ResolveError,
    3: ConnectError,
    4: TLSError,
    5: TransferError,
    6: ProtocolError,
    7: TimeoutError,
    8: CancelledError,
    9: AuthError,
    10: HTTPError,
    11: TooLargeError,
    12: JobError,
    13: FileError,
    14: InternalError,
}

__all__ = [
    "Error",
    "ArgumentError",
    "ResolveError",
    "ConnectError",
    "TLSError",
    "TransferError",
    "ProtocolError",
    "TimeoutError",
    "CancelledError",
    "AuthError",
    "HTTPError",
    "TooLargeError",
    "JobError",
    "FileError",
    "InternalError",
]
