"""Backup and restore of a SQLite data folder as one archive: database, media, secret."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from knowhub_ext.errors import DataTooNew, DiskFull, UnreadableFile, UserError
from knowhub_ext.store.database import Store
from knowhub_ext.store.engines import parsed
from knowhub_ext.store.folder import DataFolder
from knowhub_ext.store.schema import HEAD, REVISIONS

DATABASE = "knowhub.sqlite3"
_CONTENT = re.compile(rf"({re.escape(DATABASE)}|secret|blobs/[0-9a-f]{{64}})\Z")
_OTHER = "Choose another file."


def back_up(store: Store, folder: DataFolder, target: Path) -> dict[str, Any]:
    """Write an archive that `restore` reads, for its owner alone: it holds the secret. The database in use is copied
    online, in one consistent state, before the media.

    Returns:
        `{"file", "bytes", "blobs", "missing"}`; `missing`: contents the database lists and the folder lacks.

    Raises:
        UserError: the database is not SQLite (PostgreSQL has `pg_dump`), or the target cannot be written.
        DiskFull: there is no room; nothing half-written stays.
    """
    if store.dialect != "sqlite":
        raise UserError("Only SQLite data folders are backed up by this command.", cure="Use pg_dump, and copy blobs/.")
    with _arriving(target) as file, tempfile.TemporaryDirectory(dir=folder.path) as scratch:
        copy = Path(scratch, DATABASE)
        wanted = _copied(Path(str(store.engine.url.database)), copy)
        folder.secret()  # made where there was none
        with tarfile.open(fileobj=file, mode="w") as archive:
            archive.add(copy, DATABASE, filter=_private)
            archive.add(folder.path / "secret", "secret", filter=_private)
            added = [_add(archive, folder.blobs / sha256) for sha256 in wanted]
    return {
        "file": str(target), "bytes": target.stat().st_size, "blobs": added.count(True), "missing": added.count(False)
    }


def restore(source: Path, folder: DataFolder, *, database_url: str = "") -> dict[str, Any]:
    """Replace the folder's content by an archive's. What was there is moved to `backups/before-restore-<n>`.

    The caller holds the folder exclusively. Every blob's SHA-256 and the database are checked before anything is
    replaced. The database gets a new identity, so that no cache takes it for the one it was copied from.

    Args:
        source: the archive.
        folder: the data folder.
        database_url: the database that is set in the configuration; empty: the folder's own.

    Returns:
        `{"file", "blobs", "missing", "previous"}`; `missing`: contents the database lists and the archive lacks.

    Raises:
        UserError: another database than the folder's own is in use, which an archive cannot replace.
        UnreadableFile: the archive is not one of ours or is damaged; the folder is untouched.
        DataTooNew: a newer version wrote it; the folder is untouched.
        DiskFull: there is no room to unpack it; the folder is untouched.
    """
    _require_own(folder, database_url)
    with tempfile.TemporaryDirectory(dir=folder.path) as scratch:
        fresh = Path(scratch)
        _unpack(source, fresh)
        missing = _checked(source, fresh)
        kept = _set_aside(folder)
        for name in (DATABASE, "secret", "blobs"):
            if (fresh / name).exists():
                shutil.move(str(fresh / name), folder.path / name)
    count = len(list(folder.blobs.iterdir())) if folder.blobs.exists() else 0
    return {"file": str(source), "blobs": count, "missing": missing, "previous": str(kept)}


@contextmanager
def _arriving(target: Path) -> Iterator[IO[bytes]]:
    """Yield a file that gets the name `target` once it is whole and on disk; on any failure it goes."""
    part = target.with_name(target.name + ".part")
    if not target.parent.is_dir():
        raise UserError(f"There is no folder {target.parent}.", cure="Make it first, or choose another one.")
    try:
        part.unlink(missing_ok=True)  # of a backup that was killed
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"The disk is full: {target} was not written.") from error
        raise UserError(
            f"{target} cannot be written: {error.strerror or error}.", cure="Choose another place for it."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _copied(database: Path, copy: Path) -> list[str]:
    """Copy a database that is in use; return the contents it lists."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as destination:
        source.backup(destination)
        return _listed(destination)


