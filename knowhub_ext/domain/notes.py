"""What a reader must say about a file it could read: which cue it left out, which page has no text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: So many are kept of a file; whoever has more has another problem. The last one then counts the rest.
MAX_NOTES = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """One sentence about a file. `line` and `page` count from 1; 0: it is about no line or page of its own."""

    message: str
    line: int = 0
    page: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"line": self.line or None, "page": self.page or None, "message": self.message}


def without_text(name: str, *, pictures: bool) -> Note:
    """Return what is said of a document in which there is nothing to read."""
    if pictures:
        return Note(message=f"'{name}' holds pictures only; there is no text in it. Add what they show as text, too.")
    return Note(message=f"'{name}' is empty; there is no text in it.")


def kept(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return at most `MAX_NOTES` of them; where there are more, the last one says how many are not listed."""
    if len(notes) <= MAX_NOTES:
        return tuple(notes)
    rest = len(notes) - MAX_NOTES + 1
    return (*notes[: MAX_NOTES - 1], Note(message=f"{rest} more of the same kind are not listed."))
