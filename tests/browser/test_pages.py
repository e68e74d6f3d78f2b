"""The pages outside JupyterLab: a lesson and the courses of a Jupyter server, and `knowhub serve` for a visitor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Request, expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab, knowhub_serve

TITLE = "What happens to a Celery task when its worker dies"
#: What the page's policy must refuse, wherever it comes from.
INLINE = "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"


@pytest.fixture(scope="module")
def served(sample: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with knowhub_serve(tmp_path_factory.mktemp("serve"), sample[1], "fullstack") as said:
        yield said


def test_a_lesson_begins_at_the_second_of_its_address(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies", t="90"))
    me.ready()
    me.at(90)
    assert me.time() == pytest.approx(90, abs=0.5)
    expect(me.active).to_contain_text("visibility timeout")
    expect(me.page).to_have_title(f"{TITLE} · KnowHub")
    me.page.get_by_role("button", name="Play (k)").click()
    me.until("media => media.currentTime > 91")


def test_the_policy_of_the_page_refuses_scripts_that_are_not_ours(visit: Callable[..., Visit], lab: Lab) -> None:
    """The positive control of `strict`: a violation is seen, and what it forbids does not run."""
    me = visit(strict=True)
    me.page.goto(lab.url("/knowhub/"))
    expect(me.page.get_by_role("list")).to_be_visible()
    assert me.problems == []
    me.page.evaluate(INLINE)
    assert me.page.evaluate("window.ran") is None
    me.page.wait_for_timeout(100)
    (problem,) = me.problems
    assert "Content Security Policy" in problem
    me.problems.clear()


def test_from_the_courses_to_a_hit_in_a_lesson(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    me.page.goto(lab.url("/knowhub/"))
    me.page.get_by_role("button", name=re.compile("Full Stack Mastery Roadmap")).click()
    expect(me.page).to_have_url(re.compile("/knowhub/course/fullstack"))
    expect(me.page.get_by_role("listitem").get_by_role("link")).to_have_count(3)
    me.page.get_by_label("Search this course").fill("what's a B-tree?")
    hit = me.page.locator("kh-course .hit").filter(has=me.page.locator(".where", has_text=re.compile(r"\d:\d\d"))).first
    clock = hit.locator(".where").inner_text()
    hit.click()
    expect(me.page).to_have_url(re.compile("/knowhub/lesson/"))
    me.ready()
    minutes, seconds = clock.split(":")
    me.at(int(minutes) * 60 + int(seconds), within=1.0)


def test_a_document_of_a_lesson_opens_at_what_was_cited(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies"))
    me.ask("Is the broker thirty lines on a clock that we move by hand?")
    number = next(i for i, one in enumerate(me.citations()) if one["locator"] == {"kind": "cell", "cell": "intro"})
    me.chips.nth(number).click()
    dialog = me.page.get_by_role("dialog")
    expect(dialog.locator(".cited").first).to_be_in_viewport()
    expect(dialog.locator(".cited").filter(has_text="thirty lines")).to_have_count(1)
    me.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_refusal_has_no_sources_but_leads_to_the_lessons_that_come_nearest(
    visit: Callable[..., Visit], lab: Lab
) -> None:
    me = visit(strict=True)
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies"))
    me.ask("Which team won the football world cup in 1974?")
    turn = me.page.locator("kh-ask .turn").first
    expect(turn.locator(".answer")).to_have_text("I cannot find this in the course.")
    expect(turn.locator(".sources, .chip")).to_have_count(0)
    near = turn.get_by_role("list", name="Lessons nearest to it").get_by_role("button").filter(has_not_text=TITLE).first
    title = near.inner_text()
    near.click()
    expect(me.page.get_by_role("heading", name=title)).to_be_visible()


def test_a_visitor_watches_and_asks_without_jupyter_and_leaves_no_trace(
    visit: Callable[..., Visit], served: dict[str, Any], lab: Lab
) -> None:
    me, sent = visit(strict=True), []
    me.page.on("request", lambda request: sent.append((request.method, request.url.split("?")[0])))
    (link,) = served["links"]
    me.page.goto(link["url"] + "&t=90")
    me.ready()
    me.at(90)
    assert "link=" not in me.page.url
    assert {cookie["name"] for cookie in me.context.cookies()} == {"knowhub-link", "_xsrf"}
    me.page.get_by_role("button", name="Play (k)").click()
    me.until("media => media.currentTime > 91")
    me.page.get_by_role("button", name="Pause (k)").click()
    me.ask("Why can the same Celery task run twice?")
    me.chips.first.click()
    me.at(me.citations()[0]["locator"]["start"])
    me.page.reload()
    me.ready()
    writes = {path.rsplit("/", 1)[-1] for method, path in sent if method != "GET"}
    assert writes == {"ask"}
    assert me.page.evaluate("Object.keys(localStorage).filter(key => key.includes('watched'))") == []


def test_a_stranger_without_the_link_sees_a_sentence_and_nothing_else(
    visit: Callable[..., Visit], served: dict[str, Any]
) -> None:
    me, failed = visit(), []
    me.page.on("response", lambda response: failed.append(response.status))
    me.page.goto(served["links"][0]["url"].split("?")[0])
    assert failed[0] in (401, 403)
    expect(me.page.locator("h1")).not_to_be_empty()
    expect(me.page.locator("kh-lesson")).to_have_count(0)
    me.problems.clear()  # the browser reports the status


def test_a_missing_lesson_says_so_and_where_to_go(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url("/knowhub/lesson/fullstack/not-there"))
    expect(me.page.get_by_text("There is no such lesson here.")).to_be_visible()
    expect(me.page.get_by_text("Open it from the list of courses.")).to_be_visible()
    me.problems.clear()  # the browser reports the status


def test_nothing_is_asked_of_another_machine(visit: Callable[..., Visit], lab: Lab) -> None:
    me, asked = visit(strict=True), []

    def note(request: Request) -> None:
        if not request.url.startswith((lab.base, "blob:", "data:")):
            asked.append(request.url)

    me.page.on("request", note)
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies"))
    me.ready()
    me.ask("Why can the same Celery task run twice?")
    assert asked == []
