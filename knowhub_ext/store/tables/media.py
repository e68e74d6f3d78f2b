"""Tables of files: content by hash, assets with their revisions, and what readers made of documents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Float, Index
from sqlmodel import Field

from knowhub_ext.store.columns import Base, integer, json_value, key_string, ref, string
from knowhub_ext.store.tables.courses import LIVE


class BlobRow(Base, table=True):
    __tablename__ = "blob"

    sha256: str = key_string()
    size: int = integer()
    created_at: int = integer()


class AssetRow(Base, table=True):
    __tablename__ = "asset"
    __table_args__ = (
        Index("uq_asset_key_live", "lesson_id", "key", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index(None, "course_id"),
        Index(None, "sha256"),
    )

    id: str = key_string()
    lesson_id: str = ref("lesson.id")
    course_id: str = ref("course.id")
    key: str = string()
    kind: str = string()
    sha256: str = ref("blob.sha256", ondelete=None)
    path: str = string()
    source: str = string()
    revision: int = integer()
    is_primary: bool = Field(sa_type=Boolean)
    duration_ms: int = integer()
    status: str = string()
    error: dict[str, Any] | None = json_value()
    notes: list[Any] | None = json_value()
    source_key: str | None = string()
    source_hash: str | None = string()
    created_at: int = integer()
    updated_at: int = integer()
    deleted_at: int | None = integer()


class AssetRevisionRow(Base, table=True):
    """What an asset held before its present revision."""

    __tablename__ = "asset_revision"
    __table_args__ = (Index(None, "sha256"),)

    asset_id: str = ref("asset.id", primary_key=True)
    revision: int = integer(primary_key=True)
    sha256: str = ref("blob.sha256", ondelete=None)
    path: str = string()
    source: str = string()
    replaced_at: int = integer()


class ContentRow(Base, table=True):
    """A document as its reader understood it. Offsets in `blocks` count in `text` as made by `text_version`."""

    __tablename__ = "content"

    asset_id: str = ref("asset.id", primary_key=True)
    revision: int = integer(primary_key=True)
    text: str = string()
    text_version: int = integer()
    blocks: list[Any] = json_value()
    hot_words: list[Any] = json_value()
    created_at: int = integer()


class SlideLinkRow(Base, table=True):
    """A page of a deck and the stretch of a medium in which it is spoken of."""

    __tablename__ = "slide_link"
    __table_args__ = (Index(None, "media_id"),)

    deck_id: str = ref("asset.id", primary_key=True)
    media_id: str = ref("asset.id", primary_key=True)
    ordinal: int = integer(primary_key=True)
    page: int = integer()
    start_ms: int = integer()
    end_ms: int = integer()
    score: float = Field(sa_type=Float)


class CellLinkRow(Base, table=True):
    """A cell of a notebook asset and the stretch of a medium it belongs to."""

    __tablename__ = "cell_link"

    asset_id: str = ref("asset.id", primary_key=True)
    ordinal: int = integer(primary_key=True)
    cell: str = string()
    media: str = string()
    start_ms: int = integer()
    end_ms: int = integer()
    quote: str = string()
