"""A body that is read piece by piece."""

from __future__ import annotations

import ctypes
import functools
import io
from typing import TYPE_CHECKING, Any, Iterator

from ._hooks import Tick
from ._interface import PHASE_RECEIVE, Handle
from ._library import lib
from ._request import Call
from ._response import BaseResponse, Headers, failure
from .errors import FileError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: The most that one piece holds, in bytes.
PIECE = 1 << 18

# How long to stay inside libcrux before Python has a look at its signals.
_SLICE_MS = 100

#: What a stream that was started has now.
_NOTHING_YET = -2


def started(call: Call) -> Handle:
    """Sends a call on a thread of libcrux, and looks at its progress meanwhile."""
    handle = lib.call_start(call.handle)
    try:
        while not lib.wait(handle, _SLICE_MS):
            call.session.log.hand_over()
            if call.progress is not None:
                call.progress.look(handle)
    except BaseException:
        lib.cancel(handle)
        raise
    return handle


@functools.lru_cache(maxsize=8)
def _array(size: int) -> Any:
    """The type of a buffer; readers ask for the same sizes again and again."""
    return ctypes.c_char * size


class Head(BaseResponse):
    """The head of a response whose body is a stream."""


class Stream(io.RawIOBase):
    """The body of a response: a binary file to read from, and an iterator of pieces as they come.

    One thread at a time may read it.
    """

    def __init__(self, call: Call) -> None:
        super().__init__()
        self._call = call
        self._handle: Handle | None = None
        # Its own, for as long as it is read: a signal handler may have to end that.
        self._tick = Tick()
        lib.call_tick(call.handle, self._tick.hook, None, None)
        try:
            if call.session.tokens is None:
                self._handle = lib.call_stream(call.handle)
                self._tick.check()
            else:
                call.set("stream", True)
                self._handle = started(call)
            self.head: Head = call.session.finished(call, self._handle, Head)
        except BaseException:
            self.close()
            raise
        self._buffer: Any = None
        if call.progress is not None:
            call.progress._phase = PHASE_RECEIVE

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

    @property
    def handle(self) -> Handle:
        """The response, until the stream is closed."""
        if self._handle is None:
            raise ValueError("The stream is closed.")
        return self._handle

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Reads the next bytes into a buffer; 0 at the end of a complete body, otherwise an error is raised."""
        view = memoryview(buffer).cast("B")
        if not view.nbytes:
            return 0
        return self._read(_array(view.nbytes).from_buffer(view), view.nbytes)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._buffer is None:
            self._buffer = ctypes.create_string_buffer(PIECE)
        count = self._read(self._buffer, PIECE)
        if not count:
            raise StopIteration
        return ctypes.string_at(self._buffer, count)

    def _read(self, buffer: Any, capacity: int) -> int:
        while (count := lib.read(self.handle, buffer, capacity)) == _NOTHING_YET:
            lib.wait(self.handle, _SLICE_MS)
        self._tick.check()
        self._call.session.log.hand_over()
        if count < 0:
            raise failure(self.handle, self.head)
        if self._call.progress is not None:
            self._call.progress.look(self.handle)
        return count

    def close(self) -> None:
        """Ends the request, if its body has not come to its end; a second time does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            end(handle)
        self._call.stop()
        super().close()


def write_all(file: Any, piece: bytes) -> None:
    """Writes a whole piece into a file. One without a buffer may take a part of it, or nothing at all."""
    while piece:
        count = file.write(piece)
        if not count:
            raise FileError("The file takes no more bytes now, so the rest is lost; give one whose write() waits.")
        piece = piece[count:]


def end(handle: Handle) -> None:
    """Ends the request of a stream, and keeps its head."""
    lib.cancel(handle)
    lib.read(handle, ctypes.create_string_buffer(1), 1)
