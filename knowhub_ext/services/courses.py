"""Courses: create, list, show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowhub_ext.domain.courses import Course, Lesson
from knowhub_ext.domain.ids import check_slug, new_id
from knowhub_ext.domain.locators import seconds
from knowhub_ext.domain.media import Asset, AssetStatus
from knowhub_ext.domain.people import Action, Actor, Role
from knowhub_ext.domain.texts import canonical
from knowhub_ext.services.access import require
from knowhub_ext.store.database import Store, Tx

_WORST = (AssetStatus.FAILED, AssetStatus.PROCESSING, AssetStatus.QUEUED, AssetStatus.EMPTY, AssetStatus.READY)


class Courses:
    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, actor: Actor, slug: str, title: str = "") -> Course:
        """Make an empty course.

        Raises:
            InvalidName: `slug` is not one.
            Conflict: a live course has it.
        """
        require(actor, Action.CREATE, None)
        course = Course(id=new_id(), slug=check_slug(slug), title=canonical(title).strip() or slug)
        with self._store.write() as tx:
            tx.courses.add(course)
            tx.people.enrol(actor.person_id, course.id, Role.OWNER)
            tx.event(actor.person_id, course.id, "course.created", course.id, {"slug": slug})
        return course

    def get(self, actor: Actor, ref: str) -> Course:
        """Return a live course by id or slug.

        Raises:
            NotFound: there is none that the actor may see.
        """
        with self._store.read() as tx:
            course = tx.courses.get(ref)
        require(actor, Action.READ, course.id)
        return course

    def page(
        self, actor: Actor, *, after: str | None = None, limit: int = 50
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Return a page of courses in their short form, and the cursor of the next page."""
        with self._store.read() as tx:
            if actor.course is not None:
                course = tx.courses.get(actor.course)
                return [course.to_json() | {"lessons": len(tx.lessons.of_course(course.id))}], None
            require(actor, Action.READ, None)
            rows = tx.courses.page(after, limit + 1)
        items = [course.to_json() | {"lessons": count} for course, count in rows[:limit]]
        return items, rows[limit - 1][0].id if len(rows) > limit else None

    def detail(self, actor: Actor, ref: str) -> dict[str, Any]:
        """Return the course with its lessons in order (schema `CourseDetail`)."""
        course = self.get(actor, ref)
        with self._store.read() as tx:
            lessons = [_summary(tx, lesson) for lesson in tx.lessons.of_course(course.id)]
        return course.to_json() | {"lessons": lessons}


def primary_of(assets: Sequence[Asset]) -> Asset | None:
    """Return the primary medium of a lesson's assets, or None."""
    return next((a for a in assets if a.primary), None)


def _summary(tx: Tx, lesson: Lesson) -> dict[str, Any]:
    assets = tx.assets.of_lesson(lesson.id)
    primary = primary_of(assets) or (assets[0] if assets else None)
    states = {asset.status for asset in assets}
    worst = next((state for state in _WORST if state in states), AssetStatus.READY)
    return {
        "lesson": lesson.id, "slug": lesson.slug, "title": lesson.title, "position": lesson.position,
        "kind": primary.kind.value if primary else None,
        "duration": seconds(primary.duration_ms) if primary and primary.duration_ms else None,
        "status": worst.value,
    }
