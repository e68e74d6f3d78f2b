"""What happens when a caption file turns out unusable: its medium's speech is recognised after all."""

from __future__ import annotations

from knowhub_ext.domain.jobs import Job, Lane
from knowhub_ext.domain.media import AssetKind, AssetStatus
from knowhub_ext.services.placing import queue
from knowhub_ext.services.targets import medium_of
from knowhub_ext.store.database import Tx


def fall_back_to_speech(tx: Tx, job: Job) -> None:
    """Queue the medium whose caption file's job ended without captions; nothing for other jobs, and old versions."""
    captions = tx.assets.get(job.asset_id)
    if captions.kind is not AssetKind.CAPTIONS or captions.revision != job.asset_revision:
        return
    medium = medium_of(captions, tx.assets.of_lesson(captions.lesson_id))
    if medium.id != captions.id and medium.status is not AssetStatus.FAILED:
        if tx.transcripts.current(medium.id, words=False) is None:  # what was recognised before still stands
            queue(tx, medium)
            tx.jobs.move(medium.id, Lane.SPEECH)
            tx.assets.set_status(medium.id, AssetStatus.QUEUED)
