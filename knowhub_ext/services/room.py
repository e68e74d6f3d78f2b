"""How much room there is: the free disk that is left alone, the size of one file, the share of one course.

Only what comes in is measured here; the database and what a person writes go on while uploads are refused.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from knowhub_ext.errors import DiskFull, QuotaExceeded, TooLarge
from knowhub_ext.store.database import Tx

GIB = 1 << 30


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bytes, and seconds. `course_bytes` 0: no quota."""

    file_bytes: int = 16 * GIB
    course_bytes: int = 0
    floor_bytes: int = 2 * GIB
    expiry_s: int = 172_800


class Room:
    """The room on the disk that holds `folder`."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self.limits = limits

    def require(self, size: int, *, promised: int = 0, name: str = "") -> None:
        """Make sure that `size` bytes more leave the floor free, beside `promised` bytes that others will bring.

        Raises:
            DiskFull: they do not.
        """
        free = shutil.disk_usage(self._folder).free
        if free - promised - size < self.limits.floor_bytes:
            what = f"'{name[:200]}' was not taken" if name else "Nothing more is taken in"
            raise DiskFull(
                f"{what}: the disk has {amount(free)} free, and {amount(self.limits.floor_bytes)} of it are kept free.",
                cure="Free some space, or lower the setting free_disk_floor_bytes; what is here already is safe.",
            )

    def admit(self, tx: Tx, course_id: str, size: int, *, name: str) -> None:
        """Make sure that an upload of `size` bytes may begin; whoever records it does so in the same transaction.

        Raises:
            TooLarge: one file may not be that large.
            QuotaExceeded: the course would pass its quota.
            DiskFull: the disk would fall below its floor.
        """
        self._limit(size, name)
        self._share(tx, course_id, size, name)
        self.require(size, promised=tx.uploads.outstanding(), name=name)

    def allow(self, tx: Tx, course_id: str, size: int, *, name: str, sha256: str = "") -> None:
        """Make sure that a file of this machine may be added; what the course holds already takes no more of it.

        Args:
            tx: to look.
            course_id: the course.
            size: of the file, bytes.
            name: of the file.
            sha256: where it is known. Otherwise content of the same size is taken to be the same one: ask again.

        Raises:
            TooLarge, QuotaExceeded: as `admit`.
        """
        self._limit(size, name)
        held = tx.uploads.sized(course_id, size) if self.limits.course_bytes else set()
        there = sha256 in held if sha256 else bool(held)
        if not there:
            self._share(tx, course_id, size, name)

    def _limit(self, size: int, name: str) -> None:
        if size > self.limits.file_bytes:
            raise TooLarge(f"'{name[:200]}' has {amount(size)}; at most {amount(self.limits.file_bytes)} are taken.")

    def _share(self, tx: Tx, course_id: str, size: int, name: str) -> None:
        used = tx.uploads.used(course_id) if self.limits.course_bytes else 0
        if self.limits.course_bytes and used + size > self.limits.course_bytes:
            raise QuotaExceeded(
                f"'{name[:200]}' has {amount(size)}, but the course takes {amount(used)} of "
                f"{amount(self.limits.course_bytes)} already."
            )


def amount(size: int) -> str:
    """Return a number of bytes in words: `3 B`, `1.5 MiB`."""
    value, units = float(size), ["B", "KiB", "MiB", "GiB", "TiB"]
    while value >= 1024 and len(units) > 1:
        value, units = value / 1024, units[1:]
    return f"{value:.3g} {units[0]}" if value < 1000 else f"{value:.0f} {units[0]}"
