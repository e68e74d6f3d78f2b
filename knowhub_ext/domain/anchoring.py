"""Finding a stored place again after its source has changed: by the quote and near the place, or not at all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from knowhub_ext.domain.documents import Block
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import word_spans, words

#: How far around a place a quote is looked for that is not there word for word, in milliseconds.
NEAR_MS = 10_000
#: The share of a quote's words, in order, that must be there for its place to count as found: a recogniser that hears
#: a sentence again changes some.
ALIKE = 0.6
#: A recogniser that hears a sentence again begins it up to so much earlier or later, in milliseconds.
JITTER_MS = 1_000


class Standing(str, Enum):
    FOUND = "found"  #: where it was
    MOVED = "moved"  #: elsewhere in the same source
    STALE = "stale"  #: the source is there, what was quoted is not
    GONE = "gone"  #: the source was taken out


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """Where a stored place is now. `segment_id`: the cue that begins it, '' where there is none."""

    standing: Standing
    locator: Locator
    segment_id: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "state": self.standing.value, "locator": self.locator.to_json(), "segment": self.segment_id or None,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A place as it was stored, and what was quoted there. `revision` is the asset's of that time.

    `exact`: the place begins where its quote does, as that of a citation; else it may be anywhere in what is quoted.
    """

    locator: Locator
    quote: str
    revision: int
    exact: bool = False


class Source:
    """What a medium or a document says now, made once to look many places up.

    Args:
        pieces: cues or blocks in order, each as (locator, text, id of the cue or '').
        revision: the asset's present one.
        complete: whether that is all of it; while speech is being recognised, what is not there may still come.
    """

    def __init__(
        self, pieces: Iterable[tuple[Locator, str, str]], *, revision: int, complete: bool = True
    ) -> None:
        self._pieces = list(pieces)
        self._revision = revision
        self._complete = complete
        self._words: list[str] = []
        self._owner: list[int] = []  # of each word, the number of its piece
        self._places: dict[str, list[int]] = {}
        for number, (_, text, _) in enumerate(self._pieces):
            for word in words(text):
                self._places.setdefault(word, []).append(len(self._words))
                self._words.append(word)
                self._owner.append(number)

    @classmethod
    def of_cues(cls, cues: Sequence[Segment], *, revision: int, complete: bool = True) -> Source:
        """Return a transcript as a source."""
        pieces = ((TimeSpan(start_ms=cue.start_ms, end_ms=cue.end_ms), cue.text, cue.id) for cue in cues)
        return cls(pieces, revision=revision, complete=complete)

    @classmethod
    def of_blocks(cls, blocks: Sequence[Block], *, revision: int) -> Source:
        """Return a document as a source."""
        return cls(((block.locator, block.text, "") for block in blocks), revision=revision)

    @property
    def empty(self) -> bool:
        """Whether it says nothing, or was not read yet."""
        return not self._words

    def said_at(self, locator: Locator) -> tuple[str, str]:
        """Return the text that stands at a place and the id of its cue; '' and '' where nothing stands there."""
        begun = self._begun(locator)
        here = begun if begun is not None else min(self._meeting(locator), default=None)
        if here is None:
            return "", ""
        _, text, cue = self._pieces[here]
        return " ".join(text.split()), cue

    def find(self, stored: Stored) -> Anchor:
        """Return where a stored place is now.

        Without a quote its place alone is known, which holds as long as the asset is of the same revision.
        """
        wanted = words(stored.quote)
        untouched = Standing.FOUND if stored.revision == self._revision else Standing.STALE
        if not wanted or not self._words:
            return self._there(stored, untouched)
        if stored.exact:
            return self._quoted(stored, wanted)
        spans = [self._span(at, len(wanted)) for at in self._verbatim(wanted)]
        if any(self._holds(span, stored.locator) for span in spans):
            return self._there(stored, Standing.FOUND)
        if spans:
            first, last = min(spans, key=lambda span: self._distance(span, stored.locator))
            return Anchor(
                standing=Standing.MOVED, locator=_joined(self._pieces[first][0], self._pieces[last][0]),
                segment_id=self._pieces[first][2],
            )
        if self._share(wanted, stored.locator) >= ALIKE:
            return self._there(stored, Standing.FOUND)
        return self._there(stored, Standing.STALE if self._complete else untouched)

    def _quoted(self, stored: Stored, wanted: Sequence[str]) -> Anchor:
        """Return where a quote itself is now."""
        stretches = [self._stretch(at, len(wanted), stored.quote) for at in self._verbatim(wanted)]
        alike = None if stretches else self._alike(wanted, stored.locator)
        if alike is not None:
            stretches = [self._pieces[alike][0]]
        if not stretches:
            known = stored.revision == self._revision and not self._complete
            return self._there(stored, Standing.FOUND if known else Standing.STALE)
        at = min(stretches, key=lambda one: (one != stored.locator, abs(_starts(one) - _starts(stored.locator))))
        if _same(at, stored.locator):
            return self._there(stored, Standing.FOUND)
        return Anchor(standing=Standing.MOVED, locator=at, segment_id=self.said_at(at)[1])

    def _there(self, stored: Stored, standing: Standing) -> Anchor:
        cue = self.said_at(stored.locator)[1] if standing is Standing.FOUND else ""
        return Anchor(standing=standing, locator=stored.locator, segment_id=cue)

    def _verbatim(self, wanted: Sequence[str]) -> list[int]:
        """Return the number of the first word of each place where these words stand in a row."""
        size = len(wanted)
        return [at for at in self._places.get(wanted[0], ()) if self._words[at : at + size] == wanted]

    def _span(self, at: int, size: int) -> tuple[int, int]:
        """Return the first and the last piece of so many words from one on."""
        return self._owner[at], self._owner[at + size - 1]

    def _stretch(self, at: int, size: int, quote: str) -> Locator:
        """Return the place of a quote whose words begin there; in texts to the code point."""
        first, last = self._span(at, size)
        whole = _joined(self._pieces[first][0], self._pieces[last][0])
        begins, ends, own = self._inside(at), self._inside(at + size - 1), list(word_spans(quote))
        if not isinstance(whole, TextSpan) or begins is None or ends is None or not own:
            return whole
        start = self._start(first) + begins[0] - own[0][0]  # a quotation mark before the first word is quoted too
        return TextSpan(start=max(start, whole.start), end=self._start(last) + ends[1] + len(quote) - own[-1][1])

    def _inside(self, at: int) -> tuple[int, int] | None:
        """Return the code points of a word within its piece; None where signs that stand for words are among them."""
        piece = self._owner[at]
        first, behind = bisect_left(self._owner, piece), bisect_left(self._owner, piece + 1)
        spans = list(word_spans(self._pieces[piece][1]))
        return spans[at - first] if len(spans) == behind - first else None

    def _holds(self, span: tuple[int, int], locator: Locator) -> bool:
        begun = self._begun(locator)
        return any(n == begun or _meets(self._pieces[n][0], locator) for n in range(span[0], span[1] + 1))

    def _meeting(self, locator: Locator) -> set[int]:
        return {number for number, (at, _, _) in enumerate(self._pieces) if _meets(at, locator)}

    def _begun(self, locator: Locator) -> int | None:
        """Return of a time the piece that has begun last before it: a pause belongs to what was said before."""
        if not isinstance(locator, TimeSpan):
            return None
        return next((n for n in reversed(range(len(self._pieces))) if self._start(n) <= locator.start_ms), None)

    def _start(self, number: int) -> int:
        return _starts(self._pieces[number][0])

    def _distance(self, span: tuple[int, int], locator: Locator) -> int:
        """Return how far the beginning of a span of pieces is from a place, in the place's own unit."""
        return abs(self._start(span[0]) - _starts(locator))

    def _share(self, wanted: Sequence[str], locator: Locator) -> float:
        """Return which share of a quote's words stand near its place, in order."""
        return sum(size for _, size in self._runs(wanted, locator)) / len(wanted)

    def _alike(self, wanted: Sequence[str], locator: Locator) -> int | None:
        """Return the piece near a place in which a quote begins whose words are not all the same; None: none does."""
        runs = self._runs(wanted, locator)
        if sum(size for _, size in runs) < ALIKE * len(wanted):
            return None
        told = [owner for owner, size in runs if size > 1]  # one word alone may be any word before it
        return told[0] if told else runs[0][0]

    def _runs(self, wanted: Sequence[str], locator: Locator) -> list[tuple[int, int]]:
        """Return the runs of a quote's words that stand near its place, in order: the piece of each, and its length."""
        near = {n for n, (at, _, _) in enumerate(self._pieces) if _meets(at, _widened(locator))}
        there = [at for at, owner in enumerate(self._owner) if owner in near]
        matcher = SequenceMatcher(None, wanted, [self._words[at] for at in there], autojunk=False)
        return [(self._owner[there[run.b]], run.size) for run in matcher.get_matching_blocks() if run.size]


