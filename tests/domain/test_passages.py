"""Windows of sentences: every sentence is in one, none crosses a page or cell, locators are exact."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.documents import Block, spanned
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
    assert [(p.locator, p.text) for p in made] == [
        (CellRef(cell="a"), "Cell one. Still one."), (CellRef(cell="a"), "Still one."),
        (CellRef(cell="b"), "x = 1"), (PageRef(page=2), "Page text."),
    ]


def texts_of(*rows):
    return [p.text for p in of_blocks(spanned(rows)[1])]


LONG = "A paragraph that speaks for itself. " + "It has much to say of one thing. " * 6


def test_no_window_of_a_text_crosses_into_the_next_paragraph():
    one, two = LONG + "It ends here.", LONG.replace("A paragraph", "The next one") + "It ends there."
    made = texts_of(("text", one), ("text", two))
    assert {one, two, "It ends here.", "It ends there."} <= set(made), "one begins at every sentence"
    assert all(text in one or text in two for text in made)
    assert texts_of(("text", "A few words."), ("text", two))[0].startswith(f"A few words. {two[:99]}"), "control"


def test_a_heading_stays_with_what_is_under_it_and_code_with_what_was_said_before_it():
    said = LONG.strip()
    made = texts_of(("heading", "# How it works"), ("text", said), ("code", "run()"), ("text", "And more. " * 30))
    assert made[0] == f"# How it works {said}"
    assert any(text.endswith("run()") for text in made)
    assert not any("run() And more" in text or f"{said} And more" in text for text in made)


def test_lines_too_short_to_speak_for_themselves_share_a_window_with_what_follows():
    made = texts_of(("text", "What to bring:"), ("text", "A pen."), ("text", "A sheet of paper."))
    assert made[0] == "What to bring: A pen. A sheet of paper."
    made = texts_of(("text", LONG[:-1] + ":"), ("text", "A pen."), ("text", LONG), ("text", "A short end."))
    assert any(text.endswith(": A pen.") for text in made), "what ends with a colon goes on"
    assert not any("A pen. A paragraph" in text for text in made)
    assert made[-1] == "A short end."
    many = texts_of(*[("text", f"Item {n}.") for n in range(99)])
    assert max(map(len, many)) < 80, "a window of eight"
    assert len(many) > 90


@given(st.lists(st.tuples(st.sampled_from(["text", "heading", "code"]), st.integers(1, 12)), max_size=12))
def test_every_sentence_of_a_text_is_in_a_window(rows):
    told = [(kind, " ".join(f"Number {n} of {i} speaks." for i in range(size))) for n, (kind, size) in enumerate(rows)]
    _, blocks = spanned(told)
    made = of_blocks(blocks)
    wanted = [piece for kind, text in told for piece in ([text] if kind != "text" else re.findall(r"[^.]+\.", text))]
    assert {s.text.strip() for p in made for s in p.sentences} == {text.strip() for text in wanted}


def test_code_is_never_split_into_sentences():
    [made] = of_blocks([Block(text="a = 1.\nB = 2. C = 3", locator=CellRef(cell="c"), kind="code")])
    assert len(made.sentences) == 1


def test_locators_survive_json():
    rows = (TimeSpan(start_ms=12_300, end_ms=19_800), PageRef(page=4), CellRef(cell="x"), TextSpan(start=1, end=2))
    for locator in rows:
        assert from_json(locator.to_json()) == locator
