"""What the package promises of the runtime: signals, leaks, event loops, processes, types, exit."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import multiprocessing
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any, Iterator

import pytest
from conftest import BASE, PASSWORD, USER, set_answer
from test_own import WITHIN, python, with_async_client

import libcrux
from libcrux import _hooks

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"
long = pytest.mark.skipif(not os.environ.get("CRUX_LONG"), reason="CRUX_LONG=1 runs it")


def memory() -> int:
    """Resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# ---- Examples ------------------------------------------------------------------------------------------------------


def example(*arguments: str, folder: Path, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-X", "dev", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONASYNCIODEBUG": "1", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@pytest.fixture
def own_sandbox(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A sandbox of one's own: the tour makes a thing, and expects to be the first."""
    script = 'env | grep ^CRUX_ > "$1.part"; mv "$1.part" "$1"; cat'
    told = tmp_path / "environment"
    shop = subprocess.Popen(
        [os.environ["CRUX_SANDBOX"], "--shop", "sh", "-c", script, "sh", str(told)], stdin=subprocess.PIPE
    )
    while not told.exists():
        assert shop.poll() is None
    yield dict(line.split("=", 1) for line in told.read_text("utf-8").splitlines())
    assert shop.stdin is not None
    shop.stdin.close()
    shop.wait(10)


def test_the_tour_prints_what_all_tours_print(own_sandbox: dict[str, str], tmp_path: Path) -> None:
    expected = (HERE.parents[1] / "tour.txt").read_text("utf-8")
    assert example(str(EXAMPLES / "tour.py"), folder=tmp_path, **own_sandbox) == expected


def test_the_asynchronous_tour_prints_its_four_lines(tmp_path: Path) -> None:
    expected = 'Ärmel "0" Bluse Čepice Dirndl Écharpe Frack Γάντι\n3\ncancelled\n1048576\n'
    assert example(str(EXAMPLES / "tour_async.py"), folder=tmp_path) == expected


def test_the_login_example_lists_things(tmp_path: Path) -> None:
    assert "Bluse\n" in example(str(EXAMPLES / "login.py"), folder=tmp_path)


def blocks(page: str, fence: str) -> list[str]:
    text = (HERE.parent / page).read_text("utf-8")
    return [block.split("```")[0] for block in text.split(f"```{fence}\n")[1:]]


@pytest.mark.parametrize("page", ["docs/from-requests.md", "docs/from-pycrunch.md", "README.md"])
def test_the_programs_of_the_pages_run(
    page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As printed, but for the address of the service and the password that the sandbox wants."""
    here: Any = {"base_url": os.environ["CRUX_SANDBOX_HTTP"] + "/api/"}
    login, token = libcrux.login, libcrux.token
    accounts = {"crunch": ("grace@example.com", "battery staple"), "crux-connect": ("ada@example.com", "correct horse")}
    monkeypatch.setattr(libcrux, "login", lambda service, *_, **options: login(service, *accounts[service], **here))
    monkeypatch.setattr(libcrux, "token", lambda service, secret, **options: token(service, secret, **here))
    monkeypatch.setenv("R_CRUNCH_API_KEY", "apk-c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveCE=")
    programs = blocks(page, "python libcrux")
    assert len(programs) == 1
    exec(compile(programs[0], page, "exec"), {})
    assert capsys.readouterr().out.strip()
    for other in blocks(page, "python"):
        compile(other, page, "exec")


def test_the_module_is_a_program(tmp_path: Path) -> None:
    assert '"Bluse"' in example("-m", "libcrux", "GET", "things/1/", folder=tmp_path)
    assert example("-m", "libcrux", "-i", "GET", "things/1/", folder=tmp_path).startswith("200\n")
    assert "1.5" in example("-m", "libcrux", "POST", "echo/", '{"a": 1.5}', folder=tmp_path)
    pages = example("-m", "libcrux", "--all", "GET", "things/?limit=3", folder=tmp_path)
    assert "Bluse" in pages and "Frack" in pages
    example("-m", "libcrux", "-o", "out.bin", "GET", "files/out.bin", folder=tmp_path)
    assert (tmp_path / "out.bin").stat().st_size == 1 << 20
    assert '"progress":100' in example("-m", "libcrux", "--wait", "POST", "jobs/", "{}", folder=tmp_path)
    ended = subprocess.run([sys.executable, "-m", "libcrux", "GET", "none/"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (libcrux.HTTPError.code, "")
    assert "404" in ended.stderr


# ---- Signals -------------------------------------------------------------------------------------------------------


class Ring(BaseException):
    """What the alarm raises; as KeyboardInterrupt, no Exception, which handlers of the log would catch."""


def test_no_signal_is_lost_wherever_it_strikes(client: libcrux.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that raises is heard exactly once, and nothing is printed instead."""
    rings: list[int] = []
    lost: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)

    def ring(*_: Any) -> None:
        rings.append(1)
        raise Ring

    def call_until_it_rings(before: int) -> None:
        while len(rings) == before:
            client.get("things/0/")

    heard, times = 0, 20_000 if os.environ.get("CRUX_LONG") else 500
    former = signal.signal(signal.SIGALRM, ring)
    try:
        for number in range(times):
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0001 + number % 40 * 0.0001)
                call_until_it_rings(number)
            except Ring:
                heard += 1
    finally:
        signal.signal(signal.SIGALRM, former)
    assert (heard, len(rings), lost) == (times, times, [])
    assert len(_hooks._ticks) <= 3


def test_a_handler_may_make_requests_itself(client: libcrux.Client) -> None:
    inner: list[int] = []
    former = signal.signal(signal.SIGALRM, lambda *_: inner.append(client.get("things/1/").json()["id"]))
    set_answer("/wait/", body={}, delay_ms=600)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        assert client.get("wait/").status == 200
    finally:
        signal.signal(signal.SIGALRM, former)
    assert inner == [1]


def test_ctrl_c_ends_a_connect() -> None:
    """Nobody accepts, and the queue of those that wait for it is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
            fillers.append(filler)
        client = libcrux.token("custom", "x", base_url=f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert ended_by_an_alarm(lambda: client.get("things/")) < WITHIN
        for filler in fillers:
            filler.close()


def test_ctrl_c_ends_a_send(client: libcrux.Client) -> None:
    """Nobody reads what is sent."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        client = libcrux.token("custom", "x", base_url=f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert ended_by_an_alarm(lambda: client.put("things/", body=bytes(64 << 20))) < WITHIN
        assert ended_by_an_alarm(lambda: client.put("things/", body=iter([bytes(1 << 20)] * 64))) < WITHIN


def test_ctrl_c_ends_a_receive_and_a_pause(client: libcrux.Client) -> None:
    set_answer("/busy/", status=503, headers={"retry-after": "60"})
    assert ended_by_an_alarm(lambda: client.get("drip/100000000", max_body=1 << 30)) < WITHIN
    assert ended_by_an_alarm(lambda: client.get("busy/")) < WITHIN
    with client.stream("GET", "drip/100000000") as body:
        assert ended_by_an_alarm(lambda: list(body)) < WITHIN


def ended_by_an_alarm(action: Any) -> float:
    """How long an action goes on after a signal handler has raised."""
    rang: list[float] = []

    def ring(*_: Any) -> None:
        rang.append(time.monotonic())
        raise Ring

    def press() -> None:
        # Long enough to be in the middle of it; however long, the time counts from the signal.
        time.sleep(0.3)
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGUSR1)

    pressed: list[float] = []
    former = signal.signal(signal.SIGUSR1, ring)
    thread = threading.Thread(target=press)
    try:
        thread.start()
        with pytest.raises(Ring):
            action()
        return time.monotonic() - pressed[0]
    finally:
        thread.join()
        signal.signal(signal.SIGUSR1, former)


