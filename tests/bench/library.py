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


def fill(hub: Hub, lectures: Sequence[Sequence[Passage]], vectors: Sequence[Sequence[Vector]], model: str) -> None:
    """Make the course `shelf`: one lesson a lecture, with its passages and their vectors of that model."""
    course = hub.courses.create(hub.people.local(), "shelf")
    for position, (passages, rows) in enumerate(zip(lectures, vectors, strict=True)):
        with hub.store.write() as tx:
            asset = _asset(tx, course.id, position)
            stored = tx.passages.replace(asset.id, passages)
            tx.vectors.put(model, [(p.id, row) for p, row in zip(stored, rows, strict=True)])


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
