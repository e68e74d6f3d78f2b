"""One vector a passage, in which the sentence it starts with counts most."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.ports import Vector
from knowhub_ext.services.embedding import OPENING, vectors_of

SPAN = TimeSpan(start_ms=0, end_ms=1)


class Letters:
    """Counts letters: `a`, `b` and the others."""

    name, dimensions, semantic = "letters", 3, True

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        self.asked += texts
        return [self._unit([text.count("a"), text.count("b"), 1]) for text in texts]

    @staticmethod
    def _unit(row: list[float]) -> list[float]:
        length = sum(x * x for x in row) ** 0.5
        return [x / length for x in row]


def passage(*sentences: str) -> Passage:
    rows = tuple(Sentence(text=text, locator=SPAN) for text in sentences)
    return Passage(text=" ".join(sentences), locator=SPAN, sentences=rows)


def dot(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def test_of_windows_of_the_same_words_the_one_that_starts_with_them_is_nearest():
    first, last = vectors_of(Letters(), [passage("aaaa", "bbbb"), passage("bbbb", "aaaa")])
    assert dot(first, [1, 0, 0]) > dot(last, [1, 0, 0])


def test_it_is_the_sum_of_both_at_unit_length():
    engine = Letters()
    [made] = vectors_of(engine, [passage("aa", "b")])
    opening, near = Letters().embed(["aa", "aa b"])
    wanted = Letters._unit([OPENING * x + y for x, y in zip(opening, near, strict=True)])
    assert made == pytest.approx(wanted)
    assert dot(made, made) == pytest.approx(1)


def test_each_text_is_embedded_once():
    engine = Letters()
    vectors_of(engine, [passage("a"), passage("a"), passage("a", "b")])
    assert engine.asked == ["a", "a b"]
    assert vectors_of(engine, []) == []


def test_a_vector_of_nothing_stays_nothing():
    class Nothing(Letters):
        def embed(self, texts: Sequence[str]) -> list[Vector]:
            return [[0.0, 0.0, 0.0] for _ in texts]

    assert list(vectors_of(Nothing(), [passage("a")])[0]) == [0.0, 0.0, 0.0]
