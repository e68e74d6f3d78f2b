"""Canonical text, sentences, and the terms word search speaks in."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.domain.texts import canonical, code_words, index_text, query_terms, sentence_spans, stems


@given(st.text())
def test_canonical_text_is_stable_and_holds_nothing_invisible(text):
    once = canonical(text)
    assert canonical(once) == once
    assert not any(c in once for c in "\u200b\u2060\ufeff\r\x00")


def test_tag_characters_that_could_carry_hidden_text_are_removed():
    assert canonical("a\U000e0041\U000e0042b") == "ab"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_sentences_cover_all_that_is_visible_and_never_overlap(text):
    spans = list(sentence_spans(text))
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    kept = "".join(text[s:e] for s, e in spans)
    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(("text", "count"), [
    ("One. Two. Three.", 3), ("It costs 3.14 euro. Really?", 2), ("See e.g. Redis. Then stop.", 2),
    ("He said \"Stop!\" Then he left.", 2), ("no end", 1), ("", 0), ("第一句。第二句。", 2),
    ("The default is 1.5 s. PostgreSQL waits.", 2),
])
def test_sentences_end_where_a_reader_ends_them(text, count):
    assert len(list(sentence_spans(text))) == count


@pytest.mark.parametrize("word", ["C++", "C#", "B-tree", "acks_late", "->", "--", "node.js", "a/b", "__init__"])
def test_a_code_word_has_an_encoding_of_letters_and_digits_that_index_and_query_share(word):
    encoded = list(code_words(word))
    assert encoded
    assert all(part.isalnum() for part in encoded)
    assert encoded[0] in index_text(f"We speak of {word}, and more.").split()
    assert encoded[0] in query_terms(f"what is {word}?")


def test_different_code_words_do_not_share_an_encoding():
    assert set(code_words("C++")).isdisjoint(code_words("C#"))


def test_function_words_are_no_terms_unless_there_is_nothing_else():
    assert query_terms("What happens to a Celery task?") == ["celery", "task"]
    assert query_terms("to be or not to be") == ["to", "be", "or", "not"]


def test_a_possessive_s_is_no_term():
    assert "s" not in query_terms("what's a worker's lease?")


def test_inflections_share_a_stem():
    assert stems("tasks die") == stems("task dies")
    assert stems("acknowledged") == stems("acknowledges")
