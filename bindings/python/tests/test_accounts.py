"""Cases that are written by hand: accounts, errors, and bad input."""

from __future__ import annotations

import builtins
import ctypes
import io
import os
import pickle
from typing import Any, Callable

import pytest
from conftest import BASE, PASSWORD, TOKEN, USER, set_answer

import libcrux
from libcrux import errors


def test_from_env(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRUX_API", BASE)
    monkeypatch.setenv("CRUX_TOKEN", TOKEN)
    monkeypatch.delenv("CRUX_USER")
    monkeypatch.delenv("CRUX_PASSWORD")
    with libcrux.from_env(service="custom") as client:
        assert client.get("things/0/").json()["id"] == 0
    monkeypatch.setenv("CRUX_TOKEN_ACME", "nope")
    monkeypatch.setenv("CRUX_API_ACME", BASE)
    with libcrux.from_env("acme", service="custom") as client, pytest.raises(libcrux.AuthError):
        client.get("things/0/")
    monkeypatch.delenv("CRUX_TOKEN")
    with libcrux.from_env(service="custom") as client:
        assert "authorization" not in client.get("echo/").json()["headers"]
    monkeypatch.setenv("CRUX_USER", USER)
    monkeypatch.setenv("CRUX_PASSWORD", "wrong")
    with pytest.raises(libcrux.AuthError) as caught:
        libcrux.from_env(service="custom")
    assert caught.value.status == 401


def test_error_tree() -> None:
    standard = {
        "argument": ValueError,
        "resolve": ConnectionError,
        "connect": ConnectionError,
        "tls": ConnectionError,
        "io": ConnectionError,
        "timeout": builtins.TimeoutError,
        "auth": PermissionError,
        "file": OSError,
    }
    index, seen = 0, {}
    code, name = ctypes.c_int32(), ctypes.c_char_p()
    while libcrux._library.lib.error_at(index, ctypes.byref(code), ctypes.byref(name), None):
        if code.value > 0:
            seen[code.value] = (name.value or b"").decode()[len("CRUX_ERR_") :].lower()
        index += 1
    assert {number: kind.word for number, kind in errors.CLASSES.items()} == seen
    for kind in errors.CLASSES.values():
        assert issubclass(kind, libcrux.Error)
        assert issubclass(kind, standard.get(kind.word, Exception))
        error = kind("It failed.")
        error.status, error.retry_after = 503, 1.5
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.status, again.retry_after) == (kind, "It failed.", 503, 1.5)
    assert not any(hasattr(builtins, name) for name in libcrux.__all__ if name != "TimeoutError")


def test_errors_hide_secrets(client: libcrux.Client) -> None:
    lines: list[str] = []
    told: Any = {"base_url": BASE, "log": lambda _, line: lines.append(line), "log_level": 5}
    secrets = (PASSWORD, "wr0ng-secret", TOKEN)
    with pytest.raises(libcrux.AuthError) as refused:
        libcrux.login("custom", USER, "wr0ng-secret", **told)
    with libcrux.login("custom", USER, PASSWORD, **told) as loud:
        set_answer("/leak/", status=400, body={"detail": f"The token {TOKEN} is odd."})
        with pytest.raises(libcrux.HTTPError) as failed:
            loud.get("leak/")
        shown = [repr(loud), repr(vars(loud)), repr(failed.value), str(failed.value), str(failed.value.server_message)]
    shown += [str(refused.value), repr(refused.value), repr(refused.value.__dict__), *lines, repr(client)]
    assert lines
    for secret in secrets:
        assert not [text for text in shown if secret in text]


def test_wrong_types(client: libcrux.Client) -> None:
    attempts: list[Callable[[Any], object]] = [
        lambda c: c.get(5),
        lambda c: c.get(None),
        lambda c: c.get(b"things/"),
        lambda c: c.request(None, "things/"),
        lambda c: c.get("things/", query=5),
        lambda c: c.get("things/", query="a=b"),
        lambda c: c.get("things/", query=b"a=b"),
        lambda c: c.get("things/", query=["ab"]),
        lambda c: c.get("things/", query=[("a", "b", "c")]),
        lambda c: c.get("things/", query={"a": object()}),
        lambda c: c.get("things/", query={1: "a"}),
        lambda c: c.get("things/", headers={"a": 5}),
        lambda c: c.get("things/", headers=[("a", "b")]),
        lambda c: c.get("things/", headers="a"),
        lambda c: c.get("things/{a}/", fill=["a"]),
        lambda c: c.get("things/{a}/", fill={"a": b"x"}),
        lambda c: c.post("echo/", json=object()),
        lambda c: c.post("echo/", json={"a": {1, 2}}),
        lambda c: c.post("echo/", body=5),
        lambda c: c.post("echo/", body={"a": 1}),
        lambda c: c.post("echo/", body=[1, 2]),
        lambda c: c.post("echo/", body=b"", content_type=5),
        lambda c: c.get("echo/", progress=5),
        lambda c: c.get("echo/", timeout_total_ms=[]),
        lambda c: c.get("echo/", timeout_total_ms="x"),
        lambda c: c.get("echo/", timeout_total_ms=True),
        lambda c: c.get("echo/", **{"timeout.total_ms": True}),
        lambda c: c.upload("upload/", 5, field="file"),
        lambda c: c.upload("upload/", b"", field=5),
        lambda c: c.upload("upload/", io.StringIO("a"), field="file"),
        lambda c: c.download("files/out.bin", 5),
        lambda c: c.download("files/out.bin", None),
        lambda c: c.wait("response"),
        lambda c: c.wait(c.get("things/0/"), "x"),
        lambda c: c.follow("response", "x"),
        lambda c: c.set_token(5),
        lambda c: libcrux.login("custom", 5, "x"),
        lambda c: libcrux.login("custom", "x", None),
        lambda c: libcrux.token("custom", b"x"),
        lambda c: libcrux.anonymous("custom", base_url=5.5j),
        lambda c: libcrux.anonymous("custom", base_url=BASE, log="x"),
        lambda c: libcrux.anonymous("custom", base_url=BASE, log_level="x"),
        lambda c: libcrux.anonymous("custom", base_url=BASE, retry_max=False),
        lambda c: pickle.dumps(c),
    ]
    for number, attempt in enumerate(attempts):
        with pytest.raises(TypeError):
            attempt(client)
            print("attempt", number)
    with pytest.raises(ValueError):
        client.post("echo/", json=float("nan"))
    with pytest.raises(ValueError):
        client.post("echo/", json={}, body=b"")
    assert client.get("things/0/").status == 200


def test_broken_text(client: libcrux.Client) -> None:
    lone = "a\ud800b"
    attempts: list[Callable[[], object]] = [
        lambda: client.get(lone),
        lambda: client.get("echo/", query={"q": lone}),
        lambda: client.get("echo/", headers={"X-Case": lone}),
        lambda: client.get("{a}/", fill={"a": lone}),
        lambda: client.post("echo/", json={"a": lone}),
        lambda: client.post("echo/", body=lone),
        lambda: client.upload("upload/", b"", field="file", filename=lone),
        lambda: client.download("files/out.bin", os.fsdecode(b"/tmp/\xff")),
        lambda: client.set_token(lone),
        lambda: libcrux.login("custom", USER, lone, base_url=BASE),
    ]
    for attempt in attempts:
        with pytest.raises(UnicodeEncodeError):
            attempt()
    # What a server sends broken is shown, and is no JSON.
    set_answer("/text/", body="ü", headers={"content-type": "text/plain"})
    assert client.get("text/").text == "ü"
