"""Where in a lecture an answer begins: how a sentence that begins one sounds, and which second to open.

The weights are learned by `python -m tests.bench.openings` from labelled lecture questions. English alone: a sentence
of another language has none of these words, and counts as any sentence does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowhub_ext.domain.texts import sentence_spans

#: What a sentence may begin with, and what it may hold.
FIRST = (
    "so", "now", "next", "first", "then", "and", "to", "the", "you", "i", "if", "let's", "i'll", "i'm", "when",
    "another", "finally", "for", "in", "this", "it", "but", "once", "here", "there", "we", "that", "a", "as", "with",
    "after", "notice", "click",
)
HELD = ("let's", "want to", "now", "next", "video", "going to", "called", "another", "can ")

_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What each adds in log-odds; `mean`: what all of them add to a sentence of a lecture."""

    first: Mapping[str, float]
    held: Mapping[str, float]
    mean: float


#: Learned on all of the labelled lectures; docs/adr/0023 has what one half of them teaches about the other.
WEIGHTS = Weights(
    first={
        "so": 0.1, "now": 0.47, "next": 0.27, "first": -0.0, "then": -0.19, "and": -0.8, "to": 0.71, "the": 0.09,
        "you": 0.09, "i": 0.43, "if": 0.32, "let's": 0.54, "i'll": -0.26, "i'm": 0.03, "when": -0.13, "another": 0.08,
        "finally": -0.07, "for": 0.22, "in": -0.02, "this": -0.24, "it": 0.01, "but": 0.04, "once": 0.22, "here": 0.1,
        "there": 0.02, "we": -0.25, "that": -0.18, "a": -0.05, "as": -0.06, "with": -0.13, "after": 0.11,
        "notice": -0.06, "click": 0.4,
    },
    held={
        "let's": 0.76, "want to": 0.41, "now": -0.06, "next": -0.02, "video": -0.36, "going to": -0.18, "called": -0.1,
        "another": 0.44, "can ": 0.37,
    },
    mean=0.14,
)


def begins(text: str, weights: Weights = WEIGHTS) -> float:
    """Return how much likelier than any sentence this one begins an answer, in log-odds; 0 is as likely.

    `text`: the sentence, or what begins with it.
    """
    start, end = next(sentence_spans(text), (0, 0))
    plain = text[start:end].lower().replace("’", "'")
    first = _WORD.search(plain)
    told = weights.first.get(first.group(), 0.0) if first else 0.0
    told += sum(weight for phrase, weight in weights.held.items() if phrase in plain)
    return told - weights.mean


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """A passage that might be opened: when it begins, and how it was ranked."""

    id: str
    start_ms: int
    score: float


#: An opening is right within so much of where the answer begins, in ms.
_NEAR_MS = 5_000
#: How fast a start that was ranked lower becomes unlikely.
_SHARPNESS = 3.0


def opened(hit: Start, around: Sequence[Start]) -> str:
    """Return the id of the start from which the answer is most probably heard from its beginning.

    The best-ranked start is often a sentence or two late, since the sentence that says it best is not the one that
    leads up to it. Each start is as probable as it was ranked (softmax); the one with most of the probability within
    five seconds is opened, of equals the one nearest to the hit.

    Args:
        hit: the best-ranked.
        around: the starts beside it, `hit` among them.
    """
    likely = {one.id: math.exp(_SHARPNESS * (one.score - hit.score)) for one in around}
    total = sum(likely.values())

    def worth(start: Start) -> tuple[float, int]:
        inside = sum(likely[o.id] for o in around if abs(o.start_ms - start.start_ms) <= _NEAR_MS)
        return round(inside / total, 9), -abs(start.start_ms - hit.start_ms)

    return max(around, key=worth).id
