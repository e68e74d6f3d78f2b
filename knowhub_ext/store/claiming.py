"""Which job a worker gets next, and which jobs have lost theirs. Statements alone; `store/jobs.py` runs them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from knowhub_ext.domain.jobs import SUSPECT, JobState, Lane, Room
from knowhub_ext.store.tables import COURSE, JOB

_QUEUED, _RUNNING = JOB.c.state == JobState.QUEUED.value, JOB.c.state == JobState.RUNNING.value


def live() -> ColumnElement[bool]:
    """Whether a job's course is not in the trash: there jobs wait for its return."""
    return JOB.c.course_id.in_(select(COURSE.c.id).where(COURSE.c.deleted_at.is_(None)))


def abandoned(now: int, dead: Collection[str]) -> ColumnElement[bool]:
    """Whether a running job has nobody any more: its lease ran out, or its worker is known to be dead."""
    return and_(live(), _RUNNING, (JOB.c.lease_until < now) | JOB.c.lease_owner.in_(list(dead)))


def waits(now: int) -> ColumnElement[bool]:
    """Whether a job could be claimed now, by somebody who has room for it."""
    return live() & ((_QUEUED & (JOB.c.not_before <= now)) | (_RUNNING & (JOB.c.lease_until < now)))


def queued(lanes: Collection[Lane]) -> ColumnElement[bool]:
    """Whether a job stands in one of these lanes, now or after its rest."""
    return live() & _QUEUED & JOB.c.lane.in_([lane.value for lane in lanes])


def held(job_id: str, fence: int) -> ColumnElement[bool]:
    """Whether a job is held under this fence."""
    return (JOB.c.id == job_id) & (JOB.c.fence == fence) & _RUNNING


def running(room: Room, now: int) -> Any:
    """Return the query of how many jobs of each lane run on the room's machine."""
    ours = JOB.c.lease_owner.startswith(room.machine, autoescape=True)
    return select(JOB.c.lane, func.count()).where(_RUNNING, JOB.c.lease_until >= now, ours).group_by(JOB.c.lane)


def next_of(lanes: Collection[Lane], now: int) -> Any:
    """Return the query of the next job to claim; one that another worker is claiming right now is passed over.

    Among those of the highest priority what was begun is ended first, but what was begun twice and broke comes last: it
    may take the third worker with it as well. Then the course comes whose last start is longest ago, so that one
    course's flood keeps no other waiting; within a course the oldest job.
    """
    served = (
        select(JOB.c.course_id, JOB.c.lane, func.max(JOB.c.started_at).label("at"))
        .group_by(JOB.c.course_id, JOB.c.lane).subquery()
    )
    same = and_(served.c.course_id == JOB.c.course_id, served.c.lane == JOB.c.lane)
    begun = case((JOB.c.attempts >= SUSPECT, 2), (JOB.c.started_at > 0, 0), else_=1)
    order = (JOB.c.priority.desc(), begun, func.coalesce(served.c.at, 0), JOB.c.created_at, JOB.c.id)
    return (
        select(JOB).select_from(JOB.outerjoin(served, same)).where(queued(lanes), JOB.c.not_before <= now)
        .order_by(*order).limit(1).with_for_update(skip_locked=True, of=JOB)
    )
