"""Fusing scores and weighing how well a text supports a question. Pure arithmetic."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowhub_ext.domain.texts import stems


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """How much each kind of evidence counts, in standard deviations of the candidates; see `weigh`.

    Chosen by hand on labelled lecture questions (docs/explanation/search.md).
    """

    words: float = 0.5
    meaning: float = 0.5
    lesson: float = 0.15


def weigh(
    words: Mapping[str, float], meanings: Mapping[str, float], lessons: Mapping[str, str],
    weights: Weights | None = None,
) -> list[tuple[str, float]]:
    """Fuse scores of candidates by id, best first; ties keep the order of `lessons`.

    Scores are standardised over the candidates (z-scores) and summed, which keeps what ranks lose: by how much one is
    better than the next. To a lesson's candidates its best meaning is added: a lecture about the matter.

    Args:
        words: scores above 0 of those found by words. The others count as half of the lowest.
        meanings: cosines of those that have a vector. The others count as the lowest.
        lessons: the lesson of every candidate; ids that are not in it are left out.
        weights: how much each counts.
    """
    by = weights or Weights()
    ids = list(lessons)
    told = _standardised(ids, words, min((words[i] for i in ids if i in words), default=0.0) / 2)
    meant = _standardised(ids, meanings, min((meanings[i] for i in ids if i in meanings), default=0.0))
    best: dict[str, float] = {}
    for i in ids:
        best[lessons[i]] = max(best.get(lessons[i], -math.inf), meant[i])
    scores = {i: by.words * told[i] + by.meaning * meant[i] + by.lesson * best[lessons[i]] for i in ids}
    return sorted(scores.items(), key=lambda pair: -pair[1])


def _standardised(ids: Sequence[str], scores: Mapping[str, float], missing: float) -> dict[str, float]:
    """Return each score as standard deviations above the mean; all are 0 where they do not differ."""
    rows = [scores.get(i, missing) for i in ids]
    if not rows:
        return {}
    mean = statistics.fmean(rows)
    spread = math.sqrt(statistics.fmean((row - mean) ** 2 for row in rows))  # pstdev counts in fractions: 0.5 ms
    return {i: (row - mean) / spread if spread > 1e-9 else 0.0 for i, row in zip(ids, rows, strict=True)}


def reread(
    ranked: Sequence[tuple[str, float]], scores: Mapping[str, float], weight: float
) -> list[tuple[str, float]]:
    """Return a ranking, best first, in which what was read again counts by its scores as well.

    They are standardised over what was read and weighed against the spread of the ranking there, so they may be of any
    scale. What was not read keeps its score, as if it had been read and found middling.
    """
    spread = statistics.pstdev([score for i, score in ranked if i in scores] or [0.0])
    told = _standardised(list(scores), scores, 0.0)
    # where the ranking makes no difference between them, the reading decides alone
    again = [(i, score + weight * (spread or 1.0) * told.get(i, 0.0)) for i, score in ranked]
    return sorted(again, key=lambda pair: -pair[1])


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
