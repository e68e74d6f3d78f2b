"""What a hit shows of itself: the sentence of its passage that fits the query best, with the query's words marked.

It decides what is read at a glance, not what is found and not where a hit opens.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowhub_ext.domain.locators import Locator, TextSpan, TimeSpan
from knowhub_ext.domain.passages import Passage, Sentence, span_of
from knowhub_ext.domain.texts import (
    canonical,
    code_spans,
    ends_sentence,
    query_phrases,
    query_terms,
    sentence_spans,
    stem,
    word_spans,
    words,
)

Span = tuple[int, int]
#: A sentence that is longer is shown in part: one of a transcript without full stops, a table, a line of data.
LONGEST = 240
#: A sentence that is shorter, or a question, gets a neighbour beside it if both are no longer than `TOGETHER`.
SHORT, TOGETHER = 40, 180
#: What code and headings count beside a sentence that says the same.
LESSER = 0.5
_LINE, _WHOLE = re.compile(r"\S(?:[^\n]*\S)?"), re.compile(r"\S(?:.*\S)?", re.DOTALL)
_CLAUSE, _SPACE = re.compile(r"[,;:–—]\s+"), re.compile(r"\s+")
#: What Markdown puts before a heading, an item and a quotation: drawn as a sign, not read as a word.
_SIGN = re.compile(r"(?:#{1,6}|[-*+>])[ \t]+(?=\S)")
#: What may stand between two words that belong together.
_GAP = re.compile(r"\s+|[-_./]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """A sentence, or two short neighbours, verbatim from a passage, and where that stands.

    `marks`: half-open `(start, end)` code points of `text` that match the query; in order, none overlapping another.
    """

    text: str
    locator: Locator
    marks: tuple[Span, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "locator": self.locator.to_json(), "marks": [list(mark) for mark in self.marks]}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """What a query looks for: stems, pairs of stems side by side, code words in their encoding."""

    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    codes: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    """A stretch of a passage's text that can be shown: a sentence, a line of code, a part of what is too long."""

    start: int
    end: int
    locator: Locator
    #: Neither code nor a heading.
    prose: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Match:
    start: int
    end: int
    #: What of the query was met here.
    keys: frozenset[str]


def preview(query: str, passage: Passage) -> Preview:
    """Return what a hit shows for a query. Where none of the query's words stands in the passage, it is the opening.

    Args:
        query: as typed.
        passage: the hit's, in canonical text; one without sentences is divided where sentences end.
    """
    wanted = _wanted(query)
    pieces = list(_pieces(passage)) or [_Piece(start=0, end=len(passage.text), locator=passage.locator, prose=True)]
    worth = [_worth(wanted, passage.text[piece.start : piece.end]) for piece in pieces]
    best = max(range(len(pieces)), key=lambda i: (
        worth[i] if pieces[i].prose else LESSER * worth[i], pieces[i].prose, -i
    ))
    first, last = _beside(passage.text, pieces, worth, best)
    text = passage.text[pieces[first].start : pieces[last].end]
    marks = _joined((match.start, match.end) for match in _matches(wanted, text))
    return Preview(text=text, locator=span_of([pieces[first].locator, pieces[last].locator]), marks=tuple(marks))


@lru_cache(maxsize=64)
def _wanted(query: str) -> _Wanted:
    codes = {code: words(query[start:end]) for start, end, code in code_spans(canonical(query))}
    said = [pair for code in codes.values() for pair in itertools.pairwise(code)]
    said += [(a, b) for a, b in (phrase.split(" ", 1) for phrase in query_phrases(query))]
    return _Wanted(
        stems=frozenset(stem(term) for term in query_terms(query) if term not in codes),
        pairs=frozenset((stem(a), stem(b)) for a, b in said), codes=frozenset(codes),
    )


# The pieces of a passage


