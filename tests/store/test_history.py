"""What a person asked is theirs alone, newest first, and comes back from its trash for seven days."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from knowhub_ext.domain.history import KEPT_MS, Entry
from knowhub_ext.domain.ids import new_id
from knowhub_ext.errors import NotFound


def ask(store, person, course, question="Why?", lesson=""):
    entry = Entry(
        id=new_id(), person_id=person, course_id=course.id, lesson_id=lesson, asked_ms=store.now(),
        answer={"question": question, "citations": []},
    )
    with store.write() as tx:
        tx.history.add(entry)
    return entry.id


def asked(store, person, course, *, lesson=None, after=None, limit=50):
    with store.read() as tx:
        rows = tx.history.page(person, course.id, lesson_id=lesson, after=after, limit=limit)
    return [row.answer["question"] for row in rows]


def put(store, person, course, entry=None):
    deletion = new_id()
    with store.write() as tx:
        return deletion, tx.history.put(person, course.id, deletion, entry)


def back(store, person, course, deletion):
    with store.write() as tx:
        return tx.history.back(person, course.id, deletion)


def rows_of(store):
    with store.read() as tx:
        return tx.session.scalar(text("SELECT count(*) FROM history"))


def test_pages_are_newest_first_and_of_one_lesson_where_it_is_named(store, make):
    person, course = make.person(), make.course()
    ids = [ask(store, person, course, f"q{n}", lesson="l1" if n % 2 else "") for n in range(5)]
    assert asked(store, person, course) == ["q4", "q3", "q2", "q1", "q0"]
    assert asked(store, person, course, limit=2, after=ids[3]) == ["q2", "q1"]
    assert asked(store, person, course, lesson="l1") == ["q3", "q1"]


def test_another_person_and_another_course_see_none_of_it(store, make):
    ada, bob, one, two = make.person("Ada"), make.person("Bob"), make.course(), make.course()
    entry = ask(store, ada, one)
    assert asked(store, bob, one) == asked(store, ada, two) == []
    with store.write() as tx:
        with pytest.raises(NotFound):
            tx.history.get(bob, entry)
        assert tx.history.get(ada, entry).id == entry, "the control"
        assert tx.history.put(bob, one.id, new_id()) == tx.history.put(bob, one.id, new_id(), entry) == 0
    assert asked(store, ada, one) == ["Why?"]


def test_a_rating_is_kept_changed_and_taken_back(store, make):
    person, course = make.person(), make.course()
    entry = ask(store, person, course)
    for helpful, comment in [(True, "Short."), (False, "Wrong second."), (None, "")]:
        with store.write() as tx:
            tx.history.rate(entry, helpful, comment)
            found = tx.history.get(person, entry)
            assert (found.helpful, found.comment) == (helpful, comment)


def test_each_deletion_comes_back_by_itself(store, make):
    person, course = make.person(), make.course()
    first = ask(store, person, course, "embarrassing")
    ask(store, person, course, "fine")
    one, count = put(store, person, course, first)
    assert (count, asked(store, person, course)) == (1, ["fine"])
    every, count = put(store, person, course)
    assert (count, asked(store, person, course)) == (1, [])
    assert back(store, person, course, every) == 1
    assert asked(store, person, course) == ["fine"], "what was deleted before stays deleted"
    assert back(store, person, course, one) == 1
    assert asked(store, person, course) == ["fine", "embarrassing"]
    with pytest.raises(NotFound):
        back(store, person, course, one)


def test_nobody_brings_back_what_another_deleted(store, make):
    ada, bob, course = make.person("Ada"), make.person("Bob"), make.course()
    ask(store, ada, course)
    deletion, _ = put(store, ada, course)
    with pytest.raises(NotFound):
        back(store, bob, course, deletion)
    assert back(store, ada, course, deletion) == 1


def test_after_seven_days_it_is_gone_for_good(store, make, clock):
    person, course = make.person(), make.course()
    ask(store, person, course, "old")
    deletion, _ = put(store, person, course)
    clock.forward(KEPT_MS - 1)
    ask(store, person, course, "new")
    assert rows_of(store) == 2
    clock.forward(1)
    with pytest.raises(NotFound, match="deletion"):
        back(store, person, course, deletion)
    ask(store, person, course, "newer")
    assert rows_of(store) == 2
    assert asked(store, person, course) == ["newer", "new"]


def test_it_goes_with_its_course_when_that_is_purged(store, make):
    person, course = make.person(), make.course()
    ask(store, person, course)
    with store.write() as tx:
        tx.trash.put(course.id)
        tx.trash.purge(course.id)
    assert rows_of(store) == 0
