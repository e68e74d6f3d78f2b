"""Jobs as people see them: list, cancel one, retry one. A cancelled job never takes its neighbours along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knowhub_ext.domain.jobs import Job, JobState, Lane
from knowhub_ext.domain.media import AssetStatus
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.errors import NotFound
from knowhub_ext.ports import JobRunner
from knowhub_ext.services.access import require
from knowhub_ext.services.speeds import etas
from knowhub_ext.store.database import Store, Tx


class Jobs:
    def __init__(self, store: Store, runner: JobRunner, limits: Mapping[Lane, int]) -> None:
        self._store = store
        self._runner = runner
        self._limits = dict(limits)

    def page(
        self, actor: Actor, *, course: str | None = None, after: str | None = None, limit: int = 50,
        cleared: bool = False,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Return a page of jobs, newest first, and the cursor of the next page.

        `cleared`: with those that somebody took off the lists.

        Raises:
            NotFound: no such course.
            Forbidden: they may read the course, but not see its jobs (a visitor).
        """
        with self._store.read() as tx:
            course_id = tx.courses.get(course).id if course else actor.course
            require(actor, Action.BACKSTAGE, course_id)
            rows = tx.jobs.page(course_id, after, limit + 1, cleared=cleared)
            items = self._shown(tx, rows[:limit])
        return items, rows[limit - 1].id if len(rows) > limit else None

    def get(self, actor: Actor, job_id: str) -> dict[str, Any]:
        return self.some(actor, [job_id])[0]

    def some(self, actor: Actor, job_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return jobs in the order of their ids.

        Raises:
            NotFound: there is none of one of these ids.
        """
        with self._store.read() as tx:
            rows = [tx.jobs.get(job_id) for job_id in job_ids]
            for job in rows:
                require(actor, Action.BACKSTAGE, job.course_id)
            return self._shown(tx, rows)

    def clear(self, actor: Actor, *, course: str | None = None, failed: bool = False) -> int:
        """Take jobs that are over off the lists: done and cancelled ones, and `failed`, those that failed too.

        They stay in the database, and in lists that ask for all. Returns how many.

        Raises:
            NotFound: no such course.
        """
        with self._store.write() as tx:
            course_id = tx.courses.get(course).id if course else actor.course
            require(actor, Action.AUTHOR, course_id)
            counts = tx.jobs.clear(course_id, failed=failed)
            for cleared_of, count in sorted(counts.items()):
                tx.event(actor.person_id, cleared_of, "job.cleared", cleared_of, {"count": count, "failed": failed})
        return sum(counts.values())

    def _shown(self, tx: Tx, jobs: Sequence[Job]) -> list[dict[str, Any]]:
        left = etas(tx, self._limits) if any(not job.over for job in jobs) else {}
        return [job_json(tx, job, left.get(job.id)) for job in jobs]

    def cancel(self, actor: Actor, job_id: str) -> dict[str, Any]:
        """Ask a job to stop; a running one stops at its next segment. A job that is over stays as it is."""
        with self._store.write() as tx:
            job = tx.jobs.get(job_id)
            require(actor, Action.AUTHOR, job.course_id)
            if not job.over:
                job = tx.jobs.request_cancel(job_id)
                if job.state is JobState.CANCELLED and job.founding:
                    tx.assets.set_status(job.asset_id, AssetStatus.FAILED, CANCELLED, revision=job.asset_revision)
                tx.event(actor.person_id, job.course_id, "job.changed", job.id, {"state": job.state.value})
            return job_json(tx, job)

    def retry(self, actor: Actor, job_id: str) -> dict[str, Any]:
        """Put a failed, dead or cancelled job back into the queue; what it saved before is kept.

        Raises:
            InvalidMove: it is waiting, running or done; or its file has a newer version, with a job of its own.
        """
        with self._store.write() as tx:
            job = tx.jobs.get(job_id)
            require(actor, Action.AUTHOR, job.course_id)
            job = tx.jobs.retry(job_id)
            if job.founding:
                tx.assets.set_status(job.asset_id, AssetStatus.QUEUED, revision=job.asset_revision)
            tx.event(actor.person_id, job.course_id, "job.changed", job.id, {"state": job.state.value})
            data = job_json(tx, job)
        self._runner.wake()
        return data


CANCELLED = {"slug": "cancelled", "message": "Processing was cancelled.", "cure": "Start it again with retry."}


def job_json(tx: Tx, job: Job, left_s: float | None = None) -> dict[str, Any]:
    """Return the job's JSON form with the names people know it by (schema `Job`); `left_s`: until it is over."""
    try:
        asset = tx.assets.get(job.asset_id)
        names = {
            "course": tx.courses.get(job.course_id).slug, "lesson": asset.lesson_id, "title": asset.name,
            "media": asset.kind.value, "superseded": asset.revision != job.asset_revision,
        }
    except NotFound:  # its course or asset is in the trash
        names = {}
    eta = {"eta_s": None if left_s is None or job.over else round(left_s, 1)}
    return job.to_json() | eta | names
