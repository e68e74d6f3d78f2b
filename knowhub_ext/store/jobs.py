"""Jobs: who holds which, for how long, and under which fence. Claims by many workers never meet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, select, update

from knowhub_ext.domain.jobs import LEASE_MS, MAX_ATTEMPTS, MOVES, Job, JobState, Stage
from knowhub_ext.domain.media import AssetStatus
from knowhub_ext.errors import InvalidMove, JobCancelled, LeaseLost, NotFound
from knowhub_ext.store.assets import Assets
from knowhub_ext.store.events import Events
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import COURSE, JOB

_DIED = {
    "slug": "dead", "message": f"Its workers stopped {MAX_ATTEMPTS} times in the middle of it.",
    "cure": "Check that the file plays or opens elsewhere, then start it again with `knowhub job retry`.",
}


class Jobs:
    def __init__(self, session: Session, assets: Assets, events: Events) -> None:
        self._session = session
        self._assets = assets
        self._events = events

    def add(self, job: Job) -> Job:
        """Queue a job; one of the same asset, revision, kind and parameters that is unfinished is returned instead."""
        dedupe = _dedupe(job)
        new = self._session.add_new(JOB, {
            "id": job.id, "asset_id": job.asset_id, "course_id": job.course_id, "asset_revision": job.asset_revision,
            "kind": job.kind, "state": job.state.value, "stage": job.stage.value, "progress": job.progress,
            "eta_s": job.eta_s, "priority": job.priority, "dedupe": None if job.over else dedupe,
            "attempts": job.attempts,
            "fence": job.fence, "lease_owner": job.lease_owner, "lease_until": job.lease_until_ms,
            "cancel_requested": job.cancel_requested, "error": _plain(job.error), "params": dict(job.params),
            "created_at": job.created_ms or self._session.now, "updated_at": job.updated_ms or self._session.now,
        })
        return self._one(JOB.c.id == job.id if new else JOB.c.dedupe == dedupe)

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            NotFound: there is none of this id.
        """
        return self._one(JOB.c.id == job_id)

    def of_asset(self, asset_id: str) -> list[Job]:
        """Return an asset's jobs, newest first."""
        statement = select(JOB).where(JOB.c.asset_id == asset_id).order_by(JOB.c.created_at.desc(), JOB.c.id.desc())
        return [_job(row) for row in self._session.rows(statement)]

    def page(self, course_id: str | None, after: str | None, limit: int) -> list[Job]:
        """Return up to `limit` jobs, newest first, from behind the job id `after`; None: of every course."""
        statement = select(JOB).order_by(JOB.c.created_at.desc(), JOB.c.id.desc()).limit(limit)
        if course_id is not None:
            statement = statement.where(JOB.c.course_id == course_id)
        if after is not None:
            at = select(JOB.c.created_at).where(JOB.c.id == after).scalar_subquery()
            statement = statement.where((JOB.c.created_at < at) | ((JOB.c.created_at == at) & (JOB.c.id < after)))
        return [_job(row) for row in self._session.rows(statement)]

    def claim(self, worker: str, *, lease_ms: int = LEASE_MS) -> Job | None:
        """Give the oldest job that waits to `worker` until `lease_ms` from now; None where nothing waits.

        A job whose lease ran out waits again, its fence rises, and whoever held it is refused from now on. One that
        was to be cancelled, or began `MAX_ATTEMPTS` times already, is put aside instead, with its asset.
        """
        while (row := self._session.row(_next(self._session.now))) is not None:
            job = _job(row)
            if job.cancel_requested:
                self._put_aside(job, JobState.CANCELLED, JobCancelled().to_json(), worker)
            elif job.attempts >= MAX_ATTEMPTS:
                self._put_aside(job, JobState.DEAD, _plain(job.error) or _DIED, worker)
            else:
                return self._set(
                    JOB.c.id == job.id, state=JobState.RUNNING.value, attempts=job.attempts + 1, fence=job.fence + 1,
                    lease_owner=worker, lease_until=self._session.now + lease_ms, error=None,
                )
        return None

    def beat(self, job_id: str, fence: int, *, lease_ms: int = LEASE_MS) -> Job:
        """Hold a job for another `lease_ms` from now.

        Raises:
            LeaseLost: it is held under another fence, or by nobody.
        """
        return self._set_held(job_id, fence, lease_until=self._session.now + lease_ms)

    def advance(self, job_id: str, fence: int, *, stage: Stage, progress: float, eta_s: float | None) -> Job:
        """Say how far a job came: `progress` 0..1 overall, `eta_s` seconds left or None.

        Raises:
            LeaseLost: as `beat`.
        """
        return self._set_held(job_id, fence, stage=stage.value, progress=progress, eta_s=eta_s)

    def finish(self, job_id: str, fence: int, state: JobState, error: Mapping[str, Any] | None = None) -> Job:
        """End a run of a job: done, failed, cancelled, dead, or queued for another attempt.

        Raises:
            LeaseLost: as `beat`.
            InvalidMove: `state` is none of these.
        """
        if state not in MOVES[JobState.RUNNING]:
            raise InvalidMove(f"A running job cannot become {state.value}.")
        return self._set_held(job_id, fence, **_ended(state, error))

    def release(self, job_id: str, fence: int) -> Job:
        """Put a job back into the queue, as if this attempt had never begun (but for its fence).

        Raises:
            LeaseLost: as `beat`.
        """
        return self._set_held(job_id, fence, **_ended(JobState.QUEUED, None), attempts=JOB.c.attempts - 1)

    def guard(self, job_id: str, fence: int) -> None:
        """Make sure a job is held under `fence` until this transaction ends; call it beside what the job writes.

        Raises:
            LeaseLost: as `beat`.
        """
        if self._session.row(select(JOB.c.id).where(_held(job_id, fence)).with_for_update()) is None:
            raise LeaseLost()

    def request_cancel(self, job_id: str) -> Job:
        """Cancel a job that waits; ask the worker of a running one to stop. One that is over stays as it is.

        Raises:
            NotFound: there is none of this id.
        """
        self._session.run(
            update(JOB).where(JOB.c.id == job_id, JOB.c.state == JobState.QUEUED.value)
            .values(**_ended(JobState.CANCELLED, None), updated_at=self._session.now)
        )
        self._session.run(
            update(JOB).where(JOB.c.id == job_id, JOB.c.state == JobState.RUNNING.value)
            .values(cancel_requested=True, updated_at=self._session.now)
        )
        return self.get(job_id)

    def retry(self, job_id: str) -> Job:
        """Queue a failed, cancelled or dead job again, with all its attempts before it.

        Raises:
            NotFound: there is none of this id.
            InvalidMove: it waits, runs or is done; or another job for the same file waits or runs.
        """
        job = self._one(JOB.c.id == job_id, lock=True)
        if not job.over or JobState.QUEUED not in MOVES[job.state]:
            raise InvalidMove(f"The job is {job.state.value}; only one that failed or was cancelled can be retried.")
        if self._session.scalar(select(JOB.c.id).where(JOB.c.dedupe == _dedupe(job))) is not None:
            raise InvalidMove("Another job for the same file is waiting or running already.")
        return self._set(
            JOB.c.id == job_id, **_ended(JobState.QUEUED, None), dedupe=_dedupe(job), attempts=0, progress=0.0,
            stage=Stage.PROBE.value, cancel_requested=False,
        )

    def waiting(self) -> int:
        """Return how many jobs a worker could claim now."""
        return int(self._session.scalar(select(func.count()).select_from(JOB).where(_waits(self._session.now))))

    def unfinished(self) -> int:
        """Return how many jobs wait or run."""
        open_states = (JobState.QUEUED.value, JobState.RUNNING.value)
        return int(self._session.scalar(select(func.count()).select_from(JOB).where(JOB.c.state.in_(open_states))))

    def _put_aside(self, job: Job, state: JobState, error: Mapping[str, Any], worker: str) -> None:
        self._set(JOB.c.id == job.id, **_ended(state, error))
        if job.founding:
            self._assets.set_status(job.asset_id, AssetStatus.FAILED, error)
        self._events.add(worker, job.course_id, "job.changed", job.id, {"state": state.value})

    def _one(self, which: ColumnElement[bool], *, lock: bool = False) -> Job:
        statement = select(JOB).where(which)
        row = self._session.row(statement.with_for_update() if lock else statement)
        if row is None:
            raise NotFound("There is no such job.", cure="List the jobs with `knowhub jobs`.")
        return _job(row)

    def _set(self, which: ColumnElement[bool], **values: Any) -> Job:
        row = self._session.row(
            update(JOB).where(which).values(**values, updated_at=self._session.now).returning(JOB)
        )
        if row is None:
            raise LeaseLost()
        return _job(row)

    def _set_held(self, job_id: str, fence: int, **values: Any) -> Job:
        return self._set(_held(job_id, fence), **values)


