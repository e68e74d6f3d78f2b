"""What happens when a caption file turns out unusable: its medium's speech is recognised after all."""

from __future__ import annotations

from knowhub_ext.domain.jobs import Job, Lane
from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus
from knowhub_ext.services.placing import queue
from knowhub_ext.services.targets import medium_of
from knowhub_ext.store.database import Tx


def fall_back_to_speech(tx: Tx, job: Job) -> None:
    """Queue the medium whose caption file's job ended without captions; nothing for other jobs, and old versions."""
    captions = tx.assets.many([job.asset_id]).get(job.asset_id)  # None: removed, and its medium was seen to then
    if captions is not None and captions.revision == job.asset_revision:
        hear_instead_of(tx, captions)


def hear_instead_of(tx: Tx, captions: Asset) -> bool:
    """Queue the medium of a caption file that gives no transcript, where it has none; say whether that was done."""
    if captions.kind is not AssetKind.CAPTIONS:
        return False
    medium = medium_of(captions, tx.assets.of_lesson(captions.lesson_id))
    heard = tx.transcripts.current(medium.id, words=False) is not None  # what was recognised before still stands
    if medium.id == captions.id or medium.status is AssetStatus.FAILED or heard:
        return False
    queue(tx, medium)
    tx.jobs.move(medium.id, Lane.SPEECH)
    tx.assets.set_status(medium.id, AssetStatus.QUEUED)
    return True
