"""Visitors: a link opens one course for reading, without any Jupyter cookie, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import websocket

from knowhub_ext.server.contract import contract
from knowhub_ext.server.routes import rules
from knowhub_ext.testing.hubs import plain_hub
from tests.server.serving import Serving, serving
from tests.server.test_refusals import METHODS, OPEN, routed


@pytest.fixture
def visitor(served: Serving) -> httpx.Client:
    return served.visitor()


def test_a_link_becomes_a_cookie_that_no_script_reads_and_leaves_the_address(
    served: Serving, known: dict[str, Any]
) -> None:
    link = served.printed["links"][0]
    assert link["course"] == "alpha"
    assert link["url"].startswith(f"{served.origin}/knowhub/lesson/")
    client = served.client()
    first = client.get(link["url"] + "&t=20")
    assert first.status_code == 302
    assert first.headers["Location"].endswith("?t=20")
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = client.get(served.origin + first.headers["Location"])
    assert page.status_code == 200
    assert "link=" not in page.text
    assert "set-cookie" not in page.headers


def test_a_visitor_reads_the_linked_course(visitor: httpx.Client, known: dict[str, Any]) -> None:
    alpha = known["alpha"]
    session = visitor.get("/session").json()
    assert (session["roles"], session["course"], session["person"]["name"]) == (["viewer"], "alpha", "Visitor")
    assert [course["course"] for course in visitor.get("/courses").json()["items"]] == ["alpha"]
    lesson = visitor.get(f"/lessons/{alpha['lesson']}").json()
    assert lesson["primary"] == alpha["asset"]
    assert all(asset["contents_path"] is None for asset in lesson["assets"])
    assert visitor.get("/courses/alpha/search", params={"q": "GIN index"}).json()["hits"]
    media = visitor.get(f"/assets/{alpha['asset']}/media").json()["url"]
    origin = str(visitor.base_url).split("/knowhub")[0]
    assert visitor.get(origin + media, headers={"Range": "bytes=0-3"}).content == b"RIFF"
    answer = visitor.post("/courses/alpha/ask", json={"question": "What does a GIN index keep?"},
                          headers={"Accept": "application/json"})
    assert answer.json()["grounded"], "a question is a read"


READS = ["/courses/{course}", "/courses/{id}", "/lessons/{lesson}", "/lessons?ref={course}/celery",
         "/lessons/{lesson}/transcript", "/lessons/{lesson}/progress", "/courses/{course}/progress",
         "/courses/{course}/search?q=GIN", "/assets/{asset}", "/assets/{asset}/media", "/assets/{note}/content"]


@pytest.mark.parametrize("path", READS)
def test_what_belongs_to_another_course_is_not_there(
    visitor: httpx.Client, known: dict[str, Any], path: str
) -> None:
    assert visitor.get(path.format(**known["alpha"])).status_code == 200, "the control"
    response = visitor.get(path.format(**known["beta"]))
    assert response.status_code == 404
    nothing = visitor.get(path.format(**dict.fromkeys(known["beta"], "01a204fb-6353-7a6f-acb3-55e7d54f8ca5")))
    assert nothing.status_code == 404, "and looks no different from what never was"


def test_a_visitor_is_told_of_no_job_and_no_folder(
    visitor: httpx.Client, served: Serving, known: dict[str, Any]
) -> None:
    alpha, owner = known["alpha"], served.client(Authorization=f"Bearer {served.token}")
    assert owner.get("/jobs", params={"course": "alpha"}).json()["items"], "the control"
    assert visitor.get("/jobs").status_code == 403
    assert visitor.get("/jobs", params={"course": "alpha"}).status_code == 403
    assert visitor.get("/jobs", params={"course": "beta"}).status_code == 404, "and no other course is known to be"
    for path in ("/assets/{asset}", "/lessons/{lesson}"):
        mine, theirs = (client.get(path.format(**alpha)).raise_for_status() for client in (owner, visitor))
        assert str(known["data"].parent) in mine.text, "the control"
        assert str(known["data"].parent) not in theirs.text
    asset = visitor.get(f"/assets/{alpha['asset']}").json()
    assert (asset["path"], asset["key"], asset["contents_path"]) == ("celery.wav", "celery.wav", None)
    schema = contract().document["components"]["schemas"]["Asset"]
    assert not list(contract().validator(schema).iter_errors(asset))


def test_a_lesson_of_another_course_is_no_way_into_search_or_answers(
    visitor: httpx.Client, known: dict[str, Any]
) -> None:
    beta = known["beta"]["lesson"]
    assert visitor.get("/courses/alpha/search", params={"q": "GIN", "lesson": beta}).status_code == 404
    question = {"question": "What does a GIN index keep?", "lesson": beta}
    assert visitor.post("/courses/alpha/ask", json=question).status_code == 404
    assert visitor.post("/courses/beta/ask", json={"question": "GIN?"}).status_code == 404


def test_a_visitor_writes_nothing(visitor: httpx.Client, served: Serving, known: dict[str, Any]) -> None:
    alpha, beta = known["alpha"], known["beta"]
    report = {"events": [{"id": "visitor-01", "start": 0, "end": 5}], "position": 5}
    writes: list[tuple[str, Any]] = [
        ("/assets/{asset}/watched", report), ("/courses", {"slug": "mine"}), ("/jobs/{job}/cancel", {}),
        ("/courses/{course}/assets", {"paths": ["x"]}), ("/jobs/{job}/retry", {}),
        ("/embeddings/rebuild", {}), ("/embeddings/rebuild", {"courses": ["alpha"]}), ("/embeddings/cancel", {}),
        ("/jobs/clear", {"course": "alpha"}), ("/jobs/clear", {}),
    ]
    for path, body in writes:
        response = visitor.post(path.format(**alpha), json=body)
        assert response.status_code in (400, 403), (path, response.text)
        assert response.status_code == 403 or "knowhub add" in response.json()["cure"], path
        if "{" in path:
            assert visitor.post(path.format(**beta), json=body).status_code == 404, path
    assert visitor.delete(f"/assets/{alpha['note']}").status_code == 403
    answer = visitor.post("/courses/alpha/ask", json={"question": "GIN?"}, headers={"Accept": "application/json"})
    assert answer.json()["entry"] is None
    for method in ("GET", "DELETE"):
        assert visitor.request(method, "/courses/alpha/history").status_code == 403
        assert visitor.request(method, "/courses/beta/history").status_code == 404
    note = {"id": "visitor-note", "locator": {"kind": "time", "start": 1, "end": 2}, "body": "x"}
    for course, status in ((alpha, 403), (beta, 404)):
        assert visitor.post(f"/lessons/{course['lesson']}/notes", json=note).status_code == status
        for path in (f"/lessons/{course['lesson']}/notes", f"/courses/{course['course']}/notes"):
            assert visitor.get(path).status_code == status
            assert visitor.get(f"{path}/export").status_code == status
    assert visitor.delete(f"/assets/{beta['note']}").status_code == 404
    assert visitor.post(f"/assets/{alpha['note']}/restore").status_code in (403, 404)
    owner = served.client(Authorization=f"Bearer {served.token}")
    assert owner.post("/assets/{asset}/watched".format(**alpha), json=report).status_code == 200, "the control"
    assert owner.post(f"/lessons/{alpha['lesson']}/notes", json=note).status_code == 201, "the control"
    for act in (visitor.get, visitor.delete):
        assert act("/notes/visitor-note").status_code == 404, "others' notes are theirs"
    assert visitor.get(f"/lessons/{alpha['lesson']}/progress").json()["watched"] == [], "others' progress is theirs"


def test_a_visitor_needs_the_xsrf_header_like_everybody(visitor: httpx.Client) -> None:
    body = {"question": "What does a GIN index keep?"}
    assert visitor.post("/courses/alpha/ask", json=body).status_code == 200
    del visitor.headers["X-XSRFToken"]
    assert visitor.post("/courses/alpha/ask", json=body).status_code == 403


def test_an_altered_link_opens_nothing(served: Serving, known: dict[str, Any]) -> None:
    url = served.printed["links"][0]["url"]
    token = url.split("link=")[1]
    other = token.replace(known["alpha"]["id"], known["beta"]["id"])
    for bad in (token[:-3] + "AAA", token[:-1], other, "x", "." + token, token.split(".")[0], token + "é", "é" * 300):
        client = served.client()
        page = client.get(url.replace(token, bad))
        assert page.status_code == 403, bad
        assert "This link is not valid." in page.text
        assert "set-cookie" not in page.headers
        if bad.isascii():
            client.cookies.set("knowhub-link", bad)
            assert client.get("/session").status_code == 401, bad


def test_a_stranger_gets_one_sentence_and_no_names(served: Serving, known: dict[str, Any]) -> None:
    client = served.client()
    for path in ("/knowhub/", "/knowhub/course/alpha", f"/knowhub/lesson/{known['alpha']['lesson']}"):
        page = client.get(served.origin + path)
        assert page.status_code == 401
        assert "Sign in first." in page.text
        assert "alpha" not in page.text.lower()
    assert client.get("/courses").status_code == 401
    assert client.get(served.origin + "/").headers["Location"] == "/knowhub/"


def test_a_visitor_hears_of_the_linked_course_alone(
    visitor: httpx.Client, served: Serving, known: dict[str, Any]
) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    socket = websocket.create_connection(
        served.api.replace("http", "ws", 1) + "/live?after=0", cookie=cookie, timeout=10
    )
    owner = served.client(Authorization=f"Bearer {served.token}")
    for slug in ("alpha", "beta"):
        report = {"events": [{"id": f"live-{slug}-1", "start": 20, "end": 22}], "position": None}
        owner.post(f"/assets/{known[slug]['asset']}/watched", json=report).raise_for_status()
    with plain_hub(known["data"]) as hub:
        hub.operating.trash(hub.people.local(), hub.courses.create(hub.people.local(), "heard").id)
        with hub.store.write() as tx:
            tx.event("worker", known["alpha"]["id"], "job.changed", "a-job", {})
            tx.event("worker", known["alpha"]["id"], "segments.added", "the-last", {"lesson": "x", "job": "a-job"})
    seen = []
    while not seen or seen[-1]["subject"] != "the-last":
        seen.append(json.loads(socket.recv()))
    assert {event["course"] for event in seen} == {known["alpha"]["id"]}
    assert not [event for event in seen if event["kind"] == "progress.changed"], "other people's progress is private"
    assert not [event for event in seen if event["kind"].startswith("job.")], "jobs are not for visitors"
    assert seen[-1]["data"] == {"lesson": "x"}
    socket.close()


def test_a_visitor_of_a_course_in_the_trash_sees_it_no_more(known: dict[str, Any]) -> None:
    with plain_hub(known["data"]) as hub:
        me = hub.people.local()
        gone = hub.courses.create(me, "going")
        with serving(known["data"], "--course", "going") as running:
            visitor = running.visitor()
            assert visitor.get("/courses/going").status_code == 200
            hub.operating.trash(me, "going")
            assert visitor.get(f"/courses/{gone.id}").status_code == 403
            assert visitor.get("/session").status_code == 403


def test_a_stranger_is_turned_away_from_every_route_and_method_here_too(served: Serving) -> None:
    client = served.client()
    opened = set()
    for rule in rules():
        for method in METHODS:
            status = client.request(method, served.origin + routed(rule[0])).status_code
            if status not in (401, 403, 405):
                opened.add((method, rule[0]))
    assert opened <= set(OPEN)
