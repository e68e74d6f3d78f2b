"""Aligning the decks of a lesson to what is said in it, again whenever a deck or the transcript changes."""

from __future__ import annotations

from collections.abc import Sequence

from knowhub_ext.domain.media import Asset, AssetKind
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.slides import aligned, pages_of
from knowhub_ext.services.runs import Run
from knowhub_ext.services.targets import medium_of
from knowhub_ext.store.database import Store, Tx


def align(store: Store, run: Run, asset: Asset) -> None:
    """Align what an asset's new passages touch: a deck to the lesson's media, or a transcript to the lesson's decks.

    The comparison is made outside of any transaction; the result is written under the job's fence. A deck that does
    not fit loses the spans it had.
    """
    with store.read() as tx:
        siblings = tx.assets.of_lesson(asset.lesson_id)
        read = [(deck, media, *_texts(tx, deck, media)) for deck, media in _pairs(asset, siblings)]
        before = {media.id: tx.slides.of_media(media.id) for _, media, _, _ in read}
    found = [(deck, media, aligned(pages, segments)) for deck, media, pages, segments in read]
    if not any(spans or before[media.id] for _, media, spans in found):
        return
    with store.write() as tx:
        run.guard(tx)
        for deck, media, spans in found:
            tx.slides.replace(deck.id, media.id, spans)
        tx.event("worker", asset.course_id, "lesson.slides", asset.lesson_id, {"lesson": asset.lesson_id})


def _pairs(asset: Asset, siblings: Sequence[Asset]) -> list[tuple[Asset, Asset]]:
    """Return the (deck, medium) pairs of a lesson that a change of `asset` concerns."""
    if asset.kind is AssetKind.DOCUMENT:
        return [(asset, media) for media in siblings if media.kind.timed]
    target = medium_of(asset, siblings) if asset.kind is AssetKind.CAPTIONS else asset
    if not target.kind.timed:
        return []
    return [(deck, target) for deck in siblings if deck.kind is AssetKind.DOCUMENT]


def _texts(tx: Tx, deck: Asset, media: Asset) -> tuple[dict[int, str], Sequence[Segment]]:
    document, transcript = tx.contents.get(deck.id), tx.transcripts.current(media.id, words=False)
    return pages_of(document.blocks if document else ()), transcript.segments if transcript else ()
