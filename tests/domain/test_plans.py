"""What lies ahead of a learner: every missing minute is planned once, in order, on the days that were wished for."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain import plans
from knowhub_ext.domain.plans import (
    DAY_MS,
    LEAST_MS,
    PACE_DAYS,
    SLACK,
    Pace,
    Sitting,
    Stand,
    Wishes,
    days_left,
    following,
    left_ms,
    pace,
    parse_day,
    parse_weekdays,
)
from knowhub_ext.domain.progress import GAP_MS, Progress, union
from knowhub_ext.errors import UserError

MINUTE = 60_000
MONDAY = date(2026, 11, 30)


def stand(
    name: str, minutes: float, watched: tuple[tuple[float, float], ...] = (), *, at: float = 0, touched: int = 0
) -> Stand:
    pairs = union((int(start * MINUTE), int(end * MINUTE)) for start, end in watched)
    progress = Progress(
        lesson_id=name, asset_id=name, duration_ms=int(minutes * MINUTE), watched=pairs, position_ms=int(at * MINUTE)
    )
    return Stand(title=name.upper(), progress=progress, touched_at=touched)


def wishes(minutes: int, days: str = "mo-su") -> Wishes:
    return Wishes(start=MONDAY, per_day_ms=minutes * MINUTE, weekdays=parse_weekdays(days))


def planned(stands: list[Stand], wished: Wishes) -> list[tuple[str, list[tuple[str, float, float]]]]:
    sittings = plans.plan(stands, wished)
    assert sittings is not None
    return [
        (f"{sitting.day:%a}", [(p.lesson_id, p.start_ms / MINUTE, p.end_ms / MINUTE) for p in sitting.parts])
        for sitting in sittings
    ]


# Where to go on


def test_one_goes_on_with_what_was_watched_last():
    stands = [stand("a", 10), stand("b", 10, ((0, 4),), at=4, touched=5), stand("c", 10, ((0, 1),), at=1, touched=3)]
    found = following(stands)
    assert found is stands[1]
    assert found.progress.entry_ms == 4 * MINUTE


def test_behind_a_watched_one_comes_the_next_and_behind_the_last_what_was_passed_over():
    watched = stand("b", 10, ((0, 9.5),), at=9.5, touched=5)
    assert following([stand("a", 10), watched, stand("c", 10)]).title == "C"
    assert following([stand("a", 10), watched]).title == "A"
    assert following([watched]) is None


def test_who_never_watched_begins_at_the_beginning_and_an_empty_course_has_none():
    assert following([stand("a", 10), stand("b", 10)]).title == "A"
    assert following([]) is None
    assert following([stand("a", 0)]) is None, "a medium of unknown length is no lecture to go on with"


def test_who_jumped_to_the_end_goes_on_where_something_is_missing():
    jumped = stand("a", 10, ((0, 2), (9, 10)), at=10).progress
    assert jumped.entry_ms == 2 * MINUTE
    assert stand("a", 10, ((0, 2),), at=5).progress.entry_ms == 5 * MINUTE, "the control: there something is ahead"


def test_titles_and_credits_need_not_be_watched_and_the_rest_must():
    assert stand("a", 10, ((0.5, 9.6),)).progress.enough
    assert not stand("a", 10, ((0.5, 9.4),)).progress.enough
    assert left_ms([stand("a", 10, ((0.5, 9.6),)), stand("b", 10, ((0, 4),))]) == 6 * MINUTE


# The pace


def test_the_pace_counts_days_without_watching():
    now = 100 * DAY_MS
    assert pace(40 * MINUTE, now - 3 * DAY_MS, now) == Pace(per_day_ms=10 * MINUTE, days=4)
    assert pace(40 * MINUTE, now, now) == Pace(per_day_ms=40 * MINUTE, days=1)
    assert pace(PACE_DAYS * MINUTE, now - PACE_DAYS * DAY_MS, now) == Pace(per_day_ms=MINUTE, days=PACE_DAYS)
    assert pace(0, 0, now) is None
    assert pace(LEAST_MS, now, now) == Pace(per_day_ms=LEAST_MS, days=1)
    assert pace(LEAST_MS - 1, now, now) is None, "who looked in for a moment has no pace"
    assert days_left(25 * MINUTE, Pace(per_day_ms=10 * MINUTE, days=4)) == 3
    assert days_left(25 * MINUTE, None) is None
    assert days_left(25 * MINUTE, Pace(per_day_ms=0, days=14)) is None


# The plan


def test_days_are_filled_in_order_and_a_lecture_is_ended_rather_than_cut():
    found = planned([stand("a", 20), stand("b", 35), stand("c", 9)], wishes(30))
    assert found == [
        ("Mon", [("a", 0, 20), ("b", 0, 10)]), ("Tue", [("b", 10, 35), ("c", 0, 9)]),
    ], "25 minutes and 9 more are within a fifth of half an hour"


def test_only_what_is_missing_is_planned_and_only_on_days_that_suit():
    found = planned([stand("a", 30, ((5, 20),)), stand("b", 10, ((0, 10),))], wishes(10, "tu,th"))
    assert found == [("Tue", [("a", 0, 5), ("a", 20, 25)]), ("Thu", [("a", 25, 30)])]


def test_nothing_is_begun_for_a_minute():
    found = planned([stand("a", 28), stand("b", 40)], wishes(30))
    assert found[0] == ("Mon", [("a", 0, 28)])


def test_what_nobody_plans_is_no_plan():
    assert plans.plan([stand("a", 60 * 100)], wishes(5)) is None
    assert plans.plan([], wishes(5)) == ()
    assert plans.plan([stand("a", 5, ((0, 5),))], wishes(5)) == ()


intervals = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120)).map(sorted).map(tuple), max_size=4)
courses = st.lists(st.tuples(st.integers(1, 120), intervals), max_size=6).map(
    lambda rows: [stand(f"l{n}", minutes, tuple(pairs)) for n, (minutes, pairs) in enumerate(rows)]
)
days = st.sets(st.integers(0, 6), min_size=1).map(frozenset)


@given(courses, st.integers(5, 90), days)
def test_each_missing_stretch_is_planned_once_in_order_and_no_day_is_too_long(stands, minutes, weekdays):
    wished = Wishes(start=MONDAY, per_day_ms=minutes * MINUTE, weekdays=weekdays)
    sittings: tuple[Sitting, ...] = plans.plan(stands, wished)
    parts = [part for sitting in sittings for part in sitting.parts]
    order = {one.progress.lesson_id: n for n, one in enumerate(stands)}
    assert parts == sorted(parts, key=lambda part: (order[part.lesson_id], part.start_ms))
    for one in stands:
        mine = [(part.start_ms, part.end_ms) for part in parts if part.lesson_id == one.progress.lesson_id]
        assert union(mine) == union(one.progress.gaps)
        assert sum(end - start for start, end in mine) == sum(end - start for start, end in one.progress.gaps)
    assert [sitting.day for sitting in sittings] == sorted({sitting.day for sitting in sittings})
    for sitting in sittings:
        assert sitting.day >= MONDAY
        assert sitting.day.weekday() in weekdays
        assert 0 < sitting.length_ms <= (1 + SLACK) * wished.per_day_ms + LEAST_MS
    gaps = [later.day - earlier.day for earlier, later in itertools.pairwise(sittings)]
    assert all(gap <= timedelta(days=7) for gap in gaps), "no week is left out"


@given(intervals, st.integers(0, 120))
def test_where_one_goes_on_something_is_missing(pairs, at):
    progress = stand("a", 120, tuple(pairs), at=at).progress
    if progress.gaps:
        entry = progress.entry_ms
        assert entry == progress.gaps[0][0] or any(end > entry + GAP_MS for _, end in progress.gaps)


# What people write


@pytest.mark.parametrize(("text", "found"), [
    ("mo", {0}), ("Mo, We", {0, 2}), ("mo-fr", {0, 1, 2, 3, 4}), ("sa-mo", {5, 6, 0}), ("mo-su", set(range(7))),
])
def test_weekdays_are_lists_and_ranges(text, found):
    assert parse_weekdays(text) == found


@pytest.mark.parametrize("text", ["", "monday", "mo-", "mo,,we", "1", "mo;drop"])
def test_what_is_no_weekday_is_said_with_the_cure(text):
    with pytest.raises(UserError) as raised:
        parse_weekdays(text)
    assert "mo-fr" in raised.value.cure


def test_a_day_is_year_month_day():
    assert parse_day("2026-12-31") == date(2026, 12, 31)
    with pytest.raises(UserError, match="is no day"):
        parse_day("31.12.2026")
