"""The same content with the same parameters is recognised once: another file's finished transcript is taken over."""

from __future__ import annotations

from dataclasses import replace

from knowhub_ext.domain.media import Asset
from knowhub_ext.ports import Recognition
from knowhub_ext.store.database import Store


def recognised_before(store: Store, asset: Asset, recognition: Recognition, start_ms: int) -> Recognition:
    """Return `recognition` with the sentences of a finished one of the same content, where engine, model, options and
    hot words are the same; else `recognition` itself, of which nothing has been recognised yet."""
    with store.read() as tx:
        twin = tx.transcripts.of_content(asset.sha256, recognition.provenance, besides=asset.id)
    if twin is None:
        return recognition
    segments = [replace(segment, id="") for segment in twin.segments if segment.start_ms >= start_ms]
    provenance = replace(recognition.provenance, language=twin.provenance.language)
    return Recognition(provenance=provenance, segments=iter(segments))
