"""Lessons: everything a page needs to show one, its transcript, its documents, its sentence-to-cell links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from knowhub_ext.domain.captions import FORMATS
from knowhub_ext.domain.courses import Lesson
from knowhub_ext.domain.documents import CellLink, Document
from knowhub_ext.domain.locators import seconds
from knowhub_ext.domain.media import Asset, AssetKind
from knowhub_ext.domain.people import Action, Actor, may
from knowhub_ext.domain.segments import Segment, Transcript
from knowhub_ext.errors import NotFound
from knowhub_ext.services.access import require
from knowhub_ext.services.courses import primary_of
from knowhub_ext.services.jobs import job_json
from knowhub_ext.store.database import Store, Tx

#: Maps an absolute path of this machine to a contents path below the Jupyter server's root, or None.
ContentsPath = Callable[[Path], str | None]
#: Loads a transcript's cues, once; what needs none of them does not ask.
Cues = Callable[[], Sequence[Segment]]


class Lessons:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, actor: Actor, ref: str) -> Lesson:
        """Return a lesson by id or `course-slug/lesson-slug`.

        Raises:
            NotFound: there is none that the actor may see.
        """
        with self._store.read() as tx:
            lesson = tx.lessons.find(ref)
        require(actor, Action.READ, lesson.course_id)
        return lesson

    def asset(self, actor: Actor, asset_id: str) -> Asset:
        """Return an asset.

        Raises:
            NotFound: there is none that the actor may see.
        """
        with self._store.read() as tx:
            asset = tx.assets.get(asset_id)
        require(actor, Action.READ, asset.course_id)
        return asset

    def asset_detail(self, actor: Actor, asset_id: str, contents_path: ContentsPath) -> dict[str, Any]:
        """Return an asset as the actor may know it (schema `Asset`).

        Raises:
            NotFound: there is none that the actor may see.
        """
        return asset_json(actor, self.asset(actor, asset_id), contents_path)

    def detail(self, actor: Actor, ref: str, contents_path: ContentsPath) -> dict[str, Any]:
        """Return all that a lesson's page shows (schema `LessonDetail`); to a visitor no job and no path."""
        lesson = self.find(actor, ref)
        with self._store.read() as tx:
            course = tx.courses.get(lesson.course_id)
            assets = tx.assets.of_lesson(lesson.id)
            primary = primary_of(assets)
            cues = _cues(tx, primary)
            backstage = may(actor, Action.BACKSTAGE, course_id=course.id)
            return {
                "lesson": lesson.id, "slug": lesson.slug, "title": lesson.title, "position": lesson.position,
                "course": {"course": course.slug, "id": course.id, "title": course.title},
                "assets": [asset_json(actor, asset, contents_path) for asset in assets],
                "primary": primary.id if primary else None,
                "transcript": _transcript_summary(tx, primary),
                "questions": list(lesson.questions)[:3] or _questions(cues()),
                "slides": _slides(tx, primary),
                "links": _links(tx, lesson, assets, cues, contents_path if backstage else _nowhere),
                "job": _open_job(tx, assets) if backstage else None,
            }

    def transcript(
        self, actor: Actor, ref: str, *, asset_id: str | None = None, words: bool = False
    ) -> tuple[Lesson, Asset, Transcript]:
        """Return the transcript of the lesson's primary medium, or of another of its assets.

        Raises:
            NotFound: no such lesson or asset, or nothing was transcribed yet.
        """
        lesson = self.find(actor, ref)
        with self._store.read() as tx:
            assets = tx.assets.of_lesson(lesson.id)
            wanted = [a for a in assets if a.id == asset_id] if asset_id else _with_transcript_first(assets)
            if not wanted:
                raise NotFound("This lesson has nothing to transcribe.", cure="Add a video to it.")
            transcript = tx.transcripts.current(wanted[0].id, words=words)
        if transcript is None:
            raise NotFound("This lesson has no transcript yet.", cure="See how far it is with `knowhub jobs`.")
        return lesson, wanted[0], transcript

    @staticmethod
    def written(transcript: Transcript, form: str) -> tuple[str, str]:
        """Return a transcript as a file of one of `FORMATS`: its media type, and its text."""
        kind, write = FORMATS[form]
        return kind, write(transcript.segments)

    def content(self, actor: Actor, asset_id: str) -> tuple[Asset, Document]:
        """Return the canonical text of a document or notebook in blocks.

        Raises:
            NotFound: no such asset, or it has no text.
        """
        asset = self.asset(actor, asset_id)
        with self._store.read() as tx:
            document = tx.contents.get(asset.id)
        if document is None:
            raise NotFound("This file has no text to show.", cure="Wait until it has been processed.")
        return asset, document


