"""Scores of different kinds are fused by how far each stands out."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.passages import NEAR, Passage, of_segments
from knowhub_ext.domain.ranking import Weights, reread, weigh
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import query_phrases
from knowhub_ext.services.evaluation.peers import fuse

ONE = dict.fromkeys("abcd", "lesson")


def test_by_how_much_one_is_better_counts():
    words = {"a": 5.0, "b": 4.9, "c": 4.8, "d": 4.7}
    meanings = {"a": 0.2, "b": 0.9, "c": 0.1, "d": 0.1}
    assert weigh(words, meanings, ONE)[0][0] == "b"
    assert fuse([[0, 1, 2, 3], [1, 0, 2, 3]])[0] == 0, "the control: ranks cannot tell"


def test_what_only_one_of_both_found_counts_as_little_for_the_other():
    ranked = [i for i, _ in weigh({"a": 4.0, "b": 2.0}, {"a": 0.5, "c": 0.5}, {i: "lesson" for i in "abc"})]
    assert ranked[0] == "a"
    assert set(ranked) == {"a", "b", "c"}


def test_a_lesson_about_the_matter_lifts_its_passages():
    words = {"a": 1.0, "b": 1.0, "c": 1.0}
    meanings = {"a": 0.4, "b": 0.4, "c": 0.9}
    ranked = [i for i, _ in weigh(words, meanings, {"a": "one", "b": "two", "c": "two"})]
    assert ranked == ["c", "b", "a"]
    alone = weigh(words, meanings, {"a": "one", "b": "two", "c": "two"}, Weights(lesson=0.0))
    assert [i for i, _ in alone] == ["c", "a", "b"]


@pytest.mark.parametrize(("words", "meanings", "lessons"), [
    ({}, {}, {}), ({}, {}, ONE), ({"a": 1.0}, {}, {"a": "lesson"}), ({"x": 9.0}, {"y": 0.9}, ONE),
])
def test_nothing_to_compare_is_no_error_and_keeps_the_order(words, meanings, lessons):
    ranked = weigh(words, meanings, lessons)
    assert [i for i, _ in ranked] == list(lessons)
    assert all(score == 0 for _, score in ranked)


def test_a_query_gives_its_pairs_of_content_words():
    assert query_phrases("How do I add an adjustment layer mask?") == ["adjustment layer", "layer mask"]
    assert query_phrases("what is it") == []
    assert query_phrases("layer mask layer mask") == ["layer mask", "mask layer"]


def test_a_passage_begins_at_every_sentence_and_knows_its_opening():
    rows = [Segment(start_ms=n * 4_000, end_ms=n * 4_000 + 3_900, text=f"Sentence {n}.") for n in range(12)]
    made = of_segments(rows)
    assert [p.opening for p in made[:4]] == [f"Sentence {n}." for n in range(4)]
    assert made[0].near == " ".join(f"Sentence {n}." for n in range(NEAR))
    assert made[0].text.endswith("Sentence 7.")
    assert Passage(text="bare", locator=made[0].locator, sentences=()).opening == "bare"


def test_what_was_read_again_moves_by_how_far_it_stands_out_whatever_the_scale():
    ranked = [("a", 2.0), ("b", 1.0), ("c", 0.0), ("d", -3.0)]
    for scale in (1.0, 1e6):
        again = reread(ranked, {"a": 0.0, "b": 0.0, "c": 9.0 * scale}, 2.0)
        assert [i for i, _ in again] == ["c", "a", "b", "d"]
    assert [i for i, _ in reread(ranked, {"a": 0.0, "b": 0.0, "c": 9.0}, 0.1)] == ["a", "b", "c", "d"]
    assert reread(ranked, dict.fromkeys("abc", 5.0), 2.0) == ranked, "it makes no difference between them"
    assert reread(ranked, {}, 2.0) == ranked
    assert [i for i, _ in reread([("a", 1.0), ("b", 1.0)], {"a": 0.0, "b": 1.0}, 0.1)] == ["b", "a"]


def test_what_was_not_read_counts_as_middling():
    again = dict(reread([("a", 2.0), ("b", 1.9), ("c", 1.8)], {"a": -1.0, "b": 1.0}, 30.0))
    assert again["b"] > again["c"] == 1.8 > again["a"]
