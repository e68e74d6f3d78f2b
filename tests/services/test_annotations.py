"""Notes are bound to what stands at their place, stay with who wrote them, and lose nothing when two write at once."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from knowhub_ext.domain.annotations import Draft, Look
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.locators import CellRef, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.domain.segments import Provenance, Segment
from knowhub_ext.errors import Forbidden, NoteChanged, NotFound, TooManyNotes, UserError
from knowhub_ext.services import annotations as service

LESSON = "demo/celery"


@pytest.fixture
def other(hub):
    """Another learner of the same hub."""
    with hub.store.write() as tx:
        person = tx.people.ensure("hub:x", "bob", name="Bob")
    return Actor(person_id=person, roles=frozenset({Role.LEARNER}))


def at(second):
    return TimeSpan(start_ms=round(second * 1000), end_ms=round(second * 1000) + 1000)


def take(hub, actor, body="Why?", second=6.0, lesson=LESSON, **more):
    draft = Draft(**{"id": new_id(), "locator": at(second), "body": body} | more)
    return hub.annotations.add(actor, lesson, draft)[0]


def listed(hub, actor, **look):
    return [row["body"] for row in hub.annotations.of_course(actor, "demo", Look(**look))[0]]


def events(hub):
    with hub.store.read() as tx:
        return [e for e in tx.events.after(0, limit=500, course_ids=None) if e.kind.startswith("note.")]


def test_a_note_is_bound_to_what_is_being_said(hub, me, course):
    note = take(hub, me)
    assert (note["quote"], note["anchor"]["state"]) == ("If the worker dies then, the task is lost.", "found")
    assert note["segment"]
    assert note["segment"] == note["anchor"]["segment"]
    assert (note["title"], note["kind"], note["version"], note["deleted_at"]) == ("celery", "captions", 1, None)
    assert hub.annotations.get(me, note["note"]) == note
    assert hub.annotations.of_lesson(me, LESSON) == ([note], None)


def test_a_quote_of_ones_own_stays_and_is_one_line(hub, me, course):
    note = take(hub, me, quote=" the task\n is \u200blost ")
    assert (note["quote"], note["anchor"]["state"]) == ("the task is lost", "found")


def test_a_document_is_noted_in_too_and_only_where_it_has_a_place(hub, me, course):
    lesson = hub.lessons.find(me, "demo/notes").id
    [asset] = hub.lessons.detail(me, lesson, lambda path: None)["assets"]
    blocks = hub.lessons.content(me, asset["asset"])[1].blocks
    note = take(hub, me, lesson=lesson, asset_id=asset["asset"], locator=blocks[-1].locator)
    assert (note["quote"], note["segment"]) == (blocks[-1].text, None)
    for wrong in (PageRef(page=3), CellRef(cell="x"), TextSpan(start=9_000, end=9_001), at(3)):
        with pytest.raises(UserError, match="no such place"):
            take(hub, me, lesson=lesson, asset_id=asset["asset"], locator=wrong)


@pytest.mark.parametrize("wrong", [
    {"lesson": "demo/nope"}, {"asset_id": "nope"}, {"lesson": "demo/notes"},
])  # fmt: skip
def test_what_is_not_there_cannot_be_noted_in(hub, me, course, wrong):
    with pytest.raises(NotFound):
        take(hub, me, **wrong)
    assert listed(hub, me) == []


def test_sending_it_twice_is_sending_it_once_also_after_it_was_edited_or_deleted(hub, me, course):
    draft = Draft(id=new_id(), locator=at(6), body="first")
    note, new = hub.annotations.add(me, LESSON, draft)
    again, second = hub.annotations.add(me, LESSON, draft)
    assert (new, second, again) == (True, False, note)
    edited = hub.annotations.edit(me, draft.id, "second", version=1)
    assert hub.annotations.add(me, LESSON, draft) == (edited, False)
    hub.annotations.delete(me, draft.id)
    late, _ = hub.annotations.add(me, LESSON, draft)
    assert (bool(late["deleted_at"]), listed(hub, me)) == (True, [])
    assert [event.kind for event in events(hub)] == ["note.added", "note.edited", "note.deleted"]


def test_an_edit_of_an_old_version_changes_nothing_and_of_the_present_one_does(hub, me, course):
    note = take(hub, me, "one")["note"]
    assert hub.annotations.edit(me, note, "two", version=1)["version"] == 2
    with pytest.raises(NoteChanged, match="version 2"):
        hub.annotations.edit(me, note, "another two", version=1)
    assert listed(hub, me) == ["two"]
    assert hub.annotations.edit(me, note, "two", version=1)["version"] == 2, "what is there already is no conflict"
    assert hub.annotations.edit(me, note, "three")["version"] == 3, "without a version it is the present one"


def test_words_make_a_note_of_a_bookmark_and_a_bookmark_of_a_note(hub, me, course):
    note = take(hub, me, "")
    assert (note["body"], note["quote"]) == ("", "If the worker dies then, the task is lost.")
    assert hub.annotations.edit(me, note["note"], "Now I see.")["body"] == "Now I see."
    assert hub.annotations.edit(me, note["note"], " \n ")["body"] == ""


def test_nothing_of_it_is_anybody_elses(hub, me, other, course):
    note = take(hub, me, "mine")["note"]
    take(hub, other, "theirs")
    assert (listed(hub, me), listed(hub, other)) == (["mine"], ["theirs"])
    for act in (hub.annotations.get, hub.annotations.delete, hub.annotations.restore,
                lambda who, which: hub.annotations.edit(who, which, "x")):
        for missing in (note, new_id()):
            with pytest.raises(NotFound):
                act(other, missing)
    assert "mine" not in hub.annotations.export(other, kind="md", href=lambda *_: None, course="demo").text
    assert "mine" in hub.annotations.export(me, kind="md", href=lambda *_: None, course="demo").text, "the control"
    assert all(event.data["person"] == event.actor for event in events(hub))
    assert not any("mine" in json.dumps(dict(event.data)) for event in events(hub)), "no event tells what was written"


def test_a_visitor_leaves_nothing_behind(hub, me, course):
    visitor = hub.people.visitor("demo")
    for act in (
        lambda: take(hub, visitor), lambda: hub.annotations.of_lesson(visitor, LESSON),
        lambda: hub.annotations.of_course(visitor, "demo"),
        lambda: hub.annotations.export(visitor, kind="md", href=lambda *_: None, lesson=LESSON),
    ):
        with pytest.raises(Forbidden):
            act()
    hub.courses.create(me, "else")
    with pytest.raises(NotFound):
        hub.annotations.of_course(visitor, "else")
    assert events(hub) == []


def test_a_deletion_has_a_way_back_and_gives_the_same_note(hub, me, course):
    note = take(hub, me)
    until = hub.annotations.delete(me, note["note"])
    assert until["note"] == note["note"]
    assert (listed(hub, me), listed(hub, me, deleted=True)) == ([], ["Why?"])
    assert hub.annotations.delete(me, note["note"])["until"] == until["until"], "twice is once"
    with pytest.raises(NotFound):
        hub.annotations.get(me, note["note"])
    with pytest.raises(NotFound):
        hub.annotations.edit(me, note["note"], "x")
    assert hub.annotations.restore(me, note["note"]) == note
    assert hub.annotations.restore(me, note["note"]) == note, "twice is once"
    assert listed(hub, me, deleted=True) == []


def test_pages_and_words_within_a_course(hub, me, course):
    for second in range(5):
        take(hub, me, f"number {second} of many", second=second * 5)
    take(hub, me, "", second=21)
    seen, after = [], None
    while True:
        items, after = hub.annotations.of_course(me, "demo", Look(limit=2, after=after))
        seen += [row["locator"]["start"] for row in items]
        if after is None:
            break
    assert seen == [0.0, 5.0, 10.0, 15.0, 20.0, 21.0]
    assert listed(hub, me, words="NUMBERS 3") == ["number 3 of many"]
    assert listed(hub, me, words="posting list") == ["number 4 of many", ""], "by what it quotes"
    assert listed(hub, me, words="?!") == []
    assert len(listed(hub, me, words=" ")) == 6


def heard(hub, asset, cues):
    """Give a file another transcript, as a new recognition does."""
    with hub.store.write() as tx:
        draft = tx.transcripts.draft(asset, 1, Provenance(engine="e", model="m"), job_id="j")
        tx.transcripts.append(draft.id, [Segment(start_ms=s, end_ms=e, text=t) for s, e, t in cues])
        tx.transcripts.adopt(draft.id)


def test_after_a_new_recognition_a_place_is_found_moved_or_stale(hub, me, course):
    note = take(hub, me)
    asset, number = note["asset"], note["note"]
    heard(hub, asset, [(5_500, 9_000, "If the worker dies then, the task is lost.")])
    again = hub.annotations.get(me, number)["anchor"]
    assert (again["state"], again["segment"] != note["segment"]) == ("found", True)
    heard(hub, asset, [(45_000, 49_000, "If the worker dies then, the task is lost.")])
    moved = hub.annotations.get(me, number)
    assert (moved["anchor"]["state"], moved["anchor"]["locator"]["start"]) == ("moved", 45.0)
    assert moved["locator"]["start"] == 6.0, "what was stored stays"
    heard(hub, asset, [(5_500, 9_000, "Something else entirely was said there.")])
    assert hub.annotations.get(me, number)["anchor"]["state"] == "stale"


def test_a_file_that_is_taken_out_leaves_the_note_and_back_it_is_found(hub, me, course):
    note = take(hub, me)
    hub.removing.remove(me, note["asset"])
    gone = hub.annotations.get(me, note["note"])
    assert (gone["anchor"]["state"], gone["kind"], gone["quote"]) == ("gone", None, note["quote"])
    hub.removing.put_back(me, note["asset"])
    assert hub.annotations.get(me, note["note"]) == note


def test_a_lesson_in_the_trash_takes_no_note_but_what_was_written_stays_readable(hub, me, course):
    note = take(hub, me)
    with hub.store.write() as tx:
        tx.session.run(text("UPDATE lesson SET deleted_at = 1 WHERE id = :id"), {"id": note["lesson"]})
    with pytest.raises(NotFound):
        take(hub, me, lesson=note["lesson"])
    with pytest.raises(NotFound):
        hub.annotations.of_lesson(me, note["lesson"])
    [kept] = hub.annotations.of_course(me, "demo")[0]
    assert (kept["body"], kept["title"], kept["anchor"]["state"]) == ("Why?", "celery", "gone")
    assert "Why?" in hub.annotations.export(me, kind="md", href=lambda *_: None, course="demo").text


def test_a_course_in_the_trash_takes_its_notes_along_and_brings_them_back(hub, me, course):
    note = take(hub, me)
    hub.operating.trash(me, "demo")
    for act in (lambda: hub.annotations.get(me, note["note"]), lambda: hub.annotations.of_course(me, "demo")):
        with pytest.raises(NotFound):
            act()
    hub.operating.restore(me, course)
    assert hub.annotations.get(me, note["note"]) == note


def test_a_person_has_a_limit_and_what_is_deleted_counts(hub, me, other, course, monkeypatch):
    monkeypatch.setattr(service, "MOST", 2)
    first = Draft(id=new_id(), locator=at(1))
    hub.annotations.add(me, LESSON, first)
    hub.annotations.delete(me, take(hub, me)["note"])
    with pytest.raises(TooManyNotes, match="2 notes") as caught:
        take(hub, me)
    assert "note export" in caught.value.cure
    assert hub.annotations.add(me, LESSON, first)[1] is False, "one that is there is no new one"
    assert take(hub, other), "others have their own"


def test_an_export_is_of_a_lesson_or_of_a_course(hub, me, course):
    take(hub, me, "in the lecture")
    lesson = hub.lessons.find(me, "demo/notes").id
    [asset] = hub.lessons.detail(me, lesson, lambda path: None)["assets"]
    take(hub, me, "in the text", lesson=lesson, asset_id=asset["asset"], locator=TextSpan(start=0, end=5))
    one = hub.annotations.export(me, kind="md", href=lambda *_: None, lesson=LESSON)
    assert (one.name, one.notes, one.media_type) == ("notes-celery.md", 1, "text/markdown")
    assert "in the text" not in one.text
    whole = hub.annotations.export(me, kind="ipynb", href=lambda *_: None, course="demo")
    assert (whole.name, whole.notes) == ("notes-demo.ipynb", 2)
    assert "in the lecture" in whole.text
    assert "in the text" in whole.text
