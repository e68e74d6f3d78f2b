"""A stored place is found again by quote and time, or said to be stale; never pointed at what was not meant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.anchoring import Source, Standing, Stored
from knowhub_ext.domain.documents import Block
from knowhub_ext.domain.locators import CellRef, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.segments import Segment
from knowhub_ext.domain.texts import words

SAID = [
    (1_000, 5_000, "Celery acknowledges a task before it runs."),
    (5_500, 9_000, "If the worker dies then, the task is lost."),
    (10_000, 14_000, "With acks_late the broker delivers it again."),
    (20_000, 24_000, "A GIN index keeps a posting list for every word."),
]
CUES = [Segment(id=f"s{n}", start_ms=start, end_ms=end, text=text) for n, (start, end, text) in enumerate(SAID)]


def source(cues=CUES, *, revision=1, complete=True):
    return Source.of_cues(cues, revision=revision, complete=complete)


def stored(start=6_000, end=7_000, quote="If the worker dies then, the task is lost.", revision=1):
    return Stored(locator=TimeSpan(start_ms=start, end_ms=end), quote=quote, revision=revision)


def later(cues, by):
    return [replace(cue, start_ms=cue.start_ms + by, end_ms=cue.end_ms + by) for cue in cues]


def test_where_nothing_changed_it_is_found_at_its_cue():
    found = source().find(stored())
    assert (found.standing, found.locator, found.segment_id) == (Standing.FOUND, stored().locator, "s1")
    assert found.to_json() == {
        "state": "found", "locator": {"kind": "time", "start": 6.0, "end": 7.0}, "segment": "s1"
    }


@pytest.mark.parametrize(("second", "cue"), [(900, ""), (1_000, "s0"), (9_500, "s1"), (17_000, "s2"), (60_000, "s3")])
def test_a_pause_belongs_to_what_was_said_before_it(second, cue):
    at = TimeSpan(start_ms=second, end_ms=second + 1)
    text, segment = source().said_at(at)
    assert segment == cue
    again = source().find(Stored(locator=at, quote=text, revision=1))
    assert (again.standing, again.segment_id) == (Standing.FOUND, cue)


def test_what_moved_in_time_is_found_where_it_is_now():
    found = source(later(CUES, 60_000)).find(stored())
    assert (found.standing, found.segment_id) == (Standing.MOVED, "s1")
    assert found.locator == TimeSpan(start_ms=65_500, end_ms=69_000)


def test_of_two_places_that_say_it_the_nearer_one_is_meant():
    twice = [*CUES, *later([replace(CUES[1], id="again")], 100_000)]
    assert source(twice).find(stored()).segment_id == "s1"
    assert source(twice).find(stored(start=90_000, end=91_000)).segment_id == "again"


def test_a_quote_over_two_cues_and_with_other_signs_is_found():
    found = source().find(stored(quote="the TASK is lost — with acks_late: the broker"))
    assert (found.standing, found.segment_id) == (Standing.FOUND, "s1")


def test_a_sentence_that_is_heard_a_little_differently_is_found_and_another_one_is_not():
    heard = [replace(CUES[1], text="If a worker dies then the tasks is lost"), CUES[3]]
    assert source(heard).find(stored()).standing is Standing.FOUND
    other = [replace(CUES[1], text="Redis keeps its keys in memory alone"), CUES[3]]
    found = source(other).find(stored())
    assert (found.standing, found.locator, found.segment_id) == (Standing.STALE, stored().locator, "")


def test_words_alike_far_from_the_place_do_not_count():
    far = later([replace(CUES[1], text="If a worker dies then the tasks is lost")], 300_000)
    assert source([*far, CUES[0]]).find(stored()).standing is Standing.STALE


def test_while_it_is_being_recognised_nothing_is_called_stale():
    begun = source(CUES[:1], complete=False)
    assert begun.find(stored()).standing is Standing.FOUND
    assert source(CUES[:1]).find(stored()).standing is Standing.STALE, "the control"


@pytest.mark.parametrize(("quote", "cues"), [("", CUES), ("— !", CUES), ("If the worker dies", [])])
def test_without_words_to_compare_the_revision_decides(quote, cues):
    assert source(cues).find(stored(quote=quote)).standing is Standing.FOUND
    assert source(cues, revision=2).find(stored(quote=quote)).standing is Standing.STALE


PAGES = [
    Block(text="Redis is the broker here.", locator=PageRef(page=1)),
    Block(text="The visibility timeout is one hour.", locator=PageRef(page=2)),
]


def test_a_page_is_found_where_its_words_are():
    deck = Source.of_blocks(PAGES, revision=2)
    on = Stored(locator=PageRef(page=2), quote="visibility timeout is one hour", revision=1)
    assert deck.find(on).standing is Standing.FOUND
    moved = deck.find(replace(on, locator=PageRef(page=9)))
    assert (moved.standing, moved.locator) == (Standing.MOVED, PageRef(page=2))
    assert deck.find(replace(on, quote="nothing of the kind")).standing is Standing.STALE


def test_a_cell_and_a_stretch_of_text_are_found_likewise():
    cells = Source.of_blocks([Block(text="x = redis()", locator=CellRef(cell="b"), kind="code")], revision=1)
    found = cells.find(Stored(locator=CellRef(cell="a"), quote="x = redis()", revision=1))
    assert (found.standing, found.locator) == (Standing.MOVED, CellRef(cell="b"))
    text = Source.of_blocks([Block(text="Redis is here.", locator=TextSpan(start=40, end=54))], revision=2)
    assert text.find(Stored(locator=TextSpan(start=42, end=50), quote="is here", revision=1)).standing is Standing.FOUND
    away = text.find(Stored(locator=TextSpan(start=0, end=5), quote="is here", revision=1))
    assert (away.standing, away.locator) == (Standing.MOVED, TextSpan(start=40, end=54))
    assert text.said_at(TextSpan(start=45, end=46)) == ("Redis is here.", "")
    assert text.said_at(TextSpan(start=99, end=100)) == ("", "")


def cited(quote, locator, revision=1):
    return Stored(locator=locator, quote=quote, revision=revision, exact=True)


@pytest.mark.parametrize(("by", "standing"), [
    (0, Standing.FOUND), (900, Standing.FOUND), (-900, Standing.FOUND),
    (2_000, Standing.MOVED), (60_000, Standing.MOVED),
])
def test_a_citation_begins_where_its_quote_does(by, standing):
    """A note may be anywhere in what is quoted; of a citation that is shifted a little, its old place is another's."""
    at = TimeSpan(start_ms=5_500, end_ms=9_000)
    found = source(later(CUES, by), revision=2).find(cited(SAID[1][2], at))
    there = TimeSpan(start_ms=5_500 + by, end_ms=9_000 + by)
    assert (found.standing, found.locator) == (standing, at if standing is Standing.FOUND else there)
    note = Stored(locator=at, quote=SAID[1][2], revision=1)
    assert source(later(CUES, 2_000), revision=2).find(note).standing is Standing.FOUND, "the control"


