"""Column types and the base class of all tables. Not for tables themselves."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Integer, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
# PostgreSQL refuses NUL, every driver refuses lone surrogates (a file name that is not UTF-8 holds them).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return `text` with what no database takes (NUL, lone surrogates) replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


class CleanText(TypeDecorator[str]):
    """Text of any length that is made storable on its way in, also where it is compared with."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(str(value))


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text: the same on every engine, and never searched inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return JSON().coerce_compared_value(op, value)


#: 64 bits everywhere; on SQLite an integer primary key must be called INTEGER to be the row's own number.
Number = BigInteger().with_variant(Integer(), "sqlite")


_REGISTRY = registry(metadata=MetaData(naming_convention=NAMING))


class Base(SQLModel, registry=_REGISTRY):
    """Base of all tables, with a metadata of its own so that other SQLModel applications stay out of ours."""

    metadata: ClassVar[MetaData] = _REGISTRY.metadata


def key_string(**options: Any) -> Any:
    """A text column of the primary key."""
    return Field(sa_type=CleanText, primary_key=True, **options)


def string(**options: Any) -> Any:
    return Field(sa_type=CleanText, **options)


def json_value(**options: Any) -> Any:
    return Field(sa_type=JsonText, **options)


def integer(**options: Any) -> Any:
    """A 64-bit integer: UTC milliseconds, media milliseconds, counts."""
    return Field(sa_type=Number, **options)


def ref(target: str, *, primary_key: bool = False, ondelete: Any = "CASCADE") -> Any:
    """A reference to another table's text key; its row goes when the other goes, unless told otherwise."""
    return Field(sa_type=CleanText, foreign_key=target, ondelete=ondelete, primary_key=primary_key)
