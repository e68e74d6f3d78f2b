"""History over HTTP: list, open, rate, delete, bring back; ids that are not one's own are not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from knowhub_ext.domain.history import Entry
from knowhub_ext.domain.ids import new_id
from knowhub_ext.server.contract import contract
from tests.server.harness import Jupyter

QUESTION = {"question": "What does a GIN index keep for every word?"}


@pytest.fixture
def entry(api: httpx.Client) -> Iterator[str]:
    """A question of ours in beta; whatever the test leaves there is deleted."""
    answer = api.post("/courses/beta/ask", json=QUESTION, headers={"Accept": "application/json"}).json()
    yield answer["entry"]
    api.delete("/courses/beta/history")


@pytest.fixture
def foreign(server: Jupyter, beta: dict[str, str]) -> str:
    """A question of another learner about the same course."""
    hub = server.on_loop(server.extension.wing.hub)
    with hub.store.write() as tx:
        person = tx.people.ensure("hub:x", "bob", name="Bob")
        row = Entry(
            id=new_id(), person_id=person, course_id=beta["id"], lesson_id="", asked_ms=1, answer={"citations": []}
        )
        tx.history.add(row)
    return row.id


def checked(name: str, response: httpx.Response) -> Any:
    assert response.is_success, response.text
    document = response.json()
    contract().validator({"$ref": f"#/components/schemas/{name}"}).validate(document)
    return document


def test_it_is_listed_opened_rated_deleted_and_brought_back(api: httpx.Client, entry: str) -> None:
    page = checked("HistoryPage", api.get("/courses/beta/history"))
    assert ([row["entry"] for row in page["items"]], page["next"], page["kept"]) == ([entry], None, True)
    opened = checked("HistoryEntry", api.get(f"/history/{entry}"))
    assert opened["answer"]["citations"][0]["gone"] is False
    for _ in range(2):
        rated = checked("HistoryEntry", api.put(f"/history/{entry}/rating", json={"helpful": False, "comment": "Hm."}))
        assert rated["rating"] == {"helpful": False, "comment": "Hm."}
    assert checked("HistoryEntry", api.put(f"/history/{entry}/rating", json={"helpful": None}))["rating"] is None
    deletion = checked("Deletion", api.delete(f"/history/{entry}"))
    assert deletion["deleted"] == 1
    assert api.get(f"/history/{entry}").status_code == 404
    back = checked("Restored", api.post("/courses/beta/history/restore", json={"deletion": deletion["deletion"]}))
    assert back == {"restored": 1}
    assert api.get(f"/history/{entry}").is_success


def test_all_of_it_is_deleted_and_brought_back(api: httpx.Client, entry: str) -> None:
    deletion = checked("Deletion", api.delete("/courses/beta/history"))
    assert deletion["deleted"] == 1
    assert checked("HistoryPage", api.get("/courses/beta/history"))["items"] == []
    api.post("/courses/beta/history/restore", json={"deletion": deletion["deletion"]}).raise_for_status()
    assert [row["entry"] for row in api.get("/courses/beta/history").json()["items"]] == [entry]


def test_the_question_of_another_person_is_not_there(
    api: httpx.Client, person: httpx.Client, entry: str, foreign: str
) -> None:
    for client in (api, person):
        for method, path, body in [
            ("GET", "", None), ("DELETE", "", None), ("PUT", "/rating", {"helpful": True}),
        ]:  # fmt: skip
            assert client.request(method, f"/history/{foreign}{path}", json=body).status_code == 404, (method, path)
            assert client.request(method, f"/history/{new_id()}{path}", json=body).status_code == 404, "the control"
        assert foreign not in client.get("/courses/beta/history").text
        assert entry in client.get("/courses/beta/history").text, "the control"
    deletion = api.delete("/courses/beta/history").json()
    assert deletion["deleted"] == 1, "ours alone"


@pytest.mark.parametrize(("method", "path", "body", "status"), [
    ("GET", "/courses/nowhere/history", None, 404), ("DELETE", "/courses/nowhere/history", None, 404),
    ("POST", "/courses/beta/history/restore", {"deletion": "x"}, 404),
    ("POST", "/courses/beta/history/restore", {}, 400),
    ("GET", "/history/x", None, 404), ("PUT", "/history/x/rating", {}, 400),
    ("PUT", "/history/x/rating", {"helpful": "yes"}, 400),
    ("PUT", "/history/x/rating", {"helpful": True, "comment": "x" * 1001}, 400),
])  # fmt: skip
def test_what_does_not_fit_is_told(api: httpx.Client, method: str, path: str, body: Any, status: int) -> None:
    response = api.request(method, path, json=body)
    assert response.status_code == status
    assert response.json()["cure"]
