"""Databases of earlier versions, made by their own migrations and written to as those versions did."""

from __future__ import annotations

from sqlalchemy import text

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.ids import new_id
from knowhub_ext.store import schema
from knowhub_ext.store.database import Store

STAMPS = {"created_at": 1, "updated_at": 1}


def at(store: Store, revision: str) -> None:
    """Bring an empty database to an earlier revision."""
    with store.engine.begin() as connection:
        schema._upgrade(connection, revision)


def insert(store: Store, table: str, **values: object) -> None:
    """Write a row as an older version did, whatever the repositories write now."""
    columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    with store.write() as tx:
        tx.session.run(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), values)


def kept(store: Store) -> Course:
    """Write a course as the first versions did."""
    course = Course(id=new_id(), slug="kept", title="Kept")
    insert(store, "course", id=course.id, slug="kept", title="Kept", description="", hot_words="[]", **STAMPS)
    return course