def _starts(locator: Locator) -> int:
    match locator:
        case TimeSpan(start_ms=start) | TextSpan(start=start):
            return start
        case PageRef(page=page):
            return page
        case CellRef():
            return 0


def _meets(one: Locator, other: Locator) -> bool:
    """Say whether two places share anything."""
    match one, other:
        case TimeSpan(start_ms=a, end_ms=b), TimeSpan(start_ms=c, end_ms=d):
            return a < d and c < b
        case TextSpan(start=a, end=b), TextSpan(start=c, end=d):
            return a < d and c < b
    return one == other


def _same(one: Locator, other: Locator) -> bool:
    """Say whether two places begin at the same, a hearing's difference apart at most."""
    match one, other:
        case TimeSpan(start_ms=a), TimeSpan(start_ms=b):
            return abs(a - b) <= JITTER_MS
        case TextSpan(start=a), TextSpan(start=b):
            return a == b
    return one == other


def _widened(locator: Locator) -> Locator:
    if isinstance(locator, TimeSpan):
        return TimeSpan(start_ms=max(0, locator.start_ms - NEAR_MS), end_ms=locator.end_ms + NEAR_MS)
    return locator


def _joined(first: Locator, last: Locator) -> Locator:
    """Return the place from one piece to another; pages and cells are named by the first."""
    match first, last:
        case TimeSpan(start_ms=start), TimeSpan(end_ms=end):
            return TimeSpan(start_ms=start, end_ms=end)
        case TextSpan(start=start), TextSpan(end=end):
            return TextSpan(start=start, end=end)
    return first
