"""How a sentence sounds that begins an answer, and which of the starts beside a hit is opened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.openings import Start, Weights, begins, opened

WEIGHTS = Weights(first={"now": 1.0}, held={"let's": 2.0}, mean=0.25)


@pytest.mark.parametrize(("text", "told"), [
    ("Now we open it.", 0.75),
    ("“Now we open it.”", 0.75),
    ("We open it now.", -0.25),
    ("First, let’s open it.", 1.75),
    ("NOW LET'S.", 2.75),
    ("Öffne die Datei.", -0.25),
    ("", -0.25),
    ("42", -0.25),
])
def test_the_first_word_counts_and_what_the_sentence_holds(text, told):
    assert begins(text, WEIGHTS) == pytest.approx(told)


def test_what_follows_the_sentence_does_not_count():
    assert begins("We open it. Let's go on.", WEIGHTS) == begins("We open it.", WEIGHTS)


def test_a_sentence_that_leads_up_to_something_is_likelier_than_one_that_goes_on():
    assert begins("Now let's make a new layer.") > begins("The layer is above it.") > begins("And it is there.")


def start(name: str, second: float, score: float) -> Start:
    return Start(id=name, start_ms=round(second * 1000), score=score)


def test_a_hit_alone_is_opened_where_it_is():
    hit = start("hit", 30, 1.0)
    assert opened(hit, [hit]) == "hit"


def test_of_starts_that_were_ranked_far_below_none_is_opened():
    hit = start("hit", 30, 5.0)
    assert opened(hit, [start("before", 24, 0.0), hit, start("after", 36, 0.0)]) == "hit"


def test_the_start_with_most_of_the_probability_within_five_seconds_is_opened():
    hit = start("hit", 30, 1.0)
    around = [start("early", 22, 0.9), start("middle", 26, 0.8), hit, start("late", 40, 0.1)]
    assert opened(hit, around) == "middle", "both sides of it are near; the hit has only one"


def test_of_equals_the_nearest_to_the_hit_is_opened():
    hit = start("hit", 30, 1.0)
    assert opened(hit, [start("before", 28, 1.0), hit, start("after", 31, 1.0)]) == "hit"


starts = st.lists(
    st.tuples(st.integers(0, 60_000), st.floats(-10, 10)), min_size=1, max_size=12, unique_by=lambda row: row[0]
)


@given(starts)
def test_one_of_them_is_opened_whatever_their_order(rows):
    around = [Start(id=str(n), start_ms=ms, score=score) for n, (ms, score) in enumerate(rows)]
    hit = max(around, key=lambda one: one.score)
    chosen = opened(hit, around)
    assert chosen in {one.id for one in around}
    assert opened(hit, around[::-1]) == chosen or len({one.start_ms for one in around}) < len(around)
