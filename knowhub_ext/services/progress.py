"""Progress: what a person watched, kept as the union of intervals. Seeking to the end is not watching."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.locators import seconds
from knowhub_ext.domain.media import Asset
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.domain.plans import (
    DAY_MS,
    MOST_DAYS,
    PACE_DAYS,
    Sitting,
    Stand,
    Wishes,
    days_left,
    following,
    left_ms,
    pace,
    parse_day,
    parse_weekdays,
    plan,
)
from knowhub_ext.domain.progress import Progress
from knowhub_ext.errors import UserError
from knowhub_ext.services.access import require
from knowhub_ext.services.courses import primary_of
from knowhub_ext.store.database import Store, Tx

#: A report: the client's idempotency key and a half-open stretch of media time in milliseconds.
Report = tuple[str, int, int]
#: The address of a lesson's medium at a second.
Link = Callable[[str, float], str]
#: Writes a plan as an iCalendar file: course id and title, the days, and addresses of lessons.
WriteCalendar = Callable[[str, str, Sequence[Sitting], Link], bytes]


class ProgressKeeping:
    def __init__(self, store: Store, write_calendar: WriteCalendar) -> None:
        self._store = store
        self._write_calendar = write_calendar

    def record(self, actor: Actor, asset_id: str, reports: Sequence[Report], position_ms: int | None) -> Progress:
        """Add watched stretches; repeating a report changes nothing.

        Raises:
            NotFound: no such asset.
            UserError: it has no clock, or a report ends before it starts.
        """
        with self._store.write() as tx:
            asset = tx.assets.get(asset_id)
            require(actor, Action.PROGRESS, asset.course_id)
            if not asset.kind.timed:
                raise UserError(f"{asset.name} cannot be watched.", cure="Report progress for video or audio.")
            if any(end < start for _, start, end in reports):
                raise UserError("A watched interval ends before it starts.", cure="Send start <= end, in seconds.")
            changed = tx.progress.record(
                actor.person_id, asset.id, reports, position_ms=position_ms, limit_ms=asset.duration_ms
            )
            progress = _progress(tx, actor, asset)
            if changed:
                tx.event(
                    actor.person_id, asset.course_id, "progress.changed", asset.lesson_id,
                    {"person": actor.person_id, "asset": asset.id},
                )
        return progress

    def lesson(self, actor: Actor, lesson_id: str) -> Progress:
        """Return the actor's own progress in the lesson's primary medium."""
        with self._store.read() as tx:
            lesson = tx.lessons.get(lesson_id)
            require(actor, Action.READ, lesson.course_id)
            primary = primary_of(tx.assets.of_lesson(lesson.id))
            if primary is None:
                return Progress(lesson_id=lesson.id, asset_id=None, duration_ms=0)
            return _progress(tx, actor, primary)

    def course(self, actor: Actor, ref: str) -> dict[str, Any]:
        """Return the actor's own progress, lesson by lesson, and what lies ahead (schema `CourseProgress`)."""
        with self._store.read() as tx:
            course, stands = self._stands(tx, actor, ref)
            now = tx.now
            watched, first_at = tx.progress.lately(actor.person_id, course.id, now - PACE_DAYS * DAY_MS)
        total = sum(stand.progress.duration_ms for stand in stands)
        seen = sum(stand.progress.coverage * stand.progress.duration_ms for stand in stands)
        left, speed, goes_on = left_ms(stands), pace(watched, first_at, now), following(stands)
        return {
            "course": course.slug, "coverage": round(seen / total, 4) if total else 0.0,
            "lessons": [stand.progress.to_json() | {"title": stand.title} for stand in stands],
            "left": seconds(left), "pace": speed.to_json() if speed else None, "days_left": days_left(left, speed),
            "next": goes_on and {
                "lesson": goes_on.progress.lesson_id, "title": goes_on.title,
                "position": seconds(goes_on.progress.entry_ms), "begun": bool(goes_on.progress.watched),
            },
        }

    @staticmethod
    def wishes(*, minutes: int, days: str, start: str | None) -> Wishes:
        """Return wishes as people write them; without `start` from today on, in UTC.

        Raises:
            UserError: it names no day, or no days of a week.
        """
        first = parse_day(start) if start else datetime.now(UTC).date()
        return Wishes(start=first, per_day_ms=minutes * 60_000, weekdays=parse_weekdays(days))

    def plan(self, actor: Actor, ref: str, wishes: Wishes) -> dict[str, Any]:
        """Return on which days what is left of a course would be watched (schema `Plan`).

        Raises:
            NotFound: no such course.
            UserError: it would take longer than anybody plans.
        """
        course, sittings = self._plan(actor, ref, wishes)
        return {
            "course": course.slug, "left": seconds(sum(sitting.length_ms for sitting in sittings)),
            "ends": sittings[-1].day.isoformat() if sittings else None,
            "days": [sitting.to_json() for sitting in sittings],
        }

    def calendar(self, actor: Actor, ref: str, wishes: Wishes, link: Link) -> bytes:
        """Return the same as an iCalendar file. `link(lesson id, second)` is the address of a lesson.

        Raises:
            NotFound, UserError: as `plan`.
        """
        course, sittings = self._plan(actor, ref, wishes)
        return self._write_calendar(course.id, course.title, sittings, link)

    def _plan(self, actor: Actor, ref: str, wishes: Wishes) -> tuple[Course, tuple[Sitting, ...]]:
        with self._store.read() as tx:
            course, stands = self._stands(tx, actor, ref)
        sittings = plan(stands, wishes)
        if sittings is None:
            raise UserError(
                f"That would take more than {MOST_DAYS} days.", cure="Choose more minutes a day, or more days a week."
            )
        return course, sittings

    def _stands(self, tx: Tx, actor: Actor, ref: str) -> tuple[Course, list[Stand]]:
        course = tx.courses.get(ref)
        require(actor, Action.READ, course.id)
        states = tx.progress.states(actor.person_id, course.id)
        stands = []
        for lesson in tx.lessons.of_course(course.id):
            primary = primary_of(tx.assets.of_lesson(lesson.id))
            if primary is not None:
                watched, position, touched_at = states.get(primary.id, ((), 0, 0))
                progress = Progress(
                    lesson_id=lesson.id, asset_id=primary.id, duration_ms=primary.duration_ms, watched=watched,
                    position_ms=position,
                )
                stands.append(Stand(title=lesson.title, progress=progress, touched_at=touched_at))
        return course, stands


def _progress(tx: Tx, actor: Actor, asset: Asset) -> Progress:
    watched, position = tx.progress.get(actor.person_id, asset.id)
    return Progress(
        lesson_id=asset.lesson_id, asset_id=asset.id, duration_ms=asset.duration_ms, watched=tuple(watched),
        position_ms=position,
    )