def _pieces(passage: Passage) -> Iterator[_Piece]:
    text, at = passage.text, 0
    rows = passage.sentences or [
        Sentence(text=text[start:end], locator=passage.locator) for start, end in sentence_spans(text)
    ]
    for row in rows:
        found = text.find(row.text, at)
        if found >= 0:  # what a passage does not hold is not shown as its words
            at = found + len(row.text)
            prose = not row.code and (isinstance(row.locator, TimeSpan) or ends_sentence(row.text))
            for start, end in _parts(row):
                start = _behind_sign(row, start)
                yield _Piece(start=found + start, end=found + end, locator=_within(row, start, end), prose=prose)


def _behind_sign(row: Sentence, start: int) -> int:
    """Return where the words of a text begin. In code the same signs mean something, and nobody says them aloud."""
    if start or row.code or isinstance(row.locator, TimeSpan):
        return start
    sign = _SIGN.match(row.text)
    return sign.end() if sign else start


def _parts(row: Sentence) -> Iterator[Span]:
    for found in (_LINE if row.code else _WHOLE).finditer(row.text):
        start, end = found.span()
        while end - start > LONGEST:
            cut = _cut(row.text, start, end)
            yield start, start + len(row.text[start:cut].rstrip())
            start = cut
        if start < end:
            yield start, end


def _cut(text: str, start: int, end: int) -> int:
    """Return where the first of several parts ends: behind a comma or the like, else at a space, else anywhere."""
    even = start + (end - start) / math.ceil((end - start) / LONGEST)
    for sign in (_CLAUSE, _SPACE):
        ends = [found.end() for found in sign.finditer(text, start + LONGEST // 3, start + LONGEST)]
        if ends:
            return min(ends, key=lambda at: abs(at - even))
    return start + LONGEST


def _within(row: Sentence, start: int, end: int) -> Locator:
    if isinstance(row.locator, TextSpan) and row.locator.end - row.locator.start == len(row.text):
        return TextSpan(start=row.locator.start + start, end=row.locator.start + end)
    return row.locator


# What fits


def _matches(wanted: _Wanted, text: str) -> list[_Match]:
    tokens = [(start, end, _stems(text[start:end])) for start, end in word_spans(text)]
    found = [
        _Match(start=start, end=end, keys=have & wanted.stems)
        for start, end, have in tokens if have and have <= wanted.stems  # half of a sign that is two words is none
    ]
    firsts = {first for first, _ in wanted.pairs}
    for (start, left, a), (right, end, b) in itertools.pairwise(tokens):
        if len(a) == len(b) == 1 and not firsts.isdisjoint(a):
            keys = frozenset(f"{x} {y}" for x in a for y in b if (x, y) in wanted.pairs)
            if keys and _GAP.fullmatch(text, left, right):
                found.append(_Match(start=start, end=end, keys=keys))
    codes = code_spans(text) if wanted.codes else ()
    return found + [
        _Match(start=start, end=end, keys=frozenset([code])) for start, end, code in codes if code in wanted.codes
    ]


@lru_cache(maxsize=65536)
def _stems(word: str) -> frozenset[str]:
    """Return the stems of a word as it is written; some signs (`½`) are two words to a search."""
    return frozenset(stem(part) for part in words(word))


def _worth(wanted: _Wanted, text: str) -> int:
    """Return how much of the query a text says. Weighing words by how rare they are chose no better sentences."""
    return len({key for match in _matches(wanted, text) for key in match.keys})


def _beside(text: str, pieces: Sequence[_Piece], worth: Sequence[float], best: int) -> Span:
    """Return the first and the last piece to show: a short sentence needs a neighbour, a question what follows it."""
    piece = pieces[best]
    asks = text[piece.start : piece.end].endswith("?")
    pairs = [(best, best + 1)] if asks else [(best, best + 1), (best - 1, best)]
    fitting = [
        (first, last) for first, last in pairs if first >= 0 and last < len(pieces)
        and pieces[first].prose and pieces[last].prose and pieces[last].end - pieces[first].start <= TOGETHER
    ]
    if not fitting or not (asks or piece.end - piece.start < SHORT):
        return best, best
    return max(fitting, key=lambda pair: worth[pair[0]] + worth[pair[1]])


def _joined(spans: Iterator[Span]) -> list[Span]:
    """Return the union of spans, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
