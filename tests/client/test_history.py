"""One's own questions from Python: against a stand-in whose replies are checked by openapi.yaml."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from knowhub_ext import errors
from knowhub_ext.client import KnowHub
from knowhub_ext.domain.locators import TimeSpan
from tests.standins.hub import ANSWER, CITATION, LESSON, TOKEN, HubStandIn, checked

URL = "http://hub.test/knowhub/api"
ENTRY = "entry-0001"
ROW: dict[str, Any] = {
    "entry": ENTRY, "lesson": LESSON, "asked_at": "2026-01-01T00:00:00Z", "rating": None,
    "answer": ANSWER | {"entry": ENTRY, "citations": [CITATION | {"state": "moved", "gone": False}]},
}
DELETION = {"deletion": "d1", "deleted": 1, "until": "2026-01-08T00:00:00Z"}


class Remembering(HubStandIn):
    """The stand-in, with one question that was asked."""

    def answer(self, request: httpx.Request, path: str) -> httpx.Response:
        match request.method, path.split("/"):
            case "GET", ["courses", "fullstack", "history"]:
                first = "cursor" not in request.url.params
                page = {"items": [ROW] if first else [], "next": "2" if first else None, "kept": True}
                return self.reply(checked("HistoryPage", page))
            case "DELETE", ["courses", "fullstack", "history"]:
                return self.reply(checked("Deletion", DELETION | {"deleted": 7}))
            case "POST", ["courses", "fullstack", "history", "restore"]:
                body = checked("RestoreHistory", json.loads(request.content))
                return self.reply(checked("Restored", {"restored": 1 if body["deletion"] == "d1" else 0}))
            case "GET", ["history", entry] if entry == ENTRY:
                return self.reply(checked("HistoryEntry", ROW))
            case "DELETE", ["history", entry] if entry == ENTRY:
                return self.reply(checked("Deletion", DELETION))
            case "PUT", ["history", entry, "rating"] if entry == ENTRY:
                sent = checked("Rating", json.loads(request.content))
                rating = None if sent["helpful"] is None else {"comment": None, **sent}
                return self.reply(checked("HistoryEntry", ROW | {"rating": rating}))
        return super().answer(request, path)


@pytest.fixture
def standin() -> Remembering:
    return Remembering()


@pytest.fixture
def hub(standin: Remembering) -> KnowHub:
    return KnowHub(URL, TOKEN, transport=standin.transport)


def test_what_was_asked_is_read_to_its_end_with_the_places_of_today(hub: KnowHub, standin: Remembering) -> None:
    (one,) = hub.history("fullstack", lesson="fullstack/celery")
    assert (one.entry, one.lesson, one.helpful, one.comment) == (ENTRY, LESSON, None, "")
    assert (one.answer.question, one.answer.entry, one.states) == ("Who redelivers?", ENTRY, {1: "moved"})
    assert one.answer.citations[0].locator == TimeSpan(start_ms=101_200, end_ms=106_000)
    assert {request.url.params["lesson"] for request in standin.seen if "history" in str(request.url)} == {LESSON}
    assert hub.history_entry(ENTRY) == one


def test_a_hub_of_an_older_version_says_no_more_than_that_a_file_is_gone(hub: KnowHub, standin: Remembering) -> None:
    cited = [CITATION | {"n": n, "gone": gone} for n, gone in ((1, False), (2, True))]
    standin.replies[f"history/{ENTRY}"] = ROW | {"answer": ANSWER | {"citations": cited}}
    assert hub.history_entry(ENTRY).states == {1: "found", 2: "gone"}


def test_an_answer_is_rated_and_the_rating_taken_back(hub: KnowHub) -> None:
    rated = hub.rate_answer(ENTRY, False, "The wrong second.")
    assert (rated.helpful, rated.comment) == (False, "The wrong second.")
    assert hub.rate_answer(ENTRY, None).helpful is None


def test_one_question_or_all_of_a_course_are_deleted_and_brought_back(hub: KnowHub) -> None:
    one = hub.delete_history_entry(ENTRY)
    assert (one.deletion, one.deleted, one.until) == ("d1", 1, "2026-01-08T00:00:00Z")
    assert hub.restore_history("fullstack", one.deletion) == 1
    assert hub.clear_history("fullstack").deleted == 7


def test_nobody_elses_question_is_there(hub: KnowHub) -> None:
    for act in (hub.history_entry, hub.delete_history_entry):
        with pytest.raises(errors.NotFound):
            act("another/../one")
