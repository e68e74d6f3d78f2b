"""Lessons of courses. Those in the trash, or of a course in the trash, are not found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, select, update

from knowhub_ext.domain.courses import Lesson
from knowhub_ext.domain.ids import is_id
from knowhub_ext.errors import Conflict, NotFound
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import COURSE, LESSON

_LIVE = LESSON.c.deleted_at.is_(None) & COURSE.c.deleted_at.is_(None)
_SELECT = select(LESSON).select_from(LESSON.join(COURSE, COURSE.c.id == LESSON.c.course_id)).where(_LIVE)


class Lessons:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, lesson: Lesson) -> None:
        """Add a lesson.

        Raises:
            Conflict: a live lesson of its course has this slug.
        """
        now = self._session.now
        row = {"id": lesson.id, "course_id": lesson.course_id, **_values(lesson), "created_at": now, "updated_at": now}
        if not self._session.add_new(LESSON, row):
            raise Conflict(f"There is already a lesson '{lesson.slug}' in this course.")

    def get(self, lesson_id: str) -> Lesson:
        """Return a live lesson.

        Raises:
            NotFound: there is none of this id.
        """
        row = self._session.row(_SELECT.where(LESSON.c.id == lesson_id))
        if row is None:
            raise NotFound(f"There is no lesson '{lesson_id[:80]}'.")
        return _lesson(row)

    def find(self, ref: str) -> Lesson:
        """Return a live lesson by id or by `course-slug/lesson-slug`.

        Raises:
            NotFound: there is none.
        """
        if is_id(ref):
            return self.get(ref)
        course, _, slug = ref.partition("/")
        row = self._session.row(_SELECT.where(COURSE.c.slug == course, LESSON.c.slug == slug))
        if row is None:
            raise NotFound(
                f"There is no lesson '{ref[:170]}'.",
                cure="Name it by its id or as course-slug/lesson-slug; `knowhub course show COURSE` lists them.",
            )
        return _lesson(row)

    def of_course(self, course_id: str) -> list[Lesson]:
        """Return a course's lessons in the educator's order."""
        rows = self._session.rows(
            _SELECT.where(LESSON.c.course_id == course_id).order_by(LESSON.c.position, LESSON.c.id)
        )
        return [_lesson(row) for row in rows]

    def by_slug(self, course_id: str, slug: str) -> Lesson | None:
        """Return a course's live lesson of that slug."""
        row = self._session.row(_SELECT.where(LESSON.c.course_id == course_id, LESSON.c.slug == slug))
        return None if row is None else _lesson(row)

    def update(self, lesson: Lesson) -> None:
        """Write a lesson's values over those it has.

        Raises:
            NotFound: it does not live.
            Conflict: another live lesson of its course has this slug.
        """
        other = self.by_slug(lesson.course_id, lesson.slug)
        if other is not None and other.id != lesson.id:
            raise Conflict(f"There is already a lesson '{lesson.slug}' in this course.")
        change = update(LESSON).where(LESSON.c.id == lesson.id, LESSON.c.deleted_at.is_(None))
        if not self._session.run(change.values(**_values(lesson), updated_at=self._session.now)):
            raise NotFound(f"There is no lesson '{lesson.slug}'.")


def _values(lesson: Lesson) -> dict[str, Any]:
    return {
        "slug": lesson.slug, "title": lesson.title, "position": lesson.position, "questions": list(lesson.questions),
    }


def _lesson(row: RowMapping) -> Lesson:
    return Lesson(
        id=row["id"], course_id=row["course_id"], slug=row["slug"], title=row["title"], position=row["position"],
        questions=tuple(row["questions"]),
    )
