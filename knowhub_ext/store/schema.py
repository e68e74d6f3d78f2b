"""Bringing a database to this version's tables, forwards only, and after a copy of it was made."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from knowhub_ext.errors import DataTooNew
from knowhub_ext.store.database import Store
from knowhub_ext.store.engines import translated
from knowhub_ext.store.tables import METADATA

#: All revisions, oldest first; a test compares them with the files of `migrations/versions`.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012")
HEAD = REVISIONS[-1]
_MIGRATIONS = Path(__file__).parent / "migrations"


def needs_migration(store: Store) -> bool:
    """Say whether the database lacks tables of this version; quick, and without Alembic.

    Raises:
        DataTooNew: it was written by a newer version.
    """
    with store.read() as tx:
        return _revision(tx.session.connection) != HEAD


def migrate(store: Store, *, backup_dir: Path | None) -> bool:
    """Bring the database to this version's tables; return whether there was anything to do.

    All revisions run in one transaction: it ends with all of them or with none. Two processes may try at once.

    Args:
        store: the database.
        backup_dir: where a SQLite database that holds data is copied to first, as
            `knowhub-<revision>-<UTC ms>.sqlite3`; None: nowhere. PostgreSQL is backed up by its operator.

    Raises:
        DataTooNew: it was written by a newer version; nothing is changed.
    """
    if not needs_migration(store):
        return False
    with translated(), _exclusive(store) as connection:
        revision = _revision(connection)
        if revision == HEAD:
            return False
        if revision is not None and backup_dir is not None and store.dialect == "sqlite":
            _back_up(store, backup_dir / f"knowhub-{revision}-{store.now()}.sqlite3")
        _upgrade(connection, HEAD)
    return True


def configuration() -> dict[str, Any]:
    """Return how Alembic looks at the tables: names by hand, batches on SQLite, no full-text objects."""
    return {
        "target_metadata": METADATA, "render_as_batch": True, "compare_type": True, "include_object": _ours,
        "transaction_per_migration": False,
    }


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return not (kind == "table" and str(name).startswith("passage_fts"))


def _revision(connection: Connection) -> str | None:
    """Return the revision a database stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and found not in REVISIONS:
        raise DataTooNew(f"The data is of revision {found}; this version of KnowHub knows revisions up to {HEAD}.")
    return None if found is None else str(found)


@contextmanager
def _exclusive(store: Store) -> Iterator[Connection]:
    """Yield a connection in a transaction that keeps every other writer out.

    SQLite rebuilds a table to change it; with foreign keys enforced, dropping the old one would delete all that
    refers to it. So they are off meanwhile, and checked before the commit.
    """
    with store.engine.connect() as connection:
        if store.dialect != "sqlite":
            with connection.begin():
                yield connection
            return
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                assert not broken, f"the migration left references to nothing: {broken[:5]}"
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def _upgrade(connection: Connection, target: str) -> None:
    from alembic import command  # a quarter of a second that only a migration should cost
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _back_up(store: Store, target: Path) -> None:
    """Copy a SQLite database while it is in use; the copy has its name only once it is whole and on disk."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(str(store.engine.url.database))) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
    for path in (part, target.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if path == part:
            part.rename(target)
