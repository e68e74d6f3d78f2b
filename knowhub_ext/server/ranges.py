"""Which bytes a request asks for, and whether its conditions hold: RFC 9110, sections 13 and 14. Pure rules.

Several ranges at once are answered with the whole representation, which section 14.2 allows: no player asks for
them, and joining many small ones is a known way to exhaust a server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SPEC = re.compile(r"([0-9]{0,100})[ \t]*-[ \t]*([0-9]{0,100})\Z")
_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What to send: `status` 200, 206, 304, 412 or 416, and the bytes `[start, end)`."""

    status: int
    start: int = 0
    end: int = 0

    @property
    def length(self) -> int:
        return self.end - self.start


def decide(headers: Mapping[str, str], *, etag: str, size: int) -> Reply:
    """Return what a GET or HEAD with these headers gets, in the order of section 13.2.2.

    Args:
        headers: of the request; the keys are case-insensitive.
        etag: the strong entity tag of the representation, with its quotes.
        size: its length in bytes.
    """
    whole = Reply(status=200, end=size)
    match = headers.get("If-Match")
    if match is not None and not _matches(match, etag, weak=False):
        return Reply(status=412)
    none_match = headers.get("If-None-Match")
    if none_match is not None and _matches(none_match, etag, weak=True):
        return Reply(status=304)
    wanted = headers.get("Range")
    if wanted is None or headers.get("If-Range", etag).strip() != etag:
        return whole
    return _ranged(wanted, size, whole)


def _ranged(wanted: str, size: int, whole: Reply) -> Reply:
    unit, equals, specs = wanted.partition("=")
    if unit.strip().lower() != "bytes" or not equals or "," in specs.strip(" \t,"):
        return whole
    found = _SPEC.match(specs.strip(" \t,"))
    if found is None or not any(found.groups()):
        return whole
    first, last = found.groups()
    if not first:
        return _suffix(int(last), size, whole)
    if last and int(last) < int(first):
        return whole  # not a range at all: section 14.1.1 says to ignore it
    return _span(int(first), int(last) + 1 if last else size, size)


def _suffix(length: int, size: int, whole: Reply) -> Reply:
    if length == 0:
        return Reply(status=416)
    return Reply(status=206, start=max(0, size - length), end=size) if size else whole


def _span(start: int, end: int, size: int) -> Reply:
    if start >= size:
        return Reply(status=416)
    return Reply(status=206, start=start, end=min(end, size))


def _matches(header: str, etag: str, *, weak: bool) -> bool:
    """Compare a list of entity tags with ours, weakly or strongly (section 8.8.3.2)."""
    if header.strip() == "*":
        return True
    return any(tag == etag and (weak or not mark) for mark, tag in _TAG.findall(header))
