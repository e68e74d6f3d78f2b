"""Which page of a deck is spoken of when, as `domain.slides` found it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from knowhub_ext.domain.slides import SlideSpan
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, SLIDE_LINK


class Slides:
    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(self, deck_id: str, media_id: str, spans: Sequence[SlideSpan]) -> None:
        """Make `spans` those of a deck beside a medium, instead of those it had."""
        same = (SLIDE_LINK.c.deck_id == deck_id) & (SLIDE_LINK.c.media_id == media_id)
        self._session.run(delete(SLIDE_LINK).where(same))
        self._session.add(SLIDE_LINK, [
            {"deck_id": deck_id, "media_id": media_id, "ordinal": number, "page": span.page,
             "start_ms": span.start_ms, "end_ms": span.end_ms, "score": span.score}
            for number, span in enumerate(spans)
        ])

    def of_media(self, media_id: str) -> list[SlideSpan]:
        """Return the spans of a medium, those of live decks, by time."""
        rows = self._session.rows(
            select(SLIDE_LINK).join(ASSET, ASSET.c.id == SLIDE_LINK.c.deck_id)
            .where(SLIDE_LINK.c.media_id == media_id, ASSET.c.deleted_at.is_(None))
            .order_by(SLIDE_LINK.c.start_ms, SLIDE_LINK.c.deck_id, SLIDE_LINK.c.ordinal)
        )
        return [
            SlideSpan(deck=row["deck_id"], media=row["media_id"], page=row["page"], start_ms=row["start_ms"],
                      end_ms=row["end_ms"], score=row["score"])
            for row in rows
        ]
