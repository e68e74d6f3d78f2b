"""A course's hot words and settings over HTTP, and hearing a lecture once more."""

from __future__ import annotations

import httpx
import pytest

from knowhub_ext.backends.runners.embedded import EmbeddedRunner


def test_words_are_set_hidden_and_shown_and_what_is_left_out_stays(api: httpx.Client, beta: dict[str, str]) -> None:
    path = f"/courses/{beta['course']}/speech"
    changed = api.put(path, json={"hot_words": ["Celery", "GIN"], "hidden": ["Redis"], "language": "en"}).json()
    assert [row["word"] for row in changed["hot_words"] if row["source"] == "course"] == ["Celery", "GIN"]
    again = api.put(path, json={"task": "transcribe"}).json()
    assert again == changed
    assert api.get(path).json() == changed
    assert api.put(path, json={"language": None}).json()["language"] is None


@pytest.mark.parametrize("wrong", [
    {"task": "sing"}, {"hot_words": "Celery"}, {"hot_words": ["x" * 101]}, {"model": "no-such-model"}, {"unknown": 1},
    {"language": "klingon"},
])
def test_what_does_not_fit_is_refused_with_a_sentence(
    api: httpx.Client, beta: dict[str, str], wrong: dict[str, object]
) -> None:
    refused = api.put(f"/courses/{beta['course']}/speech", json=wrong)
    assert refused.status_code in (400, 422)
    assert refused.json()["cure"]


def test_a_lecture_is_heard_once_more_unless_somebody_made_its_captions(
    api: httpx.Client, beta: dict[str, str], wakes: list[EmbeddedRunner]
) -> None:
    path = f"/lessons/{beta['lesson']}/recognise"
    refused = api.post(path, json={})
    assert refused.status_code == 409
    assert "caption file" in refused.json()["detail"]
    before = len(wakes)
    queued = api.post(path, json={"start": 1.5, "end": 4, "replace_captions": True})
    assert queued.status_code == 202
    assert len(wakes) > before  # the server wakes it by itself too, now and then, where work waits
    job = queued.json()["job"]
    rows = {row["job"]: row for row in api.get("/jobs").json()["items"]}
    assert (rows[job]["kind"], rows[job]["state"]) == ("recognise", "queued")
    assert api.post(path, json={"replace_captions": True}).status_code == 409, "another wish waits for the first"
    assert api.post(f"/jobs/{job}/cancel").json()["state"] == "cancelled"
    assert api.get(f"/assets/{beta['asset']}").json()["status"] == "ready", "the lecture is what it was"
