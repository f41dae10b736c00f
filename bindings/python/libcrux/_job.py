"""Waits for a job that an earlier response has started."""

from __future__ import annotations

import threading
from typing import Callable

from ._interface import Handle
from ._library import lib
from ._request import Call, Progress, Watch
from ._response import BaseResponse
from ._session import Session, live


class JobWait:
    """A thread that waits for one job. libcrux has no call for it that could be started instead."""

    def __init__(
        self,
        session: Session,
        response: BaseResponse,
        timeout: float | None,
        progress: Progress | None,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        self._accepted = live(response)
        self._watch = None if progress is None else _Percent(progress)
        self._timeout = -1 if timeout is None else max(0, int(timeout * 1000))
        self._client = session.handle
        self._cancelled = False
        self._then = then
        #: Set once `result` is there.
        self.done = threading.Event()
        self.call = Call(Handle(), session)
        threading.Thread(target=self._run, name="libcrux-job", daemon=True).start()

    def _run(self) -> None:
        timeout = 0 if self._cancelled else self._timeout
        self.result = lib.await_(self._client, self._accepted, timeout)
        self.done.set()
        self._then()

    def look(self) -> None:
        """Reports the percentage."""
        if self._watch is not None:
            self._watch.look(self._accepted)

    def stop(self) -> None:
        """Ends the wait, not the job. Until `done` is set it may have come too early: say it again."""
        self._cancelled = True
        lib.cancel(self._accepted)


class _Percent(Watch):
    def __init__(self, report: Progress) -> None:
        super().__init__(report)

    def look(self, response: Handle) -> None:
        percent = max(lib.number(response, b"percent"), 0)
        if (percent, 100) != self._last:
            self._last = percent, 100
            self._report(percent, 100)
