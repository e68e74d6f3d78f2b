"""How far a recognition came, in the job's row: with each segment, and through stretches in which nobody speaks."""

from __future__ import annotations

import time

from knowhub_ext.domain.jobs import Stage, overall
from knowhub_ext.domain.media import Asset
from knowhub_ext.services.runs import Run
from knowhub_ext.store.database import Store, Tx

#: A quiet stretch is written down, and a wish to cancel seen, at most so often, in seconds.
TICK_S = 2.0


class Meter:
    """Moves a running job on, by how much of `[start_ms, end_ms)` of a medium is heard; `end_ms` None: of all of it."""

    def __init__(self, store: Store, run: Run, target: Asset, *, start_ms: int, end_ms: int | None) -> None:
        self._store = store
        self._run = run
        self._target = target
        self._start_ms = start_ms
        self._end_ms = end_ms or target.duration_ms
        self._began = self._told = time.monotonic()
        #: Up to which media time (ms) there was something to hear.
        self.reached_ms = 0

    def heard(self, ms: int) -> None:
        """Say up to where all is heard, from inside a transcriber.

        Raises:
            JobCancelled, Interrupted, LeaseLost: they pass through the transcriber to whoever reads its segments.
        """
        self.reached_ms = max(self.reached_ms, ms)
        self._run.tick()
        if time.monotonic() - self._told < TICK_S:
            return
        with self._store.write() as tx:
            self.move(tx, ms)
        self._run.check(self._run.job)

    def move(self, tx: Tx, ms: int, *, seen: bool = False) -> None:
        """Write down how far the job is at media time `ms` and tell who watches; `seen`: readers see a new segment."""
        self.reached_ms = max(self.reached_ms, ms)
        share = ms / self._target.duration_ms if self._end_ms == self._target.duration_ms and ms else self._share(ms)
        spent = time.monotonic() - self._began
        left = spent / max(1, ms - self._start_ms) * max(0, self._end_ms - ms) if self._end_ms else None
        run = self._run
        progress = max(run.job.progress, overall(Stage.READ, share))
        run.job = tx.jobs.advance(run.job.id, run.job.fence, stage=Stage.READ, progress=progress, eta_s=left)
        data = {"lesson": self._target.lesson_id, "job": run.job.id, "progress": progress, "eta_s": left}
        kind, subject = ("segments.added", self._target.id) if seen else ("job.changed", run.job.id)
        tx.event("worker", self._target.course_id, kind, subject, data | ({} if seen else {"state": "running"}))
        self._told = time.monotonic()

    def _share(self, ms: int) -> float:
        """Return how much of the stretch is heard, 0..1; 0 where its length is not known."""
        length = self._end_ms - self._start_ms
        return (ms - self._start_ms) / length if length > 0 else 0.0
