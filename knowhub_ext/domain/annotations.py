"""A learner's own notes and bookmarks at a place of a lesson. What a reader remarks on a file is `domain/notes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.anchoring import Anchor
from knowhub_ext.domain.events import instant
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TextSpan, TimeSpan, exists
from knowhub_ext.domain.texts import canonical, index_text, query_terms, stem, words
from knowhub_ext.errors import UserError

#: The longest note and the longest quote, in code points.
BODY_MAX = 20_000
QUOTE_MAX = 2_000
#: As many notes a person may have in one course, those in the trash counted in.
MOST = 5_000
#: What was deleted can be brought back for so long; then it is gone for good.
KEPT_MS = 30 * 24 * 3600 * 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """What one person wrote at a place: `body` is Markdown, and '' makes it a bookmark.

    `id` is made by the client, so that sending a note twice is sending it once; it is unique for its person alone.
    `quote`, `segment_id` and `revision` say what stood at the place when it was written. `version` grows with every
    edit. `deleted_ms` is when it went to its trash, UTC milliseconds; 0 while it lives.
    """

    id: str
    person_id: str
    course_id: str
    lesson_id: str
    asset_id: str
    locator: Locator
    revision: int
    quote: str = ""
    segment_id: str = ""
    body: str = ""
    created_ms: int = 0
    updated_ms: int = 0
    version: int = 1
    deleted_ms: int = 0

    @property
    def bookmark(self) -> bool:
        return not self.body

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among the notes of its asset: times, pages, texts, cells, each in its own order."""
        match self.locator:
            case TimeSpan(start_ms=start):
                return 0, start
            case PageRef(page=page):
                return 1, page
            case TextSpan(start=start):
                return 2, start
            case CellRef():
                return 3, 0

    def to_json(self, anchor: Anchor, about: Mapping[str, Any]) -> dict[str, Any]:
        """Return the document (schema `LearnerNote`). `about`: what else is known of its lesson and asset."""
        return {
            "note": self.id, "lesson": self.lesson_id, "asset": self.asset_id, **about,
            "locator": self.locator.to_json(), "quote": self.quote, "segment": self.segment_id or None,
            "revision": self.revision, "body": self.body, "version": self.version,
            "created_at": instant(self.created_ms), "updated_at": instant(self.updated_ms),
            "deleted_at": instant(self.deleted_ms) if self.deleted_ms else None, "anchor": anchor.to_json(),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A note as its writer sends it. `asset_id`: '' for the lesson's primary medium; `quote`: '' for what is said
    there. Check it with `checked`."""

    id: str
    locator: Locator
    asset_id: str = ""
    quote: str = ""
    body: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What to list: notes that hold all `words`, or the trash; `limit` of them from behind the note `after`."""

    words: str = ""
    deleted: bool = False
    after: str | None = None
    limit: int = 50


def checked_body(body: str) -> str:
    """Return Markdown as it is kept.

    Raises:
        UserError: it is longer than `BODY_MAX`.
    """
    text = canonical(body).strip("\n").rstrip()
    if len(text) > BODY_MAX:
        raise UserError(f"The note has {len(text)} characters, and {BODY_MAX} fit.", cure="Make two notes of it.")
    return text if text.strip() else ""


def checked(draft: Draft) -> Draft:
    """Return a draft as it is kept.

    Raises:
        UserError: its place is none, or its text or quote is too long.
    """
    if not exists(draft.locator):
        raise UserError(
            "The note stands nowhere: its stretch is empty, or its page or cell has no number.",
            cure="Give a time with start < end, a page from 1, or a cell's id.",
        )
    quote = " ".join(canonical(draft.quote).split())
    if len(quote) > QUOTE_MAX:
        raise UserError(f"The quote has {len(quote)} characters, and {QUOTE_MAX} fit.", cure="Quote less.")
    return Draft(
        id=draft.id, locator=draft.locator, asset_id=draft.asset_id, quote=quote, body=checked_body(draft.body)
    )


def search_terms(text: str) -> str:
    """Return what a note is found by: the stems of its words and of its encoded code words, each once, between spaces.

    Letters and digits only, so nothing in it can be syntax for a database.
    """
    return f" {' '.join(sorted({stem(word) for word in words(index_text(text))}))} "


def wanted_terms(query: str) -> list[str]:
    """Return the beginnings of words that a note must hold to be found by a query; none for a query without words."""
    return list(dict.fromkeys(stem(term) for term in query_terms(query)))
