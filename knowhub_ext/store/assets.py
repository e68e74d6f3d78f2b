"""Assets: a lesson's files, their revisions and how far their processing came. The trash is not found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, case, select, update

from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus, Blob
from knowhub_ext.domain.notes import Note
from knowhub_ext.errors import Conflict, NotFound
from knowhub_ext.store.blobs import Blobs
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, ASSET_REVISION, BLOB, COURSE, LESSON

LIVE = ASSET.c.deleted_at.is_(None) & LESSON.c.deleted_at.is_(None) & COURSE.c.deleted_at.is_(None)
_SELECT = select(ASSET, BLOB.c.size).select_from(
    ASSET.join(LESSON, LESSON.c.id == ASSET.c.lesson_id)
    .join(COURSE, COURSE.c.id == ASSET.c.course_id)
    .join(BLOB, BLOB.c.sha256 == ASSET.c.sha256)
).where(LIVE)


class Assets:
    def __init__(self, session: Session, blobs: Blobs) -> None:
        self._session = session
        self._blobs = blobs

    def add(self, asset: Asset) -> None:
        """Add an asset, and its content if it is not known yet.

        Raises:
            Conflict: a live asset of its lesson has this key.
        """
        self._blobs.put(Blob(sha256=asset.sha256, size=asset.size))
        now = self._session.now
        row = {
            "id": asset.id, "lesson_id": asset.lesson_id, "course_id": asset.course_id, "key": asset.key,
            "kind": asset.kind.value, "sha256": asset.sha256, "path": asset.path, "source": asset.source,
            "revision": asset.revision, "is_primary": asset.primary, "duration_ms": asset.duration_ms,
            "status": asset.status.value, "error": _plain(asset.error), "created_at": now, "updated_at": now,
        }
        if not self._session.add_new(ASSET, row):
            raise Conflict(f"There is already a file '{asset.key}' in this lesson.")

    def get(self, asset_id: str) -> Asset:
        """Return a live asset.

        Raises:
            NotFound: there is none of this id.
        """
        row = self._session.row(_SELECT.where(ASSET.c.id == asset_id))
        if row is None:
            raise NotFound(f"There is no file '{asset_id[:80]}'.")
        return _asset(row)

    def many(self, asset_ids: Collection[str]) -> dict[str, Asset]:
        """Return those of the assets that live, by id."""
        rows = self._session.rows(_SELECT.where(ASSET.c.id.in_(list(asset_ids))))
        return {row["id"]: _asset(row) for row in rows}

    def of_lesson(self, lesson_id: str) -> list[Asset]:
        """Return a lesson's assets, the primary medium first, then by key."""
        first = case((ASSET.c.is_primary, 0), else_=1)
        rows = self._session.rows(_SELECT.where(ASSET.c.lesson_id == lesson_id).order_by(first, ASSET.c.key))
        return [_asset(row) for row in rows]

    def of_course(self, course_id: str) -> list[Asset]:
        """Return a course's assets in the order of its lessons, as `of_lesson` orders them."""
        first = case((ASSET.c.is_primary, 0), else_=1)
        rows = self._session.rows(
            _SELECT.where(ASSET.c.course_id == course_id)
            .order_by(LESSON.c.position, LESSON.c.id, first, ASSET.c.key)
        )
        return [_asset(row) for row in rows]

    def by_key(self, lesson_id: str, key: str) -> Asset | None:
        """Return a lesson's live asset of that key."""
        row = self._session.row(_SELECT.where(ASSET.c.lesson_id == lesson_id, ASSET.c.key == key))
        return None if row is None else _asset(row)

    def revise(self, asset_id: str, *, blob: Blob, path: str, source: str) -> Asset:
        """Give an asset new content: the next revision, queued, without error; the old one is remembered.

        Raises:
            NotFound: it does not live.
        """
        old = self.get(asset_id)
        self._blobs.put(blob)
        self._session.add(ASSET_REVISION, {
            "asset_id": old.id, "revision": old.revision, "sha256": old.sha256, "path": old.path,
            "source": old.source, "replaced_at": self._session.now,
        })
        self._change(
            asset_id, sha256=blob.sha256, path=path, source=source, revision=old.revision + 1, duration_ms=0,
            status=AssetStatus.QUEUED.value, error=None, notes=None,
        )
        return self.get(asset_id)

    def set_source(self, asset_id: str, *, path: str, source: str) -> None:
        """Say where the same content lies now; nothing is written where it lies there still."""
        if (old := self.get(asset_id)).source != source:
            self._change(old.id, path=path, source=source)

    def set_status(
        self, asset_id: str, status: AssetStatus, error: Mapping[str, Any] | None = None, *, revision: int | None = None
    ) -> None:
        """Say how far processing came; `error` is `{"slug", "message", "cure"}` or None, which clears it.

        With a `revision`, only where that is the asset's present one: an old one's end is no news of the new one.
        """
        which = ASSET.c.id == asset_id
        if revision is not None:
            which &= ASSET.c.revision == revision
        values = {"status": status.value, "error": _plain(error), "updated_at": self._session.now}
        self._session.run(update(ASSET).where(which).values(**values))

    def changed(self, asset_id: str) -> bool:
        """Tell whether an asset has had another content than its present one."""
        before = ASSET.join(ASSET_REVISION, ASSET_REVISION.c.asset_id == ASSET.c.id)
        which = (ASSET.c.id == asset_id) & (ASSET_REVISION.c.sha256 != ASSET.c.sha256)
        return self._session.scalar(select(ASSET.c.id).select_from(before).where(which).limit(1)) is not None

    def replaced_at(self, asset_ids: Collection[str]) -> dict[str, list[tuple[int, int]]]:
        """Return the revisions that assets had before, each with when it was replaced (UTC milliseconds), in order."""
        rows = self._session.rows(
            select(ASSET_REVISION).where(ASSET_REVISION.c.asset_id.in_(list(asset_ids)))
            .order_by(ASSET_REVISION.c.revision)
        )
        found: dict[str, list[tuple[int, int]]] = {}
        for row in rows:
            found.setdefault(row["asset_id"], []).append((row["revision"], row["replaced_at"]))
        return found

    def replaced(self, asset_id: str, revision: int) -> bool:
        """Tell whether an asset, in the trash or not, has another revision than this by now."""
        mine = (ASSET.c.id == asset_id) & (ASSET.c.revision != revision)
        return self._session.scalar(select(ASSET.c.id).where(mine)) is not None

    def set_notes(self, asset_id: str, notes: Sequence[Note]) -> None:
        """Say what of an asset's present revision could not be read, instead of what was said before."""
        self._change(asset_id, notes=[[note.line, note.page, note.message] for note in notes] or None)

    def set_duration(self, asset_id: str, ms: int) -> None:
        self._change(asset_id, duration_ms=ms)

    def _change(self, asset_id: str, **values: Any) -> None:
        self._session.run(update(ASSET).where(ASSET.c.id == asset_id).values(**values, updated_at=self._session.now))


def _plain(error: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if error is None else dict(error)


def _asset(row: RowMapping) -> Asset:
    return Asset(
        id=row["id"], lesson_id=row["lesson_id"], course_id=row["course_id"], key=row["key"],
        kind=AssetKind(row["kind"]), sha256=row["sha256"], size=row["size"], path=row["path"], source=row["source"],
        revision=row["revision"], primary=row["is_primary"], duration_ms=row["duration_ms"],
        status=AssetStatus(row["status"]), error=row["error"],
        notes=tuple(Note(line=line, page=page, message=message) for line, page, message in row["notes"] or ()),
    )
