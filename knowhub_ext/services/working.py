"""A worker's loop: claim a job, hold it, run it, say how it ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from knowhub_ext.domain.jobs import EMBED, HEARTBEAT_MS, LEASE_MS, MAX_ATTEMPTS, Job, JobState, Lane, Room, pause_ms
from knowhub_ext.domain.media import AssetStatus
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
from knowhub_ext.services.fallback import fall_back_to_speech
from knowhub_ext.services.holding import Holding
from knowhub_ext.services.jobs import CANCELLED
from knowhub_ext.services.pipeline import Pipeline
from knowhub_ext.services.presence import dead, machine, worker_name
from knowhub_ext.services.runs import Interrupted, Run, Superseded
from knowhub_ext.services.speeds import VECTORS, sort_of
from knowhub_ext.store.database import Store, Tx

_log = logging.getLogger("knowhub.worker")
#: How long a job rests where the fault is not its own: a busy database, a full disk.
PAUSE_S = 5.0
#: How often a worker without a job looks for one.
_LOOK_S = 0.5
SUPERSEDED = {
    "slug": "superseded", "message": "The file was replaced by a newer version while it was being processed.",
    "cure": "Nothing needs doing: the newer version has a job of its own.",
}
EVERY_LANE = tuple(Lane)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How workers of this hub work: at most `limits` jobs of a lane at a time on this machine, leases and heartbeats
    in milliseconds."""

    limits: Mapping[Lane, int]
    lease_ms: int = LEASE_MS
    beat_ms: int = HEARTBEAT_MS