def test_a_citation_that_is_heard_differently_is_found_where_it_begins_now():
    heard = [replace(CUES[1], text="If a worker dies then the tasks is lost")]
    at = TimeSpan(start_ms=5_500, end_ms=9_000)
    assert source([CUES[0], *heard]).find(cited(SAID[1][2], at)).standing is Standing.FOUND
    moved = source([CUES[0], *later(heard, 8_000)]).find(cited(SAID[1][2], at))
    assert (moved.standing, moved.locator) == (Standing.MOVED, TimeSpan(start_ms=13_500, end_ms=17_000))
    assert source([CUES[0], *later(heard, 80_000)]).find(cited(SAID[1][2], at)).standing is Standing.STALE


def test_a_citation_is_known_to_be_there_only_while_its_revision_is_still_heard():
    at = TimeSpan(start_ms=5_500, end_ms=9_000)
    assert source(CUES[:1], complete=False).find(cited(SAID[1][2], at)).standing is Standing.FOUND
    assert source(CUES[:1], complete=False, revision=2).find(cited(SAID[1][2], at)).standing is Standing.STALE


@pytest.mark.parametrize("quote", ["“Redis” is here.", "Redis” is here. It's\nin memory", "It's\nin memory: 3.5 GB!"])
@pytest.mark.parametrize("before", [0, 7])
def test_a_citation_of_a_text_is_found_to_the_code_point(quote, before):
    rows, at = [], before
    for line in ("A title", "He said: “Redis” is here. It's\nin memory: 3.5 GB!", "“Redis” isn’t here."):
        rows.append(Block(text=line, locator=TextSpan(start=at, end=at + len(line))))
        at += len(line) + 2
    text = " " * before + "\n\n".join(row.text for row in rows)
    start = text.index(quote)
    then = TextSpan(start=start - before, end=start - before + len(quote))
    found = Source.of_blocks(rows, revision=2).find(cited(quote.replace("\n", " "), then))
    assert found.standing is (Standing.MOVED if before else Standing.FOUND)
    assert text[found.locator.start : found.locator.end] == quote


