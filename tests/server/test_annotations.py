"""Notes over HTTP: taken once, edited by version, deleted and brought back, exported; ids of others are not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import nbformat
import pytest

from knowhub_ext.domain.annotations import Annotation
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.server.contract import contract
from tests.server.harness import Jupyter

AT = {"kind": "time", "start": 21.5, "end": 22.5}


def body(**more: Any) -> dict[str, Any]:
    return {"id": new_id(), "locator": AT, "body": "Why **every** word?"} | more


@pytest.fixture
def note(api: httpx.Client, beta: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A note of ours in beta; whatever the test leaves there is deleted."""
    yield checked("LearnerNote", api.post(f"/lessons/{beta['lesson']}/notes", json=body()))
    for row in api.get("/courses/beta/notes").json()["items"]:
        api.delete(f"/notes/{row['note']}").raise_for_status()


@pytest.fixture
def foreign(server: Jupyter, beta: dict[str, str]) -> str:
    """A note of another learner in the same lesson."""
    hub = server.on_loop(server.extension.wing.hub)
    with hub.store.write() as tx:
        person = tx.people.ensure("hub:x", "bob", name="Bob")
        row = Annotation(
            id=new_id(), person_id=person, course_id=beta["id"], lesson_id=beta["lesson"], asset_id=beta["asset"],
            locator=TimeSpan(start_ms=0, end_ms=1), revision=1, body="not yours",
        )
        tx.annotations.add(row)
    return row.id


def checked(name: str, response: httpx.Response) -> Any:
    assert response.is_success, response.text
    document = response.json()
    contract().validator({"$ref": f"#/components/schemas/{name}"}).validate(document)
    return document


def test_it_is_taken_once_listed_edited_deleted_and_brought_back(
    api: httpx.Client, beta: dict[str, str], note: dict[str, Any]
) -> None:
    path = f"/lessons/{beta['lesson']}/notes"
    assert note["quote"] == "A GIN index keeps a posting list for every word."
    again = api.post(path, json=body(id=note["note"], body="other words"))
    assert (again.status_code, again.json()) == (200, note)
    assert checked("LearnerNotePage", api.get(path)) == {"items": [note], "next": None}
    assert checked("LearnerNotePage", api.get("/courses/beta/notes"))["items"] == [note]
    one = f"/notes/{note['note']}"
    for _ in range(2):
        edited = checked("LearnerNote", api.put(one, json={"body": "Because.", "version": 1}))
        assert (edited["body"], edited["version"]) == ("Because.", 2)
    checked("LearnerNoteDeleted", api.delete(one))
    assert api.get(one).status_code == 404
    assert [row["note"] for row in api.get(path, params={"deleted": 1}).json()["items"]] == [note["note"]]
    assert checked("LearnerNote", api.post(f"{one}/restore")) == edited
    assert checked("LearnerNote", api.get(one)) == edited


def test_an_old_version_is_told_and_nothing_is_changed(api: httpx.Client, note: dict[str, Any]) -> None:
    one = f"/notes/{note['note']}"
    api.put(one, json={"body": "theirs", "version": 1}).raise_for_status()
    refused = api.put(one, json={"body": "mine", "version": 1})
    assert (refused.status_code, refused.json()["type"]) == (409, "/knowhub/problems/note-changed")
    assert "join both texts" in refused.json()["cure"]
    assert api.get(one).json()["body"] == "theirs"


def test_the_note_of_another_person_is_not_there(
    api: httpx.Client, person: httpx.Client, note: dict[str, Any], foreign: str
) -> None:
    for client in (api, person):
        for method, path, sent in [
            ("GET", "", None), ("DELETE", "", None), ("PUT", "", {"body": "x", "version": 1}),
            ("POST", "/restore", None),
        ]:  # fmt: skip
            for missing in (foreign, new_id()):
                assert client.request(method, f"/notes/{missing}{path}", json=sent).status_code == 404, (method, path)
        lists = [f"/lessons/{note['lesson']}/notes", "/courses/beta/notes", "/courses/beta/notes/export"]
        for path in lists:
            assert "not yours" not in client.get(path).text
            assert "Why" in client.get(path).text, "the control"


