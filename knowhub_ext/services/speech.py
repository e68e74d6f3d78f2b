"""Speech and captions to a stored transcript, segment by segment, resumable at the last one saved.

A first recognition is seen while it grows. One more of a lecture that has a transcript grows as a draft, which takes
its place when it is whole; cues that a person edited stay in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from knowhub_ext.domain import captions
from knowhub_ext.domain.jobs import RECOGNISE
from knowhub_ext.domain.locators import seconds
from knowhub_ext.domain.media import Asset, AssetKind
from knowhub_ext.domain.segments import SAID, Provenance, Segment, monotone
from knowhub_ext.domain.speech import Wish
from knowhub_ext.domain.splicing import Splice, around, splice
from knowhub_ext.errors import DamagedWeights, InvalidSetting, MissingWeights, NothingHeard
from knowhub_ext.ports import BlobStore, Recognition, SpeechRequest, Transcriber
from knowhub_ext.services.metering import Meter
from knowhub_ext.services.resuming import Plan, asks, goes_on, said
from knowhub_ext.services.runs import Run
from knowhub_ext.services.twins import recognised_before
from knowhub_ext.services.vocabulary import Vocabulary
from knowhub_ext.store.database import Store, Tx

#: The engine name of transcripts that were read from caption files.
CAPTIONS = "captions"


class Speech:
    """Recognises a medium, or reads a caption file, into the transcript of `target`."""

    def __init__(
        self, store: Store, blobs: BlobStore, *, captions: Transcriber, transcriber: Transcriber,
        vocabulary: Vocabulary,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._captions = captions
        self._transcriber = transcriber
        self._vocabulary = vocabulary

    def read(self, run: Run, asset: Asset, target: Asset) -> bool:
        """Write the transcript of `target` from `asset`; return whether there was any speech or text.

        Raises:
            UnreadableFile, MissingWeights, DamagedWeights, InvalidSetting: as the transcriber says.
            NothingHeard: another recognition heard nothing where one before had; its transcript stays.
            JobCancelled, Interrupted, LeaseLost: the segments saved so far stay.
        """
        if asset.kind is AssetKind.CAPTIONS:
            return self._read_captions(run, asset, target)
        plan = self._plan(run, asset)
        if plan.saved is not None and plan.saved.complete:
            return bool(plan.saved.segments)
        plan, recognition, meter = self._recognise(run, asset, target, plan)
        if run.job.founding:  # who asks for another recognition wants one
            recognition = recognised_before(self._store, asset, recognition, plan.resume_ms)
        transcript_id = plan.saved.id if plan.saved else self._begin(run, target, recognition.provenance, plan)
        fresh = monotone(_up_to(recognition.segments, plan.cut.end_ms))  # the sound may outlast what its header says
        if run.job.kind != RECOGNISE:  # a draft is put among what is kept when it is whole
            fresh = around(fresh, plan.cut.kept, after_ms=_last_start(plan))
        for segment in fresh:
            self._save(run, transcript_id, segment, meter)
        lasts_ms = meter.reached_ms if plan.cut.end_ms is None else 0
        return self._finish(run, replace(target, duration_ms=max(target.duration_ms, lasts_ms)), transcript_id, plan)

    def _plan(self, run: Run, asset: Asset) -> Plan:
        with self._store.read() as tx:
            course = tx.courses.get(asset.course_id)
            found = tx.transcripts.current(asset.id)
            drafted = tx.transcripts.drafted(run.job.id)
        asked = Wish.from_params(run.job.params)
        settings = asked.over(course.speech)
        wish = replace(asked, model=settings.model, language=settings.language, task=settings.task)
        old = found if found is not None and found.revision == asset.revision else None
        whole = old is None or not old.complete  # a stretch of nothing, or of a half, would pass for all of it
        stretch = (0, None) if whole else (asked.start_ms, asked.end_ms)
        saved = old if old and old.provenance.engine != CAPTIONS else None
        return Plan(
            wish=wish, said=said(wish, course), stretch=stretch, cut=splice(old.segments if old else (), *stretch),
            saved=drafted if run.job.kind == RECOGNISE else saved,
        )

    def _recognise(self, run: Run, asset: Asset, target: Asset, plan: Plan) -> tuple[Plan, Recognition, Meter]:
        """Start recognising: behind what was saved if that can be gone on with, else from the beginning."""
        for way, request in asks(plan, asset, self._vocabulary):
            meter = Meter(self._store, run, target, start_ms=way.resume_ms, end_ms=way.cut.end_ms)
            try:
                made = self._transcriber.transcribe(
                    self._blobs.path(asset.sha256), replace(request, heard=meter.heard)
                )
            except (MissingWeights, DamagedWeights, InvalidSetting):
                if way.saved is None:
                    raise
                continue  # what it began with is not to be had any more
            if goes_on(way, made.provenance):
                break
        return way, made, meter

    def _begin(self, run: Run, target: Asset, provenance: Provenance, plan: Plan) -> str:
        """Start the transcript: a draft beside the present one, or the first."""
        provenance = replace(provenance, options={**provenance.options, SAID: plan.said})
        with self._store.write() as tx:
            self._guard(run, tx)
            if run.job.kind == RECOGNISE:
                old = tx.transcripts.current(target.id, words=False)
                origin = _beside(provenance, old.provenance if old else None, plan.cut)
                return tx.transcripts.draft(target.id, run.job.asset_revision, origin, job_id=run.job.id).id
            transcript = tx.transcripts.begin(target.id, run.job.asset_revision, provenance)
            tx.event("worker", target.course_id, "transcript.started", target.id, {"lesson": target.lesson_id})
        return transcript.id

    def _save(self, run: Run, transcript_id: str, segment: Segment, meter: Meter) -> None:
        """Save one segment, move the job on and tell who watches, all or nothing."""
        with self._store.write() as tx:
            tx.transcripts.append(transcript_id, _copies([segment]))
            meter.move(tx, segment.end_ms, seen=run.job.kind != RECOGNISE)
        run.check(run.job)

    def _finish(self, run: Run, target: Asset, transcript_id: str, plan: Plan) -> bool:
        with self._store.write() as tx:
            self._guard(run, tx)
            if tx.assets.get(target.id).duration_ms < target.duration_ms:
                tx.assets.set_duration(target.id, target.duration_ms)
            if run.job.kind != RECOGNISE or self._adopt(run, tx, transcript_id, plan):
                return self._completed(tx, target, transcript_id)
        raise NothingHeard

    def _adopt(self, run: Run, tx: Tx, transcript_id: str, plan: Plan) -> bool:
        """Put a whole draft in the place of the present transcript, among its cues that stay; those are read now, since
        people may have corrected more while it was recognised. Where no cue would be left but theirs, drop the draft
        and return False."""
        found, draft = tx.transcripts.current(run.job.asset_id), tx.transcripts.drafted(run.job.id, words=True)
        old = found.segments if found and found.revision == run.job.asset_revision else ()
        cut = splice(old, *plan.stretch)
        cues = [*cut.before, *around(draft.segments if draft else (), cut.kept), *cut.behind]
        if not _recognised(cues) and _recognised(old):
            tx.transcripts.drop(transcript_id)
            return False
        tx.transcripts.rewrite(transcript_id, _copies(cues))
        tx.transcripts.adopt(transcript_id)
        return True

    def _completed(self, tx: Tx, target: Asset, transcript_id: str) -> bool:
        tx.transcripts.finish(transcript_id)
        tx.event("worker", target.course_id, "transcript.completed", target.id, {"lesson": target.lesson_id})
        found = tx.transcripts.current(target.id, words=False)
        return bool(found and found.segments)

    def _guard(self, run: Run, tx: Tx) -> None:
        """As `Run.guard_speech`; a wish that was asked for goes over captions, too."""
        if run.job.params.get("over_captions"):
            run.guard(tx)
        else:
            run.guard_speech(tx)

    def _read_captions(self, run: Run, asset: Asset, target: Asset) -> bool:
        """Read a caption file whole before anything is replaced: one without captions changes nothing."""
        recognition = self._captions.transcribe(self._blobs.path(asset.sha256), SpeechRequest(name=asset.name))
        segments = list(recognition.segments)
        if not segments:
            return False
        with self._store.write() as tx:
            run.guard(tx)
            target = tx.assets.get(target.id)
            notes = captions.notes_of(recognition.provenance, segments, target.duration_ms)
            tx.assets.set_notes(asset.id, notes)
            segments = list(monotone(segments, duration_ms=target.duration_ms))
            transcript = tx.transcripts.begin(target.id, target.revision, recognition.provenance)
            tx.transcripts.append(transcript.id, segments)
            return self._completed(tx, target, transcript.id)


def _last_start(plan: Plan) -> int:
    """Return up to which start kept cues are saved already; before every one where nothing is."""
    saved = plan.saved.segments if plan.saved else ()
    return max((segment.start_ms for segment in saved if segment.end_ms > plan.cut.start_ms), default=-1)


def _up_to(segments: Iterable[Segment], end_ms: int | None) -> Iterable[Segment]:
    """Return what starts in the stretch: not every transcriber stops at its end by itself."""
    return segments if end_ms is None else takewhile(lambda segment: segment.start_ms < end_ms, segments)


def _beside(new: Provenance, old: Provenance | None, cut: Splice) -> Provenance:
    """Return the provenance of a transcript of which only a stretch is new: its seconds, and who heard the rest."""
    if old is None or not (cut.before or cut.behind):
        return new
    end = None if cut.end_ms is None else seconds(cut.end_ms)
    stretch = {"stretch": [seconds(cut.start_ms), end], "rest": f"{old.engine} {old.model}"}
    return replace(new, options={**new.options, **stretch})


def _recognised(segments: Iterable[Segment]) -> bool:
    """Say whether any cue was made by an engine."""
    return any(not segment.edited for segment in segments)


def _copies(segments: Sequence[Segment]) -> list[Segment]:
    """Return cues for another transcript: an id belongs to one."""
    return [replace(segment, id="") for segment in segments]
