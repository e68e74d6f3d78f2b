"""Which words speech recognition is told: the educator's first, then what the course's files call things."""

from __future__ import annotations

from knowhub_ext.domain.hotwords import FILL, LIMIT, HotWord, Mined, bounded, from_code, from_prose, gathered


def words(rows):
    return [row.word for row in rows]


def test_words_come_from_identifiers_and_terms():
    code = from_code("from celery import Celery\napp = Celery()\ndef visibility_timeout():\n    return app.acks_late")
    assert {"Celery", "visibility_timeout", "acks_late"} <= set(code)
    assert from_code("%%bash\nls") == []
    prose = from_prose("## PostgreSQL, its GIN, a B-tree, acks_late")
    assert {"PostgreSQL", "GIN", "B-tree", "acks_late"} <= set(prose)


def test_words_that_only_begin_a_heading_are_no_terms():
    assert from_prose("## What This Lecture Shows Before Reading") == ["Shows", "Reading"]


def test_the_educators_come_first_in_order_and_none_twice():
    found = gathered(["Redis", "B-tree", " "], [Mined(words=["celery", "celery", "REDIS"])])
    assert words(found) == ["Redis", "B-tree", "celery"]
    assert [row.source for row in found] == ["course", "course", "document"]


def test_the_lessons_own_files_count_more_than_those_of_others():
    own, other = Mined(words=["Kombu"], near=True), Mined(words=["Flask", "Flask"])
    assert words(gathered([], [other, own])) == ["Kombu", "Flask"]
    assert words(gathered([], [other, Mined(words=["Kombu"])])) == ["Flask", "Kombu"], "control"


def test_strangely_written_words_come_before_plain_ones_of_the_same_frequency():
    assert words(gathered([], [Mined(words=["Worker", "GIN", "acks_late"])])) == ["acks_late", "GIN", "Worker"]


def test_a_word_stands_under_the_file_it_occurs_in_most():
    slides = Mined(words=["GIN"], source="slides", name="a.pptx")
    notebook = Mined(words=["GIN", "GIN"], source="notebook", name="b.ipynb")
    assert gathered([], [slides, notebook]) == [HotWord(word="GIN", source="notebook", name="b.ipynb")]


def test_hidden_words_are_left_out_whatever_their_case_but_never_an_educators():
    files = [Mined(words=["Flask", "GIN"])]
    assert words(gathered([], files, hidden=["flask"])) == ["GIN"]
    assert words(gathered(["Flask"], files, hidden=["flask"])) == ["Flask", "GIN"]


def test_what_the_engine_gets_is_bounded():
    many = gathered([f"Own{n}" for n in range(99)], [Mined(words=["mined_1"])])
    assert words(bounded(many)) == [f"Own{n}" for n in range(LIMIT)]
    few = gathered(["Own"], [Mined(words=[f"mined_{n}" for n in range(99)])])
    assert words(bounded(few)) == ["Own", *(f"mined_{n}" for n in range(FILL - 1))]
