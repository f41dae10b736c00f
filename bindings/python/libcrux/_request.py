"""Turns the arguments of a request into a call of libcrux."""

from __future__ import annotations

import asyncio
import io
import json as _json
import os
import shutil
import tempfile
from typing import (
    IO,
    TYPE_CHECKING,
    Any,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    Union,
)

from ._hooks import Source, read_hook, release_source
from ._interface import NUMBERS, OPTIONS, PHASE_JOB, PHASE_RECEIVE, PHASE_SEND, CallOptions, Handle
from ._library import lib, maybe_text, path_text, plain, text
from ._response import failure
from .errors import ArgumentError

if TYPE_CHECKING:
    from ._session import Session

Value = Union[str, int, float, bool, None]
Query = Union[Mapping[str, Union[Value, Sequence[Value]]], Iterable[Tuple[str, Value]]]
Body = Union[bytes, bytearray, memoryview, str, IO[bytes], Iterable[bytes], AsyncIterable[bytes]]
Progress = Callable[[int, Optional[int]], object]
Path = Union[str, "os.PathLike[str]"]


class RequestOptions(CallOptions, total=False):
    """What any request takes, besides the options of a call."""

    # Pairs of the query. A sequence repeats its name, None leaves it out, flags are true and false.
    query: Query
    # The document to send, as the `json` of the standard library writes it.
    json: Any
    # What to send instead: bytes, a text as UTF-8, a binary file, or an iterable of bytes (AsyncClient: also an
    # asynchronous one). A file or iterable is sent piece by piece, once: not again after a lost connection.
    body: Body
    # The Content-Type of the body.
    content_type: str
    # Headers to add.
    headers: Mapping[str, str]
    # What the {names} of the path stand for.
    fill: Mapping[str, Value]
    # True: if the request starts a job, goes on until the job has ended.
    wait: bool
    # Called with what is done and the total, None if unknown: bytes sent or received, or percent of a job.
    progress: Progress


class Call:
    """A request that is ready to be sent."""

    def __init__(self, handle: Handle, session: Session) -> None:
        self.handle = handle
        self.session = session
        self.source: Source | None = None
        self.progress: Watch | None = None
        self.folder: str | None = None

    def check(self) -> None:
        """Raises if anything of it was refused."""
        if lib.code(self.handle):
            raise failure(self.handle)

    def stop(self) -> None:
        """Ends what still works for it."""
        if self.source is not None:
            self.source.stop()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def set(self, key: str, value: Any) -> None:
        lib.call_set(self.handle, text(key, "an option"), option_text(key, value))


class Watch:
    """Reports how far a request is, whenever that has changed."""

    def __init__(self, report: Progress, phase: int = 0) -> None:
        if not callable(report):
            raise TypeError(f"progress must be callable, not {type(report).__name__}")
        self._report, self._phase = report, phase
        self._last: tuple[int, int | None] = (-1, None)

    def look(self, response: Handle) -> None:
        phase = self._phase or lib.number(response, b"phase")
        if phase == PHASE_SEND:
            now = lib.number(response, b"sent"), lib.number(response, b"send_total")
        elif phase == PHASE_RECEIVE:
            now = lib.number(response, b"received"), lib.number(response, b"receive_total")
        elif phase == PHASE_JOB:
            now = lib.number(response, b"percent"), 100
        else:
            return
        done, total = max(now[0], 0), now[1] if now[1] >= 0 else None
        if (done, total) != self._last:
            self._last = done, total
            self._report(done, total)


def option_text(name: str, value: Any) -> bytes | None:
    """The value of an option as libcrux reads it; None is its default."""
    if value is None:
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    is_number = is_number or isinstance(value, str) and value.isdecimal()
    if OPTIONS.get(name, name) in NUMBERS and not is_number:
        raise TypeError(f"option {name} must be int, not {type(value).__name__}")
    if isinstance(value, bool):
        return b"1" if value else b"0"
    if isinstance(value, Mapping):
        return b"\n".join(text(key, name) + b": " + text(item, name) for key, item in value.items())
    if isinstance(value, (str, int, float)):
        return plain(value, f"option {name}")
    if isinstance(value, os.PathLike):
        return path_text(value, f"option {name}")
    raise TypeError(f"option {name} must be str, int or bool, not {type(value).__name__}")


def describe(call: Call, request: Mapping[str, Any]) -> Call:
    """Fills a call in; `request` is a `RequestOptions`."""
    handle = call.handle
    for name, value in request.items():
        setter = _SETTERS.get(name)
        if setter is not None:
            if value is not None:
                setter(call, value, request)
        elif name in OPTIONS:
            lib.call_set(handle, OPTIONS[name].encode(), option_text(name, value))
        else:
            call.set(name, value)
    if request:
        call.check()
    return call  # What is wrong with method or path, the response says.


def _query(call: Call, query: Query, _: object) -> None:
    for pair in query.items() if isinstance(query, Mapping) else query:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"query must be a mapping or pairs, not {type(query).__name__} of {type(pair).__name__}")
        name, value = pair
        key = text(name, "a name of the query")
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if one is not None:
                lib.call_query(call.handle, key, plain(one, f"query {name}"))


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{what} must be a mapping, not {type(value).__name__}")
    return value


def _headers(call: Call, headers: Mapping[str, str], _: object) -> None:
    for name, value in _mapping(headers, "headers").items():
        lib.call_header(call.handle, text(name, "a header's name"), text(value, f"header {name}"))


