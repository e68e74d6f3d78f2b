"""Content as files `<sha256>` in one folder. The plain backend of its seam; it never links to the source.

A hard link or a reference would let an edit of the source change what was stored, so bytes are shared only by reflink,
which copies on write.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sys
import uuid
from pathlib import Path

from knowhub_ext.domain.media import Blob
from knowhub_ext.errors import DiskFull, KnowHubError, NotFound, UnreadableFile

_CHUNK = 1 << 20
_FICLONE = 0x40049409  # ioctl of Linux: share all extents of another file, copy on write (linux/fs.h)
_NAME = re.compile(r"[0-9a-f]{64}\Z")


class FileBlobStore:
    """Option: `root`, the folder for the files, made when it is first needed."""

    def __init__(self, *, root: Path | str) -> None:
        self.folder = Path(root)

    def put(self, source: Path) -> Blob:
        """Copy a file in and return its blob; the same content twice is stored once.

        Hashed is what was stored, not what was read beforehand: a source that changes meanwhile cannot lie.

        Raises:
            UnreadableFile: the source cannot be read.
            DiskFull: no room is left; nothing half-written stays.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{uuid.uuid4().hex}.part"
        try:
            blob = _copied(source, part)
            self._settle(part, self.folder / blob.sha256, blob.size)
            return blob
        except OSError as error:
            raise _told(error, source) from error
        finally:
            part.unlink(missing_ok=True)

    def adopt(self, source: Path, *, sha256: str) -> Blob:
        """Move a file in by its name alone where that can be done, else by a copy; the source is gone afterwards.

        Raises:
            UnreadableFile: the source is not there.
            DiskFull: it lies on another disk, and there is no room for a copy.
            KnowHubError: it cannot be moved for now; it stays where it is.
        """
        final = self.folder / _checked(sha256)
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            size = _synced(source)
            self._settle(source, final, size)
        except OSError as error:
            if error.errno == errno.EXDEV:
                return self._adopted_copy(source, sha256)
            if error.errno in (errno.ENOENT, errno.ENOSPC, errno.EDQUOT):
                raise _told(error, source) from error
            raise KnowHubError(
                f"'{source.name}' cannot be moved into {self.folder}: {error.strerror or error}.",
                cure="Check that the data folder may be written.",
            ) from error
        source.unlink(missing_ok=True)  # the same content was here already
        return Blob(sha256=sha256, size=size)

    def _adopted_copy(self, source: Path, sha256: str) -> Blob:
        blob = self.put(source)
        if blob.sha256 != sha256:
            raise UnreadableFile(f"'{source.name}' is not what it was said to be.")
        source.unlink(missing_ok=True)
        return blob

    def path(self, sha256: str) -> Path:
        """Return the file that holds the content.

        Raises:
            NotFound: it is not here.
        """
        path = self.folder / _checked(sha256)
        if not path.is_file():
            raise NotFound(f"The content {sha256[:12]}… is not stored here.", cure="Add its file again.")
        return path

    def remove(self, sha256: str) -> None:
        """Delete content; unknown content is ignored."""
        (self.folder / _checked(sha256)).unlink(missing_ok=True)

    def _settle(self, part: Path, final: Path, size: int) -> None:
        """Give the finished copy its name, durably. A file of that name and size is the same content already."""
        if final.is_file() and final.stat().st_size == size:
            return
        part.chmod(0o600)
        os.replace(part, final)
        _sync_folder(self.folder)


def _checked(sha256: str) -> str:
    if not _NAME.match(sha256):
        raise NotFound(f"'{sha256[:80]}' is not the SHA-256 of stored content.")
    return sha256


def _copied(source: Path, part: Path) -> Blob:
    """Copy `source` to `part` by reflink or by bytes, flush it to disk and return its hash and size."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, part.open("x+b") as write:
        cloned = _reflinked(read.fileno(), write.fileno())
        origin = write if cloned else read
        while chunk := origin.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if not cloned:
                write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
        return Blob(sha256=digest.hexdigest(), size=size)


def _synced(path: Path) -> int:
    """Flush a file to the disk and return its size in bytes."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size


def _reflinked(source: int, target: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False  # another file system, or one that cannot
    return True


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there, and NTFS journals names by itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(error: OSError, source: Path) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"The disk is full: '{source.name}' was not added.")
    return UnreadableFile(
        f"'{source.name}' cannot be copied: {error.strerror or error}.",
        cure="Check that the file exists and may be read, and that the data folder may be written.",
    )
