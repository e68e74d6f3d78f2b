"""Bytes that an hour of lecture takes in the data folder: its words and passages, its vectors, its index.

The sample's recognised words, said again and again until the hour is full, go through the whole pipeline; only the
recognition itself is left out.
"""

from __future__ import annotations

import json
import threading
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from knowhub_ext.backends import audio, registry
from knowhub_ext.backends.probing import probe
from knowhub_ext.domain.segments import Segment, Transcript
from knowhub_ext.hub import Hub
from knowhub_ext.hub.parts import terms_of
from knowhub_ext.ports import Recognition, SpeechRequest
from knowhub_ext.services.embedding import Embedders
from knowhub_ext.services.pipeline import Pipeline, Tools
from knowhub_ext.services.working import Working
from knowhub_ext.testing.hubs import plain_hub
from tests.bench.figures import Figure, Peer, Section
from tests.bench.lectures import Lecture, put_in, speech_of, transcript_of
from tests.bench.measuring import MB, Spent, spent

_HOUR_MS = 3_600_000
_VECTORS = text("SELECT coalesce(sum(length(data)), 0) FROM vector")
_PASSAGES = text("SELECT count(*) FROM passage")


class Replay:
    """A transcriber that says a transcript again and again until an hour is full."""

    def __init__(self, said: Transcript, lasts_ms: int) -> None:
        self._said, self._lasts_ms = said, lasts_ms

    def transcribe(self, path: Path, request: SpeechRequest) -> Recognition:
        return Recognition(provenance=self._said.provenance, segments=self.hour())

    def hour(self) -> Iterator[Segment]:
        """Yield the segments of an hour with their words."""
        for late in range(0, _HOUR_MS, self._lasts_ms):
            for segment in self._said.segments:
                if segment.end_ms + late <= _HOUR_MS:
                    yield _later(segment, late)


def sections(lecture: Lecture, recognised: Path, data: Path) -> list[Section]:
    """Return what an hour takes in `data`, an empty folder; `recognised` is one that holds the lecture's transcript."""
    replay = Replay(transcript_of(recognised, lecture), round(lecture.seconds * 1000))
    with plain_hub(data, embedder="auto") as hub:
        put_in(hub, Lecture(path=_quiet_hour(data)))
        embedder = hub.chosen.embedder
    before = _database(data)
    with plain_hub(data, embedder="auto") as hub:
        took, _ = spent(lambda: _work(hub, replay))
        with hub.store.read() as tx:
            vectors, passages = tx.session.scalar(_VECTORS), tx.session.scalar(_PASSAGES)
    after = _database(data)
    with plain_hub(data, embedder="auto", index="auto", door="server") as hub:
        hub.searching.refresh()
    sizes = {"words": after - before - vectors, "vectors": vectors, "index": _tree(data / "index")}
    media = lecture.path.stat().st_size / lecture.seconds * 3_600
    about = (
        f"the transcript of {lecture.path.name} repeated to an hour, {passages:,} passages, vectors by "
        f"{embedder.name}, index by Chroma; the peer is the same transcript as JSON with word times"
    )
    return [Section(title="Bytes of a lecture-hour", about=about, figures=_figures(sizes, media, took, _peer(replay)))]


def _figures(sizes: dict[str, int], media: float, took: Spent, peer: Peer) -> list[Figure]:
    return [
        Figure(
            what="stored for a lecture-hour, without its media", value=sum(sizes.values()) / MB, unit="MB", peer=peer,
            headline=True,
        ),
        Figure(what="of it words, segments, passages, word index", value=sizes["words"] / MB, unit="MB", peer=peer),
        Figure(what="of it vectors in SQL", value=sizes["vectors"] / MB, unit="MB"),
        Figure(what="of it the vector index (can be made again)", value=sizes["index"] / MB, unit="MB"),
        Figure(
            what="media of a lecture-hour", value=media / MB, unit="MB", headline=True,
            note="kept as it came, at the sample's rate",
        ),
        Figure(what="processor time of all but recognition", value=took.cpu, unit="s"),
    ]


def _work(hub: Hub, replay: Replay) -> None:
    """Take the only job through all stages."""
    blobs: Any = registry.create("blob_stores", "files", root=hub.folder.blobs)
    tools = Tools(blobs=blobs, probe=probe, readers={}, embedders=Embedders(hub.chosen.embedder))
    working = Working(hub.store, Pipeline(hub.store, tools, speech_of(hub, replay)), terms_of(hub.settings))
    if not working.run_one(threading.Event()):
        raise RuntimeError("there was no job")


def _later(segment: Segment, late: int) -> Segment:
    words = tuple(replace(w, start_ms=w.start_ms + late, end_ms=w.end_ms + late) for w in segment.words)
    return replace(segment, id="", start_ms=segment.start_ms + late, end_ms=segment.end_ms + late, words=words)


def _quiet_hour(data: Path) -> Path:
    """Write an hour of silence outside the data folder: the medium that the words are said to be from."""
    path = data.with_name("quiet.wav")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(audio.RATE // 2)
        out.writeframes(b"\x80" * (_HOUR_MS // 1000 * audio.RATE // 2))
    return path


def _peer(replay: Replay) -> Peer:
    rows = [segment.to_json(words=True) for segment in replay.hour()]
    return Peer(name="transcript as JSON", value=len(json.dumps(rows).encode()) / MB)


def _database(data: Path) -> int:
    return sum(path.stat().st_size for path in data.glob("knowhub.sqlite3*"))


def _tree(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
