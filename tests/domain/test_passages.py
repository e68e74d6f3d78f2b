"""Windows of sentences: every sentence is in one, none crosses a page or cell, locators are exact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.documents import Block
from knowhub_ext.domain.locators import CellRef, PageRef, TextSpan, TimeSpan, from_json
from knowhub_ext.domain.passages import Window, of_blocks, of_segments
from knowhub_ext.domain.segments import Segment


@given(st.lists(st.integers(200, 20_000), max_size=40), st.integers(1, 6), st.integers(1, 3))
def test_every_cue_is_in_a_window_and_windows_keep_their_bounds(lengths, sentences, step):
    segments, at = [], 0
    for i, length in enumerate(lengths):
        segments.append(Segment(start_ms=at, end_ms=at + length, text=f"Cue number {i}."))
        at += length
    window = Window(sentences=sentences, step=step)
    made = of_segments(segments, window)
    assert {s.text for p in made for s in p.sentences} == {s.text for s in segments}
    assert [p.ordinal for p in made] == list(range(len(made)))
    for p in made:
        assert isinstance(p.locator, TimeSpan)
        assert len(p.sentences) <= sentences
        assert len(p.sentences) == 1 or p.locator.end_ms - p.locator.start_ms <= window.max_ms


def test_text_locators_point_at_exactly_what_they_quote():
    text = "# Title\n\nFirst sentence. Second one!\n\nAnother paragraph here."
    blocks = [
        Block(text="# Title", locator=TextSpan(start=0, end=7), kind="heading"),
        Block(text="First sentence. Second one!", locator=TextSpan(start=9, end=36)),
        Block(text="Another paragraph here.", locator=TextSpan(start=38, end=61)),
    ]
    for p in of_blocks(blocks):
        for s in p.sentences:
            assert isinstance(s.locator, TextSpan)
            assert text[s.locator.start : s.locator.end] == s.text


def test_no_window_crosses_a_cell_or_a_page():
    blocks = [
        Block(text="Cell one. Still one.", locator=CellRef(cell="a")),
        Block(text="x = 1", locator=CellRef(cell="b"), kind="code"),
        Block(text="Page text.", locator=PageRef(page=2)),
    ]
    made = of_blocks(blocks)
    assert [p.locator for p in made] == [CellRef(cell="a"), CellRef(cell="b"), PageRef(page=2)]


def test_code_is_never_split_into_sentences():
    [made] = of_blocks([Block(text="a = 1.\nB = 2. C = 3", locator=CellRef(cell="c"), kind="code")])
    assert len(made.sentences) == 1


def test_locators_survive_json():
    rows = (TimeSpan(start_ms=12_300, end_ms=19_800), PageRef(page=4), CellRef(cell="x"), TextSpan(start=1, end=2))
    for locator in rows:
        assert from_json(locator.to_json()) == locator
