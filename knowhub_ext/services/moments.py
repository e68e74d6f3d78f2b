"""What was said and shown just before a second of a lesson: where a question about it is looked up first."""

from __future__ import annotations

from dataclasses import dataclass

from knowhub_ext.domain.evidence import content_words
from knowhub_ext.domain.followups import spoken_of
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.domain.scope import Moment
from knowhub_ext.services.access import require
from knowhub_ext.services.courses import primary_of
from knowhub_ext.services.searching import Searching
from knowhub_ext.store.database import Store

#: So much before the second that the player shows.
LENGTH_MS = 60_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A moment of a lesson, and the terms it spoke of."""

    moment: Moment
    terms: tuple[str, ...]


class Moments:
    def __init__(self, store: Store, searching: Searching) -> None:
        self._store = store
        self._searching = searching

    def before(self, actor: Actor, lesson_id: str, at_ms: int) -> Heard | None:
        """Return the last minute before `at_ms` of the lesson's medium; None where nothing was said in it.

        Raises:
            NotFound: no such lesson.
        """
        start = max(0, at_ms - LENGTH_MS)
        with self._store.read() as tx:
            lesson = tx.lessons.get(lesson_id)
            require(actor, Action.READ, lesson.course_id)
            medium = primary_of(tx.assets.of_lesson(lesson.id))
            transcript = tx.transcripts.current(medium.id, words=False) if medium else None
            if medium is None or transcript is None:
                return None
            said = [row.text for row in transcript.segments if row.start_ms < at_ms and row.end_ms > start]
            shown = [span for span in tx.slides.of_media(medium.id) if span.start_ms < at_ms and span.end_ms > start]
        if not said:
            return None
        text = " ".join(said)
        counts = self._searching.counts(actor, lesson.course_id, content_words(text))
        moment = Moment(
            lesson_id=lesson.id, asset_id=medium.id, start_ms=start, end_ms=at_ms,
            pages=frozenset((span.deck, span.page) for span in shown),
        )
        return Heard(moment=moment, terms=spoken_of(text, counts.rarity))
