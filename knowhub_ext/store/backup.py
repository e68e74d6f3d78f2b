"""Backup and restore of a SQLite data folder as one archive: database, media, secret."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from knowhub_ext.errors import UnreadableFile, UserError
from knowhub_ext.store.database import Store
from knowhub_ext.store.folder import DataFolder

DATABASE = "knowhub.sqlite3"


def back_up(store: Store, folder: DataFolder, target: Path) -> dict[str, Any]:
    """Write an archive that `restore` reads. The database is copied online, in one consistent state, before the media.

    Returns:
        `{"file", "bytes", "blobs"}`.

    Raises:
        UserError: the database is not SQLite (PostgreSQL has `pg_dump`).
    """
    if store.dialect != "sqlite":
        raise UserError("Only SQLite data folders are backed up by this command.", cure="Use pg_dump, and copy blobs/.")
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=folder.path) as scratch:
        copy = Path(scratch, DATABASE)
        source = sqlite3.connect(folder.path / DATABASE)
        destination = sqlite3.connect(copy)
        with source, destination:
            source.backup(destination)
        wanted = [row[0] for row in destination.execute("select sha256 from blob")]
        source.close()
        destination.close()
        blobs = [folder.blobs / sha for sha in wanted if (folder.blobs / sha).is_file()]
        with tarfile.open(part, "w") as archive:
            archive.add(copy, DATABASE)
            archive.add(folder.path / "secret", "secret")
            for blob in blobs:
                archive.add(blob, f"blobs/{blob.name}")
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(target)
    return {"file": str(target), "bytes": target.stat().st_size, "blobs": len(blobs)}


def restore(source: Path, folder: DataFolder) -> dict[str, Any]:
    """Replace the folder's content by an archive's. What was there is moved to `backups/before-restore-<n>`.

    The caller holds the folder exclusively. Every blob's SHA-256 is checked before anything is replaced.

    Raises:
        UnreadableFile: the archive is not one of ours or is damaged; the folder is untouched.
    """
    with tempfile.TemporaryDirectory(dir=folder.path) as scratch:
        fresh = Path(scratch)
        _unpack(source, fresh)
        kept = _set_aside(folder)
        for name in (DATABASE, "secret", "blobs"):
            if (fresh / name).exists():
                shutil.move(str(fresh / name), folder.path / name)
    count = len(list(folder.blobs.iterdir())) if folder.blobs.exists() else 0
    return {"file": str(source), "blobs": count, "previous": str(kept)}


def _unpack(source: Path, fresh: Path) -> None:
    try:
        with tarfile.open(source, "r:") as archive:
            archive.extractall(fresh, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise UnreadableFile(f"{source} is not a backup of KnowHub: {error}", cure="Choose another file.") from error
    if not (fresh / DATABASE).is_file():
        raise UnreadableFile(f"{source} holds no database.", cure="Choose a file made by `knowhub backup`.")
    for blob in (fresh / "blobs").glob("*"):
        if _sha256(blob) != blob.name:
            raise UnreadableFile(f"{source} is damaged: {blob.name[:12]}… does not match.", cure="Choose another file.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else _slow(path)


def _slow(path: Path) -> str:
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
