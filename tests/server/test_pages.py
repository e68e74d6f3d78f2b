"""The pages of their own: framed safely, findable, friendly where there is nothing; and the files they load."""

from __future__ import annotations

import re

import httpx
import pytest

from knowhub_ext import bundles
from tests.server.harness import Jupyter


def test_a_lesson_has_a_page_that_names_it_to_the_elements(
    server: Jupyter, person: httpx.Client, alpha: dict[str, str]
) -> None:
    for ref in (alpha["lesson"], "alpha/celery", "alpha%2Fcelery"):
        page = person.get(f"{server.base}/knowhub/lesson/{ref}?t=20")
        assert page.status_code == 200
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "<title>celery · KnowHub</title>" in page.text
        assert '<html lang="en">' in page.text
        if bundles.name("page"):
            assert f'data-lesson="{alpha["lesson"]}"' in page.text
            assert 'data-api="/a%40b/knowhub/api"' in page.text
            assert 'data-base-url="/a%40b/"' in page.text
            assert "<noscript>" in page.text


@pytest.mark.parametrize(("path", "title"), [("", "Courses"), ("/", "Courses"), ("/course/alpha", "Alpha")])
def test_courses_have_pages(server: Jupyter, person: httpx.Client, path: str, title: str) -> None:
    page = person.get(f"{server.base}/knowhub{path}")
    assert page.status_code == 200
    assert f"<title>{title} · KnowHub</title>" in page.text


def test_a_page_allows_our_own_scripts_and_no_inline_ones(server: Jupyter, person: httpx.Client) -> None:
    page = person.get(f"{server.base}/knowhub/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
    assert not re.search(r"\son\w+=", page.text)


@pytest.mark.parametrize("path", ["/lesson/nothing", "/lesson/alpha/nothing", "/course/nothing", "/lesson/%00"])
def test_what_is_not_there_has_a_friendly_page(server: Jupyter, person: httpx.Client, path: str) -> None:
    page = person.get(f"{server.base}/knowhub{path}")
    assert page.status_code == 404
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>There is no" in page.text or "<h1>There is nothing" in page.text


def test_a_title_is_text_whatever_it_holds(server: Jupyter, person: httpx.Client, api: httpx.Client) -> None:
    api.post("/courses", json={"slug": "markup", "title": "</title><script>alert(1)</script>"}).raise_for_status()
    page = person.get(f"{server.base}/knowhub/course/markup")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_a_stranger_is_sent_to_the_sign_in_and_back(server: Jupyter, alpha: dict[str, str]) -> None:
    page = server.client().get(f"{server.base}/knowhub/lesson/{alpha['lesson']}?t=5")
    assert page.status_code == 302
    where = page.headers["Location"]
    assert where.startswith("/a%40b/login?next=")
    assert alpha["lesson"] in where


def test_a_link_opens_nothing_on_a_jupyter_server(server: Jupyter, alpha: dict[str, str]) -> None:
    hub = server.on_loop(server.extension.wing.hub)
    token = hub.media.link(alpha["id"])
    client = server.client()
    assert client.get(f"{server.base}/knowhub/course/alpha?link={token}").status_code == 302
    client.cookies.set("knowhub-link", token)
    assert client.get("/courses/alpha").status_code == 401


def test_files_named_by_content_are_kept_for_good_and_others_are_asked_for_again(
    server: Jupyter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = server.client()
    static = f"{server.base}/knowhub/static"
    for entry in ("page", "bundle"):
        name = bundles.name(entry)
        if not name:
            pytest.skip("the browser's half was not built")
        got = client.get(f"{static}/{name}")
        assert got.status_code == 200
        assert "immutable" in got.headers["Cache-Control"]
        assert "javascript" in got.headers["Content-Type"]
        assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{static}/manifest.json").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", [
    "nothing.js", "..%2f..%2fpyproject.toml", "%2e%2e/hub.py", "%00", "a%00.js", "", "..", "x" * 3000,
])  # fmt: skip
def test_nothing_outside_the_static_folder_is_served(server: Jupyter, path: str) -> None:
    response = server.client().get(f"{server.base}/knowhub/static/{path}")
    assert response.status_code in (403, 404, 302), response.text
    assert "import" not in response.text


def test_a_page_without_its_script_says_how_to_build_it(
    server: Jupyter, person: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "name", lambda entry: "")
    page = person.get(f"{server.base}/knowhub/")
    assert "jlpm build" in page.text
