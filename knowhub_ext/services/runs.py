"""One claimed job on its way through the stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from knowhub_ext.domain.jobs import Job
from knowhub_ext.domain.media import Asset
from knowhub_ext.errors import JobCancelled
from knowhub_ext.services.targets import captions_of
from knowhub_ext.store.database import Tx


class Interrupted(Exception):
    """This worker is asked to end; the job goes back to the queue with all it saved."""


class Superseded(Exception):
    """What this job works on has been replaced meanwhile; another job has it, and this one leaves nothing behind."""


@dataclass(kw_only=True)
class Run:
    """The job as last seen; `stop` and `cancelled` say whether to leave it at the next chance."""

    job: Job
    stop: Callable[[], bool]
    cancelled: Callable[[], bool] = lambda: False

    def tick(self) -> None:
        """Leave now if that is wanted. Costs nothing and asks no database: long work calls it every second or so.

        Raises:
            JobCancelled, Interrupted: as `check`.
        """
        if self.cancelled():
            raise JobCancelled
        if self.stop():
            raise Interrupted

    def check(self, job: Job) -> None:
        """Raise `JobCancelled` when someone asked for it, `Interrupted` when this worker ends."""
        if job.cancel_requested:
            raise JobCancelled
        self.tick()

    def guard(self, tx: Tx) -> Asset:
        """Return the asset if this job may still write its results in `tx`; call it first in every such transaction.

        Raises:
            LeaseLost: another worker has the job.
            Superseded: the asset has a newer revision, or a caption file has arrived for its speech.
        """
        tx.jobs.guard(self.job.id, self.job.fence)
        asset = tx.assets.get(self.job.asset_id)
        if asset.revision != self.job.asset_revision:
            raise Superseded
        return asset

    def guard_speech(self, tx: Tx) -> Asset:
        """As `guard`, for results that a caption file would replace."""
        asset = self.guard(tx)
        if asset.kind.timed and captions_of(asset, tx.assets.of_lesson(asset.lesson_id)) is not None:
            raise Superseded
        return asset