def test_a_citation_of_a_page_or_a_cell_is_found_where_it_was_first():
    twice = Source.of_blocks([replace(PAGES[0], locator=PageRef(page=n)) for n in (1, 2, 7)], revision=2)
    for page, standing, now in ((7, Standing.FOUND, 7), (2, Standing.FOUND, 2), (5, Standing.MOVED, 7)):
        found = twice.find(cited("Redis is the broker here.", PageRef(page=page)))
        assert (found.standing, found.locator) == (standing, PageRef(page=now))
    code = [Block(text="x = redis()", locator=CellRef(cell=name), kind="code") for name in "ab"]
    cells = Source.of_blocks(code, revision=2)
    assert cells.find(cited("x = redis()", CellRef(cell="b"))).locator == CellRef(cell="b")
    assert cells.find(cited("y = 2", CellRef(cell="b"))).standing is Standing.STALE


texts = st.lists(st.text("abc d", min_size=1, max_size=12), min_size=1, max_size=8)


@given(texts, st.integers(0, 20_000))
def test_what_is_quoted_from_a_transcript_is_always_found_in_it(lines, second):
    cues = [Segment(id=str(n), start_ms=2_000 * n, end_ms=2_000 * n + 1_500, text=t) for n, t in enumerate(lines)]
    at = TimeSpan(start_ms=second, end_ms=second + 1_000)
    here = source(cues)
    quote, cue = here.said_at(at)
    found = here.find(Stored(locator=at, quote=quote, revision=1))
    assert (found.standing, found.locator, found.segment_id) == (Standing.FOUND, at, cue)


@given(texts, st.integers(0, 7), st.integers(-5_000, 50_000))
def test_a_whole_transcript_that_is_shifted_loses_no_place(lines, number, by):
    cues = [Segment(id=str(n), start_ms=60_000 + 2_000 * n, end_ms=61_500 + 2_000 * n, text=f"only{n} {t}")
            for n, t in enumerate(lines)]
    cue = cues[number % len(cues)]
    at = TimeSpan(start_ms=cue.start_ms, end_ms=cue.end_ms)
    found = source(later(cues, by)).find(Stored(locator=at, quote=cue.text, revision=1))
    assert found.standing in (Standing.FOUND, Standing.MOVED)
    if found.standing is Standing.MOVED:
        assert found.locator == TimeSpan(start_ms=cue.start_ms + by, end_ms=cue.end_ms + by)


@given(st.lists(st.text("ab “c’s. ½", min_size=1, max_size=16), min_size=1, max_size=6), st.data())
def test_what_is_cited_from_a_text_is_always_found_in_it(lines, data):
    """At its place, or where the same words stand nearer by."""
    rows, at = [], 0
    for line in lines:
        rows.append(Block(text=line, locator=TextSpan(start=at, end=at + len(line))))
        at += len(line) + 2
    row = data.draw(st.sampled_from(rows))
    found = Source.of_blocks(rows, revision=2).find(cited(row.text, row.locator))
    if words(row.text):
        assert found.standing is not Standing.STALE
        whole = "\n\n".join(lines)
        assert words(whole[found.locator.start : found.locator.end])[: len(words(row.text))] == words(row.text)
