"""Tables of what an educator names and orders. `deleted_at` marks the trash; `source_*` the folder they came from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql

from knowhub_ext.store.columns import Base, integer, json_value, key_string, ref, string

LIVE = sql("deleted_at IS NULL")
#: A course begins without vectors; `store/embeddings.py` writes these columns, not what writes a course.
EMPTY = {"server_default": ""}


class CourseRow(Base, table=True):
    __tablename__ = "course"
    __table_args__ = (
        Index("uq_course_slug_live", "slug", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index(None, "title", "id"),
    )

    id: str = key_string()
    slug: str = string()
    title: str = string()
    description: str = string()
    hot_words: list[str] = json_value()
    speech: dict[str, Any] = json_value()
    vector_model: str = string(sa_column_kwargs=EMPTY)
    vector_coming: str = string(sa_column_kwargs=EMPTY)
    source_key: str | None = string()
    source_hash: str | None = string()
    created_at: int = integer()
    updated_at: int = integer()
    deleted_at: int | None = integer()


class LessonRow(Base, table=True):
    __tablename__ = "lesson"
    __table_args__ = (
        Index("uq_lesson_slug_live", "course_id", "slug", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index(None, "course_id", "position"),
    )

    id: str = key_string()
    course_id: str = ref("course.id")
    slug: str = string()
    title: str = string()
    position: int = integer()
    questions: list[Any] = json_value()
    source_key: str | None = string()
    source_hash: str | None = string()
    created_at: int = integer()
    updated_at: int = integer()
    deleted_at: int | None = integer()
