"""Jobs: the states they pass through, the lease that says whose they are, and how far they came.

Who holds a job is a row in the database, never a broker's memory. A lease ends by itself when its holder stops
renewing it; the fencing token rises with every claim, so that a holder that was frozen and woke up too late is
refused (Kleppmann's fencing tokens).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from zlib import crc32

LEASE_MS = 30_000
HEARTBEAT_MS = 5_000
MAX_ATTEMPTS = 3
#: A job that was begun so often without an end waits behind all others: its next worker may be lost as well.
SUSPECT = 2
#: Kinds of jobs: a file's first processing, by which its asset stands or falls; speech that is recognised once more;
#: passages that are cut anew or get vectors anew.
INGEST, RECOGNISE, EMBED = "ingest", "recognise", "embed"


class JobState(str, Enum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  #: the file cannot be processed; trying again would end the same
    CANCELLED = "cancelled"
    DEAD = "dead"  #: its workers died or it broke `MAX_ATTEMPTS` times


class Lane(str, Enum):
    """Which queue a job waits in, so that a page of notes does not wait behind a lecture of three hours."""

    SPEECH = "speech"
    LIGHT = "light"


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What a worker may take: of its `lanes`, where fewer than the lane's limit run on its `machine` already."""

    machine: str  #: what the names of that machine's workers begin with
    lanes: tuple[Lane, ...] = tuple(Lane)
    limits: Mapping[Lane, int] = field(default_factory=dict)  #: none: as many as there are workers


class Stage(str, Enum):
    PROBE = "probe"
    READ = "read"
    PASSAGES = "passages"
    VECTORS = "vectors"


STAGES: tuple[Stage, ...] = tuple(Stage)
#: Share of a job's progress each stage stands for; reading speech is nearly all of the work.
WEIGHTS: Mapping[Stage, float] = {Stage.PROBE: 0.02, Stage.READ: 0.88, Stage.PASSAGES: 0.02, Stage.VECTORS: 0.08}

MOVES: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    JobState.RUNNING: frozenset(
        {JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.QUEUED, JobState.DEAD}
    ),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset({JobState.QUEUED}),
    JobState.CANCELLED: frozenset({JobState.QUEUED}),
    JobState.DEAD: frozenset({JobState.QUEUED}),
}


def overall(stage: Stage, share: float) -> float:
    """Return a job's progress 0..1 from how much (0..1) of `stage` is done."""
    before = sum(WEIGHTS[s] for s in STAGES[: STAGES.index(stage)])
    return round(min(1.0, before + WEIGHTS[stage] * max(0.0, min(1.0, share))), 4)


def pause_ms(attempts: int, job_id: str) -> int:
    """Return how long a job rests before its next try: 2 s, 8 s, 32 s after 1, 2, 3 attempts, none after 0.

    Half of it at least, the rest by job and attempt, so that what broke together does not come back together, and a
    run can be replayed.
    """
    if attempts < 1:
        return 0
    share = crc32(f"{job_id}:{attempts}".encode()) / 0xFFFFFFFF
    return int(2000 * (1, 4, 16, 64)[min(attempts, 4) - 1] * (0.5 + share / 2))


def smoothed(before_s: float | None, passed_s: float, measured_s: float) -> float:
    """Return seconds left: what was said `passed_s` ago goes on counting down, and is drawn towards what is measured.

    A quarter of the difference at a time: one slow sentence moves it little, a wrong beginning is forgotten after ten.
    """
    if before_s is None:
        return max(0.0, measured_s)
    expected = max(0.0, before_s - max(0.0, passed_s))
    return max(0.0, expected + (measured_s - expected) / 4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One unit of work on one revision of an asset. Times are UTC milliseconds; `eta_s` seconds or None."""

    id: str
    asset_id: str
    course_id: str
    asset_revision: int
    kind: str = INGEST
    state: JobState = JobState.QUEUED
    stage: Stage = Stage.PROBE
    progress: float = 0.0
    eta_s: float | None = None
    eta_ms: int = 0  #: the instant `eta_s` counts from
    lane: Lane = Lane.LIGHT
    #: Higher is claimed first; what takes no time goes before speech.
    priority: int = 0
    attempts: int = 0
    fence: int = 0
    lease_owner: str = ""
    lease_until_ms: int = 0
    cancel_requested: bool = False
    error: Mapping[str, str] | None = field(default=None)
    #: What else was asked; a job is the same as another only if these are.
    params: Mapping[str, Any] = field(default_factory=dict)
    created_ms: int = 0
    updated_ms: int = 0
    started_ms: int = 0  #: when the last attempt began; 0: never
    not_before_ms: int = 0  #: a job that broke rests until then
    cleared_ms: int = 0  #: when somebody took it off the lists; 0: it is on them

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state not in (JobState.QUEUED, JobState.RUNNING)

    @property
    def founding(self) -> bool:
        """Whether its asset stands or falls by it; otherwise what was there stays, whatever becomes of the job."""
        return self.kind == INGEST

    def to_json(self) -> dict[str, Any]:
        return {
            "job": self.id, "asset": self.asset_id, "kind": self.kind, "state": self.state.value,
            "stage": self.stage.value, "progress": round(self.progress, 3),
            "eta_s": None if self.eta_s is None else round(self.eta_s, 1), "attempts": self.attempts,
            "error": dict(self.error) if self.error else None, "cleared": self.cleared_ms > 0,
        }
