"""Every failure is a problem document with a cure, and no input makes the server fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tornado.web import HTTPError

from knowhub_ext import errors
from knowhub_ext.errors import KnowHubError
from knowhub_ext.server.contract import contract
from knowhub_ext.server.problems import STATUS, Unready, document, status_of
from tests.server.harness import Jupyter

PROBLEM = contract().validator(contract().document["components"]["schemas"]["Problem"])


def tree(kind: type[KnowHubError]) -> Iterator[type[KnowHubError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child)


TREE = list(tree(KnowHubError))
WANTED = {
    "not-found": 404, "forbidden": 403, "unauthenticated": 401, "conflict": 409, "invalid-move": 409, "busy": 503,
    "disk-full": 507, "unreadable-file": 400, "unsupported-file": 415, "invalid-name": 400, "bad-request": 400,
    "data-locked": 503, "data-too-new": 503, "missing-backend": 503, "missing-weights": 503, "chat-model-failed": 502,
    "chat-model-resting": 503,
    "invalid-setting": 400, "invalid-course-file": 400,
}


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_an_error_of_the_tree_becomes_a_document_with_its_cure(kind: type[KnowHubError]) -> None:
    error = kind()
    status = status_of(error)
    made = document(error, status, "id-1")
    assert not list(PROBLEM.iter_errors(made))
    assert made["type"] == f"/knowhub/problems/{kind.slug}"
    assert (made["detail"], made["cure"], made["request_id"]) == (error.message, error.cure, "id-1")
    assert 400 <= made["status"] == status < 600
    assert WANTED.get(kind.slug, status) == status


def test_every_slug_we_promise_a_status_for_exists() -> None:
    assert set(WANTED) <= {kind.slug for kind in TREE}
    assert set(STATUS) <= set(TREE)


def test_what_is_unexpected_tells_nothing_of_itself() -> None:
    made = document(RuntimeError("password=canary"), 500, "id-2")
    assert "canary" not in json.dumps(made)
    assert made["request_id"] == "id-2"
    assert "canary" not in json.dumps(document(HTTPError(500, "canary %s", "canary"), 500, "x"))


def test_a_hub_that_cannot_start_is_503_with_the_reason_it_has() -> None:
    error = Unready(errors.DataTooNew())
    made = document(error, status_of(error), "x")
    assert (made["status"], made["type"]) == (503, "/knowhub/problems/data-too-new")
    assert made["cure"] == errors.DataTooNew.cure


def test_an_unexpected_error_of_a_service_is_logged_with_the_id_and_answered_without_a_word_of_it(
    server: Jupyter, api: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hub = server.on_loop(server.extension.wing.hub)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("canary of the inside")

    monkeypatch.setattr(type(hub.courses), "detail", broken)
    response = api.get("/courses/alpha")
    assert response.status_code == 500
    assert "canary" not in response.text
    assert response.json()["request_id"] == response.headers["X-Request-ID"]
    assert response.json()["request_id"] in caplog.text
    assert "canary of the inside" in caplog.text


def test_a_full_queue_says_when_to_come_back(
    server: Jupyter, api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.extension.wing.pools.database, "_room", 0)
    response = api.get("/courses")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert response.json()["type"].endswith("/busy")


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/nothing", 404), ("GET", "", 404), ("POST", "/courses/a/b/c/d", 404), ("GET", "/courses/nowhere", 404),
    ("DELETE", "/courses", 405), ("PUT", "/session", 405), ("PATCH", "/jobs", 405), ("POST", "/session", 405),
    ("GET", "/courses/%ff", 400), ("GET", "/lessons/" + "x" * 4000, 404), ("GET", "/lessons/..%2f..%2fetc", 404),
])  # fmt: skip
def test_what_is_not_there_is_a_document_too(api: httpx.Client, method: str, path: str, status: int) -> None:
    response = api.request(method, path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not list(PROBLEM.iter_errors(response.json()))
    if status == 405:
        assert "GET" in response.headers["Allow"]


PATHS = ["\0", "a\0b", "..", ".", "%2e%2e", "~", " ", "'", '"', "x" * 3000, "é", "\u202e", "𝕏", "a;b", "%", "*", "NULL"]
ROUTES = ["/courses/{}", "/courses/{}/search?q=a", "/lessons/{}", "/lessons/{}/transcript", "/assets/{}",
          "/assets/{}/media", "/assets/{}/content", "/courses/{}/progress", "/lessons/{}/progress"]


@pytest.mark.parametrize("route", ROUTES)
def test_no_name_in_a_path_makes_the_server_fail(api: httpx.Client, route: str) -> None:
    for name in PATHS:
        quoted = "".join(f"%{byte:02x}" for byte in name.encode())
        response = api.get(route.format(quoted))
        assert response.status_code == 404, (name, response.text)


WATCHED = "/assets/{asset}/watched"
ASK = "/courses/{course}/ask"
GOOD = {"id": "problem-01", "start": 0, "end": 1}
BODIES: list[tuple[str, Any]] = [
    ("/courses", b""), ("/courses", b"{"), ("/courses", b"[]"), ("/courses", b"null"), ("/courses", b'"x"'),
    ("/courses", b"\xff\xfe"), ("/courses", b"[" * 20000), ("/courses", b'{"slug":' + b"9" * 5000 + b"}"),
    ("/courses", {}), ("/courses", {"slug": 7}), ("/courses", {"slug": "x" * 81}), ("/courses", {"slug": "A b"}),
    ("/courses", {"slug": "ok", "other": 1}), ("/courses", {"slug": "ok", "title": "x" * 301}),
    ("/courses", {"slug": "nul", "title": "a\0b"}), ("/courses", b'{"slug": "half", "title": "\\ud800"}'),
    (ASK, {"question": ""}), (ASK, {"question": "x" * 4001}), (ASK, {"question": "x", "mode": "magic"}),
    (ASK, {"question": ["x"]}), (ASK, {"question": "x", "mode": "model"}), (ASK, {}),
    (WATCHED, {"events": []}), (WATCHED, {"events": {}, "position": None}), (WATCHED, {"events": [7], "position": 1}),
    (WATCHED, {"events": [GOOD | {"id": "short"}], "position": None}),
    (WATCHED, {"events": [GOOD | {"start": -1}], "position": None}),
    (WATCHED, {"events": [GOOD | {"start": 5}], "position": None}),
    (WATCHED, {"events": [GOOD | {"end": 1e300}], "position": None}),
    (WATCHED, b'{"events": [], "position": NaN}'), (WATCHED, b'{"events": [], "position": 1e999}'),
    (WATCHED, {"events": [], "position": 1e15}), (WATCHED, {"events": [], "position": True}),
    (WATCHED, {"events": [GOOD] * 501, "position": None}),
    ("/courses/{course}/assets", {"paths": []}), ("/courses/{course}/assets", {"paths": ["a\0b"]}),
    ("/courses/{course}/assets", {"paths": ["x" * 5000]}), ("/courses/{course}/assets", {"paths": "x"}),
]


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_body_that_does_not_fit_is_400_with_a_sentence(
    api: httpx.Client, alpha: dict[str, str], number: int
) -> None:
    path, body = BODIES[number]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = api.post(path.format(**alpha), content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 400, response.text
    made = response.json()
    assert made["detail"].endswith(".")
    assert made["cure"]
    assert len(made["detail"]) < 400, "what was sent is not sent back"


def test_a_body_of_many_megabytes_is_refused(api: httpx.Client) -> None:
    assert api.post("/courses", content=b"x" * (2 << 20)).status_code == 413


def test_an_odd_but_fitting_text_is_taken_as_text(api: httpx.Client) -> None:
    title = "<script>alert(1)</script> %s {} \u202e 𝕏"
    made = api.post("/courses", json={"slug": "odd-title", "title": title}).json()
    assert "<script>alert(1)</script>" in made["title"]
    assert api.post("/courses", json={"slug": "odd-title"}).status_code == 409


QUERIES = ["what's a B-tree?", "C++", "a -- b", '"', "'; DROP TABLE passage; --", "NEAR(a b)", "a AND", "*", "(", "💥",
           ""]


def test_no_question_is_query_syntax(api: httpx.Client) -> None:
    for query in QUERIES:
        response = api.get("/courses/alpha/search", params={"q": query})
        assert response.status_code == 200, (query, response.text)
        assert response.json()["query"] == query
