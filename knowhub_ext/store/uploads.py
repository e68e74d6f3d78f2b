"""Uploads: who sends what, how much of it is here, and what it takes of the room there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, case, delete, func, select, union, update

from knowhub_ext.domain.uploads import Upload, UploadState
from knowhub_ext.errors import NotFound
from knowhub_ext.store.assets import LIVE
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, ASSET_REVISION, BLOB, COURSE, LESSON, UPLOAD

_OPEN = UPLOAD.c.state.in_((UploadState.RECEIVING.value, UploadState.FINISHING.value))
_GONE = "Start the upload again."


class Uploads:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, upload: Upload) -> None:
        """Record an upload that begins."""
        now = self._session.now
        self._session.add(UPLOAD, {
            "id": upload.id, "person_id": upload.person_id, "course_id": upload.course_id, "key": upload.key,
            "lesson": upload.lesson, "batch": upload.batch, "offered": upload.metadata, "size": upload.size,
            "state": upload.state.value, "received": upload.offset, "sha256": upload.sha256, "error": None,
            "created_at": now, "updated_at": now, "expires_at": upload.expires_ms,
        })

    def get(self, upload_id: str) -> Upload:
        """Return an upload, whatever became of it.

        Raises:
            NotFound: there is none of this id, or it has expired.
        """
        row = self._session.row(select(UPLOAD).where(UPLOAD.c.id == upload_id))
        if row is None:
            raise NotFound("There is no such upload; it may have ended or expired.", cure=_GONE)
        return _upload(row)

    def page(self, person_id: str, course_id: str | None, after: str | None, limit: int) -> list[Upload]:
        """Return up to `limit` of a person's uploads that are unfinished, or failed and have not expired yet.

        Oldest first, from behind the id `after`.
        """
        failed = (UPLOAD.c.state == UploadState.FAILED.value) & (UPLOAD.c.expires_at >= self._session.now)
        mine = (UPLOAD.c.person_id == person_id) & (_OPEN | failed)
        statement = select(UPLOAD).where(mine).order_by(UPLOAD.c.id).limit(limit)
        if course_id is not None:
            statement = statement.where(UPLOAD.c.course_id == course_id)
        if after is not None:
            statement = statement.where(UPLOAD.c.id > after)
        return [_upload(row) for row in self._session.rows(statement)]

    def of_batch(self, person_id: str, course_id: str, batch: str) -> list[Upload]:
        """Return what of a person's drop into a course is still on its way, oldest first."""
        mine = (UPLOAD.c.person_id == person_id) & (UPLOAD.c.course_id == course_id) & (UPLOAD.c.batch == batch)
        return [_upload(row) for row in self._session.rows(select(UPLOAD).where(mine, _OPEN).order_by(UPLOAD.c.id))]

    def advance(self, upload_id: str, offset: int, *, expires_ms: int) -> Upload:
        """Say that the first `offset` bytes are safe; with the last of them it is finishing.

        Raises:
            NotFound: it is not receiving any more.
        """
        state = case((UPLOAD.c.size == offset, UploadState.FINISHING.value), else_=UPLOAD.c.state)
        return self._set(
            (UPLOAD.c.id == upload_id) & (UPLOAD.c.state == UploadState.RECEIVING.value) & (UPLOAD.c.size >= offset),
            received=offset, expires_at=expires_ms, state=state,
        )

    def hashed(self, upload_id: str, sha256: str) -> Upload:
        """Say what the content of a finishing upload is, before it is moved to where content lies.

        Raises:
            NotFound: it is not finishing.
        """
        return self._set(_finishing(upload_id), sha256=sha256)

    def finish(self, upload_id: str, *, asset_id: str, job_id: str | None, expires_ms: int) -> Upload:
        """Say what a finishing upload became.

        Raises:
            NotFound: it is not finishing.
        """
        return self._set(
            _finishing(upload_id), state=UploadState.DONE.value, asset_id=asset_id, job_id=job_id,
            expires_at=expires_ms,
        )

    def fail(self, upload_id: str, error: Mapping[str, Any], *, expires_ms: int) -> Upload:
        """Say why an open upload came to nothing: `error` is `{"slug", "message", "cure"}`.

        Raises:
            NotFound: it is not open.
        """
        return self._set(
            (UPLOAD.c.id == upload_id) & _OPEN, state=UploadState.FAILED.value, error=dict(error),
            expires_at=expires_ms,
        )

    def remove(self, upload_id: str) -> None:
        """Forget an upload; unknown ids are ignored."""
        self._session.run(delete(UPLOAD).where(UPLOAD.c.id == upload_id))

    def finishing(self) -> list[Upload]:
        """Return the uploads whose bytes are all here and that are no asset yet, oldest first."""
        statement = select(UPLOAD).where(UPLOAD.c.state == UploadState.FINISHING.value).order_by(UPLOAD.c.id)
        return [_upload(row) for row in self._session.rows(statement)]

    def expired(self) -> list[Upload]:
        """Return the uploads whose time is over; one that is finishing is never among them."""
        over = (UPLOAD.c.expires_at < self._session.now) & (UPLOAD.c.state != UploadState.FINISHING.value)
        return [_upload(row) for row in self._session.rows(select(UPLOAD).where(over).order_by(UPLOAD.c.id))]

    def known(self) -> set[str]:
        """Return the ids of all uploads there are."""
        return {row["id"] for row in self._session.rows(select(UPLOAD.c.id))}

    def holds(self, sha256: str) -> bool:
        """Tell whether a finishing upload is about to use this content."""
        mine = (UPLOAD.c.sha256 == sha256) & (UPLOAD.c.state == UploadState.FINISHING.value)
        return self._session.scalar(select(UPLOAD.c.id).where(mine).limit(1)) is not None

    def outstanding(self) -> int:
        """Return how many bytes all open uploads were promised room for and have not sent."""
        missing = func.coalesce(func.sum(UPLOAD.c.size - UPLOAD.c.received), 0)
        return int(self._session.scalar(select(missing).where(_OPEN)))

    def used(self, course_id: str) -> int:
        """Return the bytes a course takes: contents of its live assets, each once, and its open uploads' sizes.

        Contents of earlier versions count too: they lie on the disk until a purge.
        """
        stored = select(func.coalesce(func.sum(BLOB.c.size), 0)).where(BLOB.c.sha256.in_(_contents(course_id)))
        coming = select(func.coalesce(func.sum(UPLOAD.c.size), 0)).where(_OPEN, UPLOAD.c.course_id == course_id)
        return int(self._session.scalar(stored)) + int(self._session.scalar(coming))

    def sized(self, course_id: str, size: int) -> set[str]:
        """Return the SHA-256 of those contents of a course, earlier versions too, that have so many bytes."""
        found = select(BLOB.c.sha256).where(BLOB.c.sha256.in_(_contents(course_id)), BLOB.c.size == size)
        return {row["sha256"] for row in self._session.rows(found)}

    def _set(self, which: ColumnElement[bool], **values: Any) -> Upload:
        row = self._session.row(
            update(UPLOAD).where(which).values(**values, updated_at=self._session.now).returning(UPLOAD)
        )
        if row is None:
            raise NotFound("This upload has ended.", cure=_GONE)
        return _upload(row)


