"""bindings/cases.json: the cases that each language writes by hand, under their names."""

from __future__ import annotations

import asyncio
import builtins
import gc
import io
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import BASE, PASSWORD, TOKEN, USER, requests_to, set_answer

import libcrux
from libcrux import errors

WITHIN = 0.3


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program of its own, which must not even warn."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def interrupted(action: Callable[[], object], path: str, times: int = 1) -> float:
    """Presses Ctrl-C once the sandbox has got a request; how long the action then took to end."""
    pressed: list[float] = []
    before = requests_to(path)

    def press() -> None:
        while requests_to(path) < before + times:
            pass
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        action()
        thread.join()
    took = time.monotonic() - pressed[0]
    thread.join()
    return took


async def cancelled(action: Any, path: str, times: int = 1) -> float:
    """Cancels a task once the sandbox has got its request; how long it then took to end."""
    before = requests_to(path)
    task = asyncio.ensure_future(action)
    while await asyncio.to_thread(requests_to, path) < before + times:
        assert not task.done()
    since = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.monotonic() - since


def with_async_client(action: Callable[[libcrux.AsyncClient], Any]) -> Any:
    async def run() -> Any:
        async with await libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE) as client:
            return await action(client)

    return asyncio.run(run(), debug=True)


def under_way(client: libcrux.Client) -> int:
    return libcrux._library.lib.number(client._session.handle, b"under_way")


# ---- Accounts and errors -------------------------------------------------------------------------------------------


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
    import ctypes

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
    secrets = (PASSWORD, "wr0ng-secret", TOKEN)
    with pytest.raises(libcrux.AuthError) as refused:
        libcrux.login(
            "custom", USER, "wr0ng-secret", base_url=BASE, log=lambda _, line: lines.append(line), log_level=5
        )
    with libcrux.login(
        "custom", USER, PASSWORD, base_url=BASE, log=lambda _, line: lines.append(line), log_level=5
    ) as loud:
        set_answer("/leak/", status=400, body={"detail": f"The token {TOKEN} is odd."})
        with pytest.raises(libcrux.HTTPError) as failed:
            loud.get("leak/")
        shown = [repr(loud), repr(vars(loud)), repr(failed.value), str(failed.value), str(failed.value.server_message)]
    shown += [str(refused.value), repr(refused.value), repr(refused.value.__dict__), *lines, repr(client)]
    assert lines
    for secret in secrets:
        assert not [text for text in shown if secret in text]


# ---- Pages, jobs, files --------------------------------------------------------------------------------------------


def test_pages_left_early(client: libcrux.Client) -> None:
    before = requests_to("/things/")
    for page in client.pages("things/", query={"limit": 2}):
        assert len(page.json()["results"]) == 2
        break
    del page
    assert requests_to("/things/") == before + 1
    assert under_way(client) == 0


def test_wait_later(client: libcrux.Client) -> None:
    percents: list[int] = []
    accepted = client.post("jobs/", json={})
    assert accepted.status == 202
    done = client.wait(accepted, progress=lambda percent, total: percents.append(percent))
    assert done.json()["value"]["progress"] == 100
    assert done.location == BASE + "files/out.bin"
    assert percents == sorted(percents)
    assert percents[-1] == 100 or percents[-1] == 50

    async def later(client: libcrux.AsyncClient) -> None:
        done = await client.wait(await client.post("jobs/", json={}), 20)
        assert done.json()["value"]["progress"] == 100

    with_async_client(later)


def test_upload_file(client: libcrux.Client, tmp_path: Path) -> None:
    import tracemalloc

    file = tmp_path / "wörld.csv"
    with open(file, "wb") as out:
        out.truncate(32 << 20)
    moved: list[tuple[int, int | None]] = []
    tracemalloc.start()
    sent = client.upload("upload/", file, field="file", progress=lambda done, total: moved.append((done, total)))
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
    assert sent.json() == {"name": "wörld.csv", "size": 32 << 20}
    assert moved[-1][0] == moved[-1][1]
    with open(file, "rb") as opened:
        assert client.upload("upload/", opened, field="file").json()["name"] == "wörld.csv"
    renamed = client.upload("upload/", str(file), field="file", filename="other.csv")
    assert renamed.json() == {"name": "other.csv", "size": 32 << 20}


