"""A response, and the error that stands for one that failed."""

from __future__ import annotations

import ctypes
import json
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from ._interface import Handle
from ._library import decoded, lib
from .errors import CLASSES, Error

if TYPE_CHECKING:
    from ._session import Session


# From here on a copy of a body costs more than the type that ctypes makes for its length.
_LARGE = 1 << 18


class Headers(Mapping[str, str]):
    """Headers by their names in any case; of those that came twice the values, joined by a comma."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        #: All of them, in order, names in lower case.
        self.pairs = pairs
        self._values: dict[str, str] = {}
        for name, value in pairs:
            before = self._values.get(name)
            self._values[name] = value if before is None else f"{before}, {value}"

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


class BaseResponse:
    """What came of a request. It stays good when its client is closed, and ends with its last reference.

    Pickled, it is a snapshot: status, headers, body and facts.
    """

    _body: bytes | None = None
    _headers: Headers | None = None

    def __init__(self, handle: Handle, session: Session | None) -> None:
        self._handle: Handle | None = handle
        self._session = session
        #: The HTTP status.
        self.status: int = lib.status(handle)

    @property
    def headers(self) -> Headers:
        """The headers."""
        if self._headers is None:
            pairs, index = [], 0
            name, value = ctypes.c_char_p(), ctypes.c_char_p()
            while lib.header_at(self._handle, index, ctypes.byref(name), ctypes.byref(value)):
                pairs.append(((name.value or b"").decode("latin-1"), _header_text(value.value or b"")))
                index += 1
            self._headers = Headers(pairs)
        return self._headers

    @property
    def body(self) -> bytes:
        """The bytes of the body, decoded from gzip."""
        if self._body is None:
            address, length = self._place()
            self._body = ctypes.string_at(address, length)
        return self._body

    @property
    def text(self) -> str:
        """The body as UTF-8; what is not is shown as U+FFFD."""
        return str(self._bytes(), "utf-8", "replace")

    def json(self, **options: Any) -> Any:
        """The body, read as JSON by the `json` of the standard library, which gets the options.

        Raises json.JSONDecodeError, a ValueError, if it is none.
        """
        document = str(self._bytes(), "utf-8", "surrogatepass")
        return json.loads(document[1:] if document[:1] == "\ufeff" else document, **options)

    def _place(self) -> tuple[int, int]:
        length = ctypes.c_size_t()
        address = lib.body(self._handle, ctypes.byref(length))
        return address or 0, length.value

    def _bytes(self) -> bytes | ctypes.Array[ctypes.c_char]:
        """The body: a large one where it lies, without a copy of it."""
        if self._body is not None:
            return self._body
        address, length = self._place()
        if length < _LARGE:
            return ctypes.string_at(address, length)
        return (ctypes.c_char * length).from_address(address)

    def _text_fact(self, name: str) -> str | None:
        return decoded(lib.info(self._handle, name.encode()))

    @property
    def url(self) -> str:
        """Where it came from, after redirects."""
        return self._text_fact("url") or ""

    @property
    def location(self) -> str | None:
        """The Location as a whole URL; of a job, its result."""
        return self._text_fact("location")

    @property
    def result(self) -> str | None:
        """The address or the id of what was made."""
        return self._text_fact("result")

    @property
    def warning(self) -> str | None:
        """The Warning of the response."""
        return self._text_fact("warning")

    @property
    def job_url(self) -> str | None:
        """The URL of the job that was awaited."""
        return self._text_fact("job_url")

    @property
    def attempts(self) -> int:
        """How many requests it took, retries and redirects included."""
        return lib.number(self._handle, b"attempts")

    @property
    def elapsed(self) -> float:
        """How many seconds it took."""
        return lib.number(self._handle, b"elapsed_ms") / 1000

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"

    def __reduce__(self) -> tuple[Any, ...]:
        facts = {
            "status": self.status,
            "pairs": self.headers.pairs,
            "body": self.body,
            "texts": {name: self._text_fact(name) for name in _TEXTS},
            "attempts": self.attempts,
            "elapsed": self.elapsed,
        }
        return _snapshot, (facts,)


_TEXTS = ("url", "location", "result", "warning", "job_url")


class Snapshot(BaseResponse):
    """A response that was pickled: all of it but the way back to its client."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._handle, self._session = None, None
        self._facts = facts
        self.status = facts["status"]
        self._body = facts["body"]
        self._headers = Headers(facts["pairs"])

    def _text_fact(self, name: str) -> str | None:
        text: str | None = self._facts["texts"][name]
        return text

    @property
    def attempts(self) -> int:
        return int(self._facts["attempts"])

    @property
    def elapsed(self) -> float:
        return float(self._facts["elapsed"])


def _snapshot(facts: dict[str, Any]) -> Snapshot:
    return Snapshot(facts)


def _header_text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def failure(handle: Handle, response: BaseResponse | None = None) -> Error:
    """The error that an object of libcrux carries."""
    code = lib.code(handle)
    error = CLASSES.get(code, Error)(decoded(lib.message(handle)) or "")
    error.code = code
    error.status = lib.status(handle)
    error.server_message = decoded(lib.info(handle, b"server_message"))
    error.retryable = lib.number(handle, b"retryable") == 1
    error.maybe_sent = lib.number(handle, b"maybe_sent") == 1
    after = lib.number(handle, b"retry_after_ms")
    error.retry_after = None if after < 0 else after / 1000
    if error.status and response is not None:
        error.response = response
    return error
