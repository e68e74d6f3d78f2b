"""Courses in the trash: out of sight at once, back with everything, or removed for good."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from knowhub_ext.domain.courses import Course
from knowhub_ext.errors import Conflict, NotFound
from knowhub_ext.store.courses import course_of
from knowhub_ext.store.passages import Passages
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, ASSET_REVISION, BLOB, COURSE, JOB, LESSON, PASSAGE, TRANSCRIPT

_REMOVED = select(
    ASSET.c.id, ASSET.c.key, ASSET.c.kind, ASSET.c.course_id, ASSET.c.lesson_id, LESSON.c.title, ASSET.c.deleted_at
).select_from(
    ASSET.join(LESSON, LESSON.c.id == ASSET.c.lesson_id).join(COURSE, COURSE.c.id == ASSET.c.course_id)
).where(ASSET.c.deleted_at.is_not(None), LESSON.c.deleted_at.is_(None), COURSE.c.deleted_at.is_(None))


class Trash:
    def __init__(self, session: Session, passages: Passages) -> None:
        self._session = session
        self._passages = passages

    def get(self, course_id: str) -> Course:
        """Return a course of the trash by id.

        Raises:
            NotFound: none of that id is there.
        """
        row = self._session.row(select(COURSE).where(COURSE.c.id == course_id, COURSE.c.deleted_at.is_not(None)))
        if row is None:
            raise NotFound(
                f"There is no course {course_id[:80]} in the trash.", cure="Use the id its deletion printed."
            )
        return course_of(row)

    def put(self, course_id: str) -> None:
        """Mark a live course as deleted; its slug is free again."""
        self._mark(course_id, self._session.now)

    def put_asset(self, asset_id: str) -> None:
        """Mark a live asset as deleted, and remove its passages; indexes are told to forget their vectors."""
        self._passages.replace(asset_id, [])
        self._session.run(update(ASSET).where(ASSET.c.id == asset_id).values(deleted_at=self._session.now))

    def assets(self, course_id: str) -> list[dict[str, Any]]:
        """Return the removed files of a live course's live lessons, the last removed first."""
        rows = self._session.rows(_REMOVED.where(ASSET.c.course_id == course_id).order_by(
            ASSET.c.deleted_at.desc(), ASSET.c.id
        ))
        return [dict(row) for row in rows]

    def asset(self, asset_id: str) -> dict[str, Any]:
        """Return one removed file.

        Raises:
            NotFound: none of that id was removed from a lesson that is there.
        """
        row = self._session.row(_REMOVED.where(ASSET.c.id == asset_id))
        if row is None:
            raise NotFound(
                f"There is no removed file '{asset_id[:80]}'.", cure="`knowhub file list COURSE --removed` lists them."
            )
        return dict(row)

    def back_asset(self, asset_id: str) -> None:
        """Let a removed asset live again; its passages are for the caller to make.

        Raises:
            NotFound: it was not removed.
            Conflict: its lesson has a file of that name again.
        """
        row = self.asset(asset_id)
        same = (ASSET.c.lesson_id == row["lesson_id"]) & (ASSET.c.key == row["key"]) & ASSET.c.deleted_at.is_(None)
        if self._session.scalar(select(ASSET.c.id).where(same)) is not None:
            raise Conflict(
                f"The lesson has a file '{row['key']}' again.", cure="Remove that one first, or keep it."
            )
        self._session.run(update(ASSET).where(ASSET.c.id == asset_id).values(deleted_at=None))

    def back(self, course_id: str) -> Course:
        """Bring a course back.

        Raises:
            NotFound: none of that id is in the trash.
            Conflict: a live course has taken its slug.
        """
        course = self.get(course_id)
        taken = select(COURSE.c.id).where(COURSE.c.slug == course.slug, COURSE.c.deleted_at.is_(None))
        if self._session.scalar(taken) is not None:
            raise Conflict(
                f"A live course has taken the slug '{course.slug}'.", cure="Delete or rename that one first."
            )
        self._mark(course_id, None)
        return course

    def purge(self, course_id: str) -> list[str]:
        """Remove all rows of a course of the trash; return the SHA-256 of blobs that nothing else uses."""
        self.get(course_id)
        assets = [row["id"] for row in self._session.rows(select(ASSET.c.id).where(ASSET.c.course_id == course_id))]
        for asset in assets:
            self._passages.replace(asset, [])  # drops words and vectors, and tells indexes to forget them
        blobs = self._blobs_of(assets)
        self._session.run(delete(COURSE).where(COURSE.c.id == course_id))  # the rest goes by its foreign keys
        orphans = [sha for sha in blobs if not self._used(sha)]
        if orphans:
            self._session.run(delete(BLOB).where(BLOB.c.sha256.in_(orphans)))
        return orphans

    def counts(self) -> dict[str, int]:
        """Return how much of each noun is stored, for an operator."""
        nouns = {"courses": COURSE, "lessons": LESSON, "assets": ASSET, "transcripts": TRANSCRIPT,
                 "passages": PASSAGE, "jobs": JOB}
        return {
            noun: int(self._session.scalar(select(func.count()).select_from(table)) or 0)
            for noun, table in nouns.items()
        }

    def _mark(self, course_id: str, at: int | None) -> None:
        self._session.run(update(COURSE).where(COURSE.c.id == course_id).values(deleted_at=at))

    def _blobs_of(self, assets: list[str]) -> set[str]:
        now = select(ASSET.c.sha256).where(ASSET.c.id.in_(assets))
        before = select(ASSET_REVISION.c.sha256).where(ASSET_REVISION.c.asset_id.in_(assets))
        return {row["sha256"] for row in self._session.rows(now.union(before))}

    def _used(self, sha256: str) -> bool:
        now = select(ASSET.c.id).where(ASSET.c.sha256 == sha256).limit(1)
        before = select(ASSET_REVISION.c.asset_id).where(ASSET_REVISION.c.sha256 == sha256).limit(1)
        return self._session.scalar(now) is not None or self._session.scalar(before) is not None
