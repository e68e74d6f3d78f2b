"""Jobs: who holds which, for how long, and under which fence. Claims by many workers never meet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from knowhub_ext.domain.jobs import (
    LEASE_MS,
    MAX_ATTEMPTS,
    MOVES,
    Job,
    JobState,
    Lane,
    Room,
    Stage,
    pause_ms,
    smoothed,
)
from knowhub_ext.domain.media import AssetStatus
from knowhub_ext.errors import InvalidMove, JobCancelled, LeaseLost, NotFound
from knowhub_ext.store.assets import Assets
from knowhub_ext.store.claiming import abandoned, held, live, next_of, queued, running, waits
from knowhub_ext.store.events import Events
from knowhub_ext.store.jobrows import dedupe, died, ended, job_of, plain
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import JOB


class Jobs:
    def __init__(self, session: Session, assets: Assets, events: Events) -> None:
        self._session = session
        self._assets = assets
        self._events = events

    def add(self, job: Job) -> Job:
        """Queue a job; one of the same asset, revision, kind and parameters that is unfinished is returned instead."""
        key = dedupe(job)
        new = self._session.add_new(JOB, {
            "id": job.id, "asset_id": job.asset_id, "course_id": job.course_id, "asset_revision": job.asset_revision,
            "kind": job.kind, "state": job.state.value, "stage": job.stage.value, "progress": job.progress,
            "eta_s": job.eta_s, "eta_at": job.eta_ms, "lane": job.lane.value, "priority": job.priority,
            "dedupe": None if job.over else key, "attempts": job.attempts,
            "fence": job.fence, "lease_owner": job.lease_owner, "lease_until": job.lease_until_ms,
            "cancel_requested": job.cancel_requested, "error": plain(job.error), "params": dict(job.params),
            "created_at": job.created_ms or self._session.now, "updated_at": job.updated_ms or self._session.now,
            "started_at": job.started_ms, "not_before": job.not_before_ms, "cleared_at": job.cleared_ms,
        })
        return self._one(JOB.c.id == job.id if new else JOB.c.dedupe == key)

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises:
            NotFound: there is none of this id.
        """
        return self._one(JOB.c.id == job_id)

    def of_asset(self, asset_id: str) -> list[Job]:
        """Return an asset's jobs, newest first."""
        statement = select(JOB).where(JOB.c.asset_id == asset_id).order_by(JOB.c.created_at.desc(), JOB.c.id.desc())
        return [job_of(row) for row in self._session.rows(statement)]

    def unfinished_of(self, kind: str, course_id: str | None = None) -> list[Job]:
        """Return the jobs of a kind that wait or run, oldest first; None: of every course."""
        open_states = (JobState.QUEUED.value, JobState.RUNNING.value)
        statement = select(JOB).where(JOB.c.kind == kind, JOB.c.state.in_(open_states)).order_by(JOB.c.id)
        if course_id is not None:
            statement = statement.where(JOB.c.course_id == course_id)
        return [job_of(row) for row in self._session.rows(statement)]

    def page(self, course_id: str | None, after: str | None, limit: int, *, cleared: bool = True) -> list[Job]:
        """Return up to `limit` jobs, newest first, from behind the job id `after`; None: of every course.

        `cleared=False` leaves out those that somebody took off the lists.
        """
        statement = select(JOB).order_by(JOB.c.created_at.desc(), JOB.c.id.desc()).limit(limit)
        if course_id is not None:
            statement = statement.where(JOB.c.course_id == course_id)
        if not cleared:
            statement = statement.where(JOB.c.cleared_at == 0)
        if after is not None:
            at = select(JOB.c.created_at).where(JOB.c.id == after).scalar_subquery()
            statement = statement.where((JOB.c.created_at < at) | ((JOB.c.created_at == at) & (JOB.c.id < after)))
        return [job_of(row) for row in self._session.rows(statement)]

    def pending(self, limit: int) -> list[Job]:
        """Return up to `limit` unfinished jobs of live courses, those that run first, then oldest first."""
        states = (JobState.RUNNING.value, JobState.QUEUED.value)
        statement = select(JOB).where(live(), JOB.c.state.in_(states))
        order = (JOB.c.state.desc(), JOB.c.priority.desc(), JOB.c.created_at, JOB.c.id)
        return [job_of(row) for row in self._session.rows(statement.order_by(*order).limit(limit))]

    def claim(self, worker: str, *, lease_ms: int = LEASE_MS, room: Room | None = None) -> Job | None:
        """Give the next job that waits to `worker` until `lease_ms` from now; None where there is none it has room for.

        A job whose lease ran out waits again (`reclaim`), its fence rises, and whoever held it is refused from now on.
        Without a `room`, any job may be taken.
        """
        self.reclaim(())
        row = self._session.row(next_of(self._lanes(room), self._session.now))
        if row is None:
            return None
        return self._set(
            JOB.c.id == row["id"], state=JobState.RUNNING.value, attempts=row["attempts"] + 1, fence=row["fence"] + 1,
            lease_owner=worker, lease_until=self._session.now + lease_ms, error=None, eta_s=None,
            started_at=self._session.now,
        )

    def reclaim(self, dead: Collection[str]) -> list[tuple[Job, Job]]:
        """Take jobs from workers whose lease ran out or whose name is in `dead`; return them before and after.

        They wait again, after a rest where it was not the first time. One that was to be cancelled, or began
        `MAX_ATTEMPTS` times already, is put aside instead, with its asset.
        """
        rows = self._session.rows(select(JOB).where(abandoned(self._session.now, dead)).with_for_update())
        return [(job, self._reclaimed(job)) for job in map(job_of, rows)]

    def _reclaimed(self, job: Job) -> Job:
        if job.cancel_requested:
            return self._put_aside(job, JobState.CANCELLED, JobCancelled().to_json())
        if job.attempts >= MAX_ATTEMPTS:
            return self._put_aside(job, JobState.DEAD, died(job))
        rest = pause_ms(job.attempts - 1, job.id)  # a machine that was switched off is no reason to wait
        after = self._set(JOB.c.id == job.id, **ended(JobState.QUEUED, None), not_before=self._session.now + rest)
        self._events.add("worker", job.course_id, "job.changed", job.id, {"state": JobState.QUEUED.value})
        return after

    def holders(self) -> set[str]:
        """Return the names of the workers that hold a job."""
        rows = self._session.rows(select(JOB.c.lease_owner).where(JOB.c.state == JobState.RUNNING.value).distinct())
        return {str(row["lease_owner"]) for row in rows}

    def _lanes(self, room: Room | None) -> tuple[Lane, ...]:
        """Return the lanes of which one more job may run."""
        if room is None:
            return tuple(Lane)
        busy = {row[0]: row[1] for row in self._session.connection.execute(running(room, self._session.now))}
        return tuple(lane for lane in room.lanes if busy.get(lane.value, 0) < room.limits.get(lane, 1 << 30))

    def beat(self, job_id: str, fence: int, *, lease_ms: int = LEASE_MS) -> Job:
        """Hold a job for another `lease_ms` from now.

        Raises:
            LeaseLost: it is held under another fence, or by nobody.
        """
        return self._set_held(job_id, fence, lease_until=self._session.now + lease_ms)

    def advance(self, job_id: str, fence: int, *, stage: Stage, progress: float, eta_s: float | None) -> Job:
        """Say how far a job came: `progress` 0..1 overall, `eta_s` seconds left or None.

        Progress never falls within an attempt, and what is left is smoothed (`domain.jobs.smoothed`).

        Raises:
            LeaseLost: as `beat`.
        """
        row = self._session.row(select(JOB.c.progress, JOB.c.eta_s, JOB.c.eta_at).where(held(job_id, fence)))
        if row is None:
            raise LeaseLost()
        now = self._session.now
        left = None if eta_s is None else smoothed(row["eta_s"], (now - row["eta_at"]) / 1000, eta_s)
        further = max(row["progress"], progress)
        return self._set_held(job_id, fence, stage=stage.value, progress=further, eta_s=left, eta_at=now)

    def finish(
        self, job_id: str, fence: int, state: JobState, error: Mapping[str, Any] | None = None, *, rest_ms: int = 0
    ) -> Job:
        """End a run of a job: done, failed, cancelled, dead, or queued for another attempt after `rest_ms`.

        Raises:
            LeaseLost: as `beat`.
            InvalidMove: `state` is none of these.
        """
        if state not in MOVES[JobState.RUNNING]:
            raise InvalidMove(f"A running job cannot become {state.value}.")
        return self._set_held(job_id, fence, **ended(state, error), not_before=self._session.now + rest_ms)

    def release(
        self, job_id: str, fence: int, *, rest_ms: int = 0, error: Mapping[str, Any] | None = None
    ) -> Job:
        """Put a job back into the queue, as if this attempt had never begun (but for its fence).

        Raises:
            LeaseLost: as `beat`.
        """
        return self._set_held(
            job_id, fence, **ended(JobState.QUEUED, error), attempts=JOB.c.attempts - 1,
            not_before=self._session.now + rest_ms,
        )

    def guard(self, job_id: str, fence: int) -> None:
        """Make sure a job is held under `fence` until this transaction ends; call it beside what the job writes.

        Raises:
            LeaseLost: as `beat`.
        """
        if self._session.row(select(JOB.c.id).where(held(job_id, fence)).with_for_update()) is None:
            raise LeaseLost()

    def request_cancel(self, job_id: str) -> Job:
        """Cancel a job that waits; ask the worker of a running one to stop. One that is over stays as it is.

        Raises:
            NotFound: there is none of this id.
        """
        self._session.run(
            update(JOB).where(JOB.c.id == job_id, JOB.c.state == JobState.QUEUED.value)
            .values(**ended(JobState.CANCELLED, None), updated_at=self._session.now)
        )
        self._session.run(
            update(JOB).where(JOB.c.id == job_id, JOB.c.state == JobState.RUNNING.value)
            .values(cancel_requested=True, updated_at=self._session.now)
        )
        return self.get(job_id)

    def keep_on(self, job_id: str) -> None:
        """Take back the wish that a running job stops, where its worker has not seen it yet."""
        running = (JOB.c.id == job_id) & (JOB.c.state == JobState.RUNNING.value)
        self._session.run(update(JOB).where(running).values(cancel_requested=False, updated_at=self._session.now))

    def retry(self, job_id: str) -> Job:
        """Queue a failed, cancelled or dead job again, with all its attempts before it.

        Raises:
            NotFound: there is none of this id.
            InvalidMove: it waits, runs or is done; another job for the same file waits or runs; or the file has a newer
                version.
        """
        job = self._one(JOB.c.id == job_id, lock=True)
        if not job.over or JobState.QUEUED not in MOVES[job.state]:
            raise InvalidMove(f"The job is {job.state.value}; only one that failed or was cancelled can be retried.")
        if self._session.scalar(select(JOB.c.id).where(JOB.c.dedupe == dedupe(job))) is not None:
            raise InvalidMove("Another job for the same file is waiting or running already.")
        if self._assets.replaced(job.asset_id, job.asset_revision):
            raise InvalidMove("A newer version of this file has a job of its own.", cure="Retry that one if it failed.")
        return self._set(
            JOB.c.id == job_id, **ended(JobState.QUEUED, None), dedupe=dedupe(job), attempts=0, progress=0.0,
            stage=Stage.PROBE.value, cancel_requested=False, not_before=0, cleared_at=0,
        )

    def move(self, asset_id: str, lane: Lane) -> None:
        """Let the waiting job of an asset wait in another lane."""
        waiting = (JOB.c.asset_id == asset_id) & (JOB.c.state == JobState.QUEUED.value)
        self._session.run(update(JOB).where(waiting).values(lane=lane.value))

    def clear(self, course_id: str | None, *, failed: bool) -> dict[str, int]:
        """Take jobs that are done or cancelled off the lists, `failed`: those that failed or died too.

        Nothing is deleted. Returns how many, by course id.
        """
        states = [JobState.DONE, JobState.CANCELLED, *((JobState.FAILED, JobState.DEAD) if failed else ())]
        statement = update(JOB).where(JOB.c.state.in_([state.value for state in states]), JOB.c.cleared_at == 0)
        if course_id is not None:
            statement = statement.where(JOB.c.course_id == course_id)
        counts: dict[str, int] = {}
        for row in self._session.rows(statement.values(cleared_at=self._session.now).returning(JOB.c.course_id)):
            counts[row["course_id"]] = counts.get(row["course_id"], 0) + 1
        return counts

    def waiting(self) -> int:
        """Return how many jobs a worker could claim now."""
        return int(self._session.scalar(select(func.count()).select_from(JOB).where(waits(self._session.now))))

    def queued(self, lanes: Collection[Lane]) -> int:
        """Return how many jobs stand in these lanes, those that rest or wait for room included."""
        return int(self._session.scalar(select(func.count()).select_from(JOB).where(queued(lanes))))

    def unfinished(self) -> int:
        """Return how many jobs wait or run."""
        open_states = (JobState.QUEUED.value, JobState.RUNNING.value)
        return int(self._session.scalar(select(func.count()).select_from(JOB).where(JOB.c.state.in_(open_states))))

    def _put_aside(self, job: Job, state: JobState, error: Mapping[str, Any]) -> Job:
        after = self._set(JOB.c.id == job.id, **ended(state, error))
        if job.founding:
            self._assets.set_status(job.asset_id, AssetStatus.FAILED, error, revision=job.asset_revision)
        self._events.add("worker", job.course_id, "job.changed", job.id, {"state": state.value})
        return after

    def _one(self, which: ColumnElement[bool], *, lock: bool = False) -> Job:
        statement = select(JOB).where(which)
        row = self._session.row(statement.with_for_update() if lock else statement)
        if row is None:
            raise NotFound("There is no such job.", cure="List the jobs with `knowhub jobs`.")
        return job_of(row)

    def _set(self, which: ColumnElement[bool], **values: Any) -> Job:
        row = self._session.row(
            update(JOB).where(which).values(**values, updated_at=self._session.now).returning(JOB)
        )
        if row is None:
            raise LeaseLost()
        return job_of(row)

    def _set_held(self, job_id: str, fence: int, **values: Any) -> Job:
        return self._set(held(job_id, fence), **values)