def test_upload_missing_file(client: libcrux.Client, tmp_path: Path) -> None:
    for missing in (tmp_path / "none.csv", str(tmp_path / "none.csv")):
        with pytest.raises(libcrux.FileError):
            client.upload("upload/", missing, field="file")
    with pytest.raises(OSError):
        client.upload("upload/", missing, field="file", filename="other.csv")


def test_download_into_no_folder(client: libcrux.Client, tmp_path: Path) -> None:
    with pytest.raises(libcrux.FileError):
        client.download("files/out.bin", tmp_path / "none" / "out.bin")


def test_stream_left_early(client: libcrux.Client) -> None:
    with client.stream("GET", "drip/100000000") as body:
        assert next(body)
    assert body.closed
    with pytest.raises(ValueError):
        body.read(1)
    until = time.monotonic() + 2
    while under_way(client) and time.monotonic() < until:
        pass
    assert under_way(client) == 0

    async def leave(client: libcrux.AsyncClient) -> None:
        async with client.stream("GET", "drip/100000000") as body:
            async for piece in body:
                assert piece
                break
        with pytest.raises(ValueError):
            await body.read()

    with_async_client(leave)


def test_stream_up(client: libcrux.Client) -> None:
    def pieces() -> Any:
        yield b"one "
        yield b""
        yield bytearray(b"two ")
        yield memoryview(b"three")

    for body in (pieces(), [b"one ", b"two three"], io.BytesIO(b"one two three")):
        heard = client.put("echo/", body=body).json()
        assert heard["body"] == "one two three"
    assert heard["headers"]["content-length"] == "13"
    assert client.put("echo/", body=(b"x" * 70000 for _ in range(20))).json()["body_length"] == 1400000

    async def slowly() -> Any:
        for piece in (b"one ", b"two ", b"three"):
            await asyncio.sleep(0)
            yield piece

    async def up(client: libcrux.AsyncClient) -> None:
        for body in (slowly(), pieces(), io.BytesIO(b"one two three")):
            assert (await client.put("echo/", body=body)).json()["body"] == "one two three"

    with_async_client(up)

    def broken() -> Any:
        yield b"one"
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        client.put("echo/", body=broken())
    worker: list[BaseException] = []

    def work() -> None:
        try:
            client.put("echo/", body=broken())
        except LookupError as error:
            worker.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(worker) == 1
    with pytest.raises(TypeError):
        client.put("echo/", body=io.StringIO("text"))
    with pytest.raises(TypeError):
        client.put("echo/", body=slowly())


# ---- Cancelling ----------------------------------------------------------------------------------------------------


def test_cancel_request(client: libcrux.Client) -> None:
    assert interrupted(lambda: client.get("slow/"), "/slow/") < WITHIN
    assert interrupted(lambda: client.get("slow/", progress=print), "/slow/") < WITHIN
    assert with_async_client(lambda client: cancelled(client.get("slow/"), "/slow/")) < WITHIN
    # And from another thread.
    caught: list[float] = []

    def wait() -> None:
        try:
            client.get("slow/")
        except libcrux.CancelledError:
            caught.append(time.monotonic())

    before = requests_to("/slow/")
    thread = threading.Thread(target=wait)
    thread.start()
    while requests_to("/slow/") == before:
        pass
    since = time.monotonic()
    client.cancel()
    thread.join()
    assert caught[0] - since < WITHIN


