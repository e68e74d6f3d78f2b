"""Tables of work and of what happened: jobs, workers, events, the counters that number them, the database itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Float, Index, UniqueConstraint
from sqlmodel import Field

from knowhub_ext.store.columns import Base, integer, json_value, key_string, ref, string


class JobRow(Base, table=True):
    """A job. `dedupe` is set while it is unfinished and unique, so that one piece of work is queued once."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("dedupe"),
        Index(None, "state", "priority", "created_at"),
        Index(None, "asset_id"),
        Index(None, "course_id", "created_at"),
    )

    id: str = key_string()
    asset_id: str = ref("asset.id")
    course_id: str = ref("course.id")
    asset_revision: int = integer()
    kind: str = string()
    state: str = string()
    stage: str = string()
    progress: float = Field(sa_type=Float)
    eta_s: float | None = Field(sa_type=Float)
    eta_at: int = integer()
    lane: str = string()
    priority: int = integer()
    dedupe: str | None = string()
    attempts: int = integer()
    fence: int = integer()
    lease_owner: str = string()
    lease_until: int = integer()
    cancel_requested: bool = Field(sa_type=Boolean)
    error: dict[str, Any] | None = json_value()
    params: dict[str, Any] = json_value()
    created_at: int = integer()
    updated_at: int = integer()
    started_at: int = integer()
    not_before: int = integer()
    cleared_at: int = integer()


class SpeedRow(Base, table=True):
    """How long work takes on a machine: sums over its last jobs of one sort, in which older ones fade."""

    __tablename__ = "speed"

    machine: str = key_string()
    sort: str = key_string()
    work_ms: int = integer()
    media_ms: int = integer()
    bytes: int = integer()
    jobs: float = Field(sa_type=Float)
    updated_at: int = integer()


class WorkerRow(Base, table=True):
    __tablename__ = "worker"

    name: str = key_string()
    pid: int = integer()
    host: str = string()
    started_at: int = integer()
    seen_at: int = integer()


class EventRow(Base, table=True):
    """What happened. No foreign keys: the record outlives what it speaks of."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "course_id", "seq"),)

    seq: int = integer(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: int = integer()
    actor: str = string()
    course_id: str = string()
    kind: str = string()
    subject: str = string()
    data: dict[str, Any] = json_value()


class CounterRow(Base, table=True):
    """Numbers without gaps: the row is locked from the first number taken until the transaction ends."""

    __tablename__ = "counter"

    name: str = key_string()
    value: int = integer()


class MetaRow(Base, table=True):
    """A fact about the database itself: its identity, and when vectors of a model were deleted (`store/meta.py`)."""

    __tablename__ = "meta"

    name: str = key_string()
    value: str = string()
