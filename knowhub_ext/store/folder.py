"""The data folder on disk: its secret, who holds it open, and which servers run on it."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from knowhub_ext.errors import DataLocked, DiskFull, UserError

if sys.platform != "win32":
    import fcntl


class DataFolder:
    """A data folder; made on first use, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.path / "run").mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise UserError(
                f"The data folder {self.path} cannot be used: {error.strerror}.", cure="Choose another one with --data."
            ) from error

    @property
    def blobs(self) -> Path:
        return self.path / "blobs"

    @property
    def uploads(self) -> Path:
        return self.path / "uploads"

    @property
    def index(self) -> Path:
        return self.path / "index"

    @property
    def backups(self) -> Path:
        return self.path / "backups"

    def secret(self) -> bytes:
        """Return the 32-byte key all processes of this folder sign with; made once, atomically, mode 0600."""
        path = self.path / "secret"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            fresh = self.path / f".secret-{os.getpid()}-{secrets.token_hex(4)}"
            _write_private(fresh, secrets.token_bytes(32))
            try:
                os.link(fresh, path)  # fails where another process was first: theirs counts
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
            return path.read_bytes()

    @contextmanager
    def hold(self, *, exclusive: bool = False) -> Iterator[None]:
        """Hold the folder open: shared for all ordinary work, exclusively for restore and migration.

        Raises:
            DataLocked: another process holds it in a way that excludes this; the message names it.
        """
        with (self.path / "lock").open("a+b") as lock:
            if not _lock(lock, exclusive=exclusive):
                raise DataLocked(f"{self._holders()} has {self.path} open.")
            with self._named():
                yield

    @contextmanager
    def _named(self) -> Iterator[None]:
        note = self.path / "run" / f"holder-{os.getpid()}-{secrets.token_hex(3)}.json"
        _write_private(note, json.dumps({"pid": os.getpid(), "command": " ".join(sys.argv)[:200]}).encode())
        try:
            yield
        finally:
            note.unlink(missing_ok=True)

    def _holders(self) -> str:
        rows = [row for row in self._notes("holder-*.json") if row["pid"] != os.getpid()]
        return ", ".join(f"process {row['pid']} ({row['command']})" for row in rows) or "Another process"

    @contextmanager
    def announce(self, url: str, token: str) -> Iterator[Path]:
        """Write `run/server-<pid>.json` (0600), by which clients of this machine find the server."""
        path = self.path / "run" / f"server-{os.getpid()}.json"
        _write_private(path, json.dumps({"url": url, "token": token, "pid": os.getpid()}).encode())
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def servers(self) -> list[dict[str, Any]]:
        """Return the servers that run on this folder: `url`, `token`, `pid`."""
        return self._notes("server-*.json")

    def _notes(self, pattern: str) -> list[dict[str, Any]]:
        rows = []
        for path in sorted((self.path / "run").glob(pattern)):
            try:
                row = json.loads(path.read_bytes())
            except (OSError, ValueError):
                continue
            if _alive(int(row.get("pid", 0))):
                rows.append(row)
            else:
                path.unlink(missing_ok=True)  # left behind by a process that was killed
        return rows


def _lock(file: IO[bytes], *, exclusive: bool) -> bool:
    """Take an advisory lock without waiting. Windows has none of this kind: one process at a time is one's own care."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _write_private(path: Path, data: bytes) -> None:
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno == 28:
            raise DiskFull from error
        raise
