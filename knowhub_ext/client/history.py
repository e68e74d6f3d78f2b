"""One's own questions as the client returns them, and the calls that list, rate, delete and bring them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as part

from knowhub_ext.client import values
from knowhub_ext.client.wire import Wire
from knowhub_ext.domain.answers import Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryEntry:
    """A question that was asked before; its answer is as it was shown, with citations at the places they have now.

    `states`: of each citation by its number `found`, `moved` (since it was asked), `stale` (its file does not say it
    any more) or `gone` (its file is not there). `helpful`: None until it is rated. `lesson`: None where a whole course
    was asked.
    """

    entry: str
    lesson: str | None
    asked_at: str
    answer: Answer
    states: Mapping[int, str]
    helpful: bool | None
    comment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deletion:
    """What a deletion took: `deletion` brings it back `until` then (RFC 3339), `deleted` counts the questions."""

    deletion: str
    deleted: int
    until: str


class History:
    """The questions of whoever the hub takes us for."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def of_course(self, course: str, lesson_id: str | None) -> list[HistoryEntry]:
        """Return what was asked of a course, or in one of its lessons, newest first."""
        return [entry(row) for row in self._wire.pages(_course(course), lesson=lesson_id)]

    def get(self, entry_id: str) -> HistoryEntry:
        """Return one. Raises `NotFound`."""
        return entry(self._wire.get(_entry(entry_id)))

    def rate(self, entry_id: str, helpful: bool | None, comment: str) -> HistoryEntry:
        """Say whether an answer was helpful; None takes it back. Raises `NotFound`."""
        return entry(self._wire.put(f"{_entry(entry_id)}/rating", {"helpful": helpful, "comment": comment or None}))

    def delete(self, entry_id: str) -> Deletion:
        """Delete one. Raises `NotFound`."""
        return values.make(Deletion, self._wire.delete(_entry(entry_id)))

    def clear(self, course: str) -> Deletion:
        """Delete all of a course."""
        return values.make(Deletion, self._wire.delete(_course(course)))

    def restore(self, course: str, deletion: str) -> int:
        """Bring back what a deletion took; return how many these are. Raises `NotFound` where nothing is left of it."""
        return int(self._wire.post(f"{_course(course)}/restore", {"deletion": deletion})["restored"])


def entry(data: Mapping[str, Any]) -> HistoryEntry:
    """Build an entry of its JSON form."""
    rated = data["rating"] or {}
    return values.make(
        HistoryEntry, data, answer=values.answer(data["answer"]), helpful=rated.get("helpful"),
        comment=str(rated.get("comment") or ""),
        states={row["n"]: _state(row) for row in data["answer"]["citations"]},
    )


def _state(citation: Mapping[str, Any]) -> str:
    """Return how a citation stands; a hub of an older version says no more than that its file is gone."""
    return str(citation.get("state") or ("gone" if citation.get("gone") else "found"))


def _course(course: str) -> str:
    return f"courses/{part(course, safe='')}/history"


def _entry(entry_id: str) -> str:
    return f"history/{part(entry_id, safe='')}"
