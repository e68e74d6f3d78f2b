"""Fusing rankings and weighing how well a text supports a question. Pure arithmetic."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from knowhub_ext.domain.texts import stems

#: Cormack, Clarke and Büttcher 2009, "Reciprocal rank fusion outperforms Condorcet…": k = 60.
RRF_K = 60


def fuse(rankings: Iterable[Sequence[str]], *, k: int = RRF_K) -> list[tuple[str, float]]:
    """Fuse rankings of ids, best first, by reciprocal rank: score = Σ 1/(k + rank). Ties keep the first seen."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(dict.fromkeys(ranking), 1):
            scores[item] = scores.get(item, 0.0) + 1 / (k + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])


def cosine(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the cosine of two vectors of equal length; 0.0 where one has no length."""
    norm = math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / norm if norm else 0.0


def rarity(texts: Sequence[str]) -> Mapping[str, float]:
    """Return how telling each stem is among `texts`: the inverse document frequency ln(1 + N/n)."""
    count: Counter[str] = Counter()
    for text in texts:
        count.update(set(stems(text)))
    return {term: math.log(1 + len(texts) / n) for term, n in count.items()}


def coverage(question: str, text: str, weights: Mapping[str, float]) -> float:
    """Return which share 0..1 of the question's content stems stands in `text`, weighted by rarity.

    A stem that none of the weighed texts holds counts as the rarest of all: an unknown word is the strongest sign
    that the course does not speak of it.
    """
    wanted = set(stems(question))
    if not wanted:
        return 0.0
    rarest = max([*weights.values(), 1.0])
    have = set(stems(text))
    total = sum(weights.get(term, rarest) for term in wanted)
    return sum(weights.get(term, rarest) for term in wanted & have) / total
