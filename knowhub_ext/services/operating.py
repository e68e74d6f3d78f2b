"""What an operator does: trash, restore and purge courses, back up, and see how things stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.errors import UserError
from knowhub_ext.ports import BlobStore
from knowhub_ext.services.access import require
from knowhub_ext.store.backup import back_up
from knowhub_ext.store.database import Store
from knowhub_ext.store.folder import DataFolder


class Operating:
    def __init__(self, store: Store, blobs: BlobStore, folder: DataFolder) -> None:
        self._store = store
        self._blobs = blobs
        self._folder = folder

    def trash(self, actor: Actor, ref: str) -> Course:
        """Move a course to the trash: out of lists, search and answers at once, and back with `restore`."""
        with self._store.write() as tx:
            course = tx.courses.get(ref)
            require(actor, Action.CREATE, course.id)
            tx.trash.put(course.id)
            tx.event(actor.person_id, course.id, "course.trashed", course.id)
        return course

    def restore(self, actor: Actor, course_id: str) -> Course:
        """Bring a course back from the trash.

        Raises:
            NotFound: none of that id is in the trash.
            Conflict: a live course has taken its slug.
        """
        with self._store.write() as tx:
            course = tx.trash.back(course_id)
            require(actor, Action.CREATE, course.id)
            tx.event(actor.person_id, course.id, "course.restored", course.id)
        return course

    def purge(self, actor: Actor, course_id: str) -> dict[str, Any]:
        """Remove a course of the trash for good: rows, vectors, and blobs that nothing else uses.

        Raises:
            NotFound: none of that id is in the trash.
        """
        with self._store.write() as tx:
            course = tx.trash.get(course_id)
            require(actor, Action.CREATE, course.id)
            orphans = tx.trash.purge(course.id)
            tx.event(actor.person_id, course.id, "course.purged", course.id)
        return {"course": course.slug, "id": course.id, "blobs_removed": self._forget(orphans)}

    def _forget(self, orphans: Sequence[str]) -> int:
        """Remove the bytes of content that is still unused; return how many contents that were.

        After the commit of the rows: a crash in between leaves bytes, never a row without its bytes. Inside a
        transaction of its own: whoever adds the same content now is either seen here, or waits and finds it gone.
        """
        with self._store.write() as tx:
            unused = [sha256 for sha256 in orphans if not (tx.blobs.known(sha256) or tx.uploads.holds(sha256))]
            for sha256 in unused:
                self._blobs.remove(sha256)
        return len(unused)

    def back_up(self, target: Path) -> dict[str, Any]:
        """Write database and media to one archive while everything runs.

        Raises:
            UserError: the target exists or cannot be written, or the database is not SQLite.
            DiskFull: there is no room for the archive.
        """
        if target.exists():
            raise UserError(f"{target} exists already.", cure="Choose another name.")
        return back_up(self._store, self._folder, target)

    def standing(self) -> dict[str, int]:
        """Return counts of what is stored."""
        with self._store.read() as tx:
            return tx.trash.counts()
