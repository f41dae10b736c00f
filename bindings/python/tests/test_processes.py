"""multiprocessing, pickle, and the end of a program."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import pickle
import time

import pytest
from conftest import BASE, PASSWORD, USER
from helpers import (
    python,
)

import libcrux


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


@pytest.mark.parametrize("under_way", [0, 50])
@pytest.mark.parametrize("action", ["use", "close", "forget"])
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_leaves_the_loop_of_its_parent_alone(action: str, under_way: int) -> None:
    async def of_child(client: libcrux.AsyncClient) -> None:
        if action == "use":
            assert (await client.get("things/1/")).status == 200
        elif action == "close":
            await client.close()
        else:
            client.__del__()

    async def of_parent() -> None:
        async with await libcrux.AsyncClient.login("custom", USER, PASSWORD, base_url=BASE) as client:
            await client.get("things/0/")
            running = [asyncio.ensure_future(client.get("things/0/")) for _ in range(under_way)]
            await asyncio.sleep(0)
            child = os.fork()
            if child == 0:
                ended = 1
                try:
                    asyncio.run(asyncio.wait_for(of_child(client), 5))
                    ended = 0
                finally:
                    os._exit(ended)
            assert os.waitpid(child, 0)[1] == 0
            running.append(asyncio.ensure_future(client.get("things/0/")))
            answers = await asyncio.wait_for(asyncio.gather(*running), 5)
            assert all(answer.status == 200 for answer in answers)

    asyncio.run(of_parent())


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
