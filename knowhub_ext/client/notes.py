"""One's own notes as the client returns them, and the calls that take, edit, delete and export them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as part

from knowhub_ext.client import values
from knowhub_ext.client.wire import Wire
from knowhub_ext.domain import locators
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.locators import Locator, TimeSpan, milliseconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A note; `body` is Markdown, '' makes it a bookmark. `title` is its lesson's.

    `state`: `found`, `moved` (then `now` is where it is), `stale` (what it quotes is not there any more) or `gone`
    (its file is not).
    """

    note: str
    lesson: str
    asset: str
    title: str
    locator: Locator
    quote: str
    body: str
    version: int
    created_at: str
    updated_at: str
    state: str
    now: Locator


class Notes:
    """The notes of whoever the hub takes us for."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def of_course(self, course: str, words: str | None = None) -> list[Note]:
        """Return the notes of a course, lesson by lesson, or those that hold all these words."""
        return [note(row) for row in self._wire.pages(f"courses/{part(course, safe='')}/notes", q=words)]

    def of_lesson(self, lesson_id: str, words: str | None = None) -> list[Note]:
        """Return the notes of a lesson in its order, or those that hold all these words."""
        return [note(row) for row in self._wire.pages(f"lessons/{part(lesson_id, safe='')}/notes", q=words)]

    def add(self, lesson_id: str, body: str, locator: Locator, **more: str | None) -> Note:
        """Keep a note; `more`: `quote`, `asset`. It is sent with an id of its own, so a repetition is none."""
        place = {"id": new_id(), "locator": locator.to_json(), "body": body}
        sent = {name: value for name, value in more.items() if value}
        return note(self._wire.post(f"lessons/{part(lesson_id, safe='')}/notes", place | sent))

    def edit(self, known: Note, body: str) -> Note:
        """Give a note other words. Raises `NoteChanged` where it is not of that version any more."""
        return note(self._wire.put(f"notes/{part(known.note, safe='')}", {"body": body, "version": known.version}))

    def delete(self, note_id: str) -> str:
        """Delete a note; return until when it can be brought back (RFC 3339)."""
        return str(self._wire.delete(f"notes/{part(note_id, safe='')}")["until"])

    def restore(self, note_id: str) -> Note:
        """Bring a deleted note back as it was."""
        return note(self._wire.post(f"notes/{part(note_id, safe='')}/restore"))

    def export(self, path: str, kind: str) -> str:
        """Return a file of the notes below `courses/…` or `lessons/…`: `md` or `ipynb`."""
        return self._wire.text(f"{path}/notes/export", format=kind)


def note(data: Mapping[str, Any]) -> Note:
    """Build a note of its JSON form."""
    return values.make(
        Note, data, locator=locators.from_json(data["locator"]), state=data["anchor"]["state"],
        now=locators.from_json(data["anchor"]["locator"]),
    )


def at_second(at: float) -> TimeSpan:
    """Return the place of a second of a lecture."""
    start = milliseconds(at)
    return TimeSpan(start_ms=start, end_ms=start + 1000)