class Working:
    def __init__(self, store: Store, pipeline: Pipeline, terms: Terms) -> None:
        self._store = store
        self._pipeline = pipeline
        self._limits = dict(terms.limits)
        self.name = worker_name()
        self._holding = Holding(store, self.name, lease_ms=terms.lease_ms, beat_ms=terms.beat_ms)
        #: How long a job rests after it broke, in milliseconds: (attempts so far, its id).
        self.rest: Callable[[int, str], int] = pause_ms
        #: Told True when a job was claimed, False when it has come to an end here.
        self.note: Callable[[bool], object] = _unnoted

    def others_alive(self) -> bool:
        """Say whether another worker's heartbeat is fresh and its process, where that can be seen, is there."""
        with self._store.read() as tx:
            names = [name for name in tx.workers.live(self._holding.lease_ms) if name != self.name]
        return bool(set(names) - dead(names))

    def wanted(self) -> bool:
        """Say whether a worker would find something to do: jobs that wait, or whose worker has died."""
        with self._store.read() as tx:
            return tx.jobs.waiting() > 0 or bool(dead(tx.jobs.holders()))

    def work(
        self, stop: threading.Event, *, idle_s: float | None, lanes: Collection[Lane] = EVERY_LANE,
        abandon: Callable[[], object] | None = None,
    ) -> None:
        """Run jobs until `stop`; with `idle_s`, until nothing has waited for that long. 0: only what waits now.

        Args:
            stop: tells it to end; a running job stops at its next step and goes back to the queue.
            idle_s: seconds; jobs that rest, or wait for room, do wait.
            lanes: which jobs to take.
            abandon: see `Holding`.
        """
        self._holding.abandon = abandon or self._holding.abandon
        with self._holding.present():
            idle = 0.0
            while not stop.is_set():
                if self.run_one(stop, lanes=lanes):
                    idle = 0.0
                elif idle_s is not None and idle >= idle_s and not self._queued(lanes):
                    return
                else:
                    stop.wait(_LOOK_S)
                    idle += _LOOK_S

    def run_one(self, stop: threading.Event, *, lanes: Collection[Lane] = EVERY_LANE) -> bool:
        """Claim and run one job; return whether there was one."""
        try:
            job = self._claim(tuple(lanes))
        except Busy:  # somebody writes for long: the next look may find a way in
            _log.warning("the database is busy; no job was claimed")
            return False
        except DiskFull:
            _log.warning("the disk is full; no job was claimed")
            return False
        if job is None:
            return False
        _log.info("job %s: attempt %d of %d, from the stage %s", job.id, job.attempts, MAX_ATTEMPTS, job.stage.value)
        cancelled = threading.Event()
        with self._holding.job(job, stop, cancelled):
            self.note(True)
            self._run(job, stop, cancelled)
            self.note(False)
        return True

    def _queued(self, lanes: Collection[Lane]) -> bool:
        with self._store.read() as tx:
            return tx.jobs.queued(lanes) > 0

    def _claim(self, lanes: tuple[Lane, ...]) -> Job | None:
        with self._store.write() as tx:
            taken = self._take_over(tx)
            room = Room(machine=machine(), lanes=lanes, limits=self._limits)
            job = tx.jobs.claim(self.name, lease_ms=self._holding.lease_ms, room=room)
        for before, after, why in taken:
            _log.warning("job %s was %s's, %s: it is %s after %d attempts",
                         before.id, before.lease_owner, why, after.state.value, after.attempts)
        return job

    def _take_over(self, tx: Tx) -> list[tuple[Job, Job, str]]:
        """Take the jobs of workers that are gone: at once where their process can be seen to be, else by the lease."""
        gone = dead(tx.jobs.holders())
        taken = []
        for before, after in tx.jobs.reclaim(gone):
            why = "whose process is gone" if before.lease_owner in gone else "which did not renew its lease"
            taken.append((before, after, why))
            tx.workers.gone(before.lease_owner)
            if after.over:
                fall_back_to_speech(tx, after)
        return taken

    def _run(self, job: Job, stop: threading.Event, cancelled: threading.Event | None = None) -> None:
        run = Run(job=job, stop=stop.is_set, cancelled=cancelled.is_set if cancelled else _never)
        began = time.monotonic()
        try:
            status = self._pipeline.run(run)
            self._finish(job, JobState.DONE, status, began=began)
        except LeaseLost:
            _log.warning("job %s was taken over by another worker", job.id)
        except Superseded:
            self._finish(job, JobState.CANCELLED, None, SUPERSEDED)
        except Interrupted:
            self._release(job)
        except JobCancelled:
            self._finish(job, JobState.CANCELLED, AssetStatus.FAILED, CANCELLED)
        except NotFound as error:
            if not self._course_lives(job):
                self._release(job)  # its course is in the trash: the job waits there for its return
            elif self._unwanted(job):
                self._finish(job, JobState.CANCELLED, AssetStatus.FAILED, CANCELLED)  # its file was removed
            else:
                self._finish(job, JobState.FAILED, AssetStatus.FAILED, error.to_json())
        except (UserError, MissingWeights, DamagedWeights) as error:
            self._finish(job, JobState.FAILED, AssetStatus.FAILED, error.to_json())
        except (Busy, DiskFull) as error:  # no fault of the file: it counts as no attempt
            self._release(job, error)
        except Exception as error:  # whatever it is, the queue must go on
            _log.exception("job %s broke", job.id)
            self._broke(job, error)

    def _finish(
        self, job: Job, state: JobState, status: AssetStatus | None, error: dict[str, str] | None = None, *,
        began: float | None = None,
    ) -> None:
        def write(tx: Tx) -> None:
            tx.jobs.finish(job.id, job.fence, state, error, rest_ms=rest_ms)
            counts = job.founding or state is JobState.DONE
            if status is not None and counts and not tx.assets.replaced(job.asset_id, job.asset_revision):
                tx.assets.set_status(job.asset_id, status, error)
                if status in (AssetStatus.FAILED, AssetStatus.EMPTY):
                    fall_back_to_speech(tx, job)
            if began is not None:
                self._measure(tx, job, time.monotonic() - began)
            tx.event("worker", job.course_id, "job.changed", job.id, {"state": state.value})

        rest_ms = self.rest(job.attempts, job.id) if state is JobState.QUEUED else 0
        self._close(job, write)

    def _measure(self, tx: Tx, job: Job, took_s: float) -> None:
        """Note how long the job took, where this attempt did all of it."""
        asset = tx.assets.many([job.asset_id]).get(job.asset_id)  # None: it was removed as the job ended
        if asset and (job.founding or job.kind == EMBED) and job.attempts == 1 and job.progress == 0:
            took = {"work_ms": round(took_s * 1000), "media_ms": asset.duration_ms, "size": asset.size}
            tx.speeds.add(machine(), sort_of(tx, asset) if job.founding else VECTORS + job.params["model"], **took)

    def _release(self, job: Job, error: KnowHubError | None = None) -> None:
        def write(tx: Tx) -> None:
            rest_ms = round(PAUSE_S * 1000) if error else 0
            tx.jobs.release(job.id, job.fence, rest_ms=rest_ms, error=error.to_json() if error else None)
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

    def _unwanted(self, job: Job) -> bool:
        with self._store.read() as tx:
            return tx.jobs.get(job.id).cancel_requested

    def _broke(self, job: Job, error: Exception) -> None:
        """Give a broken job another try after a rest, and after `MAX_ATTEMPTS` put it aside with the reason."""
        known = error.to_json() if isinstance(error, KnowHubError) else {
            "slug": "broken", "message": f"Processing broke: {type(error).__name__}: {error}"[:500],
            "cure": "Try again with `knowhub job retry`; if it breaks again, report it with this message.",
        }
        if job.attempts >= MAX_ATTEMPTS:
            self._finish(job, JobState.DEAD, AssetStatus.FAILED, known)
        else:
            self._finish(job, JobState.QUEUED, AssetStatus.QUEUED, known)


def _never() -> bool:
    return False


def _unnoted(begins: bool) -> None:
    """Nobody stands by."""
