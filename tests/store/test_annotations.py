"""Notes are one person's, kept once however often they are sent, in the order of the course, with their own trash."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from knowhub_ext.domain.annotations import KEPT_MS, Annotation, wanted_terms
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.locators import CellRef, PageRef, TextSpan, TimeSpan
from knowhub_ext.errors import NotFound
from knowhub_ext.store.annotations import Wanted


def note_of(person, lesson, body="Why?", *, second=0, **more):
    return Annotation(**{
        "id": new_id(), "person_id": person, "course_id": lesson.course_id, "lesson_id": lesson.id, "asset_id": "a",
        "locator": TimeSpan(start_ms=1000 * second, end_ms=1000 * second + 1000), "revision": 1, "body": body,
        "created_ms": 1, "updated_ms": 1,
    } | more)


def take(store, note):
    with store.write() as tx:
        return tx.annotations.add(note)


def listed(store, person, course_id, *, lesson=None, words="", deleted=False, after=None, limit=50):
    wanted = Wanted(
        course_id=course_id, lesson_id=lesson.id if lesson else None, terms=wanted_terms(words), deleted=deleted
    )
    with store.read() as tx:
        return [row.body for row in tx.annotations.page(person, wanted, after=after, limit=limit)]


def whole(store, person, note_id):
    with store.read() as tx:
        return tx.annotations.get(person, note_id, deleted=None)


def rows_of(store):
    with store.read() as tx:
        return tx.session.scalar(text("SELECT count(*) FROM annotation"))


@pytest.mark.parametrize("locator", [
    TimeSpan(start_ms=5, end_ms=9), PageRef(page=3), CellRef(cell="intro"), TextSpan(start=2, end=8),
])  # fmt: skip
def test_a_note_is_kept_as_it_is(store, make, locator):
    person, lesson = make.person(), make.lesson()
    note = note_of(person, lesson, "Zürich 🎓\n\n- a", locator=locator, quote="“quoted”", segment_id="s", revision=4)
    assert take(store, note)
    assert whole(store, person, note.id) == note


def test_sending_it_again_changes_nothing_whatever_it_holds(store, make):
    person, lesson = make.person(), make.lesson()
    note = note_of(person, lesson, "first")
    assert (take(store, note), take(store, note), take(store, replace(note, body="second"))) == (True, False, False)
    assert listed(store, person, lesson.course_id) == ["first"]


def test_two_people_may_use_one_id_and_see_their_own(store, make):
    ada, bob, lesson = make.person("Ada"), make.person("Bob"), make.lesson()
    note = note_of(ada, lesson, "Ada's")
    assert take(store, note)
    assert take(store, replace(note, person_id=bob, body="Bob's"))
    assert listed(store, ada, lesson.course_id) == ["Ada's"]
    with store.write() as tx:
        assert tx.annotations.get(bob, note.id).body == "Bob's"
        tx.annotations.put(bob, note.id)
    assert (listed(store, bob, lesson.course_id), listed(store, ada, lesson.course_id)) == ([], ["Ada's"])


def test_the_order_is_that_of_lessons_then_of_places_and_pages_join_without_gap_or_overlap(store, make):
    person, course = make.person(), make.course()
    second, first = make.lesson(course, position=1), make.lesson(course, position=0)
    kept = [
        note_of(person, second, "2 at 1", second=1), note_of(person, first, "1 cell", locator=CellRef(cell="x")),
        note_of(person, first, "1 page", locator=PageRef(page=1)), note_of(person, first, "1 at 9", second=9),
        note_of(person, first, "1 at 2", second=2), note_of(person, first, "1 at 10", second=10),
        note_of(person, first, "1 at 2 too", second=2, created_ms=2),
        note_of(person, replace(first, id="gone"), "without a lesson"),
    ]
    for note in kept:
        take(store, note)
    every = listed(store, person, course.id)
    assert every == [
        "1 at 2", "1 at 2 too", "1 at 9", "1 at 10", "1 page", "1 cell", "2 at 1", "without a lesson",
    ]
    assert listed(store, person, course.id, lesson=second) == ["2 at 1"]
    ids = {note.body: note.id for note in kept}
    joined, after = [], None
    while page := listed(store, person, course.id, after=after, limit=3):
        joined += page
        after = ids[page[-1]]
    assert joined == every


def test_a_page_goes_on_behind_a_note_that_was_deleted_and_not_behind_one_that_never_was(store, make):
    person, lesson = make.person(), make.lesson()
    notes = [note_of(person, lesson, str(n), second=n) for n in range(3)]
    for note in notes:
        take(store, note)
    with store.write() as tx:
        tx.annotations.put(person, notes[1].id)
    assert listed(store, person, lesson.course_id, after=notes[1].id) == ["2"]
    with pytest.raises(NotFound, match="begins behind"):
        listed(store, person, lesson.course_id, after=new_id())


@pytest.mark.parametrize(("words", "found"), [
    ("worker", ["dies", "C++"]), ("WORK die", ["dies"]), ("broker", ["quoted"]), ("C++", ["C++"]), ("c#", []),
    ("100%", ["percent"]), ("_", ["dies", "C++", "quoted", "percent"]), ("' OR 1=1 --", []), ("nothing", []),
])  # fmt: skip
def test_words_find_notes_by_text_and_quote_and_are_never_syntax(store, make, words, found):
    person, lesson = make.person(), make.lesson()
    texts = {
        "dies": ("The workers die.", ""), "C++": ("A worker in C++", ""), "quoted": ("See", "The broker delivers it."),
        "percent": ("It is 100% so", ""),
    }
    for second, (body, quote) in enumerate(texts.values()):
        take(store, note_of(person, lesson, body, second=second, quote=quote))
    names = {body: name for name, (body, _) in texts.items()}
    assert [names[body] for body in listed(store, person, lesson.course_id, words=words)] == found


def test_an_edit_of_the_version_it_was_read_at_is_taken_and_one_of_an_older_is_not(store, make, clock):
    person, lesson = make.person(), make.lesson()
    note = note_of(person, lesson, "one")
    take(store, note)
    clock.forward(5)
    with store.write() as tx:
        assert tx.annotations.edit(note, "two words")
        assert not tx.annotations.edit(note, "three"), "it was read before the edit"
    after = whole(store, person, note.id)
    assert after == replace(note, body="two words", version=2, updated_ms=clock.ms)
    assert listed(store, person, lesson.course_id, words="words") == ["two words"]
    assert listed(store, person, lesson.course_id, words="one") == []


@given(body=st.text(max_size=40), edits=st.integers(0, 3))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_bringing_back_undoes_deleting_whatever_the_note(store, make, body, edits):
    person, lesson = make.person(), make.lesson()
    note = note_of(person, lesson, body)
    take(store, note)
    for number in range(edits):
        with store.write() as tx:
            tx.annotations.edit(tx.annotations.get(person, note.id), f"{body}{number}")
    before = whole(store, person, note.id)
    with store.write() as tx:
        tx.annotations.put(person, note.id)
        assert tx.annotations.get(person, note.id, deleted=True) != before
        tx.annotations.back(person, note.id)
    assert whole(store, person, note.id) == before


@given(st.permutations(range(4)).flatmap(lambda order: st.lists(st.sampled_from(order), min_size=1, max_size=12)))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_order_and_repetition_of_sending_gives_the_same_notes(store, make, sent):
    person, lesson = make.person(), make.lesson()
    notes = [note_of(person, lesson, f"n{n}", second=n) for n in range(4)]
    for number in itertools.chain(sent, range(4)):
        take(store, notes[number])
    assert listed(store, person, lesson.course_id) == ["n0", "n1", "n2", "n3"]


def test_the_trash_keeps_a_note_for_its_time_and_no_longer(store, make, clock):
    person, lesson = make.person(), make.lesson()
    old, new = note_of(person, lesson, "old"), note_of(person, lesson, "new")
    for note in (old, new):
        take(store, note)
        with store.write() as tx:
            tx.annotations.put(person, note.id)
        clock.forward(KEPT_MS // 2)
    assert listed(store, person, lesson.course_id, deleted=True) == ["old", "new"]
    assert listed(store, person, lesson.course_id) == []
    with store.write() as tx:
        tx.annotations.sweep(person)
    assert listed(store, person, lesson.course_id, deleted=True) == ["new"], "of the old one the time is over"
    with store.write() as tx:
        with pytest.raises(NotFound):
            tx.annotations.get(person, old.id, deleted=None)
        assert tx.annotations.count(person, lesson.course_id) == 1


def test_notes_outlive_the_lesson_and_go_with_their_course(store, make):
    person, lesson = make.person(), make.lesson()
    take(store, note_of(person, lesson, "kept"))
    make.trash("lesson", lesson.id)
    assert listed(store, person, lesson.course_id) == ["kept"]
    with store.read() as tx:
        assert tx.annotations.titles([lesson.id, "none"]) == {lesson.id: (lesson.slug, lesson.title, False)}
    with store.write() as tx:
        tx.trash.put(lesson.course_id)
        tx.trash.purge(lesson.course_id)
    assert rows_of(store) == 0
