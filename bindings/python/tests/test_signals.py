"""Whatever a signal handler raises ends what waits, and is never lost."""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import Any

import pytest
from conftest import set_answer
from helpers import (
    WITHIN,
    Ring,
    ended_by_an_alarm,
)

import libcrux
from libcrux import _hooks


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
