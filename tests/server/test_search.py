"""Search over HTTP: what a hit shows, and the part of the course that is searched."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from knowhub_ext.domain.texts import stems


def hits(client: httpx.Client, query: str, **within: Any) -> list[dict[str, Any]]:
    response = client.get("/courses/alpha/search", params={"q": query, **within})
    assert response.status_code == 200, response.text
    return response.json()["hits"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("query", ["acknowledging tasks", "GIN index", "what's a B-tree?", "Redis", "zebra", "is it"])
def test_every_hit_shows_a_stretch_of_itself_with_the_querys_words_marked(api: httpx.Client, query: str) -> None:
    found = hits(api, query)
    for hit in found:
        shown = hit["preview"]
        assert shown["text"] in hit["text"]
        assert shown["locator"]["kind"] == hit["locator"]["kind"]
        for start, end in shown["marks"]:
            assert set(stems(shown["text"][start:end])) <= set(stems(query))
    assert any(hit["preview"]["marks"] for hit in found) or query in ("zebra", "is it")


def test_the_sentence_that_fits_is_shown_with_its_second(api: httpx.Client) -> None:
    [hit, *_] = hits(api, "visibility timeouts", kinds="audio,captions")
    shown = hit["preview"]
    assert shown["text"] == "With acks_late the broker delivers it again after the visibility timeout."
    assert shown["locator"] == {"kind": "time", "start": 10.0, "end": 14.0}
    assert [shown["text"][start:end] for start, end in shown["marks"]] == ["visibility timeout"]


def test_no_score_leaves_with_a_hit(api: httpx.Client) -> None:
    [hit, *_] = hits(api, "GIN index")
    assert set(hit) == {"rank", "lesson", "asset", "title", "locator", "text", "preview"}


def test_kinds_narrow_what_is_searched(api: httpx.Client) -> None:
    assert {hit["title"] for hit in hits(api, "Redis broker", kinds="document")} == {"notes"}
    assert "notes" in {hit["title"] for hit in hits(api, "Redis broker")}, "the control"
    assert "notes" not in {hit["title"] for hit in hits(api, "Redis broker", kinds="audio,captions,notebook")}
    assert api.get("/courses/alpha/search", params={"q": "a", "kinds": "sculpture"}).status_code == 400
