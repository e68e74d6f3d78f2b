"""A course ahead of a learner: where to go on, how much is left, at what pace it goes, on which days it would be done.

Media time is counted as it stands in the medium; whoever listens at double speed has it behind them in half the time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from knowhub_ext.domain.locators import seconds
from knowhub_ext.domain.progress import Progress
from knowhub_ext.errors import UserError

#: The pace is what was watched in the last days, those without watching counted too.
PACE_DAYS = 14
DAY_MS = 86_400_000
#: A day may be so much longer, to end a lecture rather than leave its last minutes for another.
SLACK = 0.2
#: No day is given less than this of a lecture that is longer, and who watched less has no pace yet.
LEAST_MS = 300_000
#: A plan that takes more days is none.
MOST_DAYS = 1_000
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """One lesson of a course, and how far a learner is in it. `touched_at`: when they last watched it, 0 for never."""

    title: str
    progress: Progress
    touched_at: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Media time watched a day, ms, over so many days up to today."""

    per_day_ms: int
    days: int

    def to_json(self) -> dict[str, Any]:
        return {"per_day": seconds(self.per_day_ms), "days": self.days}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """When a learner has time: from a day on, so much media time a day, on these weekdays (0 is Monday)."""

    start: date
    per_day_ms: int
    weekdays: frozenset[int] = frozenset(range(7))


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A stretch of a lesson's medium, half-open, ms."""

    lesson_id: str
    title: str
    start_ms: int
    end_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "lesson": self.lesson_id, "title": self.title, "start": seconds(self.start_ms), "end": seconds(self.end_ms)
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitting:
    """What is to be watched on one day."""

    day: date
    parts: tuple[Part, ...]

    @property
    def length_ms(self) -> int:
        return sum(part.end_ms - part.start_ms for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(), "duration": seconds(self.length_ms),
            "parts": [part.to_json() for part in self.parts],
        }


def parse_weekdays(text: str) -> frozenset[int]:
    """Return weekdays, 0 is Monday, from `mo,we,fr` or `mo-fr`.

    Raises:
        UserError: it names another day, or none.
    """
    days: set[int] = set()
    for piece in text.lower().replace(" ", "").split(","):
        first, to, last = piece.partition("-")
        ends = (first, last if to else first)
        if not set(ends) <= set(WEEKDAYS):
            raise UserError(f"{text!r} names no days of a week.", cure="Write for example mo,we,fr or mo-fr.")
        begin, end = map(WEEKDAYS.index, ends)
        days.update(range(begin, end + 1) if begin <= end else [*range(begin, 7), *range(end + 1)])
    return frozenset(days)


def parse_day(text: str) -> date:
    """Return a day from `2026-12-31`.

    Raises:
        UserError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"{text!r} is no day.", cure="Write it as year-month-day, for example 2026-12-31.") from error


def left_ms(stands: Sequence[Stand]) -> int:
    """Return how much media time is still to be watched."""
    return sum(end - start for stand in stands for start, end in stand.progress.gaps)


def following(stands: Sequence[Stand]) -> Stand | None:
    """Return the lesson to go on with: the one watched last, else the next behind it; None where all are watched."""
    ahead = [stand for stand in stands if stand.progress.gaps]
    last = max(range(len(stands)), key=lambda n: stands[n].touched_at, default=0)
    if not ahead or not stands[last].touched_at:
        return ahead[0] if ahead else None
    return next((stand for stand in stands[last:] if stand.progress.gaps), ahead[0])


def pace(watched_ms: int, first_at: int, now: int) -> Pace | None:
    """Return the pace of one who watched so much since `first_at`; None where it is too little to tell one.

    Args:
        watched_ms: different media time watched within the last `PACE_DAYS` days.
        first_at: when the first of it was, UTC ms.
        now: UTC ms.
    """
    if watched_ms < LEAST_MS:
        return None
    days = min(PACE_DAYS, max(0, now - first_at) // DAY_MS + 1)
    return Pace(per_day_ms=watched_ms // days, days=days)


def days_left(left: int, at: Pace | None) -> int | None:
    """Return how many days `left` ms take at a pace, counted as it was; None where there is no pace to speak of."""
    return math.ceil(left / at.per_day_ms) if at is not None and at.per_day_ms > 0 else None


def plan(stands: Sequence[Stand], wishes: Wishes) -> tuple[Sitting, ...] | None:
    """Return the days on which what is left would be watched, in the course's order; None where they are too many.

    A lecture is ended on a day that it makes longer by a fifth at most, and none is begun or left for less than five
    minutes of it.
    """
    queue = [
        Part(lesson_id=stand.progress.lesson_id, title=stand.title, start_ms=start, end_ms=end)
        for stand in reversed(stands) for start, end in reversed(stand.progress.gaps)
    ]
    sittings: list[Sitting] = []
    day = wishes.start
    while queue:
        if len(sittings) >= MOST_DAYS or not wishes.weekdays:
            return None
        if day.weekday() in wishes.weekdays:
            sittings.append(Sitting(day=day, parts=_of_a_day(queue, wishes.per_day_ms)))
        day += timedelta(days=1)
    return tuple(sittings)


def _of_a_day(queue: list[Part], room: int) -> tuple[Part, ...]:
    """Take what fits into a day off the end of a queue; something always does."""
    taken: list[Part] = []
    slack = int(SLACK * room)
    while queue:
        part = queue.pop()
        length = part.end_ms - part.start_ms
        if length <= room + slack:
            taken.append(part)
            room -= length
            continue
        here = min(room, length - LEAST_MS)
        if here < LEAST_MS and taken:
            queue.append(part)
        else:
            cut = part.start_ms + max(here, min(room, length), 1)
            taken.append(_cut(part, part.start_ms, cut))
            queue.append(_cut(part, cut, part.end_ms))
        break
    return tuple(taken)


def _cut(part: Part, start: int, end: int) -> Part:
    return Part(lesson_id=part.lesson_id, title=part.title, start_ms=start, end_ms=end)
