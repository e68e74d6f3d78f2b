"""The tables, as SQLModel classes; repositories use the `Table` objects named here in capitals."""

from __future__ import annotations

from knowhub_ext.store.columns import Base
from knowhub_ext.store.tables import courses, media, passages, people, uploads, work

__all__ = [
    "ANNOTATION", "ASSET", "ASSET_REVISION", "BLOB", "CELL_LINK", "CONTENT", "COUNTER", "COURSE", "EVENT", "HISTORY",
    "JOB", "LESSON", "MEMBERSHIP", "META", "METADATA", "OPENING", "PASSAGE", "PERSON", "SEGMENT", "SLIDE_LINK", "SPEED",
    "TOMBSTONE", "TRANSCRIPT", "UPLOAD", "VECTOR", "WATCH_EVENT", "WATCH_STATE", "WORKER", "courses", "media",
    "passages", "people", "uploads", "work",
]

METADATA = Base.metadata
_T = METADATA.tables

PERSON, MEMBERSHIP, HISTORY = _T["person"], _T["membership"], _T["history"]
ANNOTATION, WATCH_EVENT, WATCH_STATE = _T["annotation"], _T["watch_event"], _T["watch_state"]
COURSE, LESSON = _T["course"], _T["lesson"]
BLOB, ASSET, ASSET_REVISION, CONTENT, CELL_LINK, SLIDE_LINK = (
    _T["blob"], _T["asset"], _T["asset_revision"], _T["content"], _T["cell_link"], _T["slide_link"],
)
TRANSCRIPT, SEGMENT = _T["transcript"], _T["segment"]
PASSAGE, VECTOR, OPENING, TOMBSTONE = _T["passage"], _T["vector"], _T["opening"], _T["vector_tombstone"]
UPLOAD = _T["upload"]
JOB, SPEED, WORKER = _T["job"], _T["speed"], _T["worker"]
EVENT, COUNTER, META = _T["event"], _T["counter"], _T["meta"]
