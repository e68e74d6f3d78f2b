"""Engines as this project needs them: who begins a transaction and how, and vendor errors made ours."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, TimeoutError

from knowhub_ext.errors import Busy, Conflict, DiskFull, InvalidSetting, MissingBackend

#: How long a transaction waits for another's lock before it is told to come back later.
PATIENCE_MS = 10_000
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 24, "pool_timeout": PATIENCE_MS / 1000}
_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "53100"}
_TAKEN = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}
_BUSY = {"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_RECOVERY", "SQLITE_LOCKED", "55P03", "40P01", "40001"}
_ADDRESSES = "Use an address like sqlite:////path/knowhub.sqlite3 or postgresql://user@host/database."
# "know" and the schema, since several installations may share one database
_WRITE_LOCK = "SELECT pg_advisory_xact_lock(1802399607, hashtext(current_schema()))"


def sqlite_engine(url: URL, *, begin: str, query_only: bool = False) -> Engine:
    """Return an engine whose transactions start with `begin` ("BEGIN IMMEDIATE" for those that will write).

    The driver's own transaction control is switched off: it would begin deferred, and a transaction that reads first
    and writes later then fails as soon as two do so at once.
    """
    engine = create_engine(url, **_POOL)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        _log_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -16000")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA query_only = {int(query_only)}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to a write-ahead log; wait for another who does it at this moment.

    The switch takes a read lock and then asks for the exclusive one. Where two stand there at once, SQLite waits for
    neither, since each would wait for the other: one is told at once that the file is locked, whatever its timeout.
    """
    until = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in _BUSY or time.monotonic() > until:
                raise
        time.sleep(0.01)


def postgres_engine(url: URL) -> Engine:
    """Return an engine on psycopg 3 whose transactions, unless read-only, come one after the other.

    They wait for each other on an advisory lock, so that reading and then writing is as safe as on SQLite: at READ
    COMMITTED two transactions may both read the old value, and at SERIALIZABLE one of them fails.

    Raises:
        MissingBackend: psycopg is not installed.
    """
    try:
        engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **_POOL)
    except ModuleNotFoundError as error:
        raise MissingBackend(
            "PostgreSQL needs the package psycopg, which is not installed.",
            cure="Install it with `pip install 'knowhub-ext[cluster]'`.",
        ) from error

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = {PATIENCE_MS}")
        connection.execute("SET jit = off")  # compiling a query costs more than any of ours takes
        connection.commit()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        if not connection.get_execution_options().get("postgresql_readonly"):
            connection.exec_driver_sql(_WRITE_LOCK)

    return engine


def parsed(url: str) -> URL:
    """Return the address of a database, checked.

    Raises:
        InvalidSetting: it is neither SQLite's nor PostgreSQL's.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise InvalidSetting("The database's address cannot be read.", cure=_ADDRESSES) from error
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        name = address.get_backend_name()
        raise InvalidSetting(f"KnowHub keeps its data in SQLite or PostgreSQL, not in '{name}'.", cure=_ADDRESSES)
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise InvalidSetting("A SQLite database needs a file: its other users could not see it.", cure=_ADDRESSES)
    return address


@contextmanager
def translated() -> Iterator[None]:
    """Turn a full disk into `DiskFull`, a lock or a connection that did not come free into `Busy`, a name that
    somebody else took a moment before into `Conflict`."""
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
        if code in _FULL:
            raise DiskFull() from error
        if code in _BUSY:
            raise Busy("The database is busy with other work.") from error
        if code in _TAKEN:
            raise Conflict("Somebody else made the same thing a moment before.", cure="Look, and try again.") from error
        raise
    except TimeoutError as error:
        raise Busy("All connections to the database are in use.") from error
