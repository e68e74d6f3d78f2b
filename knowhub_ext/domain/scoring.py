"""How good a ranking or a refusal is, as information retrieval measures it. Pure arithmetic; ranks start at 1."""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence

#: Rank of the first right hit; None where there was none among those that were looked at.
Rank = int | None


def hit_at(ranks: Sequence[Rank], k: int) -> float:
    """Return the share 0..1 of questions with a right hit among the first `k`."""
    return sum(rank is not None and rank <= k for rank in ranks) / max(1, len(ranks))


def mean_reciprocal_rank(ranks: Sequence[Rank], k: int = 10) -> float:
    """Return the mean of 1/rank of the first right hit, 0 for one beyond `k` (MRR@k)."""
    return sum(1 / rank for rank in ranks if rank is not None and rank <= k) / max(1, len(ranks))


def ndcg(found: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Return the normalised discounted cumulative gain at `k`, 0..1: gain = grade, discount = 1/log2(1 + rank).

    Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques", with linear gain as trec_eval has
    it, so that figures compare with published ones of BEIR.

    Args:
        found: ids of documents, best first, each once.
        grades: the grade above 0 of each relevant document.
    """
    gained = sum(grades.get(item, 0) / math.log2(1 + rank) for rank, item in enumerate(found[:k], 1))
    best = sorted(grades.values(), reverse=True)[:k]
    ideal = sum(grade / math.log2(1 + rank) for rank, grade in enumerate(best, 1))
    return gained / ideal if ideal else 0.0


def area_under_curve(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Return how probably a positive scores above a negative, ties counting half: the area under the ROC curve
    (Mann and Whitney's U over the number of pairs); not a number where one side is empty."""
    if not positives or not negatives:
        return math.nan
    below = sorted(negatives)
    wins = sum(bisect.bisect_left(below, x) + bisect.bisect_right(below, x) for x in positives) / 2
    return wins / (len(positives) * len(negatives))


def coverage_at(positives: Sequence[float], negatives: Sequence[float], refused: float = 0.95) -> float:
    """Return which share of the positives is kept by the lowest threshold that refuses `refused` of the negatives."""
    if not positives or not negatives:
        return math.nan
    threshold = sorted(negatives)[min(len(negatives) - 1, math.ceil(refused * len(negatives)))]
    return sum(x >= threshold for x in positives) / len(positives)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that `share` (above 0, up to 1) of them do not exceed: the nearest rank.

    Not a number where there are none.
    """
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else math.nan
