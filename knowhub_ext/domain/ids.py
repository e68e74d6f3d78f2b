"""Identifiers and names: server-made UUIDv7 strings, and the slugs people type."""

from __future__ import annotations

import hashlib
import os
import re
import time
import unicodedata
import uuid

from knowhub_ext.errors import InvalidName

SLUG_MAX = 80
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


def new_id() -> str:
    """Return a new UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76  # version 7
    value = value & ~(0x3 << 62) | 0x2 << 62  # variant of RFC 9562
    return str(uuid.UUID(int=value & (1 << 128) - 1))


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
