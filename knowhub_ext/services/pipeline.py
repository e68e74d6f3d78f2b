"""The stages of a job: probe → read → passages → vectors. Each writes its result before the state moves.

Every result is written in a transaction that first asks whether the lease still holds (`tx.jobs.guard`), so a worker
that was frozen and overtaken leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from knowhub_ext.domain.jobs import EMBED, Stage, overall
from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus, kind_of
from knowhub_ext.errors import UnsupportedFile, UserError
from knowhub_ext.ports import BlobStore, MediaProbe, Reader
from knowhub_ext.services.cutting import passages_of
from knowhub_ext.services.embedding import Embedders
from knowhub_ext.services.runs import Run
from knowhub_ext.services.slides import align
from knowhub_ext.services.speech import Speech
from knowhub_ext.services.targets import captions_of, medium_of
from knowhub_ext.services.vectorising import Vectorising
from knowhub_ext.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Tools:
    """The backends a pipeline works with."""

    blobs: BlobStore
    probe: MediaProbe
    readers: Mapping[str, Reader]  #: by suffix
    embedders: Embedders


class Pipeline:
    def __init__(self, store: Store, tools: Tools, speech: Speech) -> None:
        self._store = store
        self._tools = tools
        self._speech = speech
        self._vectorising = Vectorising(store, tools.embedders)

    def run(self, run: Run) -> AssetStatus | None:
        """Take the job through the stages it has not finished.

        Returns:
            What the asset has become: `READY`, or `EMPTY` where there is no speech or text in it. None where a job
            leaves that as it is: it makes vectors anew.

        Raises:
            UserError: the file cannot be processed; trying again would end the same.
            JobCancelled, Interrupted, LeaseLost, Superseded: left at a segment or batch; what was saved stays.
        """
        if run.job.kind == EMBED:
            self._vectorising.again(run)
            return None
        with self._store.write() as tx:
            asset = run.guard(tx)
            if run.job.founding:
                tx.assets.set_status(asset.id, AssetStatus.PROCESSING)
            data = {"state": "running", "lesson": asset.lesson_id}
            tx.event("worker", asset.course_id, "job.changed", run.job.id, data)
        stages = list(Stage)
        for stage in stages[stages.index(run.job.stage) :]:
            self._enter(run, stage)
            if stage is Stage.PROBE:
                asset = self._probe(run, asset)
            elif stage is Stage.READ:
                if not self._read(run, asset) and asset.kind is AssetKind.CAPTIONS:
                    return AssetStatus.EMPTY  # a caption file without captions replaces no transcript
            elif stage is Stage.PASSAGES:
                self._passages(run, asset)
                align(self._store, run, asset)
            else:
                self._vectors(run, asset)
        return AssetStatus.READY if self._has_text(asset) else AssetStatus.EMPTY

    def _has_text(self, asset: Asset) -> bool:
        """Say whether anything of the asset can be searched, or will be: captions speak for their medium."""
        with self._store.read() as tx:
            siblings = tx.assets.of_lesson(asset.lesson_id)
            if asset.kind.timed and captions_of(asset, siblings) is not None:
                return True
            return bool(tx.passages.of_asset(_target(asset, siblings).id))

    def _enter(self, run: Run, stage: Stage, *, share: float = 0.0, eta_s: float | None = None) -> None:
        with self._store.write() as tx:
            job = tx.jobs.advance(run.job.id, run.job.fence, stage=stage, progress=overall(stage, share), eta_s=eta_s)
        run.job = job
        run.check(job)

    def _probe(self, run: Run, asset: Asset) -> Asset:
        if not asset.kind.timed:
            return asset
        info = self._tools.probe(self._tools.blobs.path(asset.sha256), name=asset.name)
        with self._store.write() as tx:
            run.guard(tx)
            tx.assets.set_duration(asset.id, info.duration_ms)
        return replace(asset, duration_ms=info.duration_ms)

    def _read(self, run: Run, asset: Asset) -> bool:
        if asset.kind in (AssetKind.DOCUMENT, AssetKind.NOTEBOOK):
            return self._read_document(run, asset)
        with self._store.read() as tx:
            siblings = tx.assets.of_lesson(asset.lesson_id)
        if run.job.founding and asset.kind.timed and captions_of(asset, siblings) is not None:
            return True  # its caption file's job writes the transcript
        target = _target(asset, siblings)
        if asset.kind is AssetKind.CAPTIONS and target.kind.timed and not target.duration_ms:
            with suppress(UserError):  # captions come first; a medium that cannot be opened has a job to say so
                target = self._probe(run, target)
        return self._speech.read(run, asset, target)

    def _read_document(self, run: Run, asset: Asset) -> bool:
        document = self._reader(asset).read(self._tools.blobs.path(asset.sha256), name=asset.name)
        with self._store.write() as tx:
            run.guard(tx)
            tx.contents.put(asset.id, asset.revision, document)
            tx.links.replace(asset.id, document.links)
            tx.assets.set_notes(asset.id, document.notes)
        return bool(document.text.strip())

    def _reader(self, asset: Asset) -> Reader:
        suffix = "." + asset.name.rsplit(".", 1)[-1].lower()
        if suffix not in self._tools.readers or kind_of(asset.name) is None:
            raise UnsupportedFile(f"No reader is installed for {suffix} files.")
        return self._tools.readers[suffix]

    def _passages(self, run: Run, asset: Asset) -> None:
        with self._store.write() as tx:
            run.guard(tx)
            siblings = tx.assets.of_lesson(asset.lesson_id)
            if run.job.founding and asset.kind.timed and captions_of(asset, siblings) is not None:
                return
            target = _target(asset, siblings)
            tx.passages.replace(target.id, passages_of(tx, target.id, asset.id) or [])
            tx.event("worker", asset.course_id, "passages.replaced", target.id, {"lesson": asset.lesson_id})

    def _vectors(self, run: Run, asset: Asset) -> None:
        with self._store.read() as tx:
            target = _target(asset, tx.assets.of_lesson(asset.lesson_id))

        def tell(share: float, left_s: float) -> None:
            self._enter(run, Stage.VECTORS, share=share, eta_s=left_s)

        self._vectorising.fill(run, asset, target.id, tell)


def _target(asset: Asset, siblings: Sequence[Asset]) -> Asset:
    """Return the asset whose transcript and passages this one makes."""
    return medium_of(asset, siblings) if asset.kind is AssetKind.CAPTIONS else asset
