"""Jobs as people see them: list, cancel one, retry one. A cancelled job never takes its neighbours along."""

from __future__ import annotations

from typing import Any

from knowhub_ext.domain.jobs import Job, JobState
from knowhub_ext.domain.media import AssetStatus
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.errors import NotFound
from knowhub_ext.ports import JobRunner
from knowhub_ext.services.access import require
from knowhub_ext.store.database import Store, Tx


class Jobs:
    def __init__(self, store: Store, runner: JobRunner) -> None:
        self._store = store
        self._runner = runner

    def page(
        self, actor: Actor, *, course: str | None = None, after: str | None = None, limit: int = 50
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Return a page of jobs, newest first, and the cursor of the next page.

        Raises:
            NotFound: no such course.
            Forbidden: they may read the course, but not see its jobs (a visitor).
        """
        with self._store.read() as tx:
            course_id = tx.courses.get(course).id if course else actor.course
            require(actor, Action.BACKSTAGE, course_id)
            rows = tx.jobs.page(course_id, after, limit + 1)
            items = [job_json(tx, job) for job in rows[:limit]]
        return items, rows[limit - 1].id if len(rows) > limit else None

    def get(self, actor: Actor, job_id: str) -> dict[str, Any]:
        with self._store.read() as tx:
            job = tx.jobs.get(job_id)
            require(actor, Action.BACKSTAGE, job.course_id)
            return job_json(tx, job)

    def cancel(self, actor: Actor, job_id: str) -> dict[str, Any]:
        """Ask a job to stop; a running one stops at its next segment. A job that is over stays as it is."""
        with self._store.write() as tx:
            job = tx.jobs.get(job_id)
            require(actor, Action.AUTHOR, job.course_id)
            if not job.over:
                job = tx.jobs.request_cancel(job_id)
                if job.state is JobState.CANCELLED and job.founding:
                    tx.assets.set_status(job.asset_id, AssetStatus.FAILED, CANCELLED)
                tx.event(actor.person_id, job.course_id, "job.changed", job.id, {"state": job.state.value})
            return job_json(tx, job)

    def retry(self, actor: Actor, job_id: str) -> dict[str, Any]:
        """Put a failed, dead or cancelled job back into the queue; what it saved before is kept.

        Raises:
            InvalidMove: it is waiting, running or done.
        """
        with self._store.write() as tx:
            job = tx.jobs.get(job_id)
            require(actor, Action.AUTHOR, job.course_id)
            job = tx.jobs.retry(job_id)
            if job.founding:
                tx.assets.set_status(job.asset_id, AssetStatus.QUEUED)
            tx.event(actor.person_id, job.course_id, "job.changed", job.id, {"state": job.state.value})
            data = job_json(tx, job)
        self._runner.wake()
        return data


CANCELLED = {"slug": "cancelled", "message": "Processing was cancelled.", "cure": "Start it again with retry."}


def job_json(tx: Tx, job: Job) -> dict[str, Any]:
    """Return the job's JSON form with the names people know it by (schema `Job`)."""
    try:
        asset = tx.assets.get(job.asset_id)
        names = {"course": tx.courses.get(job.course_id).slug, "lesson": asset.lesson_id, "title": asset.name}
    except NotFound:  # its course or asset is in the trash
        names = {}
    return job.to_json() | names
