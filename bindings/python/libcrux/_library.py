"""Finds libcrux and loads it; turns text into what it takes."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from typing import Any

from . import _interface
from ._error import LibraryError
from ._interface import PROTOTYPES, Functions, Handle
from .errors import ArgumentError

# These may run hooks or wait for a lock that a hook's thread needs: the interpreter's lock is released. Those that
# wait for the network release it as well. All others take less time than to get the lock back from a busy thread.
_RELEASING = {"crux_free", "crux_cancel"}


def _candidates() -> list[tuple[str, str]]:
    name = {"darwin": "libcrux.0.dylib", "win32": "crux.dll"}.get(sys.platform, _interface.SONAME)
    own = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_native", name)
    given = os.environ.get("CRUX_LIBRARY")
    found = [(given, "the variable CRUX_LIBRARY")] if given else []
    return found + [(own, "the package's own copy"), (name, "the system's loader")]


def _load() -> Functions:
    tried = []
    for place, what in _candidates():
        try:
            library = ctypes.CDLL(place)
            version = library.crux_abi
        except (OSError, AttributeError) as error:
            tried.append(f"{what}, {place}: {error}")
            if what == "the variable CRUX_LIBRARY":
                break  # What is asked for by name must not be another in silence.
            continue
        version.restype = ctypes.c_int32
        if version() < _interface.ABI:
            raise LibraryError(
                f"The libcrux in {place} is of edition {version()}, and this package needs edition "
                f"{_interface.ABI} or later. Install libcrux {_interface.VERSION} or later."
            )
        return _declare(place, library)
    raise LibraryError("libcrux could not be loaded. Tried: " + "; ".join(tried) + ".")


def _declare(place: str, releasing: ctypes.CDLL) -> Functions:
    holding = ctypes.PyDLL(place)
    functions = Functions()
    for name, (waits, result, arguments) in PROTOTYPES.items():
        function = getattr(releasing if waits or name in _RELEASING else holding, name)
        function.restype, function.argtypes = result, arguments
        short = name[len("crux_") :]
        setattr(functions, "await_" if short == "await" else short, function)
    # A finalizer in Python would lose what a signal handler raises at its first instruction. A cache of no entries is a
    # method made of C alone.
    finalizer: Any = functools.lru_cache(maxsize=0)(functions.free)
    setattr(Handle, "__del__", finalizer)  # noqa: B010
    return functions


lib = _load()


def text(value: Any, what: str) -> bytes:
    """The UTF-8 of a text; TypeError if it is none, UnicodeEncodeError if it is not Unicode.

    C would end it at a NUL and lose the rest in silence, so that is an ArgumentError.
    """
    if not isinstance(value, str):
        raise TypeError(f"{what} must be str, not {type(value).__name__}")
    encoded = value.encode()
    if b"\0" in encoded:
        raise ArgumentError(f"The text of {what} holds a NUL character; remove it.")
    return encoded


def maybe_text(value: Any, what: str) -> bytes | None:
    """As `text`; None stays None."""
    return None if value is None else text(value, what)


def path_text(value: Any, what: str) -> bytes:
    """As `text`, of a str or an os.PathLike."""
    return text(os.fsdecode(os.fspath(value)) if isinstance(value, (os.PathLike, bytes)) else value, what)


def plain(value: Any, what: str) -> bytes:
    """As `text`, of a str, a number or a flag."""
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, (int, float)):
        return str(value).encode()
    return text(value, what)


def decoded(value: bytes | None) -> str | None:
    """A fact as str; what a server sent broken is shown as such."""
    return None if value is None else value.decode("utf-8", "replace")