def _contents(course_id: str) -> Select[tuple[str]]:
    """Select the SHA-256 of what a course's live assets hold, and held before."""
    live = ASSET.join(LESSON, LESSON.c.id == ASSET.c.lesson_id).join(COURSE, COURSE.c.id == ASSET.c.course_id)
    earlier = live.join(ASSET_REVISION, ASSET_REVISION.c.asset_id == ASSET.c.id)
    mine = LIVE & (ASSET.c.course_id == course_id)
    both = union(
        select(ASSET.c.sha256).select_from(live).where(mine),
        select(ASSET_REVISION.c.sha256).select_from(earlier).where(mine),
    ).subquery()
    return select(both.c.sha256)


def _finishing(upload_id: str) -> ColumnElement[bool]:
    return (UPLOAD.c.id == upload_id) & (UPLOAD.c.state == UploadState.FINISHING.value)


def _upload(row: RowMapping) -> Upload:
    return Upload(
        id=row["id"], person_id=row["person_id"], course_id=row["course_id"], key=row["key"], size=row["size"],
        lesson=row["lesson"], batch=row["batch"], metadata=row["offered"], state=UploadState(row["state"]),
        offset=row["received"], sha256=row["sha256"], asset_id=row["asset_id"], job_id=row["job_id"],
        error=row["error"], expires_ms=row["expires_at"],
    )
