"""Archives that grow: Office documents are ZIP files of XML, and both can be bombs. Refused before a reader sees them.

Nothing is unpacked to disk; what has to be looked at is read in blocks, and no more of it than may come.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from knowhub_ext.errors import UnreadableFile

MB = 1 << 20
MAX_ENTRIES = 10_000
#: All entries together may be this many times the file; a small one may grow to `SMALL` whatever its ratio.
MAX_GROWTH = 10
MAX_TOTAL = 2048 * MB
SMALL = 64 * MB
#: XML is built as a tree of many times its size: one part of a document may have this.
MAX_XML = 24 * MB
#: An archive in an archive is a spreadsheet in a document; what is deeper is none.
MAX_DEPTH = 2
_DIRECTORY_BYTES = 4 * MB
_BLOCK = 256 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_XML = (".xml", ".rels", ".vml", ".svg")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_SUBSET = re.compile(rb"<!DOCTYPE[^>]*\[", re.IGNORECASE)


@dataclass(slots=True)
class _Allowance:
    """What may still come, over all depths."""

    name: str
    entries: int
    total: int

    def spend(self, size: int) -> None:
        self.total -= size
        if self.total < 0:
            raise _bomb(self.name, "it unpacks to far more than its size")


def refuse_bomb(path: Path, name: str) -> None:
    """Look whether the file at `path`, named `name`, is an archive or XML that would grow beyond all measure.

    Other files pass unread.

    Raises:
        UnreadableFile: it has too many or overlapping entries, grows too much, nests too deeply, declares entities,
            or is damaged.
    """
    with path.open("rb") as file:
        head = file.read(64 * 1024)
        if head.startswith(_ZIP):
            size = file.seek(0, io.SEEK_END)
            total = min(MAX_TOTAL, max(MAX_GROWTH * size, SMALL))
            _look(file, size, _Allowance(name, MAX_ENTRIES, total), depth=1)
        elif _plain(head).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and _SUBSET.search(_plain(head)):
            raise _bomb(name, "it declares entities of its own")


def _look(file: BinaryIO, size: int, left: _Allowance, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _bomb(left.name, f"it holds archives more than {MAX_DEPTH} deep")
    _count(file, size, left)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            left.entries -= len(entries)
            if left.entries < 0:
                raise _bomb(left.name, f"it holds more than {MAX_ENTRIES:,} entries")
            _refuse_overlap(entries, left.name)
            left_before = left.total
            for entry in entries:
                left.spend(entry.file_size)
            left.total = left_before  # what the directory says may be a lie: what really comes is counted again
            for entry in entries:
                _look_into(archive, entry, left, depth)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnreadableFile(f"'{left.name}' is a damaged archive: {error}.") from error


def _look_into(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: _Allowance, depth: int) -> None:
    """Read one entry to its end, counting, and look deeper where it is an archive or XML."""
    if entry.is_dir():
        return
    if entry.flag_bits & 1:
        raise UnreadableFile(f"'{left.name}' is locked with a password.", cure="Save it without one and add it again.")
    kept = bytearray()
    xml = entry.filename.lower().endswith(_XML)
    with archive.open(entry) as inner:
        while block := inner.read(_BLOCK):
            left.spend(len(block))
            nested = kept.startswith(_ZIP) if kept else block.startswith(_ZIP)
            if nested or xml or not kept:
                kept += block
            if xml and len(kept) > MAX_XML:
                raise _bomb(left.name, f"one of its XML parts has more than {MAX_XML // MB} MB")
            if nested and len(kept) > SMALL:
                raise _bomb(left.name, f"an archive in it has more than {SMALL // MB} MB")
    if kept.startswith(_ZIP):
        _look(io.BytesIO(bytes(kept)), len(kept), left, depth=depth + 1)
    elif xml and _DOCTYPE.search(_plain(bytes(kept))):
        raise _bomb(left.name, "its XML declares entities of its own")


def _plain(data: bytes) -> bytes:
    """Return markup in ASCII, whichever width its letters have, well enough to search it for marks."""
    return data.replace(b"\0", b"") if b"\0" in data[:64] else data


def _refuse_overlap(entries: Sequence[zipfile.ZipInfo], name: str) -> None:
    """Refuse entries that share their bytes, by which a small archive holds petabytes."""
    end = -1
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise _bomb(name, "its entries overlap")
        end = entry.header_offset + 30 + len(entry.orig_filename) + entry.compress_size


def _count(file: BinaryIO, size: int, left: _Allowance) -> None:
    """Refuse a directory that is too long to be read, before `zipfile` makes objects of it.

    The record at the end tells its length (APPNOTE 4.3.14 and 4.3.16). More entries than that cannot be read from it.
    """
    start = max(0, size - 65_557)
    file.seek(start)
    tail = file.read(65_557)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise UnreadableFile(f"'{left.name}' is a damaged archive: its directory is missing.")
    entries, length = struct.unpack_from("<HI", tail, at + 10)
    wide = tail.rfind(b"PK\x06\x06")
    if wide >= 0 and len(tail) >= wide + 56:
        entries, length = struct.unpack_from("<QQ", tail, wide + 32)
    if length > _DIRECTORY_BYTES or entries > left.entries:
        raise _bomb(left.name, f"it holds more than {MAX_ENTRIES:,} entries")
    file.seek(0)


def _bomb(name: str, why: str) -> UnreadableFile:
    return UnreadableFile(f"'{name}' cannot be opened safely: {why}.", cure="Save it again, or export it as PDF.")
