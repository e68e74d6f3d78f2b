"""A whole plain hub for tests: SQLite, hashed vectors, exact search, captions as transcripts, quotes as answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from knowhub_ext.config import load
from knowhub_ext.hub import Hub, build

#: Settings under which nothing needs a model, a network or another process.
PLAIN: dict[str, Any] = {
    "transcriber": "captions", "embedder": "hashing", "index": "memory", "reranker": "none", "chat_model": "quote",
    "database_url": "",
}

VTT = """WEBVTT

00:00:01.000 --> 00:00:05.000
Celery acknowledges a task before it runs.

00:00:05.500 --> 00:00:09.000
If the worker dies then, the task is lost.

00:00:10.000 --> 00:00:14.000
With acks_late the broker delivers it again after the visibility timeout.

00:00:20.000 --> 00:00:24.000
A GIN index keeps a posting list for every word.

00:00:25.000 --> 00:00:29.000
A B-tree keeps whole values in order, so it cannot find a word inside a document.
"""


@contextmanager
def plain_hub(data: Path, *, door: str = "cli", **settings: Any) -> Iterator[Hub]:
    """Open a plain hub on the data folder and close it afterwards."""
    hub = build(load(PLAIN | {"data": str(data)} | settings), door=door)
    try:
        yield hub
    finally:
        hub.close()


def run_jobs(hub: Hub) -> None:
    """Run every job that waits, in this thread; none rests after it broke."""
    hub.working.rest = lambda attempts, job_id: 0
    while hub.working.run_one(threading.Event()):
        pass


def sample_course(hub: Hub, folder: Path, *, slug: str = "demo") -> str:
    """Create a course with one captioned lesson (`VTT` above) and one document; return the course's id."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "celery.vtt").write_text(VTT, encoding="utf-8")
    (folder / "notes.md").write_text(
        "# Redis\n\nRedis is the broker here. The visibility timeout is one hour by default.\n", encoding="utf-8"
    )
    me = hub.people.local()
    course = hub.courses.create(me, slug, "A demo course")
    hub.ingest.add(me, slug, [folder / "celery.vtt", folder / "notes.md"])
    run_jobs(hub)
    return course.id
