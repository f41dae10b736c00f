"""Logs in once to a token-authenticated REST API, and then calls it.

    import libcrux

    with libcrux.login("crunch", "ada@example.com", "password") as client:
        for url, dataset in client.items("datasets/all/"):
            print(dataset["name"])

Every failure is a `libcrux.Error`; see `libcrux.errors`. The log goes to the logger "libcrux".
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from . import errors
from ._aio import AsyncClient, AsyncResponse
from ._astream import AsyncStream
from ._client import Client, Response
from ._error import LibraryError
from ._hooks import LogTarget
from ._interface import CallOptions, ClientOptions
from ._library import lib
from ._request import RequestOptions
from ._response import BaseResponse, Headers
from ._stream import Stream
from ._tokens import TokenSource
from .errors import *  # noqa: F403

if TYPE_CHECKING:
    from typing_extensions import Unpack

logging.getLogger(__name__).addHandler(logging.NullHandler())

#: The version of the shared library.
__version__ = (lib.version() or b"").decode()


def login(
    service: str | None,
    user: str,
    secret: str,
    *,
    base_url: str | None = None,
    log: LogTarget | None = None,
    **options: Unpack[ClientOptions],
) -> Client:
    """Logs in with a name and a password, and returns the client that makes all requests. Since 0.2.

    service: A built-in service such as "crunch", or "custom"; None: "crux-connect".
    user: the user name or e-mail address.
    secret: the password.
    base_url: where the API lives; None: the service's own address.
    log: a logging.Logger, or a callable of a level of `logging` and a line; None: the logger "libcrux". What is
        logged is settled here, by the logger's level.
    options: see `libcrux.ClientOptions`; times are in milliseconds, sizes in bytes.

    Raises AuthError if the login is refused, and any other `libcrux.Error`.
    """
    return Client.login(service, user, secret, base_url=base_url, log=log, **options)


def token(
    service: str | None,
    token: str | TokenSource,
    *,
    base_url: str | None = None,
    log: LogTarget | None = None,
    **options: Unpack[ClientOptions],
) -> Client:
    """Returns a client that has a ready token or API key. Nothing is sent yet. Arguments as of `login`. Since 0.2.

    token: the token, or a callable that fetches it from elsewhere: a keyring, a vault, single sign-on. It is asked when a
        token is needed or was refused, by one request at a time; gets the refused one or None; returns a token, or None
        if there is none. It runs on a thread of libcrux; what it raises, the request raises.
    """
    return Client.token(service, token, base_url=base_url, log=log, **options)


def anonymous(
    service: str | None,
    *,
    base_url: str | None = None,
    log: LogTarget | None = None,
    **options: Unpack[ClientOptions],
) -> Client:
    """Returns a client that sends no credentials. Arguments as of `login`. Since 0.2."""
    return Client.anonymous(service, base_url=base_url, log=log, **options)


def from_env(
    account: str | None = None,
    *,
    service: str | None = None,
    base_url: str | None = None,
    log: LogTarget | None = None,
    **options: Unpack[ClientOptions],
) -> Client:
    """Returns a client whose address and credentials stand in the environment. Since 0.2.

    CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's own tools use (docs/options.md lists
    them). What is given here wins. Logs in if there is a password and no token.

    account: a name that is added to each variable: "acme" reads CRUX_TOKEN_ACME.
    """
    return Client.from_env(account, service=service, base_url=base_url, log=log, **options)


__all__ = [
    "AsyncClient",
    "AsyncResponse",
    "AsyncStream",
    "BaseResponse",
    "CallOptions",
    "Client",
    "ClientOptions",
    "Headers",
    "LibraryError",
    "RequestOptions",
    "Response",
    "Stream",
    "anonymous",
    "errors",
    "from_env",
    "login",
    "token",
    *errors.__all__,
]
