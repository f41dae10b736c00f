"""What the two kinds of client share: the handle, the log, how a session begins."""

from __future__ import annotations

import logging
from typing import Any, Mapping, TypeVar

from ._hooks import Log, LogTarget
from ._interface import ERR_AUTH, OPTIONS, PHASE_JOB, PHASE_RECEIVE, Handle
from ._library import lib, maybe_text, path_text, text
from ._request import Call, Path, Progress, Watch, describe, option_text
from ._response import BaseResponse, failure
from ._tokens import Tokens, release_tokens, token_hook
from .errors import ArgumentError, AuthError, CancelledError, Error

ResponseType = TypeVar("ResponseType", bound=BaseResponse)


class Session:
    """An account at a service."""

    def __init__(
        self,
        log: LogTarget | None,
        options: Mapping[str, Any],
        account: str | None = None,
        by_environment: bool = False,
    ) -> None:
        self.log = Log(logging.getLogger("libcrux") if log is None else log)
        self.by_environment = by_environment
        self.tokens: Tokens | None = None
        made = lib.options_new()
        # A client is made at once, and logs in by a call: that can be interrupted and awaited.
        # The event loop reads what has come, as it is woken anyway.
        settings: dict[str, Any] = {"login_when": "first_use", "event_early": True, **options}
        self.logs_in_at_once = settings["login_when"] == "first_use" and options.get("login_when") is None
        self.has_user = options.get("user") is not None
        if callable(settings.get("token")):
            self.tokens = Tokens(settings.pop("token"))
            lib.options_token(made, token_hook, self.tokens.context(), release_tokens)
        for name, value in settings.items():
            key = text(OPTIONS.get(name, name), "an option")
            if value is not None and lib.options_set(made, key, option_text(name, value)):
                raise failure(made)
        if by_environment and lib.options_env(made, maybe_text(account, "account")):
            raise failure(made)
        level = options.get("log_level", self.log.level())
        if level:
            lib.options_log(made, level, Log.hook, self.log.context(), Log.release)
        self._handle: Handle | None = lib.login_with(made)
        if lib.code(self._handle):
            raise failure(self._handle)
        shown = lib.info(self._handle, b"base_url") or b""
        self.name = f"{(lib.info(self._handle, b'service') or b'').decode()} at {shown.decode('utf-8', 'replace')}"

    @property
    def handle(self) -> Handle:
        """The client's handle, for the length of a call."""
        handle = self._handle
        if handle is None:
            raise ArgumentError("The client is closed; make a new one.")
        return handle

    def check_open(self) -> None:
        """Raises if the client is closed."""
        if self._handle is None:
            raise ArgumentError("The client is closed; make a new one.")

    @property
    def closed(self) -> bool:
        return self._handle is None

    def close(self) -> None:
        """Lets go of the handle: it ends once no thread is inside a function with it any more."""
        self._handle = None
        self.log.hand_over()

    def first_login(self) -> Call | None:
        """The call that logs in, if there is somebody to log in and no token yet."""
        may = self.has_user or self.by_environment
        if not (self.logs_in_at_once and may) or lib.copy(self.handle, b"token", None, 0):
            return None
        return Call(lib.call_login(self.handle), self)

    def is_anonymous(self, error: BaseException) -> bool:
        """Whether the environment has just no user, which is no failure."""
        return self.by_environment and getattr(error, "code", 0) == ERR_AUTH and not getattr(error, "status", 0)

    def call(self, method: str, path: str, request: Mapping[str, Any]) -> Call:
        handle = lib.call_new(self.handle, text(method, "method"), text(path, "path"))
        return describe(Call(handle, self), request)

    def follow(self, response: BaseResponse, link: str, method: str, request: Mapping[str, Any]) -> Call:
        self.check_open()
        source = live(response)
        # The call belongs to the client of the response, and only that one's queue would bring it.
        if response._session is not self:
            raise ArgumentError("The response came from another client, which alone can follow its links.")
        handle = lib.call_follow(source, text(method, "method"), text(link, "link"))
        return describe(Call(handle, self), request)

    def next_page(self, page: BaseResponse) -> Call | None:
        """The call of the page after a page."""
        handle = lib.call_next(self.handle, live(page))
        if not handle:
            return None
        call = Call(handle, self)
        call.check()
        return call

    def job(self, response: BaseResponse, timeout: float | None, progress: Progress | None) -> Call:
        """The call that waits for the job of a response."""
        call = Call(lib.call_await(self.handle, live(response)), self)
        if timeout is not None:
            if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
                raise TypeError(f"timeout must be a number of seconds, not {type(timeout).__name__}")
            # 0 would be "as long as it takes".
            call.set("job.timeout_ms", max(1, int(timeout * 1000)))
        if progress is not None:
            call.progress = Watch(progress, PHASE_JOB)
        call.check()
        return call

    def download(self, url: str, file: Path, request: Mapping[str, Any]) -> Call:
        """The call that saves a body in a file."""
        call = self.call("GET", url, request)
        if lib.call_set(call.handle, b"save", path_text(file, "file")):
            raise failure(call.handle)
        if call.progress is not None:
            call.progress._phase = PHASE_RECEIVE
        return call

    def set_token(self, token: str) -> None:
        if lib.set_token(self.handle, text(token, "token")):
            raise ArgumentError("The token is empty, or holds what cannot stand in a header.")

    def logout(self) -> Call:
        return Call(lib.call_logout(self.handle), self)

    def reset_password(self, email: str) -> Call:
        call = Call(lib.call_reset_password(self.handle, text(email, "email")), self)
        call.check()
        return call

    def finished(self, call: Call, handle: Handle, kind: type[ResponseType]) -> ResponseType:
        """The response of a call that has ended; raises if that failed."""
        if call.progress is not None:
            call.progress.look(handle)
        self.log.hand_over()
        if lib.code(handle):
            raise _why(call, failure(handle, kind(handle, self)))
        return kind(handle, self)


