"""An asset's passages, made from what was read of it: a transcript, or a document. Writes nothing."""

from __future__ import annotations

from knowhub_ext.domain.passages import Passage, of_blocks, of_segments
from knowhub_ext.store.database import Tx


def passages_of(tx: Tx, target_id: str, document_id: str) -> list[Passage] | None:
    """Return the passages of an asset's transcript, else of a document; None where neither was read.

    Args:
        tx: where they are read.
        target_id: whose transcript it is.
        document_id: whose document it is, the same asset but for captions of a medium.
    """
    transcript = tx.transcripts.current(target_id, words=False)
    if transcript is not None:
        return of_segments(transcript.segments)
    document = tx.contents.get(document_id)
    return None if document is None else of_blocks(document.blocks)
