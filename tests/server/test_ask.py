"""Asking over HTTP: events on the way, the answer alone as JSON, a stream that ends when its reader leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from knowhub_ext.errors import ChatModelFailed
from knowhub_ext.server import ask
from knowhub_ext.services.asking import Asking, Step
from tests.server.harness import Jupyter, until

QUESTION = {"question": "What does a GIN index keep for every word?"}


def events(text: str) -> list[tuple[str, Any]]:
    """Read server-sent events, comments left out."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_an_answer_comes_as_events_that_end_with_the_whole_of_it(api: httpx.Client) -> None:
    response = api.post("/courses/alpha/ask", json=QUESTION, headers={"Accept": "text/event-stream"})
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    seen = events(response.text)
    kinds = [kind for kind, _ in seen]
    assert kinds[0] == "passages"
    assert kinds[-1] == "done"
    assert "sentence" in kinds
    done = seen[-1][1]
    assert done["grounded"]
    assert "posting list" in done["answer"]
    assert done["citations"][0]["locator"]["start"] == 20.0
    assert [data["text"] for kind, data in seen if kind == "sentence"] == [s["text"] for s in done["sentences"]]


@pytest.mark.parametrize(("accept", "kind"), [
    ("application/json", "application/json"), ("text/event-stream", "text/event-stream; charset=utf-8"),
    ("*/*", "text/event-stream; charset=utf-8"), (None, "text/event-stream; charset=utf-8"),
    ("application/json, text/event-stream", "text/event-stream; charset=utf-8"),
])  # fmt: skip
def test_json_is_sent_only_to_who_takes_nothing_else(api: httpx.Client, accept: str | None, kind: str) -> None:
    if accept is None:
        del api.headers["Accept"]
    response = api.post("/courses/alpha/ask", json=QUESTION, headers={"Accept": accept} if accept else {})
    assert response.headers["Content-Type"] == kind


def test_a_refusal_is_an_answer_without_citations(api: httpx.Client) -> None:
    body = {"question": "Who won the cycling race of 1998?"}
    answer = api.post("/courses/alpha/ask", json=body, headers={"Accept": "application/json"}).json()
    assert (answer["grounded"], answer["citations"], answer["sentences"]) == (False, [], [])


@pytest.mark.parametrize(("path", "body", "status"), [
    ("/courses/nowhere/ask", QUESTION, 404), ("/courses/alpha/ask", QUESTION | {"lesson": "alpha/nothing"}, 404),
    ("/courses/alpha/ask", QUESTION | {"mode": "model"}, 400),
])  # fmt: skip
def test_what_goes_wrong_before_the_first_event_is_a_status(
    api: httpx.Client, path: str, body: dict[str, str], status: int
) -> None:
    response = api.post(path, json=body)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_question_that_leans_on_an_earlier_one_says_what_was_searched_for(api: httpx.Client) -> None:
    body = {"question": "and why?", "previous": ["Hello?", QUESTION["question"]]}
    answer = api.post("/courses/alpha/ask", json=body, headers={"Accept": "application/json"}).json()
    assert (answer["question"], answer["rewritten_query"]) == ("and why?", "GIN index keep every word")
    assert "posting list" in answer["answer"]
    alone = api.post("/courses/alpha/ask", json={"question": "and why?"}, headers={"Accept": "application/json"})
    assert (alone.json()["grounded"], alone.json()["rewritten_query"]) == (False, None)


def test_a_question_about_the_last_minute_says_which_that_was(api: httpx.Client, alpha: dict[str, str]) -> None:
    body = {"question": "What does he mean by that?", "lesson": alpha["lesson"], "at": 26.5}
    answer = api.post("/courses/alpha/ask", json=body, headers={"Accept": "application/json"}).json()
    assert answer["moment"] == {"lesson": alpha["lesson"], "start": 0.0, "end": 26.5}
    assert answer["grounded"]
    del body["lesson"]
    response = api.post("/courses/alpha/ask", json=body)
    assert (response.status_code, response.json()["detail"]) == (400, "A second belongs to a lesson.")
    for at in (-1, "x", 2e9):
        assert api.post("/courses/alpha/ask", json=QUESTION | {"at": at}).status_code == 400


@pytest.mark.parametrize("previous", [["x"] * 9, ["x" * 4001], [""], "x", [1], ["\ud800"]])
def test_earlier_questions_are_few_and_short(api: httpx.Client, previous: Any) -> None:
    content = json.dumps(QUESTION | {"previous": previous})
    response = api.post("/courses/alpha/ask", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 400


class Slow:
    """A reply that says one thing, then waits until it is let on, or closed."""

    def __init__(self, error: Exception | None = None) -> None:
        self.go = threading.Event()
        self.ended = threading.Event()
        self._error = error

    def steps(self, *_: object, **__: object) -> Iterator[Step]:
        try:
            yield Step(kind="passages", data={"items": []})
            while not self.go.wait(0.02):
                yield Step(kind="token", data={"text": "…"})
            if self._error is not None:
                raise self._error
        finally:
            self.ended.set()


def test_a_reader_that_leaves_ends_the_reply(
    server: Jupyter, api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    monkeypatch.setattr(Asking, "steps", slow.steps)
    with api.stream("POST", "/courses/alpha/ask", json=QUESTION) as response:
        next(response.iter_lines())
        assert not slow.ended.is_set()
    assert slow.ended.wait(10), "the iterator is closed at its next item"
    until(lambda: server.extension.wing.pools.streams._taken == 0)


def test_what_goes_wrong_later_is_an_event(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(ChatModelFailed())
    slow.go.set()
    monkeypatch.setattr(Asking, "steps", slow.steps)
    response = api.post("/courses/alpha/ask", json=QUESTION)
    assert response.status_code == 200
    kind, data = events(response.text)[-1]
    assert kind == "error"
    assert data["type"].endswith("/chat-model-failed")
    assert data["status"] == 502
    alone = api.post("/courses/alpha/ask", json=QUESTION, headers={"Accept": "application/json"})
    assert alone.status_code == 502


def test_a_silent_model_is_covered_by_comments(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def steps(*_: object, **__: object) -> Iterator[Step]:
        yield Step(kind="passages", data={"items": []})
        go.wait(10)
        yield Step(kind="done", data={})

    monkeypatch.setattr(Asking, "steps", steps)
    monkeypatch.setattr(ask, "HEARTBEAT_S", 0.05)
    lines = []
    with api.stream("POST", "/courses/alpha/ask", json=QUESTION) as response:
        for line in response.iter_lines():
            lines.append(line)
            if line.startswith(":"):
                go.set()
    assert go.is_set()
    assert [line for line in lines if line][-1] == "data: {}"


def test_too_many_questions_at_once_are_told_to_come_back(
    server: Jupyter, api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.extension.wing.pools.streams, "_room", 0)
    response = api.post("/courses/alpha/ask", json=QUESTION)
    assert response.status_code == 503
    assert "Retry-After" in response.headers
