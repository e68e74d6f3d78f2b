"""Notes: what is taken, how they are found by words, and the files that they become."""

from __future__ import annotations

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.annotation_export import Chapter, Notebook, as_markdown, as_notebook, escaped
from knowhub_ext.domain.annotations import (
    BODY_MAX,
    QUOTE_MAX,
    Annotation,
    Draft,
    checked,
    checked_body,
    search_terms,
    wanted_terms,
)
from knowhub_ext.domain.locators import CellRef, PageRef, TextSpan, TimeSpan
from knowhub_ext.errors import UserError

AT = TimeSpan(start_ms=101_000, end_ms=102_000)


def note(body="Why?", **more):
    given = {
        "id": "n-000001", "person_id": "p", "course_id": "c", "lesson_id": "l", "asset_id": "a", "locator": AT,
        "revision": 1, "quote": "It is [lost].", "body": body,
    }
    return Annotation(**given | more)


@pytest.mark.parametrize("locator", [
    TimeSpan(start_ms=5, end_ms=5), TimeSpan(start_ms=-1, end_ms=5), PageRef(page=0), CellRef(cell=""),
    TextSpan(start=4, end=2),
])  # fmt: skip
def test_a_place_that_is_none_is_refused(locator):
    with pytest.raises(UserError) as caught:
        checked(Draft(id="n", locator=locator))
    assert "start < end" in caught.value.cure


def test_what_is_too_long_is_refused_with_its_length_and_the_longest_is_taken():
    assert checked(Draft(id="n", locator=AT, body="x" * BODY_MAX, quote="y" * QUOTE_MAX)).body == "x" * BODY_MAX
    with pytest.raises(UserError, match=str(BODY_MAX + 1)):
        checked(Draft(id="n", locator=AT, body="x" * (BODY_MAX + 1)))
    with pytest.raises(UserError, match=str(QUOTE_MAX + 1)):
        checked(Draft(id="n", locator=AT, quote="x" * (QUOTE_MAX + 1)))


def test_a_text_of_nothing_visible_is_a_bookmark():
    assert checked_body(" \u200b\n ") == ""
    assert checked_body("\n  - one\r\n  - two\n\n") == "  - one\n  - two", "Markdown keeps its indents"
    assert (note("").bookmark, note("x").bookmark) == (True, False)


@given(st.text(max_size=60))
def test_a_note_is_found_by_each_of_its_own_words_and_nothing_of_it_is_syntax(text):
    terms = search_terms(text)
    assert all(sign.isalnum() or sign == " " for sign in terms)
    assert all(f" {term}" in terms for term in wanted_terms(text))


def test_words_are_found_by_their_beginning_and_code_by_its_signs():
    terms = search_terms("The workers died in C++, with `acks_late`.")
    for query in ("worker", "work", "WORKERS", "died", "C++", "acks_late", "acks"):
        assert wanted_terms(query)
        assert all(f" {term}" in terms for term in wanted_terms(query)), query
    for query in ("orkers", "C#", "celery"):
        assert not all(f" {term}" in terms for term in wanted_terms(query)), query


def test_notes_stand_in_the_order_of_their_places():
    places = [AT, TimeSpan(start_ms=5, end_ms=6), PageRef(page=2), TextSpan(start=9, end=10), CellRef(cell="x")]
    ordered = sorted((note(locator=at) for at in places), key=lambda one: one.place)
    assert [one.locator for one in ordered] == [places[1], places[0], places[2], places[3], places[4]]


def book(*notes, standing=None, lessons=1):
    chapters = [
        Chapter(lesson_id=f"l{n}", slug=f"lesson-{n}", title=f"Lesson *{n}*", notes=notes, standing=standing or {})
        for n in range(lessons)
    ]
    return Notebook(title="Notes: Celery", course="demo", chapters=chapters)


def href(lesson, locator):
    return f"http://hub/knowhub/lesson/{lesson}?t=101" if isinstance(locator, TimeSpan) else None


def test_markdown_holds_place_quote_and_words_and_only_the_words_are_markdown():
    text = as_markdown(book(note("**Why?**"), note("", id="n-2", locator=PageRef(page=4), quote="")), href)
    assert text == (
        "# Notes: Celery\n\n## Lesson \\*0\\*\n\n**[1:41](http://hub/knowhub/lesson/l0?t=101)**\n\n"
        "> It is \\[lost\\].\n\n**Why?**\n\n**page 4** · bookmark\n"
    )


def test_a_place_that_is_not_what_it_was_says_so_and_an_empty_book_too():
    assert "*What is quoted is not there any more.*" in as_markdown(book(note(), standing={"n-000001": "stale"}), href)
    assert "*What is quoted" not in as_markdown(book(note()), href), "the control"
    assert "No notes yet." in as_markdown(Notebook(title="T", course="c", chapters=[]), href)


def test_a_notebook_is_valid_and_its_cells_name_their_second():
    made = nbformat.reads(as_notebook(book(note(), note(id="n-2", locator=CellRef(cell="x"))), href), as_version=4)
    nbformat.validate(made)
    assert made.metadata.knowhub == {"course": "demo", "lesson": "lesson-0"}
    assert [cell.metadata for cell in made.cells] == [
        {}, {"knowhub": {"segments": [{"start": 101.0, "end": 102.0, "quote": "It is [lost]."}]}}, {},
    ]
    assert "Why?" in made.cells[1].source


def test_a_notebook_of_a_course_names_no_lesson_and_heads_each():
    made = json.loads(as_notebook(book(note(), lessons=2), href))
    assert "knowhub" not in made["metadata"]
    heads = [cell["source"] for cell in made["cells"] if cell["source"].startswith("##")]
    assert heads == ["## Lesson \\*0\\*", "## Lesson \\*1\\*"]
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])


@pytest.mark.parametrize(("raw", "shown"), [
    ("1. a", "1\\. a"), ("- a", "\\- a"), ("<b>&", "\\<b\\>\\&"), ("a\n\nb", "a b"), ("$x$ `y`", "\\$x\\$ \\`y\\`"),
])  # fmt: skip
def test_a_quote_is_no_markdown(raw, shown):
    assert escaped(raw) == shown
