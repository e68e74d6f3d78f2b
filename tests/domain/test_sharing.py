"""Overlapping passages share their sentences, and each is still made of all its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.documents import Block
from knowhub_ext.domain.locators import PageRef, TextSpan
from knowhub_ext.domain.passages import Passage, Window, of_blocks, of_segments
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.sharing import shared


def segments(texts: Sequence[str]) -> list[Segment]:
    return [Segment(start_ms=n * 1000, end_ms=n * 1000 + 1000, text=text) for n, text in enumerate(texts)]


def made_of(passages: Sequence[Passage]) -> list[str]:
    texts, spans = shared(passages)
    return [" ".join(texts[start:end]) for start, end in spans]


def test_each_sentence_of_a_lecture_is_there_once() -> None:
    passages = of_segments(segments(["One.", "Two.", "Three.", "Four."]), Window(sentences=3))
    texts, spans = shared(passages)
    assert texts == ["One.", "Two.", "Three.", "Four."]
    assert spans == [(0, 3), (1, 4), (2, 4), (3, 4)]


def test_sentences_that_are_said_again_are_there_again() -> None:
    passages = of_segments(segments(["Yes."] * 5), Window(sentences=2))
    texts, spans = shared(passages)
    assert texts == ["Yes."] * 5
    assert spans == [(0, 2), (1, 3), (2, 4), (3, 5), (4, 5)]


def test_pages_share_nothing() -> None:
    blocks = [Block(kind="paragraph", text=f"First of {n}. Second of {n}.", locator=PageRef(page=n)) for n in (1, 2)]
    texts, spans = shared(of_blocks(blocks))
    assert texts == ["First of 1.", "Second of 1.", "First of 2.", "Second of 2."]
    assert spans == [(0, 2), (1, 2), (2, 4), (3, 4)]


def test_a_passage_that_is_not_its_sentences_is_a_text_of_its_own() -> None:
    one, two, _ = of_segments(segments(["One.", "Two.", "Three."]), Window(sentences=2))
    bare = Passage(text="No sentences", locator=TextSpan(start=0, end=12), sentences=())
    assert shared([one, replace(two, text="Changed"), bare, one]) == (
        ["One.", "Two.", "Changed", "No sentences", "One.", "Two."], [(0, 2), (2, 3), (3, 4), (4, 6)],
    )
    assert shared([]) == ([], [])


@given(
    texts=st.lists(st.sampled_from(["a.", "b.", "c d.", "e f g."]), max_size=30), size=st.integers(1, 8),
    step=st.integers(1, 8),
)
def test_every_passage_is_made_of_its_own_words_and_neither_end_goes_back(
    texts: list[str], size: int, step: int
) -> None:
    passages = of_segments(segments(texts), Window(sentences=size, step=step))
    assert made_of(passages) == [passage.text for passage in passages]
    rows, spans = shared(passages)
    assert rows == texts
    assert spans == sorted(spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)
