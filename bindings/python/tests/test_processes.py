"""multiprocessing, pickle, and the end of a program."""

from __future__ import annotations

import multiprocessing
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