def test_cancel_login() -> None:
    set_answer("/login", body={"token": "x"}, delay_ms=5000)

    def login() -> None:
        libcrux.login("custom", USER, PASSWORD, base_url=BASE)

    async def alike() -> float:
        return await cancelled(libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE), "/login")

    assert interrupted(login, "/login") < WITHIN
    assert asyncio.run(alike(), debug=True) < WITHIN


def test_cancel_job(client: libcrux.Client) -> None:
    progress = "/endless/progress/"
    set_answer("/endless/", status=202, body={"value": progress})
    set_answer(progress, body={"value": {"progress": 10, "message": "working"}})
    assert interrupted(lambda: client.post("endless/", json={}, wait=True), progress) < WITHIN
    accepted = client.post("endless/", json={})
    assert interrupted(lambda: client.wait(accepted), progress) < WITHIN

    async def jobs(client: libcrux.AsyncClient) -> list[float]:
        accepted = await client.post("endless/", json={})
        return [
            await cancelled(client.post("endless/", json={}, wait=True), progress),
            await cancelled(client.wait(accepted), progress),
        ]

    assert max(with_async_client(jobs)) < WITHIN


def test_cancel_page(client: libcrux.Client) -> None:
    set_answer("/list/", body={"results": [1], "next": "/late/"})
    set_answer("/late/", body={"results": []}, delay_ms=5000)
    assert interrupted(lambda: list(client.pages("list/")), "/late/") < WITHIN

    async def pages(client: libcrux.AsyncClient) -> float:
        async def read() -> list[Any]:
            return [page async for page in client.pages("list/")]

        return await cancelled(read(), "/late/")

    assert with_async_client(pages) < WITHIN


def test_cancel_download(client: libcrux.Client, tmp_path: Path) -> None:
    path, target = "drip/100000000", tmp_path / "out.bin"
    assert interrupted(lambda: client.download(path, target), "/" + path) < WITHIN
    assert interrupted(lambda: client.download(path, target, progress=lambda *_: None), "/" + path) < WITHIN
    assert interrupted(lambda: client.download(path, io.BytesIO()), "/" + path) < WITHIN
    assert with_async_client(lambda client: cancelled(client.download(path, target), "/" + path)) < WITHIN
    assert with_async_client(lambda client: cancelled(client.download(path, io.BytesIO()), "/" + path)) < WITHIN
    assert not target.exists()


# ---- Hooks ---------------------------------------------------------------------------------------------------------


def test_progress_throws(client: libcrux.Client, tmp_path: Path) -> None:
    def broken(done: int, total: int | None) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        client.download("files/out.bin", tmp_path / "out.bin", progress=broken)
    with pytest.raises(LookupError):
        client.download("files/out.bin", io.BytesIO(), progress=broken)

    async def alike(client: libcrux.AsyncClient) -> None:
        with pytest.raises(LookupError):
            await client.download("files/out.bin", tmp_path / "out.bin", progress=broken)

    with_async_client(alike)
    assert client.get("things/0/").status == 200


def test_log(caplog: pytest.LogCaptureFixture) -> None:
    lines: list[tuple[int, str]] = []
    loud: Any = {"base_url": BASE, "log": lambda level, line: lines.append((level, line))}
    with libcrux.login("custom", USER, PASSWORD, log_level=1, **loud) as client:
        client.get("things/0/")
        assert lines == []
    with libcrux.login("custom", USER, PASSWORD, log_level=5, **loud) as client:
        client.get("things/0/")
    assert {level for level, _ in lines} <= {5, logging.DEBUG, logging.INFO}
    assert any("/things/0/" in line for _, line in lines)
    with caplog.at_level(logging.DEBUG, "libcrux"):
        with libcrux.login("custom", USER, PASSWORD, base_url=BASE) as client:
            client.get("things/1/")
    assert any("/things/1/" in record.getMessage() for record in caplog.records if record.name == "libcrux")

    async def alike() -> None:
        lines.clear()
        async with await libcrux.AsyncClient.login("custom", USER, PASSWORD, log_level=5, **loud) as client:
            await client.get("things/2/")

    asyncio.run(alike(), debug=True)
    assert any("/things/2/" in line for _, line in lines)


