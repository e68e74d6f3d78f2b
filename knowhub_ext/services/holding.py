"""Holding on to a job while it runs: its lease is renewed, a wish to cancel is seen, and a stop ends in time.

A stage may sit in one call for minutes, inside a decoder or a model, where nobody can interrupt it. So the thread that
beats also watches: when the worker is to end and the stage does not notice in time, the job is given back under its
fence, whatever the stage still writes is refused, and the process may go.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from knowhub_ext.domain.jobs import Job, JobState
from knowhub_ext.errors import KnowHubError, LeaseLost
from knowhub_ext.store.database import Store, Tx

_log = logging.getLogger("knowhub.worker")
#: How long a stage may take to notice that the worker is to end; a supervisor kills after ten seconds.
GRACE_S = 6.0
_TICK_S = 0.2


class Holding:
    """One worker's hold on its jobs, and the sign that it lives.

    Args:
        name: the worker's.
        abandon: called from a thread of its own after a job was given back that would not end; a process ends itself
            there. Without it the stage goes on in vain.
    """

    def __init__(self, store: Store, name: str, *, lease_ms: int, beat_ms: int) -> None:
        self._store = store
        self.name = name
        self.lease_ms = lease_ms
        self._beat_s = beat_ms / 1000
        self.abandon: Callable[[], object] = _stay

    @contextmanager
    def job(self, job: Job, stop: threading.Event, cancelled: threading.Event) -> Iterator[None]:
        """Hold `job` until the block ends; set `cancelled` when somebody asks for that."""
        over = threading.Event()
        watch = threading.Thread(
            target=self._watch, args=(job, stop, cancelled, over), name="knowhub-heartbeat", daemon=True
        )
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()

    @contextmanager
    def present(self) -> Iterator[None]:
        """Show signs of life until the block ends, then sign off."""
        over = threading.Event()
        thread = threading.Thread(target=self._show, args=(over,), name="knowhub-present", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self.sign_off()

    def sign_off(self) -> None:
        """Forget this worker."""
        try:
            with self._store.write() as tx:
                tx.workers.gone(self.name)
        except KnowHubError as error:  # its heartbeat grows old by itself
            _log.warning("the worker could not sign off: %s", error.message)

    def _watch(
        self, job: Job, stop: threading.Event, cancelled: threading.Event, over: threading.Event
    ) -> None:
        due, told = time.monotonic() + self._beat_s, None
        while not over.wait(_TICK_S):
            now = time.monotonic()
            if stop.is_set():
                told = told or now
                if now - told >= GRACE_S:
                    self._give_back(job)
                    return
            if now >= due:
                due = now + self._beat_s
                if not self._beat(job, cancelled):
                    return

    def _beat(self, job: Job, cancelled: threading.Event) -> bool:
        try:
            with self._store.write() as tx:
                seen = tx.jobs.beat(job.id, job.fence, lease_ms=self.lease_ms)
                self._sign(tx)
        except LeaseLost:
            return False
        except Exception:  # a full disk or a busy database: the next beat may pass
            _log.exception("a heartbeat of job %s failed", job.id)
        else:
            if seen.cancel_requested:
                cancelled.set()
        return True

    def _give_back(self, job: Job) -> None:
        """Put the job back while its stage still runs; what that stage writes from now on is refused."""
        try:
            with self._store.write() as tx:
                held = tx.jobs.release(job.id, job.fence)
                tx.event("worker", job.course_id, "job.changed", job.id, {"state": JobState.QUEUED.value})
            _log.warning("job %s did not end within %g s at the stage %s; it was given back",
                         job.id, GRACE_S, held.stage.value)
        except LeaseLost:
            pass
        except Exception:
            _log.exception("job %s could not be given back; its lease runs out", job.id)
        self.sign_off()
        self.abandon()

    def _show(self, over: threading.Event) -> None:
        while True:
            try:
                with self._store.write() as tx:
                    self._sign(tx)
            except KnowHubError as error:  # the next beat may pass
                _log.warning("a worker's heartbeat failed: %s", error.message)
            if over.wait(self._beat_s):
                return

    def _sign(self, tx: Tx) -> None:
        tx.workers.beat(self.name, os.getpid(), socket.gethostname())


def _stay() -> None:
    """The process goes on: a command line has more to do than this job."""
