"""Progress: what a person watched, kept as the union of intervals. Seeking to the end is not watching."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowhub_ext.domain.media import Asset
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.domain.progress import Progress
from knowhub_ext.errors import UserError
from knowhub_ext.services.access import require
from knowhub_ext.services.courses import primary_of
from knowhub_ext.store.database import Store, Tx

#: A report: the client's idempotency key and a half-open stretch of media time in milliseconds.
Report = tuple[str, int, int]


class ProgressKeeping:
    def __init__(self, store: Store) -> None:
        self._store = store

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
        """Return the actor's own progress, lesson by lesson (schema `CourseProgress`)."""
        with self._store.read() as tx:
            course = tx.courses.get(ref)
            require(actor, Action.READ, course.id)
            rows = []
            for lesson in tx.lessons.of_course(course.id):
                primary = primary_of(tx.assets.of_lesson(lesson.id))
                if primary is not None:
                    rows.append((lesson.title, _progress(tx, actor, primary)))
        total = sum(p.duration_ms for _, p in rows)
        seen = sum(p.coverage * p.duration_ms for _, p in rows)
        return {
            "course": course.slug, "coverage": round(seen / total, 4) if total else 0.0,
            "lessons": [progress.to_json() | {"title": title} for title, progress in rows],
        }


def _progress(tx: Tx, actor: Actor, asset: Asset) -> Progress:
    watched, position = tx.progress.get(actor.person_id, asset.id)
    return Progress(
        lesson_id=asset.lesson_id, asset_id=asset.id, duration_ms=asset.duration_ms, watched=tuple(watched),
        position_ms=position,
    )
