"""What learners asked before. Everything here is of one person: nobody else's is read or changed."""

from __future__ import annotations

from sqlalchemy import ColumnElement, RowMapping, delete, select, update

from knowhub_ext.domain.history import KEPT_MS, Entry
from knowhub_ext.errors import NotFound
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import HISTORY

#: How a rating is stored: not yet, no, yes.
_HELPFUL = {0: None, -1: False, 1: True}
_RATING = {helpful: number for number, helpful in _HELPFUL.items()}


class History:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entry: Entry) -> None:
        """Keep a question with its answer; what has lain in the person's trash for too long is removed."""
        self.sweep(entry.person_id)
        self._session.add(HISTORY, {
            "id": entry.id, "person_id": entry.person_id, "course_id": entry.course_id, "lesson_id": entry.lesson_id,
            "asked_at": entry.asked_ms, "answer": dict(entry.answer), "rating": _RATING[entry.helpful],
            "comment": entry.comment, "deletion": "", "deleted_at": 0,
        })

    def get(self, person_id: str, entry_id: str) -> Entry:
        """Return an entry of this person.

        Raises:
            NotFound: there is none of this id, or it is another one's, or in the trash.
        """
        row = self._session.row(select(HISTORY).where(_of(person_id), HISTORY.c.id == entry_id, _LIVE))
        if row is None:
            raise NotFound(f"There is no question {entry_id[:80]} in your history.")
        return _entry(row)

    def page(
        self, person_id: str, course_id: str, *, lesson_id: str | None, after: str | None, limit: int
    ) -> list[Entry]:
        """Return up to `limit` entries of a course, or of one lesson of it, newest first, from behind an entry's id."""
        wanted = [_of(person_id), HISTORY.c.course_id == course_id, _LIVE]
        if lesson_id is not None:
            wanted.append(HISTORY.c.lesson_id == lesson_id)
        if after is not None:
            wanted.append(HISTORY.c.id < after)
        statement = select(HISTORY).where(*wanted).order_by(HISTORY.c.id.desc()).limit(limit)
        return [_entry(row) for row in self._session.rows(statement)]

    def rate(self, entry_id: str, helpful: bool | None, comment: str) -> None:
        """Say how helpful an answer was; None takes it back."""
        values = {"rating": _RATING[helpful], "comment": comment}
        self._session.run(update(HISTORY).where(HISTORY.c.id == entry_id).values(**values))

    def put(self, person_id: str, course_id: str, deletion: str, entry_id: str | None = None) -> int:
        """Move one entry to the trash, or all of a course; return how many these are."""
        self.sweep(person_id)
        wanted = [_of(person_id), HISTORY.c.course_id == course_id, _LIVE]
        if entry_id is not None:
            wanted.append(HISTORY.c.id == entry_id)
        values = {"deletion": deletion, "deleted_at": self._session.now}
        return self._session.run(update(HISTORY).where(*wanted).values(**values))

    def back(self, person_id: str, course_id: str, deletion: str) -> int:
        """Bring back what went to the trash together; return how many entries these are.

        Raises:
            NotFound: this person's trash holds nothing of that deletion any more.
        """
        self.sweep(person_id)
        wanted = (_of(person_id), HISTORY.c.course_id == course_id, HISTORY.c.deletion == deletion, ~_LIVE)
        count = self._session.run(update(HISTORY).where(*wanted).values(deletion="", deleted_at=0))
        if not count:
            raise NotFound(
                "Nothing of that deletion is left to bring back.", cure="What was deleted is kept for seven days."
            )
        return count

    def sweep(self, person_id: str) -> None:
        """Remove for good what has lain in a person's trash for longer than it is kept."""
        over = (HISTORY.c.deleted_at > 0) & (HISTORY.c.deleted_at <= self._session.now - KEPT_MS)
        self._session.run(delete(HISTORY).where(_of(person_id), over))


_LIVE = HISTORY.c.deleted_at == 0


def _of(person_id: str) -> ColumnElement[bool]:
    return HISTORY.c.person_id == person_id


def _entry(row: RowMapping) -> Entry:
    return Entry(
        id=row["id"], person_id=row["person_id"], course_id=row["course_id"], lesson_id=row["lesson_id"],
        asked_ms=row["asked_at"], answer=row["answer"], helpful=_HELPFUL[row["rating"]], comment=row["comment"],
        deletion=row["deletion"],
    )
