"""A course filled with passages and vectors straight through the store, without files or jobs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from knowhub_ext.domain.courses import Lesson
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus, Blob
from knowhub_ext.domain.passages import Passage
from knowhub_ext.hub import Hub
from knowhub_ext.ports import Vector
from knowhub_ext.store.database import Tx


class Filling:
    """A course that grows by a lesson a lecture. `ids` of all passages in order; `lessons`: the place of the first
    passage of each, by id."""

    def __init__(self, hub: Hub, slug: str, model: str) -> None:
        self._hub, self._model = hub, model
        self._course = hub.courses.create(hub.people.local(), slug).id
        self.ids: list[str] = []
        self.lessons: dict[str, int] = {}

    def add(self, passages: Sequence[Passage], vectors: Sequence[Vector]) -> None:
        """Add a lecture: its passages and their vectors."""
        with self._hub.store.write() as tx:
            asset = _asset(tx, self._course, len(self.lessons))
            stored = tx.passages.replace(asset.id, passages)
            tx.vectors.put(self._model, [(p.id, row) for p, row in zip(stored, vectors, strict=True)])
            tx.embeddings.begin(self._course, self._model)
        self.lessons[asset.lesson_id] = len(self.ids)
        self.ids += [p.id for p in stored]


def fill(hub: Hub, lectures: Sequence[Sequence[Passage]], vectors: Sequence[Sequence[Vector]], model: str) -> None:
    """Make the course `shelf`: one lesson a lecture, with its passages and their vectors of that model."""
    filling = Filling(hub, "shelf", model)
    for passages, rows in zip(lectures, vectors, strict=True):
        filling.add(passages, rows)


def _asset(tx: Tx, course_id: str, position: int) -> Asset:
    name = f"lecture-{position + 1}"
    lesson = Lesson(id=new_id(), course_id=course_id, slug=name, title=name, position=position)
    tx.lessons.add(lesson)
    blob = Blob(sha256=hashlib.sha256(name.encode()).hexdigest(), size=1)
    tx.blobs.put(blob)
    asset = Asset(
        id=new_id(), lesson_id=lesson.id, course_id=course_id, key=f"{name}.mp4", kind=AssetKind.VIDEO,
        sha256=blob.sha256, size=blob.size, path=name, primary=True, status=AssetStatus.READY,
    )
    tx.assets.add(asset)
    return asset
