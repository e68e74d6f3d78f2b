"""Where the places of notes are now: each is looked up in the transcript or the text that its file has today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowhub_ext.domain.anchoring import Anchor, Source, Standing, Stored
from knowhub_ext.domain.annotations import Annotation
from knowhub_ext.domain.media import Asset, AssetKind
from knowhub_ext.store.database import Tx

#: Of what a note quotes by itself, so much is kept.
_QUOTED = 300


def source_of(tx: Tx, asset: Asset) -> Source:
    """Return what a file says today; an empty source where it was not read yet."""
    if asset.kind.timed or asset.kind is AssetKind.CAPTIONS:
        found = tx.transcripts.current(asset.id, words=False)
        if found is None:
            return Source([], revision=asset.revision)
        return Source.of_cues(found.segments, revision=asset.revision, complete=found.complete)
    document = tx.contents.get(asset.id)
    return Source.of_blocks(document.blocks if document else (), revision=asset.revision)


def anchors(tx: Tx, notes: Sequence[Annotation]) -> dict[str, Anchor]:
    """Return where the places of notes are now, by the notes' ids. A file that was taken out is said to be gone."""
    assets = tx.assets.many({note.asset_id for note in notes})
    sources = {asset_id: source_of(tx, asset) for asset_id, asset in assets.items()}
    return {note.id: _anchor(note, sources.get(note.asset_id)) for note in notes}


def _anchor(note: Annotation, source: Source | None) -> Anchor:
    if source is None:
        return Anchor(standing=Standing.GONE, locator=note.locator)
    return source.find(Stored(locator=note.locator, quote=note.quote, revision=note.revision))


def shorten(text: str) -> str:
    """Return the first words of a text, as much as a note quotes by itself."""
    return text if len(text) <= _QUOTED else text[:_QUOTED].rpartition(" ")[0] or text[:_QUOTED]


def title_of(titles: Mapping[str, tuple[str, str, bool]], lesson_id: str) -> str:
    """Return a lesson's title, also of one in the trash."""
    return titles[lesson_id][1] if lesson_id in titles else "A lesson that is not there any more"
