"""Passages: windows of sentences that are searched, each with its locator. Nothing has a special case for video."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from knowhub_ext.domain.documents import Block
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import canonical, sentence_spans


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """The smallest thing that can be quoted: verbatim text and where exactly it stands."""

    text: str
    locator: Locator
    #: Code is searched and shown to a chat model, but never quoted as an answer.
    code: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "locator": self.locator.to_json()}


#: By which rules passages are cut. Raised whenever `Window` or what follows below changes so that what was cut before
#: ought to be cut anew: 1 began a passage at every other sentence, 2 begins one at each (docs/adr/0017), 3 cuts texts
#: at their paragraphs (docs/adr/0021).
CUT = 3
#: Sentences of a passage that its vector speaks of; its words are searched in all of it.
NEAR = 5
#: From so many characters on a paragraph speaks for itself; shorter ones share windows with what follows, up to
#: so many of them.
PARAGRAPH, SHORT_ONES = 80, 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A window of neighbouring sentences of one asset. `id` is empty until it is stored."""

    text: str
    locator: Locator
    sentences: tuple[Sentence, ...]
    ordinal: int = 0
    id: str = ""
    asset_id: str = ""
    lesson_id: str = ""
    course_id: str = ""
    #: Title of the lesson it belongs to.
    title: str = ""
    #: What the asset is; None until it is stored.
    kind: AssetKind | None = None

    @property
    def opening(self) -> str:
        """Return the sentence it starts with: where an answer begins has to weigh more than what follows."""
        return self.sentences[0].text if self.sentences else self.text

    @property
    def near(self) -> str:
        """Return its first `NEAR` sentences, the part of it that a vector speaks of."""
        return " ".join(row.text for row in self.sentences[:NEAR]) or self.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a stored passage is: enough to say whether it overlaps another."""

    asset_id: str
    locator: Locator


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """A stored passage as one of its asset's, in order: `start` is how its text begins."""

    id: str
    asset_id: str
    ordinal: int
    locator: Locator
    start: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """How sentences are windowed. The values were measured on lecture questions (see docs/explanation/search.md)."""

    sentences: int = 8
    step: int = 1
    max_ms: int = 55_000
    max_chars: int = 1_200


def of_segments(segments: Sequence[Segment], window: Window | None = None) -> list[Passage]:
    """Window the cues of a transcript. Passages overlap by `sentences - step`, so none is cut off from its context."""
    rows = [
        Sentence(text=canonical(s.text), locator=TimeSpan(start_ms=s.start_ms, end_ms=s.end_ms))
        for s in segments if canonical(s.text).strip()
    ]
    return _numbered(_windows(rows, window or Window(), _time_fits))


def of_blocks(blocks: Iterable[Block], window: Window | None = None) -> list[Passage]:
    """Window the blocks of a document or notebook. A window never crosses a page or a cell."""
    window = window or Window()
    passages: list[Passage] = []
    for group in _groups(blocks):
        passages += _windows(list(_sentences(group)), window, _text_fits)
    return _numbered(passages)


def _groups(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Yield runs of blocks that may share a window: a paragraph with its heading, a page under one, or one cell."""
    group: list[Block] = []
    for block in blocks:
        if group and not _belongs(block, group):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _belongs(block: Block, group: Sequence[Block]) -> bool:
    if isinstance(block.locator, (PageRef, CellRef)) or isinstance(group[0].locator, (PageRef, CellRef)):
        # A slide's title stays with what is under it; a heading further down begins something new.
        title = all(row.kind == "heading" for row in group)
        return block.locator == group[0].locator and (block.kind != "heading" or title)
    if block.kind == "code":
        return True  # what it shows was said before it
    if block.kind == "heading":
        return False
    told = [row.text for row in group if row.kind != "heading"]
    speaks = any(len(text) >= PARAGRAPH for text in told) or sum(map(len, told)) >= SHORT_ONES
    return not speaks or told[-1].endswith(":")


def _sentences(blocks: Iterable[Block]) -> Iterator[Sentence]:
    for block in blocks:
        whole = block.kind in ("heading", "code")
        spans = [(0, len(block.text))] if whole else list(sentence_spans(block.text))
        for start, end in spans:
            text = block.text[start:end]
            if text.strip():
                yield Sentence(text=text, locator=_within(block.locator, start, end), code=block.kind == "code")


def _within(locator: Locator, start: int, end: int) -> Locator:
    if isinstance(locator, TextSpan):
        return TextSpan(start=locator.start + start, end=locator.start + end)
    return locator


Fits = Callable[[Sequence[Sentence], Window], bool]


def _time_fits(rows: Sequence[Sentence], window: Window) -> bool:
    first, last = rows[0].locator, rows[-1].locator
    if not (isinstance(first, TimeSpan) and isinstance(last, TimeSpan)):
        return False
    return last.end_ms - first.start_ms <= window.max_ms and _text_fits(rows, window)


def _text_fits(rows: Sequence[Sentence], window: Window) -> bool:
    return sum(len(row.text) + 1 for row in rows) <= window.max_chars


def _windows(rows: Sequence[Sentence], window: Window, fits: Fits) -> list[Passage]:
    passages: list[Passage] = []
    start = 0
    while start < len(rows):
        end = start + 1
        while end < len(rows) and end - start < window.sentences and fits(rows[start : end + 1], window):
            end += 1
        passages.append(_passage(rows[start:end]))
        start = min(start + window.step, end)
    return passages


def _passage(rows: Sequence[Sentence]) -> Passage:
    return Passage(
        text=" ".join(row.text for row in rows), locator=span_of([row.locator for row in rows]), sentences=tuple(rows)
    )


def span_of(locators: Sequence[Locator]) -> Locator:
    """Return the locator that covers all of `locators`, which are of one kind and in order."""
    first, last = locators[0], locators[-1]
    if isinstance(first, TimeSpan) and isinstance(last, TimeSpan):
        return TimeSpan(start_ms=first.start_ms, end_ms=max(last.end_ms, first.end_ms))
    if isinstance(first, TextSpan) and isinstance(last, TextSpan):
        return TextSpan(start=first.start, end=last.end)
    return first


def _numbered(passages: Sequence[Passage]) -> list[Passage]:
    return [replace(passage, ordinal=number) for number, passage in enumerate(passages)]
