"""Tables of people: who they are, what they may do in a course, what they watched, asked and noted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint

from knowhub_ext.store.columns import Base, integer, json_value, key_string, ref, string


class PersonRow(Base, table=True):
    """A person, known by who vouches for them (`issuer`) and what that one calls them (`subject`)."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: str = key_string()
    issuer: str = string()
    subject: str = string()
    name: str = string()
    created_at: int = integer()


class MembershipRow(Base, table=True):
    __tablename__ = "membership"
    __table_args__ = (Index(None, "course_id"),)

    person_id: str = ref("person.id", primary_key=True)
    course_id: str = ref("course.id", primary_key=True)
    role: str = key_string()
    created_at: int = integer()


class HistoryRow(Base, table=True):
    """A question of one person with the answer document that was shown.

    `lesson_id` is '' for a whole course, and no reference: what was asked outlives the lesson. `rating`: -1, 0 (none),
    1. `deletion` and `deleted_at` are its trash: which act put it there, and when.
    """

    __tablename__ = "history"
    __table_args__ = (Index(None, "person_id", "course_id"), Index(None, "course_id"))

    id: str = key_string()
    person_id: str = ref("person.id")
    course_id: str = ref("course.id")
    lesson_id: str = string()
    asked_at: int = integer()
    answer: dict[str, Any] = json_value()
    rating: int = integer()
    comment: str = string()
    deletion: str = string()
    deleted_at: int = integer()


class AnnotationRow(Base, table=True):
    """A note or bookmark of one person; `id` is their client's and makes a repetition harmless.

    Lesson and asset are no references: what a learner wrote outlives both. `rank` and `place` order the notes of an
    asset, `terms` is what it is found by. `deleted_at` is its trash, 0 while it lives.
    """

    __tablename__ = "annotation"
    __table_args__ = (
        Index(None, "person_id", "lesson_id"), Index(None, "person_id", "course_id"), Index(None, "course_id"),
    )

    person_id: str = ref("person.id", primary_key=True)
    id: str = key_string()
    course_id: str = ref("course.id")
    lesson_id: str = string()
    asset_id: str = string()
    locator: list[Any] = json_value()
    rank: int = integer()
    place: int = integer()
    revision: int = integer()
    quote: str = string()
    segment_id: str = string()
    body: str = string()
    terms: str = string()
    created_at: int = integer()
    updated_at: int = integer()
    version: int = integer()
    deleted_at: int = integer()


class WatchEventRow(Base, table=True):
    """A watched interval as a player reported it; `id` is the player's and makes a repetition harmless."""

    __tablename__ = "watch_event"
    __table_args__ = (Index(None, "person_id", "asset_id"),)

    person_id: str = ref("person.id", primary_key=True)
    id: str = key_string()
    asset_id: str = ref("asset.id")
    start_ms: int = integer()
    end_ms: int = integer()
    received_at: int = integer()


class WatchStateRow(Base, table=True):
    """The union of a person's watched intervals in one medium, as `[[start_ms, end_ms], …]`."""

    __tablename__ = "watch_state"

    person_id: str = ref("person.id", primary_key=True)
    asset_id: str = ref("asset.id", primary_key=True)
    watched: list[Any] = json_value()
    position_ms: int = integer()
    updated_at: int = integer()
