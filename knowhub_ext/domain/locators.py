"""Where in an asset something stands: a stretch of time, a page, a cell, or a stretch of canonical text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def seconds(ms: int) -> float:
    """Return milliseconds as the JSON form: seconds rounded to 3 decimals."""
    return round(ms / 1000, 3)


def milliseconds(value: float) -> int:
    """Return JSON seconds as integer milliseconds, rounded to the nearest."""
    return round(value * 1000)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeSpan:
    """Media time, half-open `[start_ms, end_ms)`."""

    start_ms: int
    end_ms: int

    def to_json(self) -> dict[str, Any]:
        return {"kind": "time", "start": seconds(self.start_ms), "end": seconds(self.end_ms)}


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRef:
    """A page or slide; pages start at 1."""

    page: int

    def to_json(self) -> dict[str, Any]:
        return {"kind": "page", "page": self.page}


@dataclass(frozen=True, kw_only=True, slots=True)
class CellRef:
    """A notebook cell by its nbformat id."""

    cell: str

    def to_json(self) -> dict[str, Any]:
        return {"kind": "cell", "cell": self.cell}


@dataclass(frozen=True, kw_only=True, slots=True)
class TextSpan:
    """Unicode code points of the asset's canonical text, half-open `[start, end)`."""

    start: int
    end: int

    def to_json(self) -> dict[str, Any]:
        return {"kind": "text", "start": self.start, "end": self.end}


Locator = TimeSpan | PageRef | CellRef | TextSpan


def exists(locator: Locator) -> bool:
    """Say whether a locator names a place at all: a stretch that is not empty, a page from 1, a cell with an id."""
    match locator:
        case TimeSpan(start_ms=start, end_ms=end) | TextSpan(start=start, end=end):
            return 0 <= start < end
        case PageRef(page=page):
            return page >= 1
        case CellRef(cell=cell):
            return bool(cell)


def meet(a: Locator, b: Locator) -> bool:
    """Say whether two places of one asset have something in common."""
    match a, b:
        case TimeSpan() as x, TimeSpan() as y:
            return x.start_ms < y.end_ms and y.start_ms < x.end_ms
        case TextSpan() as x, TextSpan() as y:
            return x.start < y.end and y.start < x.end
        case (PageRef(), PageRef()) | (CellRef(), CellRef()):
            return a == b
    return False


def from_json(data: Mapping[str, Any]) -> Locator:
    """Read a locator from its JSON form.

    Raises:
        ValueError: the kind is unknown or a field is missing.
    """
    try:
        match data["kind"]:
            case "time":
                return TimeSpan(start_ms=milliseconds(data["start"]), end_ms=milliseconds(data["end"]))
            case "page":
                return PageRef(page=int(data["page"]))
            case "cell":
                return CellRef(cell=str(data["cell"]))
            case "text":
                return TextSpan(start=int(data["start"]), end=int(data["end"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"A locator lacks {error}.") from error
    raise ValueError(f"No locator is of kind {data['kind']!r}.")