def _fill(call: Call, fill: Mapping[str, Value], _: object) -> None:
    for name, value in _mapping(fill, "fill").items():
        lib.call_fill(call.handle, text(name, "a name of fill"), plain(value, f"fill {name}"))


def _document(call: Call, document: Any, request: Mapping[str, Any]) -> None:
    if request.get("body") is not None:
        raise ArgumentError("A request has either json or body, not both.")
    written = _json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    kind = maybe_text(request.get("content_type"), "content_type")
    lib.call_body(call.handle, written, len(written), kind)


def _body(call: Call, body: Body, request: Mapping[str, Any]) -> None:
    kind = maybe_text(request.get("content_type"), "content_type")
    if isinstance(body, str):
        body = body.encode()
    if isinstance(body, (bytes, bytearray, memoryview)):
        data = bytes(body)
        lib.call_body(call.handle, data, len(data), b"application/octet-stream" if kind is None else kind)
        return
    call.source, length = _source(body)
    lib.call_source(call.handle, read_hook, call.source.context(), release_source, length, kind)


def _source(body: Any) -> tuple[Source, int]:
    """What reads a file or iterable, and its length if that is known."""
    if hasattr(body, "read"):
        if isinstance(body, io.TextIOBase):
            raise TypeError("body must be a binary file, not a text file")
        return Source(body.read), _length(body)
    if hasattr(body, "__aiter__"):
        return _asynchronous(body), -1
    if isinstance(body, (Mapping, int, float)) or not hasattr(body, "__iter__"):
        raise TypeError(f"body must be bytes, str, a binary file or an iterable of bytes, not {type(body).__name__}")
    pieces: Iterator[bytes] = iter(body)

    def read(_: int) -> bytes:
        # An empty piece is not yet the end.
        return next((piece for piece in pieces if len(piece)), b"")

    return Source(read), -1


def _length(file: Any) -> int:
    try:
        here = file.tell()
        end = file.seek(0, io.SEEK_END)
        file.seek(here)
        return int(end) - int(here)
    except (AttributeError, OSError, ValueError):
        return -1


def _asynchronous(body: AsyncIterable[bytes]) -> Source:
    """Pieces that the event loop makes; a thread of libcrux waits for each."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        raise TypeError("an asynchronous body needs an AsyncClient") from None
    pieces: AsyncIterator[bytes] = body.__aiter__()
    under_way: dict[str, Any] = {}

    async def piece() -> bytes:
        async for one in pieces:
            if len(one):
                return one
        return b""

    def read(_: int) -> bytes:
        made = piece()
        try:
            under_way["piece"] = asyncio.run_coroutine_threadsafe(made, loop)
        except BaseException:
            made.close()
            raise
        result: bytes = under_way["piece"].result()
        return result

    def stop() -> None:
        if "piece" in under_way:
            under_way["piece"].cancel()

    source = Source(read)
    source.stop = stop
    return source


def _wait(call: Call, wait: bool, _: object) -> None:
    call.set("await", bool(wait))


def _progress(call: Call, report: Progress, _: object) -> None:
    call.progress = Watch(report)


def _nothing(call: Call, value: object, request: Mapping[str, Any]) -> None:
    if request.get("body") is None and request.get("json") is None:
        text(value, "content_type")


_SETTERS: dict[str, Callable[[Call, Any, Mapping[str, Any]], None]] = {
    "query": _query,
    "json": _document,
    "body": _body,
    "content_type": _nothing,
    "headers": _headers,
    "fill": _fill,
    "wait": _wait,
    "progress": _progress,
}

Upload = Union[Path, bytes, bytearray, memoryview, IO[bytes]]


def upload(
    session: Session,
    path: str | None,
    file: Upload,
    field: str | None,
    filename: str | None,
    request: Mapping[str, Any],
) -> Call:
    """The call that uploads a file as a form."""
    arguments = (maybe_text(path, "path"), maybe_text(field, "field"))
    kind = maybe_text(request.get("content_type"), "content_type")
    folder = None
    try:
        if isinstance(file, (str, os.PathLike)) and filename is None:
            place = path_text(file, "file")
        else:
            folder, place = _spooled(file, filename)
        call = Call(lib.call_upload(session.handle, *arguments, place, kind), session)
        call.folder = folder
        describe(call, request)
    except BaseException:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    if call.progress is not None:
        call.progress._phase = PHASE_SEND
    return call


def _spooled(file: Upload, filename: str | None) -> tuple[str, bytes]:
    """A copy of what is in memory, under the name that the server is to see: libcrux sends files from the disk."""
    if filename is None:
        filename = os.path.basename(str(getattr(file, "name", ""))) or "file"
    shown = text(filename, "filename")
    if os.path.basename(filename) != filename or filename in (".", ".."):
        raise ArgumentError(f'The filename "{filename}" is not one of a file; leave out its folders.')
    folder = tempfile.mkdtemp(prefix="libcrux-")
    try:
        place = os.path.join(folder, os.fsdecode(shown))
        if isinstance(file, (str, os.PathLike)):
            os.symlink(os.path.abspath(os.fspath(file)), place)
            return folder, os.fsencode(place)
        with open(place, "xb") as copy:
            if isinstance(file, (bytes, bytearray, memoryview)):
                copy.write(file)
            elif hasattr(file, "read") and not isinstance(file, io.TextIOBase):
                shutil.copyfileobj(file, copy)
            else:
                raise TypeError(f"file must be a path, bytes or a binary file, not {type(file).__name__}")
        return folder, os.fsencode(place)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
