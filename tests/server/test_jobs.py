"""One job is tried again over HTTP: it waits anew, somebody is woken, and one that waits already is refused."""

from __future__ import annotations

import httpx

from knowhub_ext.backends.runners.embedded import EmbeddedRunner
from tests.server.test_contract import check


def test_a_job_that_is_over_is_tried_again_and_only_once(
    api: httpx.Client, beta: dict[str, str], wakes: list[EmbeddedRunner]
) -> None:
    queued = api.post(f"/lessons/{beta['lesson']}/recognise", json={"replace_captions": True})
    job = queued.json()["job"]
    assert api.post(f"/jobs/{job}/cancel").json()["state"] == "cancelled"
    before = len(wakes)
    again = api.post(f"/jobs/{job}/retry")
    check("retryJob", again)
    assert again.status_code == 200
    assert {name: again.json()[name] for name in ("job", "state", "attempts", "progress", "error")} == {
        "job": job, "state": "queued", "attempts": 0, "progress": 0, "error": None,
    }
    assert len(wakes) > before
    refused = api.post(f"/jobs/{job}/retry")
    assert refused.status_code == 409
    assert "The job is queued" in refused.json()["detail"]
    assert api.post(f"/jobs/{job}/cancel").json()["state"] == "cancelled"


def test_a_job_that_is_not_there_cannot_be_tried_again(api: httpx.Client) -> None:
    assert api.post("/jobs/01a231e4-0df0-7d9b-8668-8a0b1fdfa380/retry").status_code == 404
