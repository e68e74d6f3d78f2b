"""A preview is a sentence of the hit, verbatim, and its marks are words of the query."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.documents import Block
from knowhub_ext.domain.locators import CellRef, Locator, TextSpan, TimeSpan
from knowhub_ext.domain.passages import Passage, of_blocks, of_segments
from knowhub_ext.domain.previews import LONGEST, TOGETHER, Preview, preview
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import canonical, code_spans, sentence_spans, stem, stems, word_spans, words

SAID = [
    "Good morning, it is nice to see all of you here again after the long break.",
    "A queue keeps tasks in order, and the worker takes them from there one by one.",
    "What is a B-tree?",
    "It is a balanced tree whose nodes hold many keys, which suits a disk.",
    "In C++ nothing of this is taken from you, and neither is it in C# or in C itself.",
    "The adjustment layers lie above the picture, and a mask says where each layer acts.",
]


def spoken(*lines: str) -> Passage:
    rows = [Segment(start_ms=n * 5_000, end_ms=n * 5_000 + 4_900, text=line) for n, line in enumerate(lines)]
    return of_segments(rows)[0]


def marked(shown: Preview) -> list[str]:
    return [shown.text[start:end] for start, end in shown.marks]


# What holds for every preview

#: Texts in which queries and passages meet: words in several forms, code words, signs, other scripts, blanks.
VOCABULARY = [
    "queue", "queues", "queued", "Queue's", "C++", "C#", "B-tree", "b-trees", "acks_late", "the", "it", "is", "½",
    "ﬁle", "naïve", "第一句", "कतार", "layer", "layers.", "mask?", "e.g.", "3.5", "->", "--", "\n", "“tree”", "I'M",
    "x" * 90, "🎓",
]  # fmt: skip
texts = st.lists(st.sampled_from(VOCABULARY), max_size=60).map(" ".join) | st.text(max_size=80)


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    lines = [canonical(text) for text in draw(st.lists(texts, min_size=1, max_size=8))]
    match draw(st.sampled_from(["time", "text", "cell", "bare"])):
        case "time":
            made = of_segments([
                Segment(start_ms=n * 1_000, end_ms=n * 1_000 + 900, text=text) for n, text in enumerate(lines)
            ])
        case "bare":
            made = [Passage(text=" ".join(lines), locator=CellRef(cell="a"), sentences=())]
        case kind:
            made = of_blocks(blocks(draw, lines, kind))
    return draw(st.sampled_from(made)) if made else Passage(text=" ", locator=CellRef(cell="a"), sentences=())


def blocks(draw: st.DrawFn, lines: list[str], kind: str) -> list[Block]:
    rows, at = [], 0
    for text in lines:
        locator: Locator = TextSpan(start=at, end=at + len(text)) if kind == "text" else CellRef(cell="a")
        rows.append(Block(kind=draw(st.sampled_from(["paragraph", "code", "heading"])), text=text, locator=locator))
        at += len(text) + 2
    return rows


@given(texts, passages())
def test_it_is_verbatim_and_no_longer_than_a_glance(query, passage):
    shown = preview(query, passage)
    assert shown.text in passage.text
    assert shown.text == shown.text.strip() or not passage.text.strip()
    assert len(shown.text) <= max(LONGEST, TOGETHER)
    assert shown.text or not passage.text.strip(), "it is empty only where there is nothing to show"


@given(texts, passages())
def test_its_marks_lie_within_it_in_order_and_apart(query, passage):
    shown = preview(query, passage)
    assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(shown.marks))


@given(texts, passages())
def test_each_mark_is_a_word_of_the_query_and_whole(query, passage):
    shown = preview(query, passage)
    wanted = {stem(word) for word in words(query)}
    bounds = {at for span in word_spans(shown.text) for at in span}
    bounds |= {at for start, end, _ in code_spans(shown.text) for at in (start, end)}
    for (start, end), text in zip(shown.marks, marked(shown), strict=True):
        assert {start, end} <= bounds, "no part of a word"
        codes = {code for _, _, code in code_spans(canonical(query))}
        assert {stem(word) for word in words(text)} <= wanted or codes & {code for _, _, code in code_spans(text)}
        assert words(text) or codes, "signs alone are marked only where they were asked for"


@given(texts, passages())
def test_its_place_is_within_the_passage(query, passage):
    shown = preview(query, passage)
    match shown.locator, passage.locator:
        case TimeSpan() as inner, TimeSpan() as outer:
            assert outer.start_ms <= inner.start_ms < inner.end_ms <= outer.end_ms
        case TextSpan() as inner, TextSpan() as outer:
            assert outer.start <= inner.start <= inner.end <= outer.end
            if len(shown.text) == inner.end - inner.start and passage.sentences:
                assert any(shown.text in row.text for row in passage.sentences) or " " in shown.text
        case inner, outer:
            assert inner == outer


@given(st.lists(st.sampled_from(SAID), min_size=1, max_size=8), st.sampled_from(SAID))
def test_it_begins_and_ends_with_a_sentence(lines, query):
    passage = spoken(*lines)
    shown = preview(query, passage)
    starts, ends = zip(*sentence_spans(passage.text), strict=True)
    assert any(passage.text[start:end] == shown.text for start in starts for end in ends)


# Which sentence it is


@pytest.mark.parametrize(("query", "at", "marks"), [
    ("queue", 1, ["queue"]),
    ("queues taking", 1, ["queue", "takes"]),
    ("disks of nodes", 3, ["nodes", "disk"]),
    ("C++", 4, ["C++"]),
    ("what does C# give", 4, ["C#"]),
    ("adjustment layer", 5, ["adjustment layers", "layer"]),
    ("WORKER'S task", 1, ["tasks", "worker"]),
])
def test_the_sentence_with_the_querys_words_is_shown_and_they_are_marked(query, at, marks):
    shown = preview(query, spoken(*SAID))
    assert shown.text == SAID[at]
    assert shown.locator == TimeSpan(start_ms=5_000 * at, end_ms=5_000 * at + 4_900)
    assert marked(shown) == marks


def test_words_are_marked_as_one_only_where_they_stand_side_by_side():
    said = "An adjustment, then a layer; the adjustment layer comes after the adjustment, layer by layer."
    assert marked(preview("adjustment layer", spoken(said))) == [
        "adjustment", "layer", "adjustment layer", "adjustment", "layer", "layer",
    ]


@pytest.mark.parametrize(("query", "marks"), [("½", ["½"]), ("1 2", ["½"]), ("1", []), ("2 cups", ["cups"])])
def test_a_sign_that_is_two_words_is_marked_where_both_were_asked_for(query, marks):
    assert marked(preview(query, spoken("We take ½ of all that we have in those cups."))) == marks


def test_a_question_is_shown_with_what_follows_it():
    shown = preview("what's a B-tree?", spoken(*SAID))
    assert shown.text == f"{SAID[2]} {SAID[3]}"
    assert shown.locator == TimeSpan(start_ms=10_000, end_ms=19_900)
    assert marked(shown) == ["B-tree", "tree"]


def test_of_sentences_that_say_as_much_the_first_is_shown():
    passage = spoken(
        "The broker keeps every message that it was given by anyone.",
        "The broker forgets what was acknowledged, and the broker keeps nothing else of it.",
    )
    assert preview("broker", passage).text == passage.sentences[0].text, "though the other says it twice"
    assert preview("broker acknowledges", passage).text == passage.sentences[1].text


def test_where_no_word_is_met_the_opening_is_shown_without_marks():
    shown = preview("zebra", spoken(*SAID))
    assert (shown.text, shown.marks) == (SAID[0], ())
    assert preview("", spoken(*SAID)).text == SAID[0]


def test_a_query_of_function_words_marks_them():
    shown = preview("to be or not to be", spoken("He says: to be, or not to be, that is what he asks himself there."))
    assert marked(shown)[:2] == ["to be", "or not to be"] or "be" in marked(shown)


def test_a_short_line_gets_a_neighbour_that_says_more_of_the_query():
    passage = spoken("We take the heap.", "And so to the queue.", "It is drained by workers, who sleep.", "Goodbye.")
    assert preview("queue workers", passage).text == "And so to the queue. It is drained by workers, who sleep."
    assert preview("heap queue", passage).text == "We take the heap. And so to the queue."


# Documents and notebooks


def test_a_sentence_is_preferred_to_a_heading_and_to_code():
    passage, *_ = of_blocks([
        Block(kind="heading", text="Late acknowledgement", locator=CellRef(cell="a")),
        Block(kind="code", text="app.conf.acks_late = True", locator=CellRef(cell="a")),
        Block(kind="paragraph", text="With acks_late the acknowledgement comes late, once the task has run to its end.",
              locator=CellRef(cell="a")),
    ])
    assert preview("late acknowledgement", passage).text.startswith("With acks_late")
    assert preview("acks_late", passage).text.startswith("With acks_late")
    assert preview("app.conf", passage).text == "app.conf.acks_late = True", "the control: only the code says it"


def test_of_code_a_line_is_shown():
    code = "import heapq\n\ndef drain(queue):\n    while queue:\n        yield heapq.heappop(queue)\n"
    [passage] = of_blocks([Block(kind="code", text=code, locator=TextSpan(start=100, end=100 + len(code)))])
    shown = preview("heappop", passage)
    assert shown.text == "yield heapq.heappop(queue)"
    assert shown.locator == TextSpan(start=100 + code.index("yield"), end=100 + code.index("yield") + len(shown.text))
    assert marked(shown) == ["heappop"]


@pytest.mark.parametrize(("line", "shown"), [
    ("## Late acknowledgement", "Late acknowledgement"),
    ("- An acknowledgement that comes late saves the task.", "An acknowledgement that comes late saves the task."),
    ("#acknowledgement is no heading", "#acknowledgement is no heading"),
    ("-late acknowledgement", "-late acknowledgement"),
])
def test_signs_of_markdown_are_left_out(line, shown):
    [passage] = of_blocks([Block(kind="paragraph", text=line, locator=TextSpan(start=7, end=7 + len(line)))])
    found = preview("acknowledgement", passage)
    assert found.text == shown
    assert found.locator == TextSpan(start=7 + line.index(shown), end=7 + len(line)), "its place moves along"


def test_the_same_signs_are_kept_in_code_and_in_speech():
    [code] = of_blocks([Block(kind="code", text="# late acknowledgement", locator=CellRef(cell="a"))])
    assert preview("late", code).text == "# late acknowledgement"
    assert preview("late", spoken("- Late, said the queue.")).text == "- Late, said the queue."


def test_a_sentence_without_end_is_shown_around_what_was_asked():
    line = ", ".join(f"the value of number {n}" for n in range(60)) + ", and zebra at last"
    [passage] = of_blocks([Block(kind="paragraph", text=line, locator=CellRef(cell="a"))])
    shown = preview("zebra", passage)
    assert marked(shown) == ["zebra"]
    assert shown.text.startswith("the value of number"), "it is cut where a clause begins"
    parts = {preview(f"number {n}", passage).text for n in range(60)}
    assert len(parts) > 2
    assert all(text == text.strip() and len(text) <= LONGEST for text in parts)


def test_offsets_count_code_points():
    shown = preview("graduation", spoken("🎓🎓 Graduation comes first, and after it nothing that we could speak of."))
    assert shown.marks == ((3, 13),)


def test_what_is_marked_is_what_evidence_is_weighed_by():
    """A word is marked by the stem that `stems` gives it, so marks and answers agree on what a word is."""
    for query in ("queues", "layers", "acknowledges"):
        [root] = stems(query)
        assert all(stem(words(text)[0]) == root for text in marked(preview(query, spoken(*SAID))))
