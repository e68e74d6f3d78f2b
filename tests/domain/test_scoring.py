from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.scoring import (
    area_under_curve,
    coverage_at,
    hit_at,
    mean_reciprocal_rank,
    ndcg,
    percentile,
)


def test_ranks():
    ranks = [1, 3, None, 11]
    assert [hit_at(ranks, k) for k in (1, 3, 10, 11)] == [0.25, 0.5, 0.5, 0.75]
    assert mean_reciprocal_rank(ranks) == pytest.approx((1 + 1 / 3) / 4)
    assert hit_at([], 1) == mean_reciprocal_rank([]) == 0


def test_gain_is_that_of_the_example_worked_by_hand():
    # two relevant documents, found second and fourth: (1/log2(3) + 1/log2(5)) / (1/log2(2) + 1/log2(3))
    grades = {"a": 1, "b": 1}
    wanted = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert ndcg(["x", "a", "y", "b"], grades) == pytest.approx(wanted)
    assert ndcg(["a", "b"], grades) == 1
    assert ndcg(["x"] * 10 + ["a"], grades) == 0, "beyond the tenth"
    assert ndcg(["x", "a"], {}) == 0


@given(st.lists(st.integers(0, 5), max_size=20), st.lists(st.integers(0, 5), max_size=20))
def test_the_area_is_the_share_of_pairs_in_order(positives, negatives):
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a, b in product(positives, negatives)]
    found = area_under_curve(positives, negatives)
    assert math.isnan(found) if not pairs else found == pytest.approx(sum(pairs) / len(pairs))


def test_coverage_where_so_many_are_refused():
    negatives = [n / 100 for n in range(100)]
    assert coverage_at([0.94, 0.95, 2.0, 0.1], negatives) == 0.5
    assert coverage_at([1.0], [0.0] * 100) == 1
    assert math.isnan(coverage_at([], negatives))


def test_the_nearest_rank():
    assert percentile([3, 1, 2, 4], 0.5) == 2
    assert percentile([3, 1, 2, 4], 0.95) == 4
    assert percentile([7], 0.01) == 7
    assert math.isnan(percentile([], 0.5))
