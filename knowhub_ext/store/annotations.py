"""Learners' notes and bookmarks. Everything here is of one person: nobody else's is read or changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, select, tuple_, update

from knowhub_ext.domain.annotations import KEPT_MS, Annotation, search_terms
from knowhub_ext.errors import NotFound
from knowhub_ext.store.packing import pack_locator, unpack_locator
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ANNOTATION, LESSON

#: Where a note stands in its course: in the order of lessons, within one of places; what has lost its lesson is last.
_ORDER = (
    func.coalesce(LESSON.c.position, 1 << 40), ANNOTATION.c.lesson_id, ANNOTATION.c.rank, ANNOTATION.c.asset_id,
    ANNOTATION.c.place, ANNOTATION.c.created_at, ANNOTATION.c.id,
)
_FROM = ANNOTATION.outerjoin(LESSON, LESSON.c.id == ANNOTATION.c.lesson_id)
_LIVE = ANNOTATION.c.deleted_at == 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which notes of a course: of one lesson or of all, that hold words with all these beginnings, or the trash."""

    course_id: str
    lesson_id: str | None = None
    terms: Sequence[str] = ()
    deleted: bool = False


class Annotations:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, note: Annotation) -> bool:
        """Keep a note; return False, and change nothing, where this person sent one of its id before.

        What has lain in the person's trash for too long is removed.
        """
        self.sweep(note.person_id)
        rank, place = note.place
        return self._session.add_new(ANNOTATION, {
            "person_id": note.person_id, "id": note.id, "course_id": note.course_id, "lesson_id": note.lesson_id,
            "asset_id": note.asset_id, "locator": pack_locator(note.locator), "rank": rank, "place": place,
            "revision": note.revision, "quote": note.quote, "segment_id": note.segment_id, "body": note.body,
            "terms": search_terms(f"{note.body}\n{note.quote}"), "created_at": note.created_ms,
            "updated_at": note.updated_ms, "version": note.version, "deleted_at": note.deleted_ms,
        })

    def get(self, person_id: str, note_id: str, *, deleted: bool | None = False) -> Annotation:
        """Return a note of this person: a live one, one of the trash (`deleted`), or either (None).

        Raises:
            NotFound: there is none of this id, or it is another one's, or not there where it was looked for.
        """
        row = self._session.row(select(ANNOTATION).where(_one(person_id, note_id)))
        if row is None or (deleted is not None and bool(row["deleted_at"]) != deleted):
            where = "in the trash of your notes" if deleted else "among your notes"
            raise NotFound(
                f"There is no note {note_id[:80]} {where}.", cure="`knowhub note list COURSE` lists what is there."
            )
        return _note(row)

    def page(self, person_id: str, wanted: Wanted, *, after: str | None, limit: int) -> list[Annotation]:
        """Return up to `limit` notes in the order of their course, from behind a note's id.

        Raises:
            NotFound: `after` is no note of theirs.
        """
        statement = select(ANNOTATION).select_from(_FROM).where(*_conditions(person_id, wanted))
        if after is not None:
            statement = statement.where(tuple_(*_ORDER) > tuple_(*self._position(person_id, after)))
        return [_note(row) for row in self._session.rows(statement.order_by(*_ORDER).limit(limit))]

    def count(self, person_id: str, course_id: str) -> int:
        """Return how many notes of a course a person has, those in the trash counted in."""
        wanted = _of(person_id) & (ANNOTATION.c.course_id == course_id)
        return int(self._session.scalar(select(func.count()).select_from(ANNOTATION).where(wanted)))

    def edit(self, note: Annotation, body: str) -> bool:
        """Give a note other words and the next version; return False, and change nothing, where it is not of the
        version any more that it was read at."""
        same = _one(note.person_id, note.id) & (ANNOTATION.c.version == note.version) & _LIVE
        values = {
            "body": body, "terms": search_terms(f"{body}\n{note.quote}"), "version": note.version + 1,
            "updated_at": self._session.now,
        }
        return self._session.run(update(ANNOTATION).where(same).values(**values)) == 1

    def put(self, person_id: str, note_id: str) -> None:
        """Move a note to the trash."""
        self.sweep(person_id)
        self._mark(person_id, note_id, self._session.now)

    def back(self, person_id: str, note_id: str) -> None:
        """Let a note of the trash live again, as it was."""
        self._mark(person_id, note_id, 0)

    def sweep(self, person_id: str) -> None:
        """Remove for good what has lain in a person's trash for longer than it is kept."""
        over = (ANNOTATION.c.deleted_at > 0) & (ANNOTATION.c.deleted_at <= self._session.now - KEPT_MS)
        self._session.run(delete(ANNOTATION).where(_of(person_id), over))

    def titles(self, lesson_ids: Collection[str]) -> dict[str, tuple[str, str, bool]]:
        """Return slug, title and whether it lives of lessons, those in the trash too, by id."""
        rows = self._session.rows(
            select(LESSON.c.id, LESSON.c.slug, LESSON.c.title, LESSON.c.deleted_at)
            .where(self._session.among(LESSON.c.id, lesson_ids))
        )
        return {row["id"]: (row["slug"], row["title"], row["deleted_at"] is None) for row in rows}

    def _position(self, person_id: str, note_id: str) -> list[Any]:
        """Return where a note stands, in the trash or not.

        Raises:
            NotFound: there is none.
        """
        columns = [column.label(f"at{number}") for number, column in enumerate(_ORDER)]
        row = self._session.row(select(*columns).select_from(_FROM).where(_one(person_id, note_id)))
        if row is None:
            raise NotFound("The page begins behind a note that is not there any more.", cure="Begin at the first page.")
        return list(row.values())

    def _mark(self, person_id: str, note_id: str, at: int) -> None:
        self._session.run(update(ANNOTATION).where(_one(person_id, note_id)).values(deleted_at=at))


def _conditions(person_id: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [_of(person_id), ANNOTATION.c.course_id == wanted.course_id, ~_LIVE if wanted.deleted else _LIVE]
    if wanted.lesson_id is not None:
        found.append(ANNOTATION.c.lesson_id == wanted.lesson_id)
    return found + [ANNOTATION.c.terms.contains(f" {term}", autoescape=True) for term in wanted.terms]


def _of(person_id: str) -> ColumnElement[bool]:
    return ANNOTATION.c.person_id == person_id


def _one(person_id: str, note_id: str) -> ColumnElement[bool]:
    return _of(person_id) & (ANNOTATION.c.id == note_id)


def _note(row: RowMapping) -> Annotation:
    return Annotation(
        id=row["id"], person_id=row["person_id"], course_id=row["course_id"], lesson_id=row["lesson_id"],
        asset_id=row["asset_id"], locator=unpack_locator(row["locator"]), revision=row["revision"],
        quote=row["quote"], segment_id=row["segment_id"], body=row["body"], created_ms=row["created_at"],
        updated_ms=row["updated_at"], version=row["version"], deleted_ms=row["deleted_at"],
    )
