"""Tables of transcripts, and of passages with their vectors. The word index is made by hand in the migrations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from knowhub_ext.store.columns import Base, integer, json_value, key_string, ref, string

NEWEST = sql("superseded_at IS NULL")


class TranscriptRow(Base, table=True):
    """A transcript and its provenance. One that is superseded stays, since references to it may exist.

    `draft_of` names the job that writes a new recognition: until it is whole it counts as superseded, and readers keep
    the old one.
    """

    __tablename__ = "transcript"
    __table_args__ = (
        Index(None, "asset_id"),
        Index("uq_transcript_newest", "asset_id", unique=True, sqlite_where=NEWEST, postgresql_where=NEWEST),
    )

    id: str = key_string()
    asset_id: str = ref("asset.id")
    revision: int = integer()
    engine: str = string()
    model: str = string()
    language: str = string()
    options: dict[str, Any] = json_value()
    hot_words: list[Any] = json_value()
    complete: bool = Field(sa_type=Boolean)
    created_at: int = integer()
    updated_at: int = integer()
    superseded_at: int | None = integer()
    draft_of: str | None = string()


class SegmentRow(Base, table=True):
    """A cue. `words` is `[[start_ms, end_ms, text, probability], …]`; `redirect` names the cue this was merged into;
    `edited`: by a person."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("transcript_id", "ordinal"), Index(None, "redirect"))

    id: str = key_string()
    transcript_id: str = ref("transcript.id")
    ordinal: int = integer()
    start_ms: int = integer()
    end_ms: int = integer()
    text: str = string()
    speaker: str = string()
    words: list[Any] = json_value()
    redirect: str | None = ref("segment.id")
    edited: bool = Field(sa_type=Boolean)


class PassageRow(Base, table=True):
    """A passage. `words_from` to `words_to`, half-open, are the rows of the word index it consists of, `length` says of
    how many words; `cut`: by which rules it was cut."""

    __tablename__ = "passage"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("asset_id", "ordinal"),
        Index(None, "course_id"),
        # All of it that a search by words reads, or it would read every passage's text.
        Index("ix_passage_words", "course_id", "words_from", "words_to", "length", "number"),
    )

    number: int | None = integer(primary_key=True)
    id: str = string()
    asset_id: str = ref("asset.id")
    course_id: str = ref("course.id")
    ordinal: int = integer()
    text: str = string()
    locator: list[Any] = json_value()
    sentences: list[Any] = json_value()
    cut: int = integer(sa_column_kwargs={"server_default": "1"})
    words_from: int = integer(sa_column_kwargs={"server_default": "0"})
    words_to: int = integer(sa_column_kwargs={"server_default": "0"})
    length: int = integer(sa_column_kwargs={"server_default": "0"})


class VectorRow(Base, table=True):
    """A passage's vector by one model: `dimensions` little-endian float32; `seq` orders changes for indexes,
    `recipe`: by which rules it was made."""

    __tablename__ = "vector"
    __table_args__ = (Index("uq_vector_model_seq", "model", "seq", unique=True),)

    passage_id: str = ref("passage.id", primary_key=True)
    model: str = key_string()
    seq: int = integer()
    dimensions: int = integer()
    data: bytes = Field(sa_type=LargeBinary)
    recipe: int = integer(sa_column_kwargs={"server_default": "1"})


class OpeningRow(Base, table=True):
    """The signs of the token vectors of the sentence a passage begins with, by one model; goes with its vector.

    Beside the vectors, not among them: an index that is read from SQL reads all vectors, and none of these.
    """

    __tablename__ = "opening"
    __table_args__ = (
        ForeignKeyConstraint(["passage_id", "model"], ["vector.passage_id", "vector.model"], ondelete="CASCADE"),
    )

    passage_id: str = key_string()
    model: str = key_string()
    tokens: bytes = Field(sa_type=LargeBinary)


class TombstoneRow(Base, table=True):
    """A passage whose vector is gone, so that indexes can forget it."""

    __tablename__ = "vector_tombstone"

    seq: int = integer(primary_key=True, sa_column_kwargs={"autoincrement": False})
    passage_id: str = string()
    created_at: int = integer()
