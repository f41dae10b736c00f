"""Cases that are written by hand: pages, jobs, files, bodies, progress, the log."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE, PASSWORD, USER, requests_to, set_answer
from helpers import (
    under_way,
    with_async_client,
)

import libcrux


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


class Raw(io.RawIOBase):
    """Takes a part of what it is given, as a socket or a pipe may."""

    def __init__(self) -> None:
        self.taken = b""

    def write(self, piece: Any) -> int:
        part = bytes(piece)[:1000]
        self.taken += part
        return len(part)


def test_download_into_a_raw_file(client: libcrux.Client) -> None:
    text = "".join(map(str, range(40000)))
    set_answer("/large/", body=text, headers={"content-type": "text/plain"})
    raw, again = Raw(), Raw()
    client.download("large/", raw)
    assert raw.taken == text.encode()
    with_async_client(lambda client: client.download("large/", again))
    assert again.taken == text.encode()
    # A pipe that is full and does not wait.
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with open(reader, "rb", buffering=0), open(writer, "wb", buffering=0) as full:
        with pytest.raises(libcrux.FileError, match="no more bytes"):
            client.download("large/", full)
        with pytest.raises(OSError):
            with_async_client(lambda client: client.download("large/", full))


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

    with pytest.warns(RuntimeWarning, match="no ink"):
        with libcrux.login("custom", USER, PASSWORD, base_url=BASE, log=broken, log_level=5) as client:
            assert client.get("things/0/").status == 200
    assert any("no ink" in str(record.exc_info[1]) for record in caplog.records if record.exc_info)
