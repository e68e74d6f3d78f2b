"""openapi.yaml is true: every route is in it and every operation has one, and what they answer is what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from knowhub_ext.errors import UserError
from knowhub_ext.server.base import Doorway
from knowhub_ext.server.contract import METHODS, contract
from knowhub_ext.server.routes import API, rules
from tests.server.harness import Jupyter

SPEC = contract().document


def operations() -> Iterator[tuple[str, str]]:
    for path, item in SPEC["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path


def test_every_route_is_described_and_every_description_has_a_route() -> None:
    implemented = {
        (method, path)
        for path, handler in API.items() for method in METHODS
        if getattr(handler, method) is not Doorway._unimplemented_method
    }  # fmt: skip
    assert implemented == set(operations())


def test_the_table_of_routes_has_no_other_api_but_its_own_not_found() -> None:
    below = [rule[0] for rule in rules() if rule[0].startswith("/knowhub/api")]
    assert len(below) == len(API) + 1
    assert below[-1] == r"/knowhub/api(?:/.*)?"


NOTE = {"id": "walked-note", "locator": {"kind": "time", "start": 1.0, "end": 2.0}, "body": "Walked"}


def walk(alpha: dict[str, str]) -> dict[str, tuple[str, str, Any]]:
    """One good request per operation: method, path below the API, JSON body."""
    course, lesson, asset = (alpha[key] for key in ("course", "lesson", "asset"))
    report = {"events": [{"id": "walk-0001", "start": 1.0, "end": 2.5}], "position": 2.5}
    return {
        "getSession": ("GET", "/session", None),
        "listCourses": ("GET", "/courses?limit=1", None),
        "createCourse": ("POST", "/courses", {"slug": "walked", "title": "Walked"}),
        "getCourse": ("GET", f"/courses/{course}", None),
        "addAssets": ("POST", "/courses/walked/assets", {"paths": ["walked.md"], "lesson": None}),
        "search": ("GET", f"/courses/{course}/search?q=GIN index&limit=3", None),
        "ask": ("POST", f"/courses/{course}/ask", {"question": "What does a GIN index keep?", "lesson": lesson}),
        "listHistory": ("GET", f"/courses/{course}/history?limit=2&lesson={lesson}", None),
        "clearHistory": ("DELETE", f"/courses/{course}/history", None),
        "addNote": ("POST", f"/lessons/{lesson}/notes", NOTE),
        "listNotes": ("GET", f"/lessons/{lesson}/notes?q=walk&limit=1", None),
        "listCourseNotes": ("GET", f"/courses/{course}/notes?deleted=0", None),
        "getNote": ("GET", "/notes/walked-note", None),
        "editNote": ("PUT", "/notes/walked-note", {"body": "Walked on", "version": 1}),
        "deleteNote": ("DELETE", "/notes/walked-note", None),
        "restoreNote": ("POST", "/notes/walked-note/restore", None),
        "getCourseProgress": ("GET", f"/courses/{course}/progress", None),
        "getPlan": ("GET", f"/courses/{course}/plan?minutes=10&days=mo-fr&start=2026-12-01", None),
        "getCourseSpeech": ("GET", f"/courses/{course}/speech", None),
        "setCourseSpeech": ("PUT", f"/courses/{course}/speech", {"hidden": ["walked"], "language": None}),
        "findLesson": ("GET", f"/lessons?ref={course}/celery", None),
        "getLesson": ("GET", f"/lessons/{lesson}", None),
        "getTranscript": ("GET", f"/lessons/{lesson}/transcript?words=1", None),
        "getLessonProgress": ("GET", f"/lessons/{lesson}/progress", None),
        "listRemovedFiles": ("GET", f"/courses/{course}/removed", None),
        "getAsset": ("GET", f"/assets/{asset}", None),
        "getMediaUrl": ("GET", f"/assets/{asset}/media", None),
        "getContent": ("GET", f"/assets/{alpha['note']}/content", None),
        "postWatched": ("POST", f"/assets/{asset}/watched", report),
        "listUploads": ("GET", f"/uploads?course={course}", None),
        "listJobs": ("GET", "/jobs?limit=2&all=1", None),
        "clearJobs": ("POST", "/jobs/clear", {"course": "walked", "failed": True}),
        "getEmbeddings": ("GET", "/embeddings", None),
        "rebuildEmbeddings": ("POST", "/embeddings/rebuild", {"courses": [course], "model": "hashing-16"}),
        "cancelEmbeddings": ("POST", "/embeddings/cancel", {"courses": [course]}),
        "cancelJob": ("POST", f"/jobs/{alpha['job']}/cancel", None),
    }


#: Operations whose answers are no JSON documents, or which need a state of their own; they have tests of their own.
ELSEWHERE = {
    "readMedia", "headMedia", "live", "retryJob", "createUpload", "getUpload", "headUpload", "patchUpload",
    "overrideUpload", "endUpload", "recogniseLesson", "deleteAsset", "restoreAsset", "deleteEmbeddings",
    "getHistoryEntry", "deleteHistoryEntry", "rateAnswer", "restoreHistory", "exportNotes",
    "exportCourseNotes",
}


def test_what_every_operation_answers_is_what_its_schema_says(
    api: httpx.Client, server: Jupyter, alpha: dict[str, str]
) -> None:
    (server.root / "walked.md").write_text("# Walked\n\nA file of the server.\n", encoding="utf-8")
    done = set()
    for name, (method, path, body) in walk(alpha).items():
        response = api.request(method, path, json=body, headers={"Accept": "application/json"})
        assert response.is_success, (name, response.text)
        check(name, response)
        done.add(name)
    assert done | ELSEWHERE == {SPEC["paths"][path][method]["operationId"] for method, path in operations()}


def check(name: str, response: httpx.Response) -> None:
    """Compare an answer with the schema of its status."""
    _, operation = contract()._operations[name]
    described = operation["responses"][str(response.status_code)]
    schema = described["content"]["application/json"]["schema"]
    errors = [f"{'/'.join(map(str, e.path))}: {e.message}" for e in contract().validator(schema).iter_errors(
        response.json())]
    assert not errors, (name, errors)
    assert response.headers["Content-Type"] == "application/json"


def test_an_answer_that_is_not_what_the_schema_says_would_be_noticed(api: httpx.Client) -> None:
    response = api.get("/session")
    with pytest.raises(AssertionError):
        check("listCourses", response)


def test_a_transcript_comes_in_four_formats(api: httpx.Client, alpha: dict[str, str]) -> None:
    path = f"/lessons/{alpha['lesson']}/transcript"
    vtt = api.get(path, params={"format": "vtt"})
    assert vtt.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert vtt.text.startswith("WEBVTT\n\n")
    assert "00:00:20.000 --> 00:00:24.000" in vtt.text
    assert "00:00:20,000 --> 00:00:24,000" in api.get(path, params={"format": "srt"}).text
    assert api.get(path, params={"format": "txt"}).text.count("\n") == 5
    plain = api.get(path).json()["segments"][0]
    assert "words" not in plain
    assert "words" in api.get(path, params={"words": 1}).json()["segments"][0]


def test_pages_of_a_list_join_without_gap_or_overlap(api: httpx.Client) -> None:
    whole = [job["job"] for job in api.get("/jobs?limit=100").json()["items"]]
    assert len(whole) > 4
    joined: list[str] = []
    cursor = None
    while True:
        page = api.get("/jobs", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        joined += [job["job"] for job in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert joined[: len(whole)] == whole
    assert len(set(joined)) == len(joined)
    assert len(joined) == len(whole) or len(whole) == 100


def test_every_parameter_with_a_wrong_value_is_refused_by_its_name() -> None:
    cases = [("listCourses", {"limit": "0"}), ("listCourses", {"limit": "101"}), ("listCourses", {"limit": "ten"}),
             ("listCourses", {"limit": "9" * 40}), ("search", {}), ("search", {"q": "x" * 2001}),
             ("getTranscript", {"format": "pdf"}), ("getTranscript", {"words": "2"}), ("live", {"after": "-1"}),
             ("live", {"after": str(2**60)}), ("search", {"q": "a\0b"})]
    for name, given in cases:
        with pytest.raises(UserError) as caught:
            contract().query(name, given)
        wanted = next(iter(given), "q")
        assert re.search(rf"\b{wanted}\b|character", caught.value.message), (name, given, caught.value.message)
    assert contract().query("listCourses", {"limit": "7"}) == {"cursor": None, "limit": 7}
