"""Bytes of a text file to a string: captions, documents and notebooks share it. Markup is not its business."""

from __future__ import annotations

import codecs
from pathlib import Path

from knowhub_ext.errors import UnreadableFile

#: A transcript of a hundred hours is a tenth of this; more is not a document.
MAX_BYTES = 64 * 1024 * 1024
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"))


def read_text(path: Path, *, name: str) -> str:
    """Read a text file: by its byte-order mark, else as UTF-8, else as Windows-1252 and Latin-1.

    Raises:
        UnreadableFile: it is missing, larger than `MAX_BYTES` or not text.
    """
    return decode(read_bytes(path, name=name), name=name)


def read_bytes(path: Path, *, name: str) -> bytes:
    """Read the bytes of a text file.

    Raises:
        UnreadableFile: it is missing or larger than `MAX_BYTES`.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(f"'{name}' is larger than {MAX_BYTES >> 20} MB, too large for a text file.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"'{name}' cannot be read: {error.strerror or error}.") from error


def encoding_of(data: bytes) -> str:
    """Return how `decode` reads these bytes: `utf-8`, `utf-16`, `utf-32`, `cp1252` or `latin-1`."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding.removesuffix("-sig")
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def decode(data: bytes, *, name: str) -> str:
    """Decode the bytes of a text file.

    Raises:
        UnreadableFile: it is binary.
    """
    if not data.strip():
        return ""  # no text is a result, not a failure: the asset becomes `empty`
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, name)
    if b"\0" in data or _controls(data) > 0.05:
        raise UnreadableFile(f"'{name}' is binary, not text.", cure="Save it as plain text in UTF-8 and add it again.")
    return data.decode(encoding_of(data))


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"'{name}' says it is {encoding.upper()} but is damaged at byte {error.start}.",
            cure="Save it again as plain text in UTF-8.",
        ) from error


def _controls(data: bytes) -> float:
    """Return which share of the bytes are control characters that text does not hold."""
    strange = bytes(c for c in range(32) if c not in b"\t\n\r\f\x1b")
    sample = data[:65536]
    return (len(sample) - len(sample.translate(None, strange))) / len(sample)
