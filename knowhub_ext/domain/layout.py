"""From lines of a printed page to paragraphs in reading order: columns, hyphens, ligatures. Knows no file format.

Coordinates are the page's own: x grows to the right, y upwards, in points.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowhub_ext.domain.texts import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A run of text on one baseline. `continues`: it stands beside the line before it, after a wide gap."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    continues: bool = False


#: Lines of a column fill it: what fills less, on the median, is a table, whose rows must stay rows.
_FILLED = 0.6
_COLUMN_LINES = 4
#: A heading is set so much larger than the body, or it is bold or numbered, which is not looked at.
_LARGER = 1.15
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_BULLET = re.compile(r"\s*(?:[•‣◦▪▸►●○■□➢✓–—·*-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_NO_WORD = re.compile(r"[^\w-]")
_HYPHEN = re.compile(r"[-\u00ad\u2010\ufffe\x02]$")


def cleaned(text: str) -> str:
    """Return a line's text with ligatures taken apart and spaces made plain."""
    return re.sub(r"[ \t\u00a0]+", " ", _LIGATURE.sub(lambda m: _LIGATURES[m.group()], text)).strip()


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page in the order in which they are read.

    A page of two columns is read band by band, a band being what stands between lines that span both: its left column
    from the top, then its right. Any other page keeps the order of its file, pieces of one line joined.
    """
    gutter = _gutter(lines)
    if gutter is None:
        return _rejoined(lines)
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(lines, key=lambda row: -row.top):
        if line.left < gutter < line.right:
            ordered += [*left, *right, line]
            left, right = [], []
        else:
            (left if line.right <= gutter else right).append(line)
    return [*ordered, *left, *right]


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return the x between two columns of running text, or None where the page is not set so."""
    if len(lines) < 2 * _COLUMN_LINES:
        return None
    start, end = min(row.left for row in lines), max(row.right for row in lines)
    middle = [start + (end - start) * share / 40 for share in range(14, 27)]
    crossed = {x: sum(row.left < x < row.right for row in lines) for x in middle}
    fewest = min(crossed.values())
    free = [x for x in middle if crossed[x] == fewest]
    x = free[len(free) // 2]
    left, right = [r for r in lines if r.right <= x], [r for r in lines if r.left >= x]
    enough = min(len(left), len(right)) >= _COLUMN_LINES and fewest <= 0.3 * len(lines)
    return x if enough and _is_filled(left) and _is_filled(right) and _side_by_side(left, right) else None


def _is_filled(column: Sequence[Line]) -> bool:
    width = max(row.right for row in column) - min(row.left for row in column)
    return statistics.median(row.right - row.left for row in column) >= _FILLED * width


def _side_by_side(left: Sequence[Line], right: Sequence[Line]) -> bool:
    top = min(max(row.top for row in left), max(row.top for row in right))
    bottom = max(min(row.bottom for row in left), min(row.bottom for row in right))
    return top > bottom


def _rejoined(lines: Sequence[Line]) -> list[Line]:
    rows: list[Line] = []
    for line in lines:
        if line.continues and rows:
            before = rows.pop()
            line = Line(
                text=f"{before.text}  {line.text}", left=min(before.left, line.left), size=before.size,
                right=max(before.right, line.right), bottom=min(before.bottom, line.bottom),
                top=max(before.top, line.top), continues=before.continues,
            )
        rows.append(line)
    return rows


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Return the size in which most characters of a document are set, in points; 0 where there are none."""
    weight: dict[float, int] = {}
    for line in (line for page in pages for line in page):
        weight[round(line.size, 1)] = weight.get(round(line.size, 1), 0) + len(line.text)
    return max(weight, key=lambda size: weight[size], default=0.0)


def without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without the first or last line that most of them share but for its numbers.

    A page of one line keeps it, and a heading is none: the slides of a deck may all be called the same.
    """
    body = body_size(pages)
    edges = [_edges(page, body) for page in pages]
    count = Counter(text for page in edges for text in {_unnumbered(line.text) for line in page})
    often = {text for text, times in count.items() if times >= 3 and times > 0.4 * len(pages)}
    heads = [[line for line in page if _unnumbered(line.text) in often] for page in edges]
    return [[line for line in page if line not in gone] for page, gone in zip(pages, heads, strict=True)]


def _edges(page: Sequence[Line], body: float) -> list[Line]:
    if len(page) < 2:
        return []
    edges = [max(page, key=lambda line: line.top), min(page, key=lambda line: line.bottom)]
    return [line for line in edges if not _is_heading(line, body)]


def _unnumbered(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text.casefold())


def paragraphs(lines: Sequence[Line], *, body: float, known: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield `(kind, text)` of a page's lines in reading order: `heading` or `text`, lines joined, hyphens closed.

    Args:
        lines: as `in_reading_order` returns them.
        body: size of running text, see `body_size`.
        known: words that the document writes with a hyphen inside a line, see `hyphenated`; they keep it.
    """
    group: list[Line] = []
    for line in lines:
        if group and _begins(group, line, body):
            yield _kind(group, body), _text(group, known)
            group = []
        group.append(line)
    if group:
        yield _kind(group, body), _text(group, known)


def hyphenated(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Return the words of a document with a hyphen that is no line's end, case-folded."""
    found: set[str] = set()
    for line in (line for page in pages for line in page):
        found.update(word.casefold() for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line.text))
    return frozenset(found)


def _is_heading(line: Line, body: float) -> bool:
    return line.size >= _LARGER * body and len(line.text) <= 160


def _kind(group: Sequence[Line], body: float) -> str:
    return "heading" if len(group) <= 3 and all(_is_heading(line, body) for line in group) else "text"


def _begins(group: Sequence[Line], line: Line, body: float) -> bool:
    """Say whether a line begins a paragraph: it is set otherwise, listed, further away, or the line before ended."""
    before = group[-1]
    if _is_heading(line, body) != _is_heading(before, body) or abs(line.size - before.size) > 0.15 * body:
        return True
    if _BULLET.match(line.text) or line.top > before.top + before.size:  # the next column begins at the top again
        return bool(_BULLET.match(line.text)) or not _runs_on(before.text)
    if before.bottom - line.top > 0.75 * max(before.size, 1.0):
        return True
    width = max(row.right for row in [*group, line]) - min(row.left for row in [*group, line])
    short = before.right - min(row.left for row in group) < 0.7 * width
    return short and not _runs_on(before.text) and line.text[:1].isupper()


def _runs_on(text: str) -> bool:
    return bool(_HYPHEN.search(text)) or text.endswith((",", ";")) or text[-1:].islower()


def _text(group: Sequence[Line], known: frozenset[str]) -> str:
    text = group[0].text
    for line in group[1:]:
        text = _joined(text, line.text, known)
    return canonical(text).strip()


def _joined(text: str, more: str, known: frozenset[str]) -> str:
    """Join two lines: a word divided at the line's end is closed, unless it is written with its hyphen elsewhere."""
    found = _HYPHEN.search(text)
    if not (found and len(text) > 1 and text[-2].isalpha() and more[:1].islower()):
        return f"{text} {more}"
    stem = text[:-1]
    before, after = _NO_WORD.split(stem)[-1], _NO_WORD.split(more)[0]
    word = f"{before}-{after}".casefold()
    return f"{stem}-{more}" if word in known else stem + more
