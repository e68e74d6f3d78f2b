from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.locators import CellRef, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.errors import NotFound


def test_passages_come_back_with_locators_sentences_and_where_they_belong(store, make):
    asset = make.asset()
    made = [
        Passage(
            text="One. Two.", locator=TimeSpan(start_ms=1, end_ms=3),
            sentences=(
                Sentence(text="One.", locator=TimeSpan(start_ms=1, end_ms=2)),
                Sentence(text="Two.", locator=TimeSpan(start_ms=2, end_ms=3)),
            ),
        ),
        Passage(text="P", locator=PageRef(page=4), sentences=(Sentence(text="P", locator=PageRef(page=4)),), ordinal=1),
        Passage(text="C", locator=CellRef(cell="x-1"), sentences=(), ordinal=2),
        Passage(text="T", locator=TextSpan(start=5, end=9), sentences=(), ordinal=3),
    ]
    with store.write() as tx:
        stored = tx.passages.replace(asset.id, made)
    where = {"asset_id": asset.id, "lesson_id": asset.lesson_id, "course_id": asset.course_id, "title": "Indexes"}
    where |= {"kind": asset.kind}
    assert [replace(p, id="") for p in stored] == [replace(p, **where) for p in made]
    with store.read() as tx:
        assert tx.passages.of_asset(asset.id) == stored


def test_many_keeps_the_order_asked_for_and_leaves_out_what_is_unknown(store, make):
    ids = [p.id for p in make.passages(make.asset(), ["a", "b", "c"])]
    with store.read() as tx:
        found = tx.passages.many([ids[2], new_id(), ids[0], ids[2]])
        assert [p.text for p in found] == ["c", "a"]
        assert tx.passages.many([]) == []


def test_homes_are_those_of_what_lives_in_the_order_asked_for(store, make):
    asset = make.asset()
    one, two = (p.id for p in make.passages(asset, ["a", "b"]))
    with store.read() as tx:
        found = tx.passages.homes([two, "unknown", one, two])
        assert list(found.items()) == [(i, (asset.course_id, asset.lesson_id)) for i in (two, one)]
        assert tx.passages.homes([]) == {}
    with store.write() as tx:
        tx.trash.put(asset.course_id)
    with store.read() as tx:
        assert tx.passages.homes([one]) == {}


def test_replacing_leaves_no_old_passage_behind(store, make):
    asset, other = make.asset(), make.asset()
    old = make.passages(asset, ["alpha", "beta"])
    make.passages(other, ["alpha"])
    new = make.passages(asset, ["gamma"])
    with store.read() as tx:
        assert tx.passages.of_asset(asset.id) == new
        assert tx.passages.many([p.id for p in old]) == []
        assert tx.passages.search(asset.course_id, ["alpha"], limit=5) == []
        assert [i for i, _ in tx.passages.search(asset.course_id, ["gamma"], limit=5)] == [new[0].id]
        assert len(tx.passages.search(other.course_id, ["alpha"], limit=5)) == 1
        assert tx.session.scalar(text("SELECT count(*) FROM passage_fts")) == 2


def test_passages_of_nothing_cannot_be_made(store):
    with store.write() as tx, pytest.raises(NotFound):
        tx.passages.replace(new_id(), [])


@pytest.mark.parametrize("table", ["asset", "lesson", "course"])
def test_nothing_in_the_trash_is_found(store, make, table):
    asset = make.asset()
    stored = make.passages(asset, ["alpha beta"])
    make.trash(table, {"asset": asset.id, "lesson": asset.lesson_id, "course": asset.course_id}[table])
    with store.read() as tx:
        assert tx.passages.many([stored[0].id]) == []
        assert tx.passages.of_asset(asset.id) == []
        assert tx.passages.search(asset.course_id, ["alpha"], limit=5) == []


def test_what_is_in_the_trash_takes_no_place_in_the_results(store, make):
    course = make.course()
    gone, kept = make.asset(make.lesson(course)), make.asset(make.lesson(course))
    make.passages(gone, ["alpha"] * 30)
    stored = make.passages(kept, ["alpha and many other words that make it rank lower", "nothing"])
    make.trash("asset", gone.id)
    with store.read() as tx:
        assert [i for i, _ in tx.passages.search(course.id, ["alpha"], limit=2)] == [stored[0].id]


def test_passages_are_given_with_those_that_follow_them_each_once_in_order(store, make):
    made = make.passages(make.asset(), ["one", "two", "three", "four", "five"])
    with store.read() as tx:
        rows = tx.passages.followed([made[3].id, made[1].id], 1)
        assert [(row.ordinal, row.start) for row in rows] == [(1, "two"), (2, "three"), (3, "four"), (4, "five")]
        assert tx.passages.followed([], 3) == []
        assert tx.passages.followed(["nobody"], 3) == []
