"""When jobs will be over: from measured speeds, and from what stands before them in their lane."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowhub_ext.domain.jobs import Job, JobState, Lane


@dataclass(frozen=True, kw_only=True, slots=True)
class Speed:
    """Measured work: `work_ms` in all for `jobs` files of `media_ms` in all (0: no clock) and `size` bytes in all."""

    work_ms: int
    media_ms: int
    size: int
    jobs: float

    def cost_s(self, *, media_ms: int, size: int) -> float | None:
        """Return the seconds a file will take: by its length where both know one, else by its bytes, else as one
        of many; None where nothing was measured."""
        if media_ms and self.media_ms:
            return self.work_ms / self.media_ms * media_ms / 1000
        if self.media_ms and self.size:
            return self.work_ms / self.size * size / 1000
        return self.work_ms / self.jobs / 1000 if self.jobs else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """An unfinished job and what all of it will take, in seconds; None: nobody knows."""

    job: Job
    cost_s: float | None


def forecast(pending: Iterable[Pending], *, limits: Mapping[Lane, int], now_ms: int) -> dict[str, float]:
    """Return the seconds until each job is over, by id; a job behind one of unknown length is not in it.

    Each lane's hands take the next job when they are free, in the order of `turns`.
    """
    lanes: dict[Lane, list[Pending]] = defaultdict(list)
    for row in pending:
        lanes[row.job.lane].append(row)
    found: dict[str, float] = {}
    for lane, rows in lanes.items():
        found |= _of_lane(rows, max(1, limits.get(lane, 1)), now_ms)
    return found


def _of_lane(rows: Sequence[Pending], hands: int, now_ms: int) -> dict[str, float]:
    running = [row for row in rows if row.job.state is JobState.RUNNING]
    found: dict[str, float] = {}
    free: list[float] = [0.0] * max(0, hands - len(running))
    for row in running:
        left = left_s(row, now_ms)
        if left is None:
            return found
        found[row.job.id] = left
        free.append(left)
    for row in turns([row for row in rows if row.job.state is JobState.QUEUED]):
        if row.cost_s is None:
            return found
        free.sort()
        rest_s = max(0.0, (row.job.not_before_ms - now_ms) / 1000)
        free[0] = max(free[0], rest_s) + row.cost_s * (1 - row.job.progress)
        found[row.job.id] = free[0]
    return found


def left_s(row: Pending, now_ms: int) -> float | None:
    """Return the seconds a running job still takes: what it said last, counted down; else what is to be expected."""
    job = row.job
    if job.eta_s is not None:
        return max(0.0, job.eta_s - max(0, now_ms - job.eta_ms) / 1000)
    return None if row.cost_s is None else max(0.0, row.cost_s * (1 - job.progress))


def turns(waiting: Iterable[Pending]) -> list[Pending]:
    """Return waiting jobs in the order workers take them: by priority, those that were begun before, then each course
    in its turn, oldest first."""
    order = sorted(waiting, key=lambda row: (-row.job.priority, not row.job.started_ms, row.job.created_ms, row.job.id))
    seen: dict[tuple[int, bool, str], int] = defaultdict(int)
    ranked: list[tuple[int, bool, int, int, Pending]] = []
    for place, row in enumerate(order):
        key = (row.job.priority, not row.job.started_ms, row.job.course_id)
        ranked.append((-row.job.priority, not row.job.started_ms, seen[key], place, row))
        seen[key] += 1
    return [row for *_, row in sorted(ranked, key=lambda entry: entry[:4])]
