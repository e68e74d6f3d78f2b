"""Transcripts and their cues. An asset has many over time; the newest counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, delete, func, select, update

from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.segments import Provenance, Segment, Transcript
from knowhub_ext.store.packing import pack_words, unpack_words
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, SEGMENT, TRANSCRIPT

_CUE = [SEGMENT.c[name] for name in ("id", "start_ms", "end_ms", "text", "speaker", "edited")]


class Transcripts:
    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, asset_id: str, revision: int, provenance: Provenance) -> Transcript:
        """Start a new, empty, incomplete transcript, which from now on is the asset's current one."""
        now = self._session.now
        newest = update(TRANSCRIPT).where(TRANSCRIPT.c.asset_id == asset_id, TRANSCRIPT.c.superseded_at.is_(None))
        self._session.run(newest.values(superseded_at=now))
        return self._add(asset_id, revision, provenance)

    def draft(self, asset_id: str, revision: int, provenance: Provenance, *, job_id: str) -> Transcript:
        """Start a new transcript that no reader sees before `adopt`, instead of any other draft of that asset."""
        mine = (TRANSCRIPT.c.asset_id == asset_id) & TRANSCRIPT.c.draft_of.is_not(None)
        self._session.run(delete(TRANSCRIPT).where(mine))
        return self._add(asset_id, revision, provenance, superseded_at=self._session.now, draft_of=job_id)

    def drafted(self, job_id: str, *, words: bool = False) -> Transcript | None:
        """Return the draft that a job writes, with its cues; `words=False` leaves the words out."""
        row = self._session.row(select(TRANSCRIPT).where(TRANSCRIPT.c.draft_of == job_id))
        return None if row is None else self._with_cues(row, words=words)

    def rewrite(self, transcript_id: str, segments: Sequence[Segment]) -> None:
        """Give a draft these cues in place of those it has."""
        self._session.run(delete(SEGMENT).where(SEGMENT.c.transcript_id == transcript_id))
        self.append(transcript_id, segments)

    def drop(self, transcript_id: str) -> None:
        """Delete a draft."""
        mine = (TRANSCRIPT.c.id == transcript_id) & TRANSCRIPT.c.draft_of.is_not(None)
        self._session.run(delete(TRANSCRIPT).where(mine))

    def adopt(self, transcript_id: str) -> None:
        """Make a draft, now complete, its asset's current transcript; the one before stays as superseded."""
        now = self._session.now
        asset = select(TRANSCRIPT.c.asset_id).where(TRANSCRIPT.c.id == transcript_id).scalar_subquery()
        newest = (TRANSCRIPT.c.asset_id == asset) & TRANSCRIPT.c.superseded_at.is_(None)
        self._session.run(update(TRANSCRIPT).where(newest).values(superseded_at=now))
        self._session.run(
            update(TRANSCRIPT).where(TRANSCRIPT.c.id == transcript_id)
            .values(superseded_at=None, draft_of=None, complete=True, updated_at=now)
        )

    def _add(self, asset_id: str, revision: int, provenance: Provenance, **more: Any) -> Transcript:
        now, transcript_id = self._session.now, new_id()
        self._session.add(TRANSCRIPT, {
            "id": transcript_id, "asset_id": asset_id, "revision": revision, "engine": provenance.engine,
            "model": provenance.model, "language": provenance.language, "options": dict(provenance.options),
            "hot_words": list(provenance.hot_words), "complete": False, "created_at": now, "updated_at": now, **more,
        })
        return Transcript(
            id=transcript_id, asset_id=asset_id, revision=revision, provenance=provenance, complete=False
        )

    def current(self, asset_id: str, *, words: bool = True) -> Transcript | None:
        """Return an asset's newest transcript with its cues in order; `words=False` leaves the words out."""
        row = self._newest(asset_id)
        return None if row is None else self._with_cues(row, words=words)

    def _with_cues(self, row: RowMapping, *, words: bool) -> Transcript:
        columns = [*_CUE, SEGMENT.c.words] if words else _CUE
        rows = self._session.rows(
            select(*columns).where(SEGMENT.c.transcript_id == row["id"], SEGMENT.c.redirect.is_(None))
            .order_by(SEGMENT.c.ordinal)
        )
        return replace(_transcript(row), segments=[_segment(cue, words) for cue in rows])

    def of_content(self, sha256: str, provenance: Provenance, *, besides: str) -> Transcript | None:
        """Return a complete transcript, with words, of another live asset that has this very content, made by the same
        engine and model with the same options and hot words, and corrected by nobody; None where there is none."""
        newest = TRANSCRIPT.c.superseded_at.is_(None) & (TRANSCRIPT.c.revision == ASSET.c.revision)
        rows = self._session.rows(
            select(TRANSCRIPT).join(ASSET, ASSET.c.id == TRANSCRIPT.c.asset_id).where(
                newest, TRANSCRIPT.c.complete, ASSET.c.sha256 == sha256, ASSET.c.deleted_at.is_(None),
                ASSET.c.id != besides, TRANSCRIPT.c.engine == provenance.engine,
                TRANSCRIPT.c.model == provenance.model,
            ).order_by(TRANSCRIPT.c.created_at)
        )
        for row in rows:
            made = _transcript(row).provenance
            if (made.hot_words, made.engine_options) == (provenance.hot_words, provenance.engine_options):
                found = self._with_cues(row, words=True)
                if not any(segment.edited for segment in found.segments):
                    return found
        return None

    def append(self, transcript_id: str, segments: Sequence[Segment]) -> list[Segment]:
        """Add cues behind those a transcript has; return them with their ids."""
        last = self._session.scalar(
            select(func.max(SEGMENT.c.ordinal)).where(SEGMENT.c.transcript_id == transcript_id)
        )
        stored = [replace(segment, id=segment.id or new_id()) for segment in segments]
        self._session.add(SEGMENT, [
            {"id": s.id, "transcript_id": transcript_id, "ordinal": number, "start_ms": s.start_ms,
             "end_ms": s.end_ms, "text": s.text, "speaker": s.speaker, "words": pack_words(s.words),
             "edited": s.edited}
            for number, s in enumerate(stored, 0 if last is None else last + 1)
        ])
        return stored

    def finish(self, transcript_id: str) -> None:
        """Say that a transcript is complete."""
        self._session.run(
            update(TRANSCRIPT).where(TRANSCRIPT.c.id == transcript_id)
            .values(complete=True, updated_at=self._session.now)
        )

    def changed_at(self, asset_ids: Collection[str]) -> dict[str, int]:
        """Return when the newest transcripts last changed (UTC milliseconds), by asset; without those that have none.
        """
        rows = self._session.rows(
            select(TRANSCRIPT.c.asset_id, TRANSCRIPT.c.updated_at)
            .where(TRANSCRIPT.c.asset_id.in_(list(asset_ids)), TRANSCRIPT.c.superseded_at.is_(None))
        )
        return {row["asset_id"]: row["updated_at"] for row in rows}

    def summary(self, asset_id: str) -> tuple[Transcript, int] | None:
        """Return an asset's newest transcript without its cues, and how many it has."""
        row = self._newest(asset_id)
        if row is None:
            return None
        count = self._session.scalar(
            select(func.count()).select_from(SEGMENT)
            .where(SEGMENT.c.transcript_id == row["id"], SEGMENT.c.redirect.is_(None))
        )
        return _transcript(row), int(count)

    def _newest(self, asset_id: str) -> RowMapping | None:
        return self._session.row(
            select(TRANSCRIPT).where(TRANSCRIPT.c.asset_id == asset_id, TRANSCRIPT.c.superseded_at.is_(None))
        )


def _transcript(row: RowMapping) -> Transcript:
    provenance = Provenance(
        engine=row["engine"], model=row["model"], language=row["language"], options=row["options"],
        hot_words=tuple(row["hot_words"]),
    )
    return Transcript(
        id=row["id"], asset_id=row["asset_id"], revision=row["revision"], provenance=provenance,
        complete=row["complete"],
    )


def _segment(row: RowMapping, words: bool) -> Segment:
    return Segment(
        id=row["id"], start_ms=row["start_ms"], end_ms=row["end_ms"], text=row["text"], speaker=row["speaker"],
        words=unpack_words(row["words"]) if words else (), edited=row["edited"],
    )
