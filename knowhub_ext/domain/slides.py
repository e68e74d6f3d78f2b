"""Which slide of a deck is shown while what is said: from words alone, since a recording does not tell.

Slides and sentences are laid beside each other in order, as sequence alignment does: every sentence is given to one
slide, and the slide's number never falls. Among all such ways the one with the highest sum of similarities is found by
dynamic programming (Needleman and Wunsch 1970; with runs of sentences on one slide it is dynamic time warping with a
monotone path, Sakoe and Chiba 1978). Similarity is the cosine of tf-idf vectors of a slide's and a sentence's stems
(Salton and Buckley 1988). Smoothing over neighbouring sentences was tried and blurred the turns of the sample lectures.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.documents import Block
from knowhub_ext.domain.locators import PageRef, seconds
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import stems

#: Going on to the next slide costs this, passing over one this more: a slide is worth a few words in common.
_TURN, _SKIP = 0.02, 0.05
#: Where words say nothing, a page is the likelier the nearer it stands to where an even pace would be; up to this much.
_PACE, _REACH = 0.02, 3.0
#: Below this mean similarity no alignment is claimed. On the sample course a lecture's own deck reaches 0.23 to 0.28,
#: another one's at most 0.05: `tests/domain/test_slides.py` prints both.
CONFIDENT = 0.09
#: A slide whose own stretch has less in common with it than this is not claimed to be shown.
_SUPPORT = 0.02
#: Work is bounded by sentences × slides; a lecture of ten hours and a deck of 300 pages fit.
MAX_CELLS = 4_000_000

Weights = Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class SlideSpan:
    """A page of a deck and the stretch of a medium in which it is spoken of, half-open; `score` 0..1.

    `deck` and `media` are asset ids, empty before they are stored.
    """

    page: int
    start_ms: int
    end_ms: int
    score: float
    deck: str = ""
    media: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "asset": self.deck, "page": self.page, "start": seconds(self.start_ms), "end": seconds(self.end_ms),
            "score": round(self.score, 3),
        }


def pages_of(blocks: Iterable[Block]) -> dict[int, str]:
    """Return the text of each page; headings count double, since they say what a page is about."""
    pages: dict[int, list[str]] = {}
    for block in blocks:
        if isinstance(block.locator, PageRef):
            pages.setdefault(block.locator.page, []).extend([block.text] * (2 if block.kind == "heading" else 1))
    return {page: "\n".join(texts) for page, texts in sorted(pages.items())}


def aligned(pages: Mapping[int, str], segments: Sequence[Segment]) -> list[SlideSpan]:
    """Return which page is spoken of when, in order; nothing where the deck does not seem to be this lecture's.

    Args:
        pages: page number → text, as `pages_of` returns them; at least two, or nothing is told apart.
        segments: the transcript's cues in order.

    Pages that nobody speaks of are left out, and so are stretches without words in common with their page.
    """
    numbers = sorted(pages)
    said = [segment for segment in segments if segment.text.strip()]
    if len(numbers) < 2 or len(said) < 2 or len(numbers) * len(said) > MAX_CELLS:
        return []
    likeness = _likeness([pages[n] for n in numbers], [segment.text for segment in said])
    path = _path(_paced(likeness, said))
    if _confidence(likeness, path) < CONFIDENT:
        return []
    return [span for span in _spans(numbers, said, path, likeness) if span.score >= _SUPPORT]


def _likeness(pages: Sequence[str], texts: Sequence[str]) -> list[list[float]]:
    """Return for each sentence its similarity 0..1 to each page."""
    slides, spoken = [Counter(stems(text)) for text in pages], [Counter(stems(text)) for text in texts]
    weights = _rarity(slides, spoken)
    vectors = [_vector(count, weights) for count in slides]
    return [[_dot(vector, said) for vector in vectors] for said in (_vector(count, weights) for count in spoken)]


def _rarity(slides: Sequence[Counter[str]], spoken: Sequence[Counter[str]]) -> Weights:
    """Return how telling each stem is: rare among the slides, ln(N/n), and not in every other sentence, ln(1 + M/m).

    What stands on every slide, as its footer does, tells nothing. Stems of one side alone count in the length of its
    vectors, so that a deck of another lecture stays far away.
    """
    on, heard = Counter(s for slide in slides for s in slide), Counter(s for text in spoken for s in text)
    return {
        stem: math.log(len(slides) / max(1, on[stem])) * math.log(1 + len(spoken) / max(1, heard[stem]))
        for stem in on.keys() | heard.keys() if on[stem] < len(slides)
    }


def _vector(count: Counter[str], weights: Weights) -> dict[str, float]:
    """Return the tf-idf vector of unit length; term frequency is damped as 1 + ln n."""
    raw = {stem: (1 + math.log(n)) * weights[stem] for stem, n in count.items() if stem in weights}
    length = math.sqrt(sum(value * value for value in raw.values()))
    return {stem: value / length for stem, value in raw.items()} if length else {}


def _dot(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    if len(a) > len(b):
        a, b = b, a
    return sum(value * b[stem] for stem, value in a.items() if stem in b)


def _paced(likeness: Sequence[Sequence[float]], said: Sequence[Segment]) -> list[list[float]]:
    """Return the similarities with a small preference for an even pace, which decides between equals alone."""
    start, end, count = said[0].start_ms, max(segment.end_ms for segment in said), len(likeness[0])
    places = [count * ((s.start_ms + s.end_ms) / 2 - start) / max(1, end - start) - 0.5 for s in said]
    return [
        [value + _PACE * max(0.0, 1 - abs(place - page) / _REACH) for page, value in enumerate(row)]
        for row, place in zip(likeness, places, strict=True)
    ]


def _path(likeness: Sequence[Sequence[float]]) -> list[int]:
    """Return for each sentence the index of its page: never falling, with the highest sum less what turns cost."""
    count = len(likeness[0])
    best = [likeness[0][page] - _SKIP * page for page in range(count)]
    came: list[list[int]] = []
    for row in likeness[1:]:
        # The best page to come from: the same one, or any before it, at a cost that grows by each page passed over.
        origins, values = [], []
        before, origin = -math.inf, 0
        for page in range(count):
            stays, turns = best[page], before - _TURN
            take = turns > stays
            values.append(row[page] + (turns if take else stays))
            origins.append(origin if take else page)
            before -= _SKIP
            if best[page] > before:
                before, origin = best[page], page
        best = values
        came.append(origins)
    path = [max(range(count), key=lambda page: best[page])]
    for origins in reversed(came):
        path.append(origins[path[-1]])
    return path[::-1]


def _confidence(likeness: Sequence[Sequence[float]], path: Sequence[int]) -> float:
    """Return the mean similarity of the sentences to the pages they are given to."""
    return sum(row[page] for row, page in zip(likeness, path, strict=True)) / len(path)


def _spans(
    numbers: Sequence[int], said: Sequence[Segment], path: Sequence[int], likeness: Sequence[Sequence[float]]
) -> list[SlideSpan]:
    spans: list[SlideSpan] = []
    start = 0
    for at in range(1, len(path) + 1):
        if at < len(path) and path[at] == path[start]:
            continue
        rows = likeness[start:at]
        end_ms = said[at].start_ms if at < len(said) else said[at - 1].end_ms
        spans.append(SlideSpan(
            page=numbers[path[start]], start_ms=said[start].start_ms, end_ms=max(end_ms, said[start].start_ms + 1),
            score=min(1.0, sum(row[path[start]] for row in rows) / len(rows)),
        ))
        start = at
    return spans


def at_time(spans: Sequence[SlideSpan], ms: int) -> SlideSpan | None:
    """Return the span that holds an instant, or None."""
    return next((span for span in spans if span.start_ms <= ms < span.end_ms), None)