def test_log_throws(caplog: pytest.LogCaptureFixture) -> None:
    def broken(level: int, line: str) -> None:
        raise LookupError("no ink")

    with libcrux.login("custom", USER, PASSWORD, base_url=BASE, log=broken, log_level=5) as client:
        assert client.get("things/0/").status == 200
    assert any("no ink" in str(record.exc_info[1]) for record in caplog.records if record.exc_info)


# ---- Lifetimes -----------------------------------------------------------------------------------------------------


def test_closed(client: libcrux.Client) -> None:
    page = client.get("things/", query={"limit": 2})
    pages = client.pages("things/", query={"limit": 2})
    next(pages)
    client.close()
    client.close()
    assert client.closed
    attempts: list[Callable[[], object]] = [
        lambda: client.get("things/"),
        lambda: next(pages),
        lambda: page.follow("./1/"),
        lambda: client.wait(page),
        lambda: client.upload("upload/", b""),
        lambda: client.stream("GET", "things/"),
        lambda: client.set_token("x"),
        lambda: client.cancel(),
        lambda: client.__enter__(),
    ]
    for attempt in attempts:
        with pytest.raises(ValueError, match="closed"):
            attempt()

    async def alike() -> None:
        client = await libcrux.AsyncClient.token("custom", TOKEN, base_url=BASE)
        await client.get("things/0/")
        await client.close()
        await client.close()
        with pytest.raises(ValueError, match="closed"):
            await client.get("things/0/")

    asyncio.run(alike(), debug=True)


def test_answer_outlives_client(client: libcrux.Client) -> None:
    response = client.get("things/0/")
    client.close()
    del client
    gc.collect()
    assert response.json()["name"] == 'Ärmel "0"'
    assert response.headers["content-type"].startswith("application/json")
    assert response.url == BASE + "things/0/"


FINALIZERS = """
import asyncio, gc, os, random, libcrux
base, user, password = (os.environ[name] for name in ("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD"))
random.seed(7)
kept = []
for n in range(20):
    client = libcrux.login("custom", user, password, base_url=base, log=lambda level, line: None, log_level=5)
    body = client.stream("GET", "drip/100000")
    things = [client, body, client.get("things/0/"), client.pages("things/"), client.get("things/")]
    next(things[3])
    if n % 2:
        things.append(things)  # A cycle, for the collector.
    random.shuffle(things)
    while len(things) > 2:
        things.pop()
    if n > 15:
        kept.append(things)
gc.collect()
assert len(libcrux._hooks._logs) <= 5, libcrux._hooks._logs

async def leave():
    client = await libcrux.AsyncClient.login("custom", user, password, base_url=base)
    kept.append((client, client.stream("GET", "drip/100000000"), asyncio.ensure_future(client.get("slow/"))))
    await asyncio.sleep(0)

asyncio.run(leave())
import threading
def endless():
    while True:
        yield b"x" * 1000
client = libcrux.login("custom", user, password, base_url=base)
def send():
    try:
        client.put("echo/", body=endless())
    except libcrux.CancelledError:
        pass  # At exit.
threading.Thread(target=send, daemon=True).start()
threading.Thread(target=lambda: client.get("slow/"), daemon=True).start()
while not libcrux._hooks._sources:
    pass
print("end")
"""


def test_finalizers() -> None:
    for _ in range(3):
        ended = python(FINALIZERS)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "end\n", "")


# ---- Bad input -----------------------------------------------------------------------------------------------------


