"""Which share of a question's words, and of its neighbouring words, a text holds. Needs no model.

The plain backend of its seam. It knows no meanings, so it counts less than the ranking it reads again.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from knowhub_ext.domain.ranking import coverage, rarity
from knowhub_ext.domain.texts import stems

#: How much the share of pairs counts beside the share of words.
_PAIRS = 0.5

Pair = tuple[str, str]


class CoverageReranker:
    """Option: `weight`, how much its scores count beside the ranking, in standard deviations of each."""

    name = "coverage"

    def __init__(self, *, weight: float = 0.2) -> None:
        self.weight = weight

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return for each text the share 0..1 of the question's content words, each weighted by its rarity among the
        texts, and half of the share of pairs of them that stand side by side in both, function words left out."""
        weights, wanted = rarity(texts), _pairs(question)
        return [coverage(question, text, weights) + _PAIRS * _share(wanted, text) for text in texts]


def _pairs(text: str) -> set[Pair]:
    return set(itertools.pairwise(stems(text)))


def _share(wanted: set[Pair], text: str) -> float:
    return len(wanted & _pairs(text)) / len(wanted) if wanted else 0.0