# ---- Leaks ---------------------------------------------------------------------------------------------------------


def some_of_everything(client: libcrux.Client) -> None:
    client.post("echo/", json={"a": [1]}, query={"b": 2}, headers={"X-C": "d"}).json()
    client.get("things/0/").headers["content-type"]
    for _ in client.pages("things/", query={"limit": 3}):
        pass
    client.put("echo/", body=iter([b"a"]))
    client.get("files/out.bin").body
    with client.stream("GET", "files/out.bin") as body:
        next(body)
    for path in ("things/999/", "{none}/"):
        with pytest.raises(libcrux.Error):
            client.get(path)
    client.upload("upload/", b"abc", field="file")


def test_nothing_leaks_over_ten_thousand_calls() -> None:
    """Memory, objects, descriptors and threads are what they were."""
    rounds = 1000

    async def many(client: libcrux.AsyncClient, count: int) -> None:
        for _ in range(count // 50):
            for answer in await asyncio.gather(*(client.get("things/0/") for _ in range(50))):
                answer.json()

    def state() -> tuple[int, int, int]:
        gc.collect()
        return len(gc.get_objects()), len(os.listdir("/proc/self/fd")), threading.active_count()

    def everything(times: int) -> None:
        # Without a log: what captures it here keeps every line.
        with libcrux.login("custom", USER, PASSWORD, base_url=BASE, log_level=0) as client:
            for number in range(times):
                if number % 10 == 0:
                    some_of_everything(client)
                client.get("things/0/").json()

        async def run(client: libcrux.AsyncClient) -> None:
            await many(client, times * 8)

        async def open_and_run() -> None:
            async with await libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE) as client:
                await run(client)

        asyncio.run(open_and_run())

    everything(rounds // 5)
    before, bytes_before = state(), memory()
    everything(rounds)
    after, bytes_after = state(), memory()
    assert after[0] - before[0] < 100
    assert after[1] <= before[1]
    assert after[2] == before[2]
    assert bytes_after - bytes_before < 4 << 20
    assert (_hooks._sources, _hooks._logs) == ({}, {})


def test_nothing_waits_for_the_collector(client: libcrux.Client) -> None:
    def failing() -> Iterator[bytes]:
        yield b"a"
        raise LookupError

    def attempt(action: Any) -> None:
        try:
            action()
        except (libcrux.Error, LookupError, Ring):
            pass

    gc.collect()
    gc.disable()
    try:
        some_of_everything(client)
        attempt(lambda: client.get("things/999/"))
        attempt(lambda: client.get("slow/", timeout_total_ms=20))
        attempt(lambda: client.put("echo/", body=failing()))
        attempt(lambda: ended_by_an_alarm(lambda: client.get("slow/")))
        assert _hooks._sources == {}
        client.close()
        assert _hooks._logs == {}
    finally:
        gc.enable()


@long
def test_memory_is_flat_over_a_hundred_thousand_requests(client: libcrux.Client) -> None:
    for _ in range(2000):
        client.get("things/0/").json()
    before = memory()
    for _ in range(100_000):
        client.get("things/0/").json()
    assert memory() - before < 2 << 20


# ---- asyncio -------------------------------------------------------------------------------------------------------


def test_asyncio_in_debug_mode_has_nothing_to_complain_of(caplog: pytest.LogCaptureFixture) -> None:
    async def all_of_it(client: libcrux.AsyncClient) -> None:
        asyncio.get_running_loop().slow_callback_duration = 0.1
        first = await client.get("things/", query={"limit": 3})
        assert (await first.follow("./1/")).json()["name"] == "Bluse"
        assert [item["id"] async for item in client.items("things/")][:3] == [0, 1, 2]
        task = asyncio.ensure_future(client.get("slow/"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await client.download("files/out.bin", io.BytesIO())

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with caplog.at_level(logging.WARNING, "asyncio"):
            with_async_client(all_of_it)
    assert [record for record in caplog.records if record.name == "asyncio"] == []


def test_a_client_goes_from_one_loop_to_the_next() -> None:
    client = asyncio.run(libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE))
    for _ in range(3):
        assert asyncio.run(client.get("things/0/")).status == 200
    asyncio.run(client.close())


def test_closing_ends_what_is_under_way() -> None:
    async def run() -> None:
        client = await libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE)
        task = asyncio.ensure_future(client.get("slow/"))
        await asyncio.sleep(0)
        await client.close()
        with pytest.raises(libcrux.CancelledError):
            await task

    asyncio.run(run(), debug=True)


def test_a_body_that_never_comes_ends_with_its_task() -> None:
    async def never() -> Any:
        yield b"one"
        await asyncio.sleep(3600)

    async def run(client: libcrux.AsyncClient) -> float:
        task = asyncio.ensure_future(client.put("echo/", body=never()))
        while not _hooks._sources:
            await asyncio.sleep(0)
        since = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - since

    assert with_async_client(run) < WITHIN


# ---- Processes -----------------------------------------------------------------------------------------------------


def fetch(number: int) -> str:
    with libcrux.login("custom", USER, PASSWORD, base_url=BASE) as client:
        name: str = client.get(f"things/{number}/").json()["name"]
        return name


def fail(number: int) -> None:
    with libcrux.login("custom", USER, PASSWORD, base_url=BASE) as client:
        client.get(f"things/{900 + number}/")


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_multiprocessing(method: str, client: libcrux.Client) -> None:
    client.get("things/0/")
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(fetch, range(2)) == ['Ärmel "0"', "Bluse"]
        with pytest.raises(libcrux.HTTPError) as caught:
            pool.apply(fail, (9,))
        pool.close()
        pool.join()
    error = caught.value
    assert (error.status, error.server_message) == (404, "No such thing.")
    assert error.response is not None
    assert error.response.json() == {"detail": "No such thing."}
    assert client.get("things/1/").status == 200


def test_responses_and_errors_are_pickled_as_snapshots(client: libcrux.Client) -> None:
    response = client.get("things/0/")
    for again in (
        pickle.loads(pickle.dumps(response)),
        pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(response)))),
    ):
        assert (again.status, again.body, again.url) == (response.status, response.body, response.url)
        assert dict(again.headers) == dict(response.headers)
        assert (again.attempts, again.location) == (1, None)
    with pytest.raises(ValueError, match="pickled"):
        client.follow(again, "./1/")