def _waits(now: int) -> ColumnElement[bool]:
    expired = (JOB.c.state == JobState.RUNNING.value) & (JOB.c.lease_until < now)
    live = select(COURSE.c.id).where(COURSE.c.deleted_at.is_(None))  # a trashed course's jobs wait for its return
    return JOB.c.course_id.in_(live) & ((JOB.c.state == JobState.QUEUED.value) | expired)


def _next(now: int) -> Any:
    """Return the query of the next job to claim; one that another worker is claiming right now is passed over."""
    order = (JOB.c.priority.desc(), JOB.c.created_at, JOB.c.id)
    return select(JOB).where(_waits(now)).order_by(*order).limit(1).with_for_update(skip_locked=True)


def _held(job_id: str, fence: int) -> ColumnElement[bool]:
    return (JOB.c.id == job_id) & (JOB.c.fence == fence) & (JOB.c.state == JobState.RUNNING.value)


def _ended(state: JobState, error: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the values of a job nobody holds any more."""
    values: dict[str, Any] = {
        "state": state.value, "error": _plain(error), "lease_owner": "", "lease_until": 0, "eta_s": None,
    }
    if state is JobState.DONE:
        values["progress"] = 1.0
    return values if state is JobState.QUEUED else values | {"dedupe": None}


def _dedupe(job: Job) -> str:
    asked = f":{json.dumps(dict(job.params), sort_keys=True)}" if job.params else ""
    return f"{job.kind}:{job.asset_id}:{job.asset_revision}{asked}"


def _plain(error: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if error is None else dict(error)


def _job(row: RowMapping) -> Job:
    return Job(
        id=row["id"], asset_id=row["asset_id"], course_id=row["course_id"], asset_revision=row["asset_revision"],
        kind=row["kind"], state=JobState(row["state"]), stage=Stage(row["stage"]), progress=row["progress"],
        eta_s=row["eta_s"], priority=row["priority"], attempts=row["attempts"], fence=row["fence"],
        lease_owner=row["lease_owner"], lease_until_ms=row["lease_until"],
        cancel_requested=row["cancel_requested"], error=row["error"], params=row["params"],
        created_ms=row["created_at"], updated_ms=row["updated_at"],
    )