def test_wrong_types(client: libcrux.Client) -> None:
    attempts: list[Callable[[Any], object]] = [
        lambda c: c.get(5),
        lambda c: c.get(None),
        lambda c: c.get(b"things/"),
        lambda c: c.request(None, "things/"),
        lambda c: c.get("things/", query=5),
        lambda c: c.get("things/", query={"a": object()}),
        lambda c: c.get("things/", query={1: "a"}),
        lambda c: c.get("things/", headers={"a": 5}),
        lambda c: c.get("things/{a}/", fill={"a": b"x"}),
        lambda c: c.post("echo/", json=object()),
        lambda c: c.post("echo/", json={"a": {1, 2}}),
        lambda c: c.post("echo/", body=5),
        lambda c: c.post("echo/", body={"a": 1}),
        lambda c: c.post("echo/", body=[1, 2]),
        lambda c: c.post("echo/", body=b"", content_type=5),
        lambda c: c.get("echo/", progress=5),
        lambda c: c.get("echo/", timeout_total_ms=[]),
        lambda c: c.upload("upload/", 5, field="file"),
        lambda c: c.upload("upload/", b"", field=5),
        lambda c: c.upload("upload/", io.StringIO("a"), field="file"),
        lambda c: c.download("files/out.bin", 5),
        lambda c: c.download("files/out.bin", None),
        lambda c: c.wait("response"),
        lambda c: c.follow("response", "x"),
        lambda c: c.set_token(5),
        lambda c: libcrux.login("custom", 5, "x"),
        lambda c: libcrux.login("custom", "x", None),
        lambda c: libcrux.token("custom", b"x"),
        lambda c: libcrux.anonymous("custom", base_url=5.5j),
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


# ---- Threads and processes -----------------------------------------------------------------------------------------


def test_threads(client: libcrux.Client) -> None:
    names: list[str] = []

    def work() -> None:
        names.extend(client.get(f"things/{n % 7}/").json()["name"] for n in range(50))

    set_answer("/wait/", body={}, delay_ms=1000)
    waiting = threading.Thread(target=lambda: names.append(str(client.get("wait/").status)))
    waiting.start()
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 100, "the one that waits stopped the others"
    waiting.join()
    assert names[-1] == "200"


def test_hundred_at_once(client: libcrux.Client) -> None:
    threads_before = threading.active_count()
    descriptors = len(os.listdir("/proc/self/fd"))

    async def hundred(client: libcrux.AsyncClient) -> None:
        answers = await asyncio.gather(*(client.get(f"things/{n % 7}/") for n in range(100)))
        assert [answer.json()["id"] for answer in answers] == [n % 7 for n in range(100)]

    with_async_client(hundred)
    assert threading.active_count() == threads_before
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(client.get("things/0/").status)) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 100
    client.close()
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= descriptors + 2


FORK = """
import os, libcrux
base, user, password = (os.environ[name] for name in ("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD"))
client = libcrux.login("custom", user, password, base_url=base)
first = client.get("things/0/")
child = os.fork()
names = [client.get(f"things/{n % 7}/").json()["name"] for n in range(50)]
assert first.json()["id"] == 0 and names[1] == "Bluse" and len(set(names)) == 7
if child:
    assert os.waitpid(child, 0)[1] == 0
    print("both")
"""


def test_fork() -> None:
    ended = python(FORK)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "both\n", "")


def test_library_missing() -> None:
    ended = python("import libcrux", CRUX_LIBRARY="/nowhere/libcrux.so")
    assert ended.returncode == 1
    assert "LibraryError: libcrux could not be loaded. Tried: the variable CRUX_LIBRARY, /nowhere/" in ended.stderr
    ended = python("import libcrux", CRUX_LIBRARY="", LD_LIBRARY_PATH="/nowhere")
    if ended.returncode:
        assert "the package's own copy" in ended.stderr
        assert "the system's loader, libcrux.so.0" in ended.stderr


def test_library_too_old(tmp_path: Path) -> None:
    source, library = tmp_path / "old.c", tmp_path / "old.so"
    source.write_text("int crux_abi(void) { return 0; }")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    ended = python("import libcrux", CRUX_LIBRARY=str(library))
    assert ended.returncode == 1
    assert "is of edition 0, and this package needs edition 1" in ended.stderr
