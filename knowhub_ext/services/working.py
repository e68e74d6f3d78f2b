"""A worker's loop: claim a job, keep its lease alive, run it, say how it ended."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.jobs import HEARTBEAT_MS, LEASE_MS, MAX_ATTEMPTS, Job, JobState
from knowhub_ext.domain.media import AssetKind, AssetStatus
from knowhub_ext.errors import (
    Busy,
    DamagedWeights,
    DiskFull,
    JobCancelled,
    KnowHubError,
    LeaseLost,
    MissingWeights,
    NotFound,
    UserError,
)
from knowhub_ext.services.jobs import CANCELLED
from knowhub_ext.services.pipeline import Pipeline
from knowhub_ext.services.placing import queue
from knowhub_ext.services.runs import Interrupted, Run, Superseded
from knowhub_ext.services.targets import medium_of
from knowhub_ext.store.database import Store, Tx

_log = logging.getLogger("knowhub.worker")
#: How long a job waits after a busy database or a full disk, times its attempts.
PAUSE_S = 2.0
SUPERSEDED = {
    "slug": "superseded", "message": "The file was replaced by a newer version while it was being processed.",
    "cure": "Nothing needs doing: the newer version has a job of its own.",
}


class Working:
    def __init__(self, store: Store, pipeline: Pipeline) -> None:
        self._store = store
        self._pipeline = pipeline
        self.name = f"{socket.gethostname()}:{os.getpid()}:{new_id()[-6:]}"

    def others_alive(self) -> bool:
        """Say whether another worker's heartbeat is fresh."""
        with self._store.read() as tx:
            return any(worker != self.name for worker in tx.workers.live(LEASE_MS))

    def work(self, stop: threading.Event, *, idle_s: float | None) -> None:
        """Run jobs until `stop`; with `idle_s`, until nothing has waited for that long. 0: only what waits now."""
        with self._present(stop):
            idle = 0.0
            while not stop.is_set():
                if self.run_one(stop):
                    idle = 0.0
                elif idle_s is not None and idle >= idle_s:
                    return
                else:
                    stop.wait(0.5)
                    idle += 0.5

    def run_one(self, stop: threading.Event) -> bool:
        """Claim and run one job; return whether there was one."""
        try:
            with self._store.write() as tx:
                job = tx.jobs.claim(self.name, lease_ms=LEASE_MS)
        except Busy:  # somebody writes for long: the next look may find a way in
            _log.warning("the database is busy; no job was claimed")
            return False
        if job is None:
            return False
        with self._heartbeat(job):
            self._run(job, stop)
        return True

    def _run(self, job: Job, stop: threading.Event) -> None:
        run = Run(job=job, stop=stop.is_set)
        try:
            status = self._pipeline.run(run)
            self._finish(job, JobState.DONE, status)
        except LeaseLost:
            _log.warning("job %s was taken over by another worker", job.id)
        except Superseded:
            self._finish(job, JobState.CANCELLED, None, SUPERSEDED)
        except Interrupted:
            self._release(job)
        except JobCancelled:
            self._finish(job, JobState.CANCELLED, AssetStatus.FAILED, CANCELLED)
        except NotFound as error:
            if self._course_lives(job):
                self._finish(job, JobState.FAILED, AssetStatus.FAILED, error.to_json())
            else:
                self._release(job)  # its course is in the trash: the job waits there for its return
        except (UserError, MissingWeights, DamagedWeights) as error:
            self._finish(job, JobState.FAILED, AssetStatus.FAILED, error.to_json())
        except Exception as error:  # whatever it is, the queue must go on
            _log.exception("job %s broke", job.id)
            self._broke(job, error, stop)

    def _finish(
        self, job: Job, state: JobState, status: AssetStatus | None, error: dict[str, str] | None = None
    ) -> None:
        def write(tx: Tx) -> None:
            tx.jobs.finish(job.id, job.fence, state, error)
            counts = job.founding or state is JobState.DONE
            if status is not None and counts and tx.assets.get(job.asset_id).revision == job.asset_revision:
                tx.assets.set_status(job.asset_id, status, error)
                if status in (AssetStatus.FAILED, AssetStatus.EMPTY):
                    _fall_back_to_speech(tx, job)
            tx.event("worker", job.course_id, "job.changed", job.id, {"state": state.value})

        self._close(job, write)

    def _release(self, job: Job) -> None:
        def write(tx: Tx) -> None:
            tx.jobs.release(job.id, job.fence)
            tx.event("worker", job.course_id, "job.changed", job.id, {"state": JobState.QUEUED.value})

        self._close(job, write)

    def _close(self, job: Job, write: Callable[[Tx], None]) -> None:
        """Write how a run ended; try again while the database is busy. At worst the lease runs out and says it."""
        for _ in range(5):
            try:
                with self._store.write() as tx:
                    write(tx)
                return
            except LeaseLost:
                _log.warning("job %s was taken over by another worker", job.id)
                return
            except (Busy, DiskFull) as error:
                _log.warning("the end of job %s could not be written: %s", job.id, error.message)
                time.sleep(1)

    def _course_lives(self, job: Job) -> bool:
        with self._store.read() as tx:
            try:
                tx.courses.get(job.course_id)
            except NotFound:
                return False
        return True

    def _broke(self, job: Job, error: Exception, stop: threading.Event) -> None:
        """Give a broken job another try, and after `MAX_ATTEMPTS` put it aside with the reason."""
        known = error.to_json() if isinstance(error, KnowHubError) else {
            "slug": "broken", "message": f"Processing broke: {type(error).__name__}: {error}"[:500],
            "cure": "Try again with `knowhub job retry`; if it breaks again, report it with this message.",
        }
        if job.attempts >= MAX_ATTEMPTS:
            self._finish(job, JobState.DEAD, AssetStatus.FAILED, known)
            return
        if isinstance(error, (Busy, DiskFull)):
            stop.wait(PAUSE_S * job.attempts)
        self._finish(job, JobState.QUEUED, AssetStatus.QUEUED, known)

    @contextmanager
    def _heartbeat(self, job: Job) -> Iterator[None]:
        """Renew the lease while the job runs, from a thread of its own: a segment may take longer than a lease."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(HEARTBEAT_MS / 1000):
                try:
                    with self._store.write() as tx:
                        tx.jobs.beat(job.id, job.fence, lease_ms=LEASE_MS)
                        tx.workers.beat(self.name, os.getpid(), socket.gethostname())
                except LeaseLost:
                    return
                except Exception:  # a full disk or a busy database: the next beat may pass
                    _log.exception("a heartbeat of job %s failed", job.id)

        thread = threading.Thread(target=beat, name="knowhub-heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    @contextmanager
    def _present(self, stop: threading.Event) -> Iterator[None]:
        over = threading.Event()

        def beat() -> None:
            while True:
                try:
                    with self._store.write() as tx:
                        tx.workers.beat(self.name, os.getpid(), socket.gethostname())
                except KnowHubError as error:  # the next beat may pass
                    _log.warning("a worker's heartbeat failed: %s", error.message)
                if over.wait(HEARTBEAT_MS / 1000):
                    return

        thread = threading.Thread(target=beat, name="knowhub-present", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            try:
                with self._store.write() as tx:
                    tx.workers.gone(self.name)
            except KnowHubError as error:  # its heartbeat grows old by itself
                _log.warning("the worker could not sign off: %s", error.message)


def _fall_back_to_speech(tx: Tx, job: Job) -> None:
    """Queue the medium whose caption file turned out unusable, so that its speech is recognised after all."""
    captions = tx.assets.get(job.asset_id)
    if captions.kind is not AssetKind.CAPTIONS:
        return
    medium = medium_of(captions, tx.assets.of_lesson(captions.lesson_id))
    if medium.id != captions.id and medium.status is not AssetStatus.FAILED:
        if tx.transcripts.current(medium.id, words=False) is None:  # what was recognised before still stands
            queue(tx, medium)
            tx.assets.set_status(medium.id, AssetStatus.QUEUED)
