"""Whether a course speaks of a question: rare words and near meanings count, words of everywhere do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.evidence import FEATURES, MODEL, Counts, Shown, content_words, features, pairs

COUNTS = Counts(words={"layer": 90, "mask": 9, "select": 50}, passages=100)
MASKS = Shown(sentences=["Select the layer mask.", "It hides what is black."], meaning=0.6)


def named(question, shown=(MASKS,), meanings=None, counts=COUNTS):
    return dict(zip(FEATURES, features(question, shown, meanings or {}, counts), strict=True))


def test_a_rare_word_tells_more_than_one_of_everywhere():
    common = named("Which layer?", [Shown(sentences=["A layer."], meaning=0.1)])
    half = named("layer mask", [Shown(sentences=["A layer."], meaning=0.1)])
    other = named("layer mask", [Shown(sentences=["A mask."], meaning=0.1)])
    assert common["top_words"] == 1
    assert half["top_words"] < 0.3 < other["top_words"]


def test_a_word_the_course_never_says_is_unknown():
    assert named("layer mask")["unknown"] == 0
    assert named("layer zebra")["unknown"] > 0.5
    assert named("zebra giraffe")["unknown"] == 1


def test_meanings_are_of_the_first_the_best_and_the_mean():
    shown = [MASKS, replace(MASKS, meaning=0.8), replace(MASKS, meaning=0.1)]
    row = named("layer mask", shown, {"Select the layer mask.": 0.7, "It hides what is black.": 0.2})
    assert (row["top_meaning"], row["best_meaning"], row["sentence_meaning"]) == (0.6, 0.8, 0.7)
    assert row["mean_meaning"] == pytest.approx(0.5)


def test_words_side_by_side_are_more_than_words():
    assert named("layer mask")["pairs"] == 1
    assert named("layer mask", [Shown(sentences=["A mask of the layer."], meaning=0)])["pairs"] == 0
    assert named("mask")["pairs"] == 0.5, "a question without pairs tells nothing"
    assert pairs("the layers masks") == {("layer", "mask")}


@pytest.mark.parametrize("question", ["", "the of", "???"])
def test_nothing_asked_and_nothing_found_are_no_evidence(question):
    assert features(question, [MASKS], {}, COUNTS) == (0.0,) * len(FEATURES)
    assert features("layer", [], {}, COUNTS) == (0.0,) * len(FEATURES)
    assert MODEL.confidence((0.0,) * len(FEATURES)) < MODEL.threshold


def test_the_model_tells_what_is_spoken_of_from_what_is_not():
    counts = Counts(words={"layer": 90, "mask": 9, "select": 50}, passages=100)
    spoken = features("How do I select a layer mask?", [MASKS], {"Select the layer mask.": 0.75}, counts)
    shown = [replace(MASKS, meaning=0.05)]
    nothing = Counts(words={}, passages=100)
    foreign = features("Who won the football cup?", shown, {"Select the layer mask.": 0.04}, nothing)
    assert MODEL.confidence(spoken) > 0.8 > MODEL.threshold > 0.1 > MODEL.confidence(foreign)


@given(st.lists(st.floats(-1e6, 1e6), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_confidence_is_a_probability(values):
    assert 0 <= MODEL.confidence(tuple(values)) <= 1


def test_one_word_for_each_stem_in_order():
    assert content_words("Which masks mask the layers of a layer?") == ["masks", "layers"]
