"""Watching reported over HTTP: repetition changes nothing, and only what was watched counts."""

from __future__ import annotations

import httpx
import pytest


@pytest.fixture
def watched(beta: dict[str, str]) -> str:
    return f"/assets/{beta['asset']}/watched"


def report(number: int, start: float, end: float) -> dict[str, object]:
    return {"id": f"report-{number:04}", "start": start, "end": end}


def test_a_report_sent_twice_counts_once_and_lessons_and_courses_tell_the_same(
    api: httpx.Client, person: httpx.Client, beta: dict[str, str], watched: str
) -> None:
    body = {"events": [report(1, 0, 6), report(2, 12, 15)], "position": 15.25}
    first = api.post(watched, json=body).json()
    assert first["watched"] == [[0.0, 6.0], [12.0, 15.0]]
    assert first["coverage"] == pytest.approx(9 / 30)
    assert first["position"] == 15.25
    again = person.post(watched, json=body).json()
    assert again == first, "the same person by cookie, the same events: nothing new"
    assert api.get(f"/lessons/{beta['lesson']}/progress").json() == first
    row = next(r for r in api.get("/courses/beta/progress").json()["lessons"] if r["lesson"] == beta["lesson"])
    assert row == first | {"title": "celery"}


def test_going_to_the_end_is_not_watching(api: httpx.Client, watched: str) -> None:
    before = api.post(watched, json={"events": [], "position": None}).json()
    after = api.post(watched, json={"events": [], "position": 29.9}).json()
    assert after["coverage"] == before["coverage"]
    assert after["position"] == 29.9


def test_a_report_past_the_end_counts_to_the_end(api: httpx.Client, watched: str) -> None:
    after = api.post(watched, json={"events": [report(9, 28, 90000)], "position": None}).json()
    assert after["watched"][-1] == [28.0, 30.0]


def test_a_document_cannot_be_watched(api: httpx.Client, alpha: dict[str, str]) -> None:
    response = api.post(f"/assets/{alpha['note']}/watched", json={"events": [report(1, 0, 1)], "position": None})
    assert response.status_code == 400
    assert "cannot be watched" in response.json()["detail"]