def _why(call: Call, error: Error) -> BaseException:
    """What failed: what the source of the body or of the token raised comes first. No frame that raises holds it in a
    variable, which would be a cycle that only the collector ends."""
    source, tokens = call.source, call.session.tokens
    if source is not None and source.error is not None and isinstance(error, CancelledError):
        cause, source.error = source.error, None
        return cause
    if tokens is not None and tokens.error is not None and isinstance(error, AuthError):
        return tokens.error
    return error


def live(response: BaseResponse) -> Handle:
    """The handle of a response, which a pickled one has not."""
    if not isinstance(response, BaseResponse):
        raise TypeError(f"a response is needed, not {type(response).__name__}")
    if response._handle is None:
        raise ArgumentError("A response that was pickled leads nowhere: take its url.")
    return response._handle


def members(page: BaseResponse, at: str | None) -> list[Any]:
    """The members of a page: the list itself, or the list that stands in it; of an object its pairs."""
    document = page.json()
    if at is not None:
        found = document.get(at) if isinstance(document, dict) else None
        if not isinstance(found, (list, dict)):
            raise ArgumentError(f'The page has no list at "{at}".')
    else:
        found = document if isinstance(document, list) else _list_in(document)
    return list(found.items()) if isinstance(found, dict) else found


def _list_in(document: Any) -> Any:
    """Where libcrux itself counts the members of a page."""
    if isinstance(document, dict):
        for name in ("index", "value", "graph"):
            if isinstance(document.get(name), (list, dict)):
                return document[name]
        for value in document.values():
            if isinstance(value, list):
                return value
    raise ArgumentError("The page holds no list; name the member that is one: items(path, at=...).")


def account_options(
    options: Mapping[str, Any], service: str | None, base_url: str | None, **more: Any
) -> dict[str, Any]:
    """The options of an account; what is not given stays at its default."""
    for name, value in more.items():
        if not isinstance(value, str) and not (name == "token" and callable(value)):
            raise TypeError(f"{name} must be str, not {type(value).__name__}")
    return {"service": service, "base_url": base_url, **more, **options}
