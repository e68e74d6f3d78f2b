"""One's own notes from Python, against a stand-in whose replies are checked by openapi.yaml."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from knowhub_ext import errors
from knowhub_ext.client import KnowHub
from knowhub_ext.domain.locators import PageRef, TimeSpan
from tests.standins.hub import LESSON, NOTE, TOKEN, HubStandIn

URL = "http://hub.test/knowhub/api"


@pytest.fixture
def standin() -> HubStandIn:
    return HubStandIn()


@pytest.fixture
def hub(standin: HubStandIn) -> KnowHub:
    return KnowHub(URL, TOKEN, transport=standin.transport)


@pytest.mark.parametrize("where", [{"lesson": LESSON}, {"lesson": "fullstack/celery"}, {"course": "fullstack"}])
def test_notes_of_a_lesson_and_of_a_course_are_read_to_their_end(hub: KnowHub, where: dict[str, str]) -> None:
    (note,) = hub.notes(**where, words="why")
    assert (note.note, note.body, note.state, note.version) == (NOTE["note"], "Why?", "moved", 1)
    assert (note.locator, note.now) == (
        TimeSpan(start_ms=101_200, end_ms=106_000), TimeSpan(start_ms=111_000, end_ms=112_000)
    )


def test_a_note_is_taken_at_a_second_or_at_a_page_each_with_an_id_of_its_own(
    hub: KnowHub, standin: HubStandIn
) -> None:
    one = hub.add_note("fullstack/celery", "Why?", at=101.25)
    two = hub.add_note(LESSON, at=PageRef(page=4), quote="Redis", asset="a2")
    sent = [json.loads(request.content) for request in standin.seen if request.method == "POST"]
    assert sent[0]["locator"] == {"kind": "time", "start": 101.25, "end": 102.25}
    assert (sent[1]["locator"], sent[1]["quote"], sent[1]["asset"]) == ({"kind": "page", "page": 4}, "Redis", "a2")
    assert [one.note, two.note] == [sent[0]["id"], sent[1]["id"]]
    assert one.note != two.note


def test_an_edit_goes_by_the_version_that_was_read(hub: KnowHub) -> None:
    (note,) = hub.notes(lesson=LESSON)
    assert hub.edit_note(note, "Because.").version == 2
    with pytest.raises(errors.NoteChanged, match="changed elsewhere") as caught:
        hub.edit_note(replace(note, version=7), "Because.")
    assert caught.value.cure == "Read it again."


def test_a_note_is_deleted_brought_back_and_exported(hub: KnowHub) -> None:
    assert hub.delete_note(NOTE["note"]) == "2026-02-01T00:00:00Z"
    assert hub.restore_note(NOTE["note"]).body == "Why?"
    assert hub.export_notes(lesson="fullstack/celery", format="ipynb") == "# ipynb\n"
    with pytest.raises(errors.NotFound):
        hub.delete_note("another")
