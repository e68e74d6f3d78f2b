"""What was asked stays with who asked it: as it was shown, rated, deleted and brought back. Nobody else sees it."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.contexts import Context
from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.errors import DiskFull, Forbidden, NotFound
from knowhub_ext.services import anchors
from knowhub_ext.services.history import History
from knowhub_ext.testing.hubs import VTT, plain_hub, run_jobs

DIES = "What happens to the task if the worker dies?"
KEPT = Context(kept=True)


@pytest.fixture
def other(hub):
    """Another learner of the same hub."""
    with hub.store.write() as tx:
        person = tx.people.ensure("hub:x", "bob", name="Bob")
    return Actor(person_id=person, roles=frozenset({Role.LEARNER}))


def ask(hub, actor, question=DIES, **more):
    return hub.asking.ask(actor, "demo", question, context=KEPT, **more)


def asked(hub, actor, **more):
    items, _ = hub.history.page(actor, "demo", **more)
    return [item["answer"]["question"] for item in items]


def test_an_answer_is_kept_as_it_was_shown(hub, me, course):
    shown = ask(hub, me).to_json()
    [item], cursor = hub.history.page(me, "demo")
    assert (item["entry"], item["rating"], item["lesson"], cursor) == (shown["entry"], None, None, None)
    there = {"gone": False, "state": "found"}
    assert item["answer"] == shown | {"citations": [row | there for row in shown["citations"]]}
    assert hub.history.entry(me, shown["entry"]) == item


def test_refusals_are_kept_too_and_a_lesson_has_its_own_list(hub, me, course):
    lesson = hub.lessons.find(me, "demo/notes").id
    ask(hub, me, "Who won the football cup?")
    ask(hub, me, lesson=lesson)
    assert asked(hub, me) == [DIES, "Who won the football cup?"]
    assert asked(hub, me, lesson=lesson) == [DIES]


def test_pages_join_without_gap_or_overlap(hub, me, course):
    for n in range(5):
        ask(hub, me, f"What is zebra {n}?")
    seen, cursor = [], None
    while True:
        items, cursor = hub.history.page(me, "demo", after=cursor, limit=2)
        seen += [item["answer"]["question"] for item in items]
        if cursor is None:
            break
    assert seen == [f"What is zebra {n}?" for n in reversed(range(5))]


def test_who_only_looks_or_does_not_want_to_be_kept_leaves_nothing(hub, me, course, tmp_path):
    assert hub.asking.ask(me, "demo", DIES).entry == "", "a program that asks says so itself"
    visitor = hub.people.visitor("demo")
    assert ask(hub, visitor).entry == ""
    with pytest.raises(Forbidden):
        hub.history.page(visitor, "demo")
    assert asked(hub, me) == []


def test_the_setting_turns_it_off_and_what_was_kept_stays_readable(hub, me, course):
    entry = ask(hub, me).entry
    off = History(hub.store, kept=False)
    assert off.keep(me, "demo", None, hub.asking.ask(me, "demo", DIES)) == ""
    assert [item["entry"] for item in off.page(me, "demo")[0]] == [entry]


def test_the_setting_reaches_it(tmp_path):
    with plain_hub(tmp_path / "off", history=False) as off, plain_hub(tmp_path / "on") as on:
        assert (off.history.kept, on.history.kept) == (False, True)


def test_nothing_of_it_is_anybody_elses(hub, me, other, course):
    entry = ask(hub, me).entry
    assert ask(hub, other, "What is a zebra?").entry
    assert asked(hub, other) == ["What is a zebra?"]
    for act in (hub.history.entry, hub.history.delete, lambda who, which: hub.history.rate(who, which, True)):
        with pytest.raises(NotFound):
            act(other, entry)
    assert hub.history.clear(other, "demo").count == 1
    assert asked(hub, me) == [DIES]


def test_no_event_tells_what_was_asked_and_none_is_anothers(hub, me, course):
    entry = ask(hub, me, "Am I too slow for this course?").entry
    hub.history.rate(me, entry, False, "No, you are not.")
    hub.history.delete(me, entry)
    with hub.store.read() as tx:
        every = tx.events.after(0, limit=500, course_ids=None)
    events = [event for event in every if event.kind.startswith("history.")]
    assert [event.kind for event in events] == ["history.added", "history.rated", "history.deleted"]
    assert all(event.data == {"person": me.person_id} for event in events)


def test_rating_twice_is_rating_once_and_it_can_be_taken_back(hub, me, course):
    entry = ask(hub, me).entry
    for _ in range(2):
        row = hub.history.rate(me, entry, True, "  It says why.\u200b ")
        assert row["rating"] == {"helpful": True, "comment": "It says why."}
    with hub.store.read() as tx:
        assert sum(e.kind == "history.rated" for e in tx.events.after(0, limit=500, course_ids=None)) == 1
    assert hub.history.rate(me, entry, None, "ignored")["rating"] is None


def test_a_deletion_has_a_way_back(hub, me, course):
    entry = ask(hub, me).entry
    ask(hub, me, "What is a zebra?")
    deleted = hub.history.delete(me, entry)
    assert asked(hub, me) == ["What is a zebra?"]
    with pytest.raises(NotFound):
        hub.history.entry(me, entry)
    assert hub.history.restore(me, "demo", deleted.id) == 1
    assert asked(hub, me) == ["What is a zebra?", DIES]
    every = hub.history.clear(me, "demo")
    assert (every.count, asked(hub, me)) == (2, [])
    assert hub.history.restore(me, "demo", every.id) == 2
    assert hub.history.clear(me, "demo").count == 2


def test_a_source_that_is_gone_says_so_and_the_answer_stays(hub, me, course):
    before = ask(hub, me).to_json()
    [cited] = {row["asset"] for row in before["citations"]}
    hub.removing.remove(me, cited)
    after = hub.history.entry(me, before["entry"])["answer"]
    assert [row["gone"] for row in after["citations"]] == [True] * len(before["citations"])
    assert after["answer"] == before["answer"]
    assert after["citations"][0]["quote"] == before["citations"][0]["quote"]
    hub.removing.put_back(me, cited)
    again = hub.history.entry(me, before["entry"])["answer"]
    assert not any(row["gone"] for row in again["citations"]), "put back, it is a source again"


def cited(hub, me, entry):
    [row] = hub.history.entry(me, entry)["answer"]["citations"]
    assert hub.history.page(me, "demo")[0][0]["answer"]["citations"] == [row], "the list says the same"
    return row


def revised(hub, me, path, text):
    path.write_text(text, encoding="utf-8")
    hub.ingest.add(me, "demo", [path])


def test_a_quote_that_a_new_version_of_its_file_has_elsewhere_opens_there(hub, me, course, tmp_path):
    entry = ask(hub, me).entry
    before = cited(hub, me, entry)
    assert before["locator"] == {"kind": "time", "start": 5.5, "end": 9.0}
    revised(hub, me, tmp_path / "files" / "celery.vtt", VTT.replace("00:00:", "00:07:"))
    waiting = cited(hub, me, entry)
    assert (waiting["state"], waiting["locator"]) == ("stale", before["locator"]), "nobody has read the new one yet"
    run_jobs(hub)
    after = cited(hub, me, entry)
    assert (after["state"], after["locator"]) == ("moved", {"kind": "time", "start": 425.5, "end": 429.0})
    assert after["quote"] == before["quote"]
    new = cited(hub, me, ask(hub, me).entry)
    assert (new["state"], new["locator"]) == ("found", after["locator"]), "the control: what was asked since is there"


def test_a_quote_that_a_new_version_does_not_have_is_stale_and_comes_back_with_it(hub, me, course, tmp_path):
    entry = ask(hub, me).entry
    path = tmp_path / "files" / "celery.vtt"
    revised(hub, me, path, VTT.replace("If the worker dies then, the task is lost.", "Zebras graze on wide savannas."))
    run_jobs(hub)
    row = cited(hub, me, entry)
    assert (row["state"], row["gone"], row["quote"]) == ("stale", False, "If the worker dies then, the task is lost.")
    revised(hub, me, path, VTT)
    run_jobs(hub)
    assert cited(hub, me, entry)["state"] == "found"


@pytest.mark.parametrize("before", ["", "It has “keys” ½ the time.\n\n", "# Keys\n\nIt keeps them. In memory. "])
def test_a_quote_of_a_text_is_found_to_the_code_point(hub, me, course, tmp_path, before):
    entry = ask(hub, me, "How long is the visibility timeout by default?").entry
    then = cited(hub, me, entry)
    text = f"# Redis\n\n{before}Redis is the broker here. The visibility timeout is one hour by default.\n"
    revised(hub, me, tmp_path / "files" / "notes.md", text)
    run_jobs(hub)
    row = cited(hub, me, entry)
    _, document = hub.lessons.content(me, row["asset"])
    assert document.text[row["locator"]["start"] : row["locator"]["end"]] == row["quote"]
    assert row["state"] == ("moved" if before else "found")
    assert (row["locator"] == then["locator"]) == (not before)


def test_only_what_was_read_anew_since_is_read(hub, me, course, tmp_path, monkeypatch):
    entry = ask(hub, me).entry
    read = []
    real = anchors.source_of
    monkeypatch.setattr(anchors, "source_of", lambda tx, asset: read.append(asset.id) or real(tx, asset))
    hub.history.page(me, "demo")
    assert read == []
    revised(hub, me, tmp_path / "files" / "celery.vtt", VTT.replace("00:00:", "00:07:"))
    run_jobs(hub)
    ask(hub, me)
    ask(hub, me)
    assert [row["answer"]["citations"][0]["state"] for row in hub.history.page(me, "demo")[0]] == [
        "found", "found", "moved"]
    assert len(read) == 1
    assert hub.history.entry(me, entry)


def test_a_course_in_the_trash_takes_its_history_along_and_brings_it_back(hub, me, course):
    entry = ask(hub, me).entry
    hub.operating.trash(me, "demo")
    for act in (lambda: hub.history.entry(me, entry), lambda: hub.history.page(me, "demo")):
        with pytest.raises(NotFound):
            act()
    hub.operating.restore(me, course)
    assert asked(hub, me) == [DIES]


def test_an_answer_is_given_though_it_cannot_be_kept(hub, me, course, monkeypatch):
    def full(*_: object) -> None:
        raise DiskFull

    monkeypatch.setattr("knowhub_ext.store.history.History.add", full)
    answer = ask(hub, me)
    assert (answer.grounded, answer.entry) == (True, "")


def test_a_file_that_is_added_again_is_the_same_source(hub, me, course, tmp_path):
    before = ask(hub, me).to_json()
    hub.ingest.add(me, "demo", [tmp_path / "files" / "celery.vtt"])
    run_jobs(hub)
    assert not any(row["gone"] for row in hub.history.entry(me, before["entry"])["answer"]["citations"])
