"""Vectors over HTTP: how they stand, making them anew, stopping that, deleting what nobody uses."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from knowhub_ext.backends.runners.embedded import EmbeddedRunner
from tests.server.serving import Serving
from tests.server.test_contract import check


def course(api: httpx.Client, slug: str) -> dict[str, Any]:
    return next(row for row in api.get("/embeddings").json()["courses"] if row["course"] == slug)


def test_they_are_made_anew_as_jobs_and_that_can_be_stopped(
    api: httpx.Client, beta: dict[str, str], wakes: list[EmbeddedRunner]
) -> None:
    slug = beta["course"]
    assert (course(api, slug)["state"], course(api, slug)["coming"]) == ("current", None)
    before = len(wakes)
    queued = api.post("/embeddings/rebuild", json={"courses": [slug], "model": "hashing-48"})
    assert queued.status_code == 202
    check("rebuildEmbeddings", queued)
    assert len(wakes) > before  # the server wakes it by itself too, now and then, where work waits
    jobs = queued.json()["jobs"]
    rows = {row["job"]: row for row in api.get("/jobs", params={"course": slug}).json()["items"]}
    assert {(rows[job]["kind"], rows[job]["state"]) for job in jobs} == {("embed", "queued")}
    row = course(api, slug)
    assert (row["state"], row["model"], row["coming"], row["jobs"]) == (
        "building", "hashing-256", "hashing-48", len(jobs)
    )
    assert api.get(f"/courses/{slug}/search", params={"q": "Redis"}).json()["hits"], "search goes on"
    stopped = api.post("/embeddings/cancel", json={"courses": [slug]})
    check("cancelEmbeddings", stopped)
    assert stopped.json() == {"cancelled": len(jobs)}
    assert (course(api, slug)["state"], course(api, slug)["coming"]) == ("current", None)


def test_what_is_in_use_is_not_deleted_and_what_is_not_there_is_not_found(api: httpx.Client) -> None:
    refused = api.delete("/embeddings/hashing-256")
    assert refused.status_code == 409
    assert "in use by" in refused.json()["detail"]
    assert "rebuild" in refused.json()["cure"].lower()
    assert api.delete("/embeddings/none%2Fsuch").status_code == 404


def test_what_nobody_uses_is_deleted(api: httpx.Client, server: Any) -> None:
    hub = server.on_loop(server.extension.wing.hub)
    with hub.store.write() as tx:
        passage = tx.vectors.changes("hashing-256", 0, 1).entries[0].passage_id
        tx.vectors.put("some/model", [(passage, [0.0, 1.0])])
    gone = api.delete("/embeddings/some%2Fmodel")
    assert gone.status_code == 200
    check("deleteEmbeddings", gone)
    assert gone.json() == {"model": "some/model", "deleted": 1, "bytes": 8}
    assert "some/model" not in [row["model"] for row in api.get("/embeddings").json()["models"]]


@pytest.mark.parametrize(("wrong", "status"), [
    ({"model": "nonesuch"}, 400), ({"courses": ["nonesuch"]}, 404), ({"courses": "beta"}, 400), ({"unknown": 1}, 400),
    ({"everything": "yes"}, 400),
])
def test_what_does_not_fit_is_refused_with_a_sentence(api: httpx.Client, wrong: dict[str, Any], status: int) -> None:
    refused = api.post("/embeddings/rebuild", json=wrong)
    assert refused.status_code == status
    assert refused.json()["cure"]


def test_a_visitor_sees_and_deletes_nothing(served: Serving) -> None:
    visitor = served.visitor()
    assert visitor.get("/embeddings").status_code == 403
    assert visitor.delete("/embeddings/hashing-256").status_code == 403
    owner = served.client(Authorization=f"Bearer {served.token}")
    assert owner.get("/embeddings").status_code == 200, "the control"