def test_an_id_that_another_person_used_is_free(api: httpx.Client, beta: dict[str, str], foreign: str) -> None:
    response = api.post(f"/lessons/{beta['lesson']}/notes", json=body(id=foreign, body="mine"))
    assert (response.status_code, response.json()["body"]) == (201, "mine")
    api.delete(f"/notes/{foreign}").raise_for_status()


def test_pages_and_words(api: httpx.Client, beta: dict[str, str], note: dict[str, Any]) -> None:
    path = f"/lessons/{beta['lesson']}/notes"
    for second in (1, 6):
        place = {"kind": "time", "start": second, "end": second + 1}
        api.post(path, json=body(locator=place, body=f"at {second}")).raise_for_status()
    first = checked("LearnerNotePage", api.get(path, params={"limit": 2}))
    rest = checked("LearnerNotePage", api.get(path, params={"limit": 2, "cursor": first["next"]}))
    assert [row["locator"]["start"] for row in [*first["items"], *rest["items"]]] == [1.0, 6.0, 21.5]
    assert rest["next"] is None
    found = api.get("/courses/beta/notes", params={"q": 'posting" OR list* --'}).json()["items"]
    assert [row["note"] for row in found] == [], "signs are no syntax, and `or` is a word among others"
    found = api.get("/courses/beta/notes", params={"q": 'posting "list"'}).json()["items"]
    assert [row["note"] for row in found] == [note["note"]]
    assert api.get(path, params={"cursor": "nowhere"}).status_code == 404


@pytest.mark.parametrize("kind", ["md", "ipynb"])
def test_a_file_is_sent_to_be_saved_and_leads_back_to_its_second(
    api: httpx.Client, beta: dict[str, str], note: dict[str, Any], kind: str
) -> None:
    for path in (f"/lessons/{beta['lesson']}/notes/export", "/courses/beta/notes/export"):
        response = api.get(path, params={"format": kind}).raise_for_status()
        assert response.headers["Content-Disposition"].startswith('attachment; filename="notes-')
        assert response.headers["Content-Type"].startswith(("text/markdown", "application/x-ipynb+json"))
        assert f"/a%40b/knowhub/lesson/{beta['lesson']}?t=21" in response.text
        if kind == "ipynb":
            nbformat.validate(nbformat.reads(response.text, as_version=4))


@pytest.mark.parametrize(("method", "path", "sent", "status"), [
    ("GET", "/courses/nowhere/notes", None, 404), ("GET", "/lessons/x/notes", None, 404),
    ("GET", "/courses/nowhere/notes/export", None, 404), ("GET", "/courses/beta/notes/export?format=pdf", None, 400),
    ("POST", "/lessons/x/notes", body(), 404), ("POST", "/lessons/{lesson}/notes", body(id="short"), 400),
    ("POST", "/lessons/{lesson}/notes", body(id="../../etc"), 400),
    ("POST", "/lessons/{lesson}/notes", body(body="x" * 20_001), 400),
    ("POST", "/lessons/{lesson}/notes", body(person="p"), 400),
    ("POST", "/lessons/{lesson}/notes", body(locator={"kind": "time", "start": 5, "end": 5}), 400),
    ("POST", "/lessons/{lesson}/notes", body(locator={"kind": "time"}), 400),
    ("POST", "/lessons/{lesson}/notes", body(locator={"kind": "page", "page": 1}), 400),
    ("POST", "/lessons/{lesson}/notes", body(locator={"kind": "time", "start": 9e8, "end": 9.1e8}), 400),
    ("POST", "/lessons/{lesson}/notes", body(asset="nope"), 404),
    ("PUT", "/notes/x", {"body": "x"}, 400), ("PUT", "/notes/x", {"body": "x", "version": 1}, 404),
])  # fmt: skip
def test_what_does_not_fit_is_told(
    api: httpx.Client, beta: dict[str, str], method: str, path: str, sent: Any, status: int
) -> None:
    response = api.request(method, path.format(**beta), json=sent)
    assert response.status_code == status, response.text
    assert response.json()["cure"]
    assert api.get("/courses/beta/notes").json()["items"] == []