def asset_json(actor: Actor, asset: Asset, contents_path: ContentsPath) -> dict[str, Any]:
    """Return the asset's JSON form (schema `Asset`). A visitor learns its name, not in which folders it lies."""
    if not may(actor, Action.BACKSTAGE, course_id=asset.course_id):
        return asset.to_json() | {"key": asset.name, "path": asset.name, "contents_path": None}
    return asset.to_json() | {"contents_path": contents_path(Path(asset.source)) if asset.source else None}


def _nowhere(path: Path) -> None:
    """Return no contents path: for those who may not know where files lie."""


def _with_transcript_first(assets: Sequence[Asset]) -> list[Asset]:
    timed = [a for a in assets if a.kind.timed or a.kind is AssetKind.CAPTIONS]
    return sorted(timed, key=lambda a: (not a.primary, not a.kind.timed))


def _cues(tx: Tx, primary: Asset | None) -> Cues:
    @cache
    def load() -> Sequence[Segment]:
        transcript = tx.transcripts.current(primary.id, words=False) if primary else None
        return transcript.segments if transcript else ()

    return load


def _transcript_summary(tx: Tx, primary: Asset | None) -> dict[str, Any] | None:
    found = tx.transcripts.summary(primary.id) if primary else None
    if found is None:
        return None
    transcript, count = found
    return {
        "complete": transcript.complete, "segments": count,
        "engine": transcript.provenance.engine, "language": transcript.provenance.language,
    }


def _slides(tx: Tx, primary: Asset | None) -> list[dict[str, Any]]:
    return [span.to_json() for span in tx.slides.of_media(primary.id)] if primary else []


def _questions(segments: Sequence[Segment]) -> list[str]:
    """Offer what the lecture itself asks, where its author wrote no questions down."""
    asked = [s.text.strip() for s in segments if s.text.strip().endswith("?")]
    return [text for text in asked if 20 <= len(text) <= 120][:3]


def _links(
    tx: Tx, lesson: Lesson, assets: Sequence[Asset], cues: Cues, contents_path: ContentsPath
) -> list[dict[str, Any]]:
    media = {a.name for a in assets if a.kind.timed}
    by_id = {a.id: a for a in assets}
    rows = []
    for asset_id, link in tx.links.of_lesson(lesson.id):
        if PurePath(link.media).name not in media or asset_id not in by_id:
            continue
        source = by_id[asset_id].source
        segment = anchor(link, cues())
        rows.append({
            "asset": asset_id, "cell": link.cell, "start": seconds(link.start_ms), "end": seconds(link.end_ms),
            "quote": link.quote, "segment": segment.id if segment else None,
            "contents_path": contents_path(Path(source)) if source else None,
        })
    return rows


def anchor(link: CellLink, segments: Sequence[Segment]) -> Segment | None:
    """Return the cue a link belongs to: the one that shares most time with it, or None where none does (stale)."""

    def shared(segment: Segment) -> int:
        return min(segment.end_ms, link.end_ms) - max(segment.start_ms, link.start_ms)

    best = max(segments, key=shared, default=None)
    return best if best is not None and shared(best) > 0 else None


def _open_job(tx: Tx, assets: Sequence[Asset]) -> dict[str, Any] | None:
    jobs = [(job, asset) for asset in assets for job in tx.jobs.of_asset(asset.id)[:1] if not job.over]
    jobs.sort(key=lambda pair: not pair[1].primary)
    return job_json(tx, jobs[0][0]) if jobs else None
