"""Watched intervals and what follows from them. Order, repetition and overlap of reports change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.locators import seconds

Interval = tuple[int, int]
#: A gap shorter than this is not shown as missed: players report with this much jitter around a pause.
GAP_MS = 1_000
#: A lecture is watched when so much of it was: titles, credits and a break need not be. Nothing else makes it so.
ENOUGH = 0.9


def union(intervals: Iterable[Interval], *, limit_ms: int = 0) -> tuple[Interval, ...]:
    """Return the union of half-open intervals in milliseconds, sorted, disjoint, cut to `[0, limit_ms)` (0: no limit).

    Written out rather than taken from a library since it is five lines and the one rule everything here rests on.
    """
    merged: list[list[int]] = []
    for start, end in sorted((max(0, s), min(e, limit_ms) if limit_ms else e) for s, e in intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return tuple((start, end) for start, end in merged)


def missing(watched: Sequence[Interval], duration_ms: int) -> tuple[Interval, ...]:
    """Return the parts of `[0, duration_ms)` that `watched` (a union) leaves out and that are longer than `GAP_MS`."""
    gaps: list[Interval] = []
    at = 0
    for start, end in [*watched, (duration_ms, duration_ms)]:
        if start - at > GAP_MS or (not watched and start > at):
            gaps.append((at, start))
        at = max(at, end)
    return tuple(gaps)


def coverage(watched: Sequence[Interval], duration_ms: int) -> float:
    """Return the share 0..1 of the medium that was watched; 0.0 where its length is unknown."""
    if duration_ms <= 0:
        return 0.0
    return min(1.0, sum(end - start for start, end in watched) / duration_ms)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """One person's progress in one medium. `position_ms` is where they stopped."""

    lesson_id: str
    asset_id: str | None
    duration_ms: int
    watched: tuple[Interval, ...] = ()
    position_ms: int = 0

    @property
    def coverage(self) -> float:
        return coverage(self.watched, self.duration_ms)

    @property
    def enough(self) -> bool:
        """Whether it counts as watched."""
        return self.coverage >= ENOUGH

    @property
    def gaps(self) -> tuple[Interval, ...]:
        """What is still to be watched, ms: nothing once it is enough."""
        return () if self.enough else missing(self.watched, self.duration_ms)

    @property
    def entry_ms(self) -> int:
        """Where to go on: where they stopped, or at the first missing part where nothing behind that is missing."""
        ahead = any(end > self.position_ms + GAP_MS for _, end in self.gaps)
        return self.position_ms if ahead or not self.gaps else self.gaps[0][0]

    def to_json(self) -> dict[str, Any]:
        return {
            "lesson": self.lesson_id, "asset": self.asset_id,
            "duration": seconds(self.duration_ms) if self.duration_ms else None,
            "watched": [[seconds(s), seconds(e)] for s, e in self.watched],
            "missing": [[seconds(s), seconds(e)] for s, e in missing(self.watched, self.duration_ms)],
            "coverage": round(self.coverage, 4), "enough": self.enough, "position": seconds(self.position_ms),
        }
