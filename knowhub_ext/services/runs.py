"""One claimed job on its way through the stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from knowhub_ext.domain.jobs import Job
from knowhub_ext.errors import JobCancelled


class Interrupted(Exception):
    """This worker is asked to end; the job goes back to the queue with all it saved."""


@dataclass(kw_only=True)
class Run:
    """The job as last seen; `stop` says whether to leave it at the next chance."""

    job: Job
    stop: Callable[[], bool]

    def check(self, job: Job) -> None:
        """Raise `JobCancelled` when someone asked for it, `Interrupted` when this worker ends."""
        if job.cancel_requested:
            raise JobCancelled
        if self.stop():
            raise Interrupted
