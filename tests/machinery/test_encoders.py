"""The comparison of encoders: what it computes by itself, and that it names what is not installed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from knowhub_ext.backends.weights import Weights
from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.services.evaluation.judging import Place
from knowhub_ext.services.evaluation.sets import Question, Stretch
from tests.bench import encoders, encoders_beside, german
from tests.bench.figures import Figure
from tests.bench.measuring import Options, Unavailable

HASHING = "hashed words and n-grams"


def task() -> encoders.Task:
    """Three stretches of a lecture; the second answers, and the word of the question stands in the third alone."""
    places = [
        Place(document="a", locator=TimeSpan(start_ms=n * 9_000, end_ms=n * 9_000 + 8_000), text=text)
        for n, text in enumerate(["the first", "the second", "a layer"])
    ]
    question = Question(text="layer?", wanted=(Stretch(document="a", start_ms=9_000, end_ms=17_000),))
    return encoders.Task(places=places, questions=[question], words=encoders._words(places, [question]), german={})


def test_the_sign_test_is_that_of_the_binomial_table() -> None:
    assert encoders.chance(0, 0) == 1.0
    assert encoders.chance(5, 5) == 1.0
    assert encoders.chance(9, 1) == encoders.chance(1, 9) == pytest.approx(22 / 1024)


def test_the_right_place_is_counted_by_its_cosine_and_words_move_it() -> None:
    cosines = np.array([0.1, 0.9, 0.85])
    assert list(task().words[0]) == [2]
    assert encoders._alone(task(), 0, cosines) == 1
    assert encoders._fused(task(), 0, cosines) == 2


def test_a_comparison_counts_the_questions_that_only_one_has_first() -> None:
    figure = encoders._compared(Figure(what="hit@1", value=0.5, unit=""), [1, 1, 2, None, 1], [1, 2, 1, 1, 3])
    assert figure.note == "2 that ours has not, 2 the other way (p 1.00)"


def test_what_an_encoder_lacks_is_named_and_its_weights_weigh_nothing() -> None:
    nowhere = Weights(name="none", distribution="no-such-package", module="no_such_module", folder="", files={"a": ""})
    encoder = encoders_beside.Encoder(
        name="none", load=lambda _: pytest.fail("opened"), weights=nowhere, modules=("no_engine", "json")
    )
    assert encoder.missing == "no-such-package, no_engine"
    assert encoder.size == 0
    assert encoders_beside.ENCODERS[HASHING].missing == ""


def test_an_encoder_alone_leaves_a_row_of_unit_length_a_text(tmp_path: Path) -> None:
    texts = {"passages": [f"passage {n}" for n in range(encoders_beside.CHUNK + 2)], "questions": ["one?", "two?"]}
    (tmp_path / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    took = encoders_beside.main(HASHING, tmp_path)
    assert took["passage_s"] > 0
    passages, questions = np.load(tmp_path / "passages.npy"), np.load(tmp_path / "questions.npy")
    assert (len(passages), len(questions)) == (encoders_beside.CHUNK + 2, 2)
    assert np.linalg.norm(passages, axis=1) == pytest.approx(1.0)


def test_the_german_questions_are_among_those_asked() -> None:
    assert [number for number in german.QUESTIONS if number % encoders._EVERY] == []


def test_without_data_nothing_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encoders, "EVAL", tmp_path)
    with pytest.raises(Unavailable, match="KNOWHUB_EVAL_DATA"):
        encoders.sections(Options(quick=True, scratch=tmp_path))
