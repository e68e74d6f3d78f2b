"""Uploads for tests of services: begin one, send one whole, and look at what came of it."""

from __future__ import annotations

from knowhub_ext.domain.uploads import Offer


def begin(hub, me, key, size, **more):
    return hub.uploads.create(me, Offer(course="c", key=key, size=size, **more))


def send(hub, me, key, content, **more):
    """Upload a file in one piece; return what became of it."""
    content = content.encode() if isinstance(content, str) else content
    upload = begin(hub, me, key, len(content), **more)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(content)
        return receiver.finish()


def lessons(hub, me):
    """Title -> keys of its assets."""
    return {
        row["title"]: sorted(a["key"] for a in hub.lessons.detail(me, row["lesson"], lambda path: None)["assets"])
        for row in hub.courses.detail(me, "c")["lessons"]
    }


def parts(hub):
    folder = hub.folder.uploads
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def blobs(hub):
    return sorted(path.name for path in hub.folder.blobs.iterdir()) if hub.folder.blobs.exists() else []
