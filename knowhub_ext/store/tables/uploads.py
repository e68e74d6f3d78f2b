"""The table of uploads. Their bytes lie in `uploads/` of the data folder, in one file an upload (`store/parts`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index

from knowhub_ext.store.columns import Base, integer, json_value, key_string, ref, string


class UploadRow(Base, table=True):
    """A file on its way in. `received` counts the bytes that are safely on disk; `size` is what was declared.

    `offered` is the client's metadata as it was sent. `asset_id` and `job_id` are no references: what became of an
    upload may be removed before the record of it expires.
    """

    __tablename__ = "upload"
    __table_args__ = (Index(None, "course_id", "state"), Index(None, "person_id"), Index(None, "expires_at"))

    id: str = key_string()
    person_id: str = ref("person.id")
    course_id: str = ref("course.id")
    key: str = string()
    lesson: str = string()
    batch: str = string()
    offered: str = string()
    size: int = integer()
    state: str = string()
    received: int = integer()
    sha256: str = string()
    asset_id: str | None = string()
    job_id: str | None = string()
    error: dict[str, Any] | None = json_value()
    created_at: int = integer()
    updated_at: int = integer()
    expires_at: int = integer()
