"""Where the places of notes and of kept citations are now: each is looked up in what its file says today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knowhub_ext.domain.anchoring import Anchor, Source, Standing, Stored
from knowhub_ext.domain.annotations import Annotation
from knowhub_ext.domain.history import Entry
from knowhub_ext.domain.locators import from_json
from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus
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


def cited(tx: Tx, entries: Sequence[Entry]) -> dict[str, dict[int, Anchor]]:
    """Return where the citations of kept answers are now, by entry and by number.

    Only what was read anew since a question was asked is read here: a page of a history cites many a lecture.
    """
    places = Places(tx, frozenset().union(*(entry.cited for entry in entries)))
    return {
        entry.id: {row["n"]: places.find(row, entry.asked_ms) for row in entry.answer.get("citations", ())}
        for entry in entries
    }


class Places:
    """Where what was cited of these files is now; each file is read once at most."""

    def __init__(self, tx: Tx, asset_ids: frozenset[str]) -> None:
        self._tx = tx
        self._assets = tx.assets.many(asset_ids)
        self._replaced = tx.assets.replaced_at(asset_ids)
        self._read_at = tx.contents.read_at(asset_ids) | tx.transcripts.changed_at(asset_ids)
        self._sources: dict[str, Source] = {}

    def find(self, citation: Mapping[str, Any], asked_ms: int) -> Anchor:
        """Return where a citation's quote is, of an answer that was given at that instant."""
        locator, asset = from_json(citation["locator"]), self._assets.get(citation["asset"])
        if asset is None:
            return Anchor(standing=Standing.GONE, locator=locator)
        revision = self._revision(asset, asked_ms)
        if revision == asset.revision and self._read_at.get(asset.id, 0) <= asked_ms:
            return Anchor(standing=Standing.FOUND, locator=locator)
        if revision != asset.revision and asset.status in (AssetStatus.QUEUED, AssetStatus.PROCESSING):
            return Anchor(standing=Standing.STALE, locator=locator)  # nobody knows yet what the new file says
        if asset.id not in self._sources:
            self._sources[asset.id] = source_of(self._tx, asset)
        return self._sources[asset.id].find(
            Stored(locator=locator, quote=citation["quote"], revision=revision, exact=True)
        )

    def _revision(self, asset: Asset, asked_ms: int) -> int:
        """Return which revision an asset had at an instant."""
        earlier = self._replaced.get(asset.id, [])
        return next((number for number, until in earlier if until > asked_ms), asset.revision)


def shorten(text: str) -> str:
    """Return the first words of a text, as much as a note quotes by itself."""
    return text if len(text) <= _QUOTED else text[:_QUOTED].rpartition(" ")[0] or text[:_QUOTED]


def title_of(titles: Mapping[str, tuple[str, str, bool]], lesson_id: str) -> str:
    """Return a lesson's title, also of one in the trash."""
    return titles[lesson_id][1] if lesson_id in titles else "A lesson that is not there any more"
