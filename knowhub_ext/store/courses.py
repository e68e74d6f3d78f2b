"""Courses. Those in the trash are not found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, func, select, update

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.ids import is_id
from knowhub_ext.domain.speech import SpeechSettings
from knowhub_ext.errors import Conflict, NotFound
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import COURSE, LESSON

_LIVE = COURSE.c.deleted_at.is_(None)
_LESSONS = (
    select(func.count()).select_from(LESSON)
    .where(LESSON.c.course_id == COURSE.c.id, LESSON.c.deleted_at.is_(None)).scalar_subquery().label("lessons")
)


class Courses:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, course: Course) -> None:
        """Add a course.

        Raises:
            Conflict: a live course has this slug.
        """
        now = self._session.now
        row = {"id": course.id, **_values(course), "created_at": now, "updated_at": now}
        if not self._session.add_new(COURSE, row):
            raise Conflict(f"There is already a course '{course.slug}'.")

    def get(self, ref: str) -> Course:
        """Return a live course by id or slug.

        Raises:
            NotFound: there is none.
        """
        column = COURSE.c.id if is_id(ref) else COURSE.c.slug
        row = self._session.row(select(COURSE).where(column == ref, _LIVE))
        if row is None:
            raise NotFound(f"There is no course '{ref[:80]}'.")
        return course_of(row)

    def page(self, after: str | None, limit: int) -> list[tuple[Course, int]]:
        """Return up to `limit` courses with their number of lessons, by title, from behind the course id `after`."""
        statement = select(COURSE, _LESSONS).where(_LIVE).order_by(COURSE.c.title, COURSE.c.id).limit(limit)
        if after is not None:
            title = select(COURSE.c.title).where(COURSE.c.id == after).scalar_subquery()
            behind = (COURSE.c.title > title) | ((COURSE.c.title == title) & (COURSE.c.id > after))
            statement = statement.where(behind)
        return [(course_of(row), row["lessons"]) for row in self._session.rows(statement)]

    def all(self) -> list[Course]:
        """Return every live course, by title."""
        rows = self._session.rows(select(COURSE).where(_LIVE).order_by(COURSE.c.title, COURSE.c.id))
        return [course_of(row) for row in rows]

    def update(self, course: Course) -> None:
        """Write a course's values over those it has.

        Raises:
            NotFound: it does not live.
            Conflict: another live course has this slug.
        """
        taken = select(COURSE.c.id).where(COURSE.c.slug == course.slug, COURSE.c.id != course.id, _LIVE)
        if self._session.scalar(taken) is not None:
            raise Conflict(f"There is already a course '{course.slug}'.")
        change = update(COURSE).where(COURSE.c.id == course.id, _LIVE)
        if not self._session.run(change.values(**_values(course), updated_at=self._session.now)):
            raise NotFound(f"There is no course '{course.slug}'.")


def _values(course: Course) -> dict[str, Any]:
    return {
        "slug": course.slug, "title": course.title, "description": course.description,
        "hot_words": list(course.hot_words), "speech": course.speech.to_json(),
    }


def course_of(row: RowMapping) -> Course:
    """Return the course of a row of its table."""
    return Course(
        id=row["id"], slug=row["slug"], title=row["title"], description=row["description"],
        hot_words=tuple(row["hot_words"]), speech=SpeechSettings.from_json(row["speech"]),
    )
