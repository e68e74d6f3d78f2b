"""Watched intervals: order, repetition and overlap of reports change nothing."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.progress import Progress, coverage, missing, union

intervals = st.lists(st.tuples(st.integers(-5, 200_000), st.integers(-5, 200_000)), max_size=30)


@given(intervals, st.randoms())
def test_any_order_and_repetition_gives_the_same_union(rows, random):
    shuffled = rows + rows[: len(rows) // 2]
    random.shuffle(shuffled)
    assert union(shuffled, limit_ms=150_000) == union(rows, limit_ms=150_000)


@given(intervals)
def test_a_union_is_sorted_disjoint_and_within_the_medium(rows):
    merged = union(rows, limit_ms=100_000)
    assert all(0 <= start < end <= 100_000 for start, end in merged)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(merged))
    assert union(merged, limit_ms=100_000) == merged


@given(intervals)
def test_watched_and_missing_together_make_the_whole_but_for_tolerated_gaps(rows):
    merged = union(rows, limit_ms=100_000)
    gaps = missing(merged, 100_000)
    total = sum(e - s for s, e in merged) + sum(e - s for s, e in gaps)
    assert 100_000 - 1_000 * (len(merged) + 1) <= total <= 100_000
    assert union([*merged, *gaps], limit_ms=100_000)[0][0] <= 1_000 if total else True


def test_seeking_to_the_end_is_not_watching():
    assert coverage(union([(179_000, 180_000)], limit_ms=180_000), 180_000) < 0.01


def test_watching_one_half_twice_is_half():
    assert coverage(union([(0, 90_000), (0, 90_000)]), 180_000) == 0.5


def test_a_medium_of_unknown_length_has_no_coverage():
    assert Progress(lesson_id="l", asset_id="a", duration_ms=0, watched=((0, 5_000),)).coverage == 0.0


def test_json_speaks_seconds():
    row = Progress(lesson_id="l", asset_id="a", duration_ms=10_000, watched=((0, 2_500),), position_ms=2_500).to_json()
    assert row["watched"] == [[0.0, 2.5]]
    assert row["missing"] == [[2.5, 10.0]]
    assert row["coverage"] == 0.25
    assert row["position"] == 2.5
