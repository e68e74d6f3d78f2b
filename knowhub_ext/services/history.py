"""A learner's own history: what was asked, the answers as they were shown, ratings. Deleting has a way back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from knowhub_ext.domain.answers import Answer
from knowhub_ext.domain.history import KEPT_MS, Deletion, Entry
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.people import Action, Actor, may
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import KnowHubError
from knowhub_ext.services.access import require
from knowhub_ext.services.anchors import cited
from knowhub_ext.store.database import Store, Tx

_log = logging.getLogger("knowhub.asking")


class History:
    """Whoever leaves progress under their own name has a history, unless `kept` says that nothing is kept here."""

    def __init__(self, store: Store, *, kept: bool = True) -> None:
        self._store = store
        self.kept = kept

    def keep(self, actor: Actor, course_ref: str, lesson_id: str | None, answer: Answer) -> str:
        """Keep a question with its answer; return the entry's id, or '' where none is kept.

        An answer is worth more than its place in a history: what goes wrong here is logged.
        """
        try:
            with self._store.read() as tx:
                course_id = tx.courses.get(course_ref).id
            if not self.kept or not may(actor, Action.PROGRESS, course_id=course_id):
                return ""
            with self._store.write() as tx:
                entry = Entry(
                    id=new_id(), person_id=actor.person_id, course_id=course_id, lesson_id=lesson_id or "",
                    asked_ms=tx.now, answer=answer.to_json(),
                )
                tx.history.add(entry)
                _tell(tx, actor, course_id, "history.added", entry.id)
            return entry.id
        except KnowHubError:
            _log.warning("an answer was not kept in the history", exc_info=True)
            return ""

    def page(
        self, actor: Actor, course_ref: str, *, lesson: str | None = None, after: str | None = None, limit: int = 50
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Return a page of the actor's own entries, newest first, and the cursor of the next page.

        Raises:
            NotFound: no such course.
            Forbidden: they leave nothing behind here (a visitor).
        """
        with self._store.read() as tx:
            course_id = _course(tx, actor, course_ref)
            rows = tx.history.page(actor.person_id, course_id, lesson_id=lesson, after=after, limit=limit + 1)
            items = _shown(tx, rows[:limit])
        return items, rows[limit - 1].id if len(rows) > limit else None

    def entry(self, actor: Actor, entry_id: str) -> dict[str, Any]:
        """Return one of the actor's own entries.

        Raises:
            NotFound: none of theirs has this id.
        """
        with self._store.read() as tx:
            return _shown(tx, [_own(tx, actor, entry_id)])[0]

    def rate(self, actor: Actor, entry_id: str, helpful: bool | None, comment: str = "") -> dict[str, Any]:
        """Say whether an answer was helpful, with a sentence if one likes; None takes it back. Twice is once.

        Raises:
            NotFound: none of the actor's own entries has this id.
        """
        said = canonical(comment).strip() if helpful is not None else ""
        with self._store.write() as tx:
            found = _own(tx, actor, entry_id)
            if (found.helpful, found.comment) != (helpful, said):
                tx.history.rate(found.id, helpful, said)
                _tell(tx, actor, found.course_id, "history.rated", found.id)
            return _shown(tx, [_own(tx, actor, entry_id)])[0]

    def delete(self, actor: Actor, entry_id: str) -> Deletion:
        """Move one of the actor's own entries to the trash.

        Raises:
            NotFound: none of theirs has this id.
        """
        with self._store.write() as tx:
            found = _own(tx, actor, entry_id)
            return self._put(tx, actor, found.course_id, found.id)

    def clear(self, actor: Actor, course_ref: str) -> Deletion:
        """Move all of the actor's own entries of a course to the trash.

        Raises:
            NotFound: no such course.
        """
        with self._store.write() as tx:
            return self._put(tx, actor, _course(tx, actor, course_ref), None)

    def restore(self, actor: Actor, course_ref: str, deletion: str) -> int:
        """Bring back what one deletion moved to the trash; return how many entries these are.

        Raises:
            NotFound: no such course, or nothing of that deletion is left.
        """
        with self._store.write() as tx:
            course_id = _course(tx, actor, course_ref)
            count = tx.history.back(actor.person_id, course_id, deletion)
            _tell(tx, actor, course_id, "history.restored", deletion)
        return count

    def _put(self, tx: Tx, actor: Actor, course_id: str, entry_id: str | None) -> Deletion:
        deletion = new_id()
        count = tx.history.put(actor.person_id, course_id, deletion, entry_id)
        if count:
            _tell(tx, actor, course_id, "history.deleted", deletion)
        return Deletion(id=deletion, count=count, until_ms=tx.now + KEPT_MS)


def _course(tx: Tx, actor: Actor, course_ref: str) -> str:
    course_id = tx.courses.get(course_ref).id
    require(actor, Action.PROGRESS, course_id)
    return course_id


def _own(tx: Tx, actor: Actor, entry_id: str) -> Entry:
    found = tx.history.get(actor.person_id, entry_id)
    tx.courses.get(found.course_id)  # one in the trash takes what was asked about it along
    require(actor, Action.PROGRESS, found.course_id)
    return found


def _shown(tx: Tx, rows: Sequence[Entry]) -> list[dict[str, Any]]:
    found = cited(tx, rows)
    return [row.to_json(found[row.id]) for row in rows]


def _tell(tx: Tx, actor: Actor, course_id: str, kind: str, subject: str) -> None:
    """Record a change that is the person's own business: no other socket hears of it, and no word of it is told."""
    tx.event(actor.person_id, course_id, kind, subject, {"person": actor.person_id})