def _listed(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT sha256 FROM blob ORDER BY sha256")]


def _add(archive: tarfile.TarFile, blob: Path) -> bool:
    """Add a content; return False where it is missing, be it since a moment ago, by a purge."""
    try:
        archive.add(blob, f"blobs/{blob.name}", filter=_private)
    except FileNotFoundError:
        return False
    return True


def _private(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Name no user of this machine, and let only the owner read what is unpacked."""
    member.mode, member.uid, member.gid, member.uname, member.gname = 0o600, 0, 0, "", ""
    return member


def _require_own(folder: DataFolder, database_url: str) -> None:
    """Refuse where an archive would be unpacked beside the database that is really in use."""
    if not database_url:
        return
    address = parsed(database_url)
    if address.get_backend_name() != "sqlite":
        raise UserError(
            "The database in use is PostgreSQL, which this command cannot replace.",
            cure="Use pg_restore for it, or unset database_url (KNOWHUB_DATABASE_URL) to restore into the data folder.",
        )
    if Path(str(address.database)).expanduser().resolve() != folder.path / DATABASE:
        raise UserError(
            f"The database in use is {address.database}, which lies outside of the data folder.",
            cure="Unset database_url (KNOWHUB_DATABASE_URL) to restore into the data folder and use that.",
        )


def _unpack(source: Path, fresh: Path) -> None:
    """Unpack what a backup holds, and nothing else, each content checked by its name."""
    try:
        with tarfile.open(source, "r:") as archive:
            members = [member for member in archive if member.isreg() and _CONTENT.match(member.name)]
            archive.extractall(fresh, members, filter="data")
    except (tarfile.TarError, OSError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"The disk is full: {source} cannot be unpacked.") from error
        raise UnreadableFile(f"{source} is not a backup of KnowHub: {error}", cure=_OTHER) from error
    if not (fresh / DATABASE).is_file():
        raise UnreadableFile(f"{source} holds no database.", cure="Choose a file made by `knowhub backup`.")
    for path in (path for path in fresh.rglob("*") if path.is_file()):
        path.chmod(0o600)  # archives of other makers may say otherwise
    for blob in (fresh / "blobs").glob("*"):
        if _sha256(blob) != blob.name:
            raise UnreadableFile(f"{source} is damaged: {blob.name[:12]}… does not match.", cure=_OTHER)


def _checked(source: Path, fresh: Path) -> int:
    """Check the unpacked database and give it a new identity; return how many contents it lists that are missing."""
    try:
        with closing(sqlite3.connect(fresh / DATABASE)) as connection, connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise UnreadableFile(f"The database in {source} is damaged: {found}", cure=_OTHER)
            revision = str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
            if revision not in REVISIONS:
                raise DataTooNew(f"{source} is of revision {revision}; this version knows revisions up to {HEAD}.")
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                connection.execute("UPDATE meta SET value = ? WHERE name = 'identity'", (uuid.uuid4().hex,))
            return sum(not (fresh / "blobs" / sha256).is_file() for sha256 in _listed(connection))
    except (sqlite3.Error, TypeError) as error:  # TypeError: a table that ought to have a row has none
        raise UnreadableFile(f"The database in {source} cannot be read: {error}", cure=_OTHER) from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _set_aside(folder: DataFolder) -> Path:
    number = 1
    while (kept := folder.backups / f"before-restore-{number}").exists():
        number += 1
    kept.mkdir(parents=True)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "secret", "blobs"):
        if (folder.path / name).exists():
            shutil.move(str(folder.path / name), kept / name)
    shutil.rmtree(folder.index, ignore_errors=True)  # a cache of the database that is leaving
    (kept / "note.json").write_text(json.dumps({"why": "restore"}), encoding="utf-8")
    return kept