def test_a_program_ends_while_the_other_threads_wait() -> None:
    code = """
import os, threading, libcrux
base, user, password = (os.environ[name] for name in ("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD"))
client = libcrux.login("custom", user, password, base_url=base)
accepted = client.post("jobs/", json={})
for _ in range(5):
    threading.Thread(target=lambda: client.get("slow/"), daemon=True).start()
threading.Thread(target=lambda: client.wait(accepted), daemon=True).start()
while libcrux._library.lib.number(client._session.handle, b"under_way") < 5:
    pass
"""
    since = time.monotonic()
    ended = python(code)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert time.monotonic() - since < 4


# ---- Types ---------------------------------------------------------------------------------------------------------


def mypy(folder: Path, *files: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(folder / "mypy")]
    ended = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
    return ended.stdout + ended.stderr


def test_the_package_is_typed(tmp_path: Path) -> None:
    package = HERE.parent / "libcrux"
    assert (package / "py.typed").exists()
    assert "Success" in mypy(tmp_path, package)


def test_a_program_is_checked_against_the_types(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text((HERE / "typed_good.py").read_text("utf-8"))
    bad.write_text((HERE / "typed_bad.py").read_text("utf-8"))
    assert "Success" in mypy(tmp_path, good)
    complaints = mypy(tmp_path, bad)
    for number, line in enumerate(bad.read_text().splitlines(), 1):
        if "# wrong" in line:
            assert f"bad.py:{number}: error" in complaints, line


def test_every_public_thing_is_documented() -> None:
    undocumented = []
    for name in libcrux.__all__:
        thing = getattr(libcrux, name)
        named = vars(thing).items() if isinstance(thing, type) else ()
        members = [thing, *(value for key, value in named if not key.startswith("_"))]
        for member in members:
            target = getattr(member, "__func__", member)
            if (callable(target) or isinstance(target, property)) and not target.__doc__:
                undocumented.append((name, target))
    assert undocumented == []
