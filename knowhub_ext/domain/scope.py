"""Which part of a course is searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.locators import Locator, PageRef, TimeSpan, seconds
from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.progress import Interval


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A stretch of a lesson's medium, with the pages of decks that were shown in it, as (deck's asset id, page)."""

    lesson_id: str
    asset_id: str
    start_ms: int
    end_ms: int
    pages: frozenset[tuple[str, int]] = frozenset()

    def holds(self, asset_id: str, locator: Locator) -> bool:
        """Say whether a passage belongs to it: one that begins in it or shares half of its time; a page shown in it."""
        if isinstance(locator, PageRef):
            return (asset_id, locator.page) in self.pages
        if asset_id != self.asset_id or not isinstance(locator, TimeSpan):
            return False
        shared = min(self.end_ms, locator.end_ms) - max(self.start_ms, locator.start_ms)
        begins = self.start_ms <= locator.start_ms < self.end_ms
        return begins or (shared > 0 and 2 * shared >= locator.end_ms - locator.start_ms)

    def to_json(self) -> dict[str, Any]:
        return {"lesson": self.lesson_id, "start": seconds(self.start_ms), "end": seconds(self.end_ms)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """A part of one course; an empty set does not narrow. `lessons` and `without` are ids."""

    lessons: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    kinds: frozenset[AssetKind] = frozenset()
    #: Only what the person who asks has watched, with the documents of those lessons.
    watched: bool = False
    moment: Moment | None = None

    @property
    def whole(self) -> bool:
        """Whether all of the course is searched."""
        return not (self.lessons or self.without or self.kinds or self.watched or self.moment)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What one person watched of a course: the union of intervals by asset, and the lessons these are of."""

    intervals: Mapping[str, Sequence[Interval]]
    lessons: frozenset[str]

    def holds(self, asset_id: str, lesson_id: str, locator: Locator) -> bool:
        """Say whether a passage belongs to it: one with a time by at least half, another by its lesson."""
        if not isinstance(locator, TimeSpan):
            return lesson_id in self.lessons
        shared = sum(
            max(0, min(end, locator.end_ms) - max(start, locator.start_ms))
            for start, end in self.intervals.get(asset_id, ())
        )
        return shared > 0 and 2 * shared >= locator.end_ms - locator.start_ms
