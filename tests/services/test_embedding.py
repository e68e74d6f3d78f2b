"""One vector a passage, in which the sentence it starts with counts most."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

import pytest

from knowhub_ext.backends.embedders.hashing import HashingEmbedder
from knowhub_ext.domain.documents import Block, spanned
from knowhub_ext.domain.embeddings import RECIPE
from knowhub_ext.domain.locators import PageRef, TimeSpan
from knowhub_ext.domain.passages import CUT, Passage, Sentence, of_blocks, of_segments
from knowhub_ext.domain.segments import Segment
from knowhub_ext.ports import Vector
from knowhub_ext.services import embedding
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


def test_the_numbers_of_the_rules_are_those_of_what_the_rules_make():
    """Whoever changes how passages are cut, or their vectors made, raises CUT or RECIPE, and writes down what is new:
    else what was indexed before would never be made anew."""
    segments = [
        Segment(start_ms=n * 4000, end_ms=n * 4000 + 3500, text=f"Sentence {n} " + "word " * (n % 7)) for n in range(30)
    ]
    words = " ".join(f"This is sentence {n}." for n in range(20))
    blocks = [
        Block(kind=kind, text=words, locator=PageRef(page=page))
        for page, kind in ((1, "heading"), (1, "text"), (2, "text"), (2, "code"))
    ]
    rows = [("heading", "A title"), ("text", "Short:"), ("text", words), ("code", "x"), ("text", words)]
    made = [*of_segments(segments), *of_blocks(blocks), *of_blocks(spanned(rows)[1])]
    cut = json.dumps([[p.text, str(p.locator)] for p in made])
    assert (CUT, sha256(cut.encode()).hexdigest()[:16]) == (3, "46236b9d98b3bc0a")
    span = TimeSpan(start_ms=0, end_ms=1)
    rows = tuple(Sentence(text=f"sentence {n} of seven", locator=span) for n in range(7))
    [vector] = vectors_of(HashingEmbedder(dimensions=32), [Passage(text="all", locator=span, sentences=rows)])
    made = json.dumps([round(x, 4) + 0.0 for x in vector])
    assert (RECIPE, sha256(made.encode()).hexdigest()[:16]) == (3, "cde41c0aa3e501ca")


def test_control_another_weight_of_the_opening_is_another_recipe(monkeypatch):
    span = TimeSpan(start_ms=0, end_ms=1)
    rows = tuple(Sentence(text=f"sentence {n} of seven", locator=span) for n in range(7))
    one = Passage(text="all", locator=span, sentences=rows)
    before = vectors_of(HashingEmbedder(dimensions=32), [one])
    monkeypatch.setattr(embedding, "OPENING", 3.0)
    assert vectors_of(HashingEmbedder(dimensions=32), [one]) != before
