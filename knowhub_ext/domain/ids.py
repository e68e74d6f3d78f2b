"""Identifiers and names: server-made UUIDv7 strings, and the slugs people type."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
import unicodedata
import uuid

from knowhub_ext.errors import InvalidName

SLUG_MAX = 80
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


_RANDOM_BITS = 74
_STEP_BITS = 32
_lock = threading.Lock()
_last = (0, 0)


def new_id() -> str:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then random bits (RFC 9562 §5.7).

    Those of one process sort in the order they were made: within a millisecond, or while the clock stands behind, the
    random part grows by a random step (RFC 9562 §6.2, method 2), so rows made together keep their order everywhere.
    """
    global _last
    with _lock:
        ms, random = time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big") >> 80 - _RANDOM_BITS
        if ms <= _last[0]:
            ms, random = _last[0], _last[1] + 1 + int.from_bytes(os.urandom(_STEP_BITS // 8), "big")
            if random >> _RANDOM_BITS:  # the millisecond is full: borrow the next one
                ms, random = ms + 1, int.from_bytes(os.urandom(10), "big") >> 80 - _RANDOM_BITS
        _last = (ms, random)
    high, low = random >> 62, random & (1 << 62) - 1
    return str(uuid.UUID(int=ms << 80 | 0x7 << 76 | high << 64 | 0x2 << 62 | low))


def is_id(text: str) -> bool:
    """Tell whether `text` has the form of a server-made id."""
    return bool(_ID.match(text))


def check_slug(text: str) -> str:
    """Return `text` if it is a slug.

    Raises:
        InvalidName: it is not.
    """
    if len(text) > SLUG_MAX or not _SLUG.match(text) or is_id(text):
        raise InvalidName(f"'{text[:SLUG_MAX]}' is not a slug: lower-case letters, digits, single hyphens.")
    return text


def slugify(title: str, *, fallback: str = "lesson") -> str:
    """Make a slug out of any title. Where no Latin letter or digit is left: `fallback` and a short hash of the title,
    so that different titles keep different slugs."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_MAX].strip("-")
    if slug and not is_id(slug):
        return slug
    return f"{fallback}-{hashlib.sha256(title.encode('utf-8', 'replace')).hexdigest()[:8]}"


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that orders `part2` before `part10`, as a reader of a folder expects."""
    parts = re.findall(r"\d+|\D+", text.casefold())
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)
