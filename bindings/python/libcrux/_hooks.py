"""What libcrux calls: a look for signals while it waits, the lines of its log, the bytes of a body.

A signal handler of Python that raises (Ctrl-C) does so at the first instruction of whatever Python code runs next. In a
function that ctypes calls this is before any ``try``, and the exception is printed and lost. So nothing here that runs
on the main thread enters a function: a generator goes on inside its ``try``, and log lines are put aside by C code.
"""

from __future__ import annotations

import atexit
import collections
import ctypes
import itertools
import logging
import operator
import threading
import time
import warnings
from typing import Any, Callable, Generator, Union

from ._interface import LOG_DEBUG, LOG_ERROR, LOG_INFO, LOG_TRACE, LOG_WARNING, ReadHook, ReleaseHook

# ---- Signals -------------------------------------------------------------------------------------------------------

# The generator takes one argument. The three that follow stay unread, which the calling conventions of C allow.
_Tick = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)


class Tick:
    """Lets signal handlers run while the main thread waits inside libcrux, and keeps what they raise."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        looks = self._look()
        next(looks)
        self.hook = _Tick(looks.send)

    def _look(self) -> Generator[int, None, None]:
        while True:
            try:
                while True:
                    yield 0 if self.error is None else 1
            except GeneratorExit:
                return
            except BaseException as error:
                self.error = error

    def check(self) -> None:
        """Raises what a signal handler has raised."""
        if self.error is not None:
            raise self._caught()

    def _caught(self) -> BaseException:
        error, self.error = self.error, None
        assert error is not None
        return error


#: Ticks to use again. A handler that makes a request itself takes another one.
_ticks: list[Tick] = []


def take_tick() -> Tick:
    return _ticks.pop() if _ticks else Tick()


def give_tick(tick: Tick) -> None:
    """Takes a tick back, whatever it has caught. One that was dropped would be closed, and run, at any time."""
    tick.error = None
    _ticks.append(tick)


def on_main_thread() -> bool:
    """Whether signal handlers may run here."""
    return threading.get_ident() == threading.main_thread().ident


# ---- The log -------------------------------------------------------------------------------------------------------

LogTarget = Union[logging.Logger, Callable[[int, str], object]]

_LEVELS = {
    LOG_ERROR: logging.ERROR,
    LOG_WARNING: logging.WARNING,
    LOG_INFO: logging.INFO,
    LOG_DEBUG: logging.DEBUG,
    LOG_TRACE: 5,
}


class _Level(ctypes.c_int32):
    """A number that is equal to itself alone, so that it can be the key of a line."""

    __hash__ = object.__hash__


# setitem(lines, level, line), all in C.
_log = ctypes.CFUNCTYPE(None, ctypes.py_object, _Level, ctypes.c_char_p)(operator.setitem)

# What a client logs into, until libcrux says that it does so no more.
_logs: dict[int, Any] = {}
_release_log = ReleaseHook(_logs.pop)


class Log:
    """The lines of a client's log, put aside until the thread that waited is back in Python."""

    hook = _log
    release = _release_log

    def __init__(self, target: LogTarget) -> None:
        if not isinstance(target, logging.Logger) and not callable(target):
            raise TypeError(f"log must be a Logger or callable, not {type(target).__name__}")
        self._target = target
        self._lines: collections.OrderedDict[_Level, bytes] = collections.OrderedDict()

    def context(self) -> int:
        """Their address; they live until `release`."""
        _logs[id(self._lines)] = self._lines
        return id(self._lines)

    def level(self) -> int:
        """The level up to which libcrux need make lines; the option log_level comes first."""
        if not isinstance(self._target, logging.Logger):
            return LOG_DEBUG
        wanted = [level for level, name in _LEVELS.items() if self._target.isEnabledFor(name)]
        return max(wanted, default=0)

    def hand_over(self) -> None:
        """Gives all lines to the logger or callable. What that raises is no error of the request."""
        while self._lines:
            try:
                level, line = self._lines.popitem(last=False)
            except KeyError:  # Another thread has it.
                return
            name, text = _LEVELS.get(level.value, logging.DEBUG), line.decode("utf-8", "replace")
            if isinstance(self._target, logging.Logger):
                # Handlers catch their own errors; what a signal handler raises here must not be caught as well.
                self._target.log(name, "%s", text)
                continue
            try:
                self._target(name, text)
            except Exception as error:
                logging.getLogger(__package__).exception("The log callable of a client raised.")
                warnings.warn(f"The log callable of a libcrux client raised {error!r}.", RuntimeWarning, stacklevel=2)


# ---- Bodies from Python --------------------------------------------------------------------------------------------


class Source:
    """The bytes of a body, asked for piece by piece, mostly on a thread of libcrux."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._rest = memoryview(b"")
        self.error: BaseException | None = None
        #: Ends a wait inside `read`, if it may wait long.
        self.stop: Callable[[], object] = lambda: None

    def fill(self, buffer: int, capacity: int) -> int:
        if _leaving:
            return -1
        try:
            if not self._rest:
                piece = memoryview(self._read(capacity))
                self._rest = piece.cast("B") if piece.nbytes else memoryview(b"")
            part = self._rest[:capacity]
            self._rest = self._rest[len(part) :]
            ctypes.memmove(buffer, part if isinstance(part, bytes) else bytes(part), len(part))
            return len(part)
        except BaseException as error:
            self.error = error
            return -1

    def context(self) -> int:
        """The number under which libcrux asks for it, until it releases that."""
        number = next(_numbers)
        _sources[number] = self
        return number


_numbers = itertools.count(1)
_sources: dict[int, Source] = {}
_leaving: list[bool] = []


def _fill(context: int, buffer: int, capacity: int) -> int:
    return _sources[context].fill(buffer, capacity)


read_hook = ReadHook(_fill)
release_source = ReleaseHook(_sources.pop)


@atexit.register
def _leave() -> None:
    """A thread of libcrux must not come back into an interpreter that has gone."""
    _leaving.append(True)
    for source in list(_sources.values()):
        source.stop()
    end = time.monotonic() + 1
    while _sources and time.monotonic() < end:
        time.sleep(0.01)
