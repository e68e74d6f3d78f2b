"""What searches by words keep of a course is never older than what they see, nor newer than what was committed."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.passages import Window, of_segments
from knowhub_ext.domain.segments import Segment
from knowhub_ext.store.counters import WORDS
from knowhub_ext.store.words import again_of


def lecture(*texts: str, sentences: int = 3):
    rows = [Segment(start_ms=n * 1000, end_ms=n * 1000 + 1000, text=text) for n, text in enumerate(texts)]
    return of_segments(rows, Window(sentences=sentences))


def put(store, asset, passages):
    with store.write() as tx:
        return [p.id for p in tx.passages.replace(asset.id, passages)]


def found(store, course_id: str, *terms: str, phrases=()) -> list[str]:
    with store.read() as tx:
        return [i for i, _ in tx.passages.search(course_id, terms, phrases=phrases, limit=50)]


def test_a_sentence_is_found_in_every_passage_that_holds_it(store, make):
    asset = make.asset()
    ids = put(store, asset, lecture("Alpha.", "Beta.", "Gamma.", "Delta.", "Omega."))
    assert len(ids) == 5
    assert set(found(store, asset.course_id, "gamma")) == set(ids[:3])
    assert set(found(store, asset.course_id, "delta")) == set(ids[1:4])
    assert set(found(store, asset.course_id, "omega")) == set(ids[2:])
    with store.read() as tx:
        assert tx.passages.counts(asset.course_id, ["gamma", "delta", "omega", "zeta"]) == (
            {"gamma": 3, "delta": 3, "omega": 3, "zeta": 0}, 5
        )


def test_more_sentences_with_a_word_count_more_and_length_less(store, make):
    asset = make.asset()
    filler = [f"Nothing of it, number {n}." for n in range(9)]
    often = put(store, asset, lecture("A gin index.", "Gin again.", "It.", *filler))
    long = " ".join(f"word{n}" for n in range(40))
    put(store, make.asset(make.lesson(make.course())), lecture("Gin elsewhere."))
    hits = found(store, asset.course_id, "gin")
    assert hits == often[:2], "the first holds it twice, the second once"
    other = make.asset()
    two = put(store, other, [*lecture(f"A gin {long}."), *lecture("A gin."), *lecture(*filler)])
    assert found(store, other.course_id, "gin") == [two[1], two[0]], "the shorter first"


def test_a_sentence_that_has_a_word_twice_says_more_of_it_than_one_that_has_it_once(store, make):
    asset = make.asset()
    texts = ["A layer over it.", "One of the layers over a layer.", "Nothing of it."]
    ids = put(store, asset, lecture(*texts, *(f"Else {n}." for n in range(9)), sentences=1))
    assert found(store, asset.course_id, "layer") == [ids[1], ids[0]]
    assert again_of("a layer of layers over a layer") == "layers a layer"
    put(store, make.asset(make.lesson(make.course())), lecture("A mask. Over it a layer mask."))
    assert found(store, asset.course_id, "layer", phrases=["layers layer"]) == [ids[1], ids[0]], "no phrase of it"


def test_what_is_added_replaced_and_removed_shows_in_the_next_search(store, make):
    course = make.course()
    one, two = make.asset(make.lesson(course)), make.asset(make.lesson(course))
    first = put(store, one, lecture("Alpha one.", "Beta."))[:1]
    assert found(store, course.id, "alpha") == first
    second = put(store, two, lecture("Alpha two."))
    assert set(found(store, course.id, "alpha")) == {*first, *second}
    again = put(store, one, lecture("Gamma.", "Alpha three."))
    assert set(found(store, course.id, "alpha")) == {*again, *second}
    put(store, two, [])
    assert set(found(store, course.id, "alpha")) == set(again)
    with store.read() as tx:
        assert tx.passages.counts(course.id, ["alpha"]) == ({"alpha": 2}, 2)


def test_a_number_that_was_given_before_stands_for_the_new_passage(store, make):
    """SQLite gives the number of a removed last row again; a row of the word index never comes twice."""
    asset = make.asset()
    put(store, asset, lecture("Alpha.", "Beta.", "Gamma."))
    assert found(store, asset.course_id, "gamma")
    ids = put(store, asset, lecture("Delta.", "Alpha again."))
    assert set(found(store, asset.course_id, "alpha")) == set(ids)
    assert found(store, asset.course_id, "gamma") == []


def test_what_is_taken_back_leaves_nothing_behind(store, make):
    asset = make.asset()
    kept = put(store, asset, lecture("Alpha.", "Beta."))[:1]
    assert found(store, asset.course_id, "alpha") == kept

    def breaks() -> None:
        with store.write() as tx:
            made = tx.passages.replace(asset.id, lecture("Alpha one.", "Alpha two.", "Alpha three."))
            assert len(tx.passages.search(asset.course_id, ["alpha"], limit=9)) == len(made), "it sees its own"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks()
    assert found(store, asset.course_id, "alpha") == kept
    other = put(store, make.asset(make.lesson(make.course())), lecture("Zeta.", "Eta."))
    assert len(other) == 2
    assert found(store, asset.course_id, "alpha") == kept


def test_a_search_that_began_before_a_change_does_not_see_it(store, make):
    asset = make.asset()
    before = put(store, asset, lecture("Alpha.", "Beta."))[:1]
    with store.read() as old:
        assert [i for i, _ in old.passages.search(asset.course_id, ["alpha"], limit=9)] == before
        after = put(store, asset, lecture("Alpha anew."))
        assert found(store, asset.course_id, "alpha") == after, "what is kept is now newer than the old search"
        assert [i for i, _ in old.passages.search(asset.course_id, ["alpha"], limit=9)] == before
    assert found(store, asset.course_id, "alpha") == after


def test_a_question_of_a_thousand_words_is_searched_for(store, make):
    asset = make.asset()
    ids = put(store, asset, lecture("The last of all is omega."))
    assert found(store, asset.course_id, *(f"word{n}" for n in range(1000)), "omega") == ids


def test_rows_are_counted_for_all_courses_together(store, make):
    asset = make.asset()
    with store.read() as tx:
        before = tx.passages._counters.last(WORDS)
    put(store, asset, lecture("One.", "Two.", "Three.", "Four."))
    with store.read() as tx:
        assert tx.passages._counters.last(WORDS) == before + 4
        [place] = set(tx.passages.places([tx.passages.of_asset(asset.id)[0].id]).values())
        assert place.locator == TimeSpan(start_ms=0, end_ms=3000)
