"""Searching a course: hits that can be read at a glance, in the part of the course that was chosen, without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab, knowhub_serve
from tests.browser.test_axe import SCHEMES, serious

#: A lecture and its notebook say it.
WORDS = "why is a redelivered task run twice"


@pytest.fixture(scope="module")
def served(sample: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with knowhub_serve(tmp_path_factory.mktemp("serve"), sample[1], "fullstack") as said:
        yield said


def searched(me: Visit, lab: Lab, words: str = WORDS) -> Locator:
    """Search on the course's page; return the hits."""
    me.page.goto(lab.url("/knowhub/course/fullstack"))
    me.page.get_by_label("Search this course").fill(words)
    hits = me.page.locator("kh-search .hit")
    expect(hits.first).to_be_visible()
    return hits


def seconds(clock: str) -> int:
    minutes, rest = clock.split(":")
    return 60 * int(minutes) + int(rest)


def test_a_hit_is_a_sentence_of_the_lecture_with_the_words_marked(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    hits = searched(me, lab, "tasks of dying workers")
    hit = hits.filter(has=me.page.locator(".where", has_text=re.compile(r"\d:\d\d"))).first
    expect(hit.locator("mark").first).to_be_visible()
    marked = {word.casefold() for word in hit.locator("mark").all_inner_texts()}
    assert marked & {"worker", "workers", "task", "tasks"}, "by stems"
    at = hit.locator(".at")
    shown = hit.locator(".sub").inner_text().removeprefix(at.inner_text() if at.count() else "").strip()
    found = lab.get("/courses/fullstack/search?q=tasks of dying workers&limit=10")["hits"]
    assert shown in [row["preview"]["text"] for row in found]
    assert len(shown) < 260, "to be read at a glance"


def test_a_hit_opens_at_its_beginning_though_a_later_sentence_is_shown(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    hits = searched(me, lab)
    hit = hits.filter(has=me.page.locator(".at")).first
    begins, says = hit.locator(".where").inner_text(), hit.locator(".at").inner_text()
    assert seconds(says) > seconds(begins)
    hit.click()
    expect(me.page).to_have_url(re.compile("/knowhub/lesson/"))
    me.ready()
    me.at(seconds(begins), within=1.0)


def test_a_part_of_the_course_is_searched_and_stays_chosen(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    hits = searched(me, lab)
    me.page.get_by_role("radio", name="Notebooks").click()
    status = me.page.locator("kh-search p[role=status]")
    expect(status).to_have_text(re.compile("in the notebooks"))
    assert set(hits.locator(".where").all_inner_texts()) == {"cell"}
    me.page.get_by_role("radio", name="Lectures").click()
    expect(status).to_have_text(re.compile("in the lectures"))
    assert "cell" not in hits.locator(".where").all_inner_texts(), "the control: another part has other hits"
    me.page.get_by_label("Search this course").fill("what does a GIN index keep")
    expect(hits.filter(has_text="GIN index").first).to_be_visible()
    assert "cell" not in hits.locator(".where").all_inner_texts()
    expect(me.page.get_by_role("radio", name="Lectures")).to_be_checked()


def test_an_empty_part_says_so_and_the_whole_course_is_one_click_away(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    hits = searched(me, lab)
    me.page.get_by_role("radio", name="Documents").click()
    expect(me.page.get_by_text("Nothing in the documents says that.")).to_be_visible()
    expect(hits).to_have_count(0)
    me.page.get_by_role("button", name="Search the whole course").click()
    expect(hits.first).to_be_visible()
    expect(me.page.get_by_role("radio", name="All")).to_be_checked()


def test_only_what_was_watched_is_searched(visit: Callable[..., Visit], lab: Lab, lesson: dict[str, Any]) -> None:
    me = visit(strict=True)
    hits = searched(me, lab)
    me.page.get_by_role("button", name="Only what I have watched").click()
    expect(me.page.get_by_text("Nothing in what you have watched says that.")).to_be_visible()
    report = {"events": [{"id": "search-1", "start": 0.0, "end": 100.0}], "position": 100.0}
    with lab.client() as client:
        client.post(f"/assets/{lesson['primary']}/watched", json=report).raise_for_status()
    me.page.get_by_label("Search this course").press("Enter")
    expect(hits.first).to_be_visible()
    assert set(hits.locator(".name").all_inner_texts()) == {lesson["title"]}


def test_a_visitor_with_a_link_is_not_offered_what_was_watched(
    visit: Callable[..., Visit], served: dict[str, Any]
) -> None:
    me = visit(strict=True)
    me.page.goto(served["links"][0]["url"])
    me.ready()
    me.page.goto(me.page.url.split("/knowhub/")[0] + "/knowhub/course/fullstack")
    me.page.get_by_label("Search this course").fill(WORDS)
    expect(me.page.locator("kh-search .hit").first).to_be_visible()
    expect(me.page.get_by_role("radio", name="Notebooks")).to_be_visible()
    expect(me.page.get_by_role("button", name="Only what I have watched")).to_have_count(0)


def test_from_the_words_to_the_second_by_keyboard(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    press = me.page.keyboard.press
    me.page.goto(lab.url("/knowhub/course/fullstack"))
    expect(me.page.get_by_label("Search this course")).to_be_visible()
    me.tab_to("input")
    me.page.keyboard.type("posting list")
    hits = me.page.locator("kh-search .hit")
    expect(hits.first).to_be_visible()
    me.tab_to("All")
    press("ArrowRight")
    assert me.focused() == "button Lectures"
    expect(me.page.locator("kh-search p[role=status]")).to_have_text(re.compile("in the lectures"))
    me.tab_to("input", back=True)
    press("ArrowDown")
    press("ArrowDown")
    press("ArrowUp")
    expect(hits.first).to_be_focused()
    press("Escape")
    expect(me.page.get_by_label("Search this course")).to_be_focused()
    expect(me.page.get_by_role("listitem").get_by_role("link")).to_have_count(3)
    me.page.keyboard.type("posting list")
    expect(hits.first).to_be_visible()
    press("ArrowDown")
    begins = hits.first.locator(".where").inner_text()
    press("Enter")
    expect(me.page).to_have_url(re.compile("/knowhub/lesson/"))
    me.ready()
    me.at(seconds(begins), within=1.0)


def test_a_transcript_that_does_not_say_it_offers_the_whole_course(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies"))
    me.ready()
    me.page.get_by_label("Find in the transcript").fill("two words give two lists")
    me.page.get_by_role("button", name="Search the whole course for").click()
    window = me.page.locator("kh-dialog")  # the native one holds a slot
    hit = window.locator(".hit").filter(has_text="Two words give two lists").first
    expect(hit.locator("mark").first).to_be_visible()
    expect(window.get_by_label("Search this course")).to_be_focused()
    assert serious(me, "html") == []
    begins = hit.locator(".where").inner_text()
    hit.click()
    expect(me.page).to_have_title(re.compile("Why a GIN index finds a word"))
    me.ready()
    me.at(seconds(begins), within=1.0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_serious_in_hits_and_in_none(visit: Callable[..., Visit], lab: Lab, scheme: str) -> None:
    me = visit(strict=True, color_scheme=scheme)
    hits = searched(me, lab)
    hits.first.focus()
    assert serious(me, "html") == []
    me.page.get_by_role("radio", name="Documents").click()
    expect(me.page.get_by_text("Nothing in the documents says that.")).to_be_visible()
    assert serious(me, "html") == []
