"""bindings/cases.json: the cases that are data, through both clients."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import time
from pathlib import Path
from typing import Any, Iterator

import pytest
from conftest import BASE, CA, CASES, HTTPS, PASSWORD, USER, control
from faces import Looping, Waiting

import libcrux
from libcrux import errors

DATA = [case for case in CASES if case["do"] != "own"]
OF_THE_CLIENT = ("tls_ca_file", "base_url")


@pytest.fixture(params=[Waiting, Looping], ids=["waiting", "asyncio"])
def face(request: Any) -> Iterator[Any]:
    face = request.param()
    yield face
    face.close()


def told(value: Any) -> Any:
    """A value with the places of the sandbox in it."""
    if not isinstance(value, str):
        return value
    return value.replace("{base}", BASE).replace("{https}", HTTPS).replace("{ca}", CA)


def at(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer; KeyError, IndexError or TypeError if nothing does."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        document = document[int(part) if isinstance(document, list) else part]
    return document


def request_of(case: dict[str, Any]) -> dict[str, Any]:
    request = {name: case[name] for name in ("query", "fill", "headers", "json", "wait") if name in case}
    if "body_hex" in case:
        request.update(body=bytes.fromhex(case["body_hex"]), content_type=case["type"])
    options = {name: told(value) for name, value in case.get("options", {}).items()}
    return {**request, **{name: value for name, value in options.items() if name not in OF_THE_CLIENT}}


def client_of(face: Any, case: dict[str, Any]) -> Any:
    options = {name: told(value) for name, value in case.get("options", {}).items()}
    if case["do"] != "login":
        options = {name: value for name, value in options.items() if name in OF_THE_CLIENT}
    options.setdefault("base_url", BASE)
    account, make = case.get("account", "password"), face.make
    if account == "password":
        return face.run(make.login("custom", USER, case.get("secret", PASSWORD), **options))
    if account == "anonymous":
        return face.run(make.anonymous("custom", **options))
    return face.run(make.token("custom", {"token": "tok-7d1c", "bad_token": "nope"}[account], **options))


def act(face: Any, client: Any, case: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Does what a case says; of what comes of it, whatever may be expected."""
    method, path, request, seen = case.get("method", "GET"), told(case["path"]), request_of(case), {}
    if case["do"] == "call":
        seen["response"] = face.run(client.request(method, path, **request))
    elif case["do"] == "follow":
        seen["response"] = face.follow(face.run(client.get(path)), case["link"])
    elif case["do"] == "upload":
        named = {"field": case["field"], "filename": case["filename"]}
        seen["response"] = face.run(client.upload(path, case["data"].encode(), **named, **request))
    elif case["do"] == "download":
        moved: list[int] = []
        seen["file"] = folder / "file"
        report = lambda received, total: moved.append(received)  # noqa: E731
        seen["response"] = face.run(client.download(path, seen["file"], progress=report, **request))
        seen["moved"] = moved
    elif case["do"] == "stream":
        seen["status"], seen["body"] = face.stream(client, method, path, **request)
    elif case["do"] == "pages":
        seen["pages"] = face.all(client.pages(path, method, **request))
    elif case["do"] == "items":
        seen["items"] = face.all(client.items(path, method, **request))
    return seen


def check_response(response: Any, case: dict[str, Any], expect: dict[str, Any]) -> None:
    """What is said of a response, or of an error's."""
    for name in ("status", "text", "url", "location", "attempts"):
        if name in expect:
            assert getattr(response, name) == told(expect[name]), name
    if "length" in expect:
        assert len(response.body) == expect["length"]
    if "sha256" in expect:
        assert hashlib.sha256(response.body).hexdigest() == expect["sha256"]
    for pointer, value in expect.get("json", {}).items():
        found = at(response.json(), pointer)
        assert (found, type(found)) == (value, type(value)), pointer
    for pointer in expect.get("absent", ()):
        with pytest.raises((KeyError, IndexError, TypeError)):
            at(response.json(), pointer)
    for name, value in expect.get("headers", {}).items():
        assert response.headers[name] == value
    if expect.get("sent_json"):
        assert json.loads(response.json()["body"]) == case["json"]
    if expect.get("json_fails"):
        with pytest.raises(ValueError):
            response.json()


def check_error(error: libcrux.Error, case: dict[str, Any], expect: dict[str, Any]) -> None:
    assert error.word == expect["error"]
    assert type(error) is errors.CLASSES[error.code]
    assert error.status == expect.get("status", error.status)
    assert error.server_message == expect.get("server_message", error.server_message)
    assert error.retryable == expect.get("retryable", error.retryable)
    assert error.retry_after == expect.get("retry_after_s", error.retry_after)
    if error.status:
        check_response(error.response, case, expect)


def check(seen: dict[str, Any], case: dict[str, Any], expect: dict[str, Any]) -> None:
    if "response" in seen:
        check_response(seen["response"], case, expect)
    if "body" in seen:
        assert (seen["status"], len(seen["body"])) == (expect["status"], expect["length"])
    if "sizes" in expect:
        sizes = [len(at(page.json(), expect["sizes"]["pointer"])) for page in seen["pages"]]
        assert sizes == expect["sizes"]["are"]
    if "items" in expect:
        assert [at(item, expect["items"]["pointer"]) for item in seen["items"]] == expect["items"]["are"]
    if "file_length" in expect:
        assert seen["file"].stat().st_size == expect["file_length"]
    if "progress_last" in expect:
        assert seen["moved"][-1] == expect["progress_last"]


@pytest.mark.parametrize("case", DATA, ids=[case["name"] for case in DATA])
def test_case(case: dict[str, Any], face: Any, tmp_path: Path) -> None:
    expect = case["expect"]
    for answer in case.get("before", ()):
        control("answer", answer)
    since = time.monotonic()
    client = None
    try:
        client = client_of(face, case)
        seen = {} if case["do"] == "login" else act(face, client, case, tmp_path)
    except libcrux.Error as error:
        if "error" not in expect:
            raise
        check_error(error, case, expect)
    else:
        assert "error" not in expect, "it should have failed"
        check(seen, case, expect)
    finally:
        if client is not None:
            face.run(client.close())
    assert (time.monotonic() - since) * 1000 <= case.get("within_ms", 60_000)
    if expect.get("no_file"):
        assert os.listdir(tmp_path) == []


def test_every_case_is_run() -> None:
    modules = [importlib.import_module(file.stem) for file in Path(__file__).parent.glob("test_*.py")]
    own = {case["name"] for case in CASES if case["do"] == "own"}
    written = {name[len("test_") :] for module in modules for name in dir(module) if name.startswith("test_")}
    assert own <= written, f"not written: {sorted(own - written)}"
    known = {"call", "login", "pages", "items", "follow", "upload", "download", "stream"}
    assert {case["do"] for case in DATA} <= known
    assert len({case["name"] for case in CASES}) == len(CASES)
