"""The bytes of unfinished uploads: one file each below `uploads/` of the data folder, named by the server-made id.

A file may be longer than what its upload counts: bytes behind that were written and never promised.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowhub_ext.domain.ids import is_id
from knowhub_ext.errors import DiskFull, NotFound, UploadLocked

if sys.platform != "win32":
    import fcntl
else:
    import msvcrt

_BLOCK = 1 << 20


class Part:
    """The file of one upload, held by one writer at a time; let go by the system when its process dies."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle

    def length(self) -> int:
        """Return how many bytes lie there."""
        return os.fstat(self._handle).st_size

    def write(self, offset: int, block: bytes | bytearray) -> None:
        """Write a block at an offset, replacing what lay there.

        Raises:
            DiskFull: no room is left.
        """
        with _full(), memoryview(block) as left:
            os.lseek(self._handle, offset, os.SEEK_SET)
            while left:
                left = left[os.write(self._handle, left) :]

    def sync(self) -> None:
        """Return once what was written is on the disk.

        Raises:
            DiskFull: it found no room there.
        """
        with _full():
            os.fsync(self._handle)

    def cut(self, length: int) -> None:
        """Drop what lies behind the first `length` bytes."""
        os.ftruncate(self._handle, length)

    def digest(self, length: int) -> hashlib._Hash:
        """Return the SHA-256 of the first `length` bytes as they lie on the disk; it can be updated further."""
        found, left = hashlib.sha256(), length
        os.lseek(self._handle, 0, os.SEEK_SET)
        while left and (block := os.read(self._handle, min(_BLOCK, left))):
            found.update(block)
            left -= len(block)
        return found

    def let_move(self) -> None:
        """Make the file ready to get another name. Where open files have none but one, the writer lets go of it."""
        if sys.platform == "win32":
            self.close()

    def close(self) -> None:
        """Let go; harmless to call twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


class Parts:
    """All files of unfinished uploads, in `folder`, which is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, upload_id: str) -> Path:
        """Return where an upload's bytes lie.

        Raises:
            NotFound: this is no id of ours, so there is no such file.
        """
        if not is_id(upload_id):
            raise NotFound("There is no such upload.", cure="Start the upload again.")
        return self.folder / f"{upload_id}.part"

    def length(self, upload_id: str) -> int:
        """Return how many bytes lie there; 0 where there is no file."""
        try:
            return self.path(upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def held(self, upload_id: str) -> Iterator[Part]:
        """As `take`, and let go at the end."""
        part = self.take(upload_id)
        try:
            yield part
        finally:
            part.close()

    def take(self, upload_id: str) -> Part:
        """Open an upload's file for its one writer, making it where there is none.

        Raises:
            UploadLocked: another connection has it, in this process or another.
            DiskFull: no room is left for a file.
        """
        path = self.path(upload_id)
        with _full():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        if not _locked(handle) or not _still(handle, path):
            os.close(handle)
            raise UploadLocked()
        return Part(path, handle)

    def remove(self, upload_id: str) -> None:
        """Delete an upload's file; one that is not there is ignored."""
        self.path(upload_id).unlink(missing_ok=True)

    def strays(self, known: set[str], *, older_s: float) -> list[str]:
        """Return the ids whose files lie here untouched for `older_s` seconds and belong to none of `known`."""
        if not self.folder.is_dir():
            return []
        found, before = [], time.time() - older_s
        for path in self.folder.glob("*.part"):
            try:
                if is_id(path.stem) and path.stem not in known and path.stat().st_mtime < before:
                    found.append(path.stem)
            except FileNotFoundError:
                continue
        return found


def _locked(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(handle, 1 << 62, os.SEEK_SET)  # a byte that no upload reaches
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _still(handle: int, path: Path) -> bool:
    """Say whether what was opened has its name still: meanwhile it may have become content, never to be written."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def _full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull() from error
        raise
