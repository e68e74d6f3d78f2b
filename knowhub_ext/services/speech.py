"""Speech and captions to a stored transcript, segment by segment, resumable at the last one saved."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from knowhub_ext.domain.hotwords import ranked
from knowhub_ext.domain.jobs import Stage, overall
from knowhub_ext.domain.media import Asset, AssetKind
from knowhub_ext.domain.segments import Provenance, Segment, Transcript
from knowhub_ext.errors import KnowHubError
from knowhub_ext.ports import BlobStore, Reader, Recognition, SpeechRequest, Transcriber
from knowhub_ext.services.runs import Run
from knowhub_ext.services.twins import recognised_before
from knowhub_ext.store.database import Store, Tx

#: The engine name of transcripts that were read from caption files.
CAPTIONS = "captions"


class Speech:
    """Recognises a medium, or reads a caption file, into the transcript of `target`."""

    def __init__(
        self, store: Store, blobs: BlobStore, *, captions: Transcriber, transcriber: Transcriber,
        readers: Mapping[str, Reader],
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._captions = captions
        self._transcriber = transcriber
        self._readers = readers

    def read(self, run: Run, asset: Asset, target: Asset) -> bool:
        """Write the transcript of `target` from `asset`; return whether there was any speech or text.

        Raises:
            UnreadableFile, MissingWeights, DamagedWeights: as the transcriber says.
            JobCancelled, Interrupted, LeaseLost: the segments saved so far stay.
        """
        if asset.kind is AssetKind.CAPTIONS:
            return self._read_captions(run, asset, target)
        saved = self._resumable(asset)
        if saved is not None and saved.complete:
            return bool(saved.segments)
        start_ms = saved.segments[-1].end_ms if saved and saved.segments else 0
        recognition = self._recognise(asset, start_ms)
        if saved is not None and not _same(saved.provenance, recognition.provenance):
            saved, start_ms = None, 0  # another model or other hot words: half of each would be neither
            recognition = self._recognise(asset, start_ms)
        recognition = recognised_before(self._store, asset, recognition, start_ms)
        transcript_id = saved.id if saved else self._begin(run, target, recognition)
        self._stream(run, target, transcript_id, recognition, start_ms)
        with self._store.write() as tx:
            run.guard_speech(tx)
            return self._finish(tx, target, transcript_id)

    def _read_captions(self, run: Run, asset: Asset, target: Asset) -> bool:
        """Read a caption file whole before anything is replaced: one without captions changes nothing."""
        recognition = self._recognise(asset, 0)
        segments = list(recognition.segments)
        if not segments:
            return False
        with self._store.write() as tx:
            run.guard(tx)
            target = tx.assets.get(target.id)
            transcript = tx.transcripts.begin(target.id, target.revision, recognition.provenance)
            tx.transcripts.append(transcript.id, segments)
            return self._finish(tx, target, transcript.id)

    def _finish(self, tx: Tx, target: Asset, transcript_id: str) -> bool:
        tx.transcripts.finish(transcript_id)
        tx.event("worker", target.course_id, "transcript.completed", target.id, {"lesson": target.lesson_id})
        found = tx.transcripts.current(target.id, words=False)
        return bool(found and found.segments)

    def _resumable(self, asset: Asset) -> Transcript | None:
        """Return what was recognised of this very revision before."""
        with self._store.read() as tx:
            found = tx.transcripts.current(asset.id, words=False)
        fits = found is not None and found.revision == asset.revision and found.provenance.engine != CAPTIONS
        return found if fits else None

    def _recognise(self, asset: Asset, start_ms: int) -> Recognition:
        engine = self._captions if asset.kind is AssetKind.CAPTIONS else self._transcriber
        words = () if asset.kind is AssetKind.CAPTIONS else self._hot_words(asset)
        request = SpeechRequest(hot_words=words, start_ms=start_ms, name=asset.name)
        return engine.transcribe(self._blobs.path(asset.sha256), request)

    def _begin(self, run: Run, target: Asset, recognition: Recognition) -> str:
        with self._store.write() as tx:
            run.guard_speech(tx)
            transcript = tx.transcripts.begin(target.id, run.job.asset_revision, recognition.provenance)
            tx.event("worker", target.course_id, "transcript.started", target.id, {"lesson": target.lesson_id})
        return transcript.id

    def _stream(self, run: Run, target: Asset, transcript_id: str, recognition: Recognition, start_ms: int) -> None:
        began = time.monotonic()
        for segment in recognition.segments:
            share = segment.end_ms / target.duration_ms if target.duration_ms else 0.0
            done_ms = max(1, segment.end_ms - start_ms)
            left = (time.monotonic() - began) / done_ms * max(0, target.duration_ms - segment.end_ms)
            eta = left if target.duration_ms else None
            self._save(run, target, transcript_id, segment, (share, eta))

    def _save(
        self, run: Run, target: Asset, transcript_id: str, segment: Segment, done: tuple[float, float | None]
    ) -> None:
        """Save one segment, move the job on and tell who watches, all or nothing."""
        share, eta_s = done
        progress = overall(Stage.READ, share)
        with self._store.write() as tx:
            tx.transcripts.append(transcript_id, [segment])
            run.job = tx.jobs.advance(run.job.id, run.job.fence, stage=Stage.READ, progress=progress, eta_s=eta_s)
            tx.event(
                "worker", target.course_id, "segments.added", target.id,
                {"lesson": target.lesson_id, "job": run.job.id, "progress": progress, "eta_s": eta_s},
            )
        run.check(run.job)

    def _hot_words(self, asset: Asset) -> tuple[str, ...]:
        """Return the course's own words first, then what the lesson's notebooks call things."""
        with self._store.read() as tx:
            course = tx.courses.get(asset.course_id)
            notebooks = [a for a in tx.assets.of_lesson(asset.lesson_id) if a.kind is AssetKind.NOTEBOOK]
        mined: list[str] = []
        for notebook in notebooks:
            mined += self._mined(self._blobs.path(notebook.sha256), notebook.name)
        return ranked(course.hot_words, mined)

    def _mined(self, path: Path, name: str) -> tuple[str, ...]:
        try:
            return self._readers[".ipynb"].read(path, name=name).hot_words
        except (KnowHubError, KeyError):
            return ()  # a damaged notebook has its own job to say so; speech goes on without its words


def _same(a: Provenance, b: Provenance) -> bool:
    return (a.engine, a.model, a.hot_words) == (b.engine, b.model, b.hot_words)
