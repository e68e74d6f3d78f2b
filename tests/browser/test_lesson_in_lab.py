"""A lesson as a tab of JupyterLab: watch, read along, find, ask, go to what was cited, and back from a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.labs import notebook, open_lesson, remembered, show, tabs
from tests.browser.pages import Visit, visiting
from tests.browser.servers import Lab

NOTEBOOK = "notebooks/fullstack/celery-worker-dies.ipynb"
#: Which line is marked as being said.
SAID = """() => {
  const line = document.querySelector('kh-lesson').shadowRoot.querySelector('kh-transcript').shadowRoot;
  return Number(line.querySelector('.line.active')?.dataset.index ?? -1);
}"""
IN_VIEW = """line => {
  const [at, room] = [line.getBoundingClientRect(), line.parentElement.getBoundingClientRect()];
  return at.top >= room.top - 1 && at.bottom <= room.bottom + 1;
}"""


@pytest.fixture(scope="module")
def me(browser: Browser, lab: Lab) -> Iterator[Visit]:
    """One page for the whole module: opening JupyterLab is the slow part."""
    with visiting(browser) as make:
        visit = make()
        open_lesson(visit, lab, "lesson")
        yield visit


@pytest.fixture
def segments(lab: Lab, lesson: dict[str, Any]) -> list[dict[str, Any]]:
    return list(lab.get(f"/lessons/{lesson['lesson']}/transcript")["segments"])


@pytest.fixture
def transcript(me: Visit) -> Iterator[Visit]:
    """The page with its transcript in front, and paused afterwards."""
    show(me, "Transcript")
    expect(me.lines.first).to_be_visible()
    yield me
    me.pause()


def test_the_active_line_follows_what_is_said(transcript: Visit, segments: list[dict[str, Any]]) -> None:
    me = transcript
    start = next(i for i, segment in enumerate(segments) if segment["start"] > 80)
    me.page.get_by_label("Speed").select_option("2")
    me.lines.nth(start).click()
    me.at(segments[start]["start"])
    expect(me.page.get_by_role("button", name="Pause (k)")).to_be_visible()  # a click on a line plays from there
    for index in (start + 1, start + 2):
        me.page.wait_for_function(f"index => ({SAID})() >= index", arg=index)
        assert segments[index]["start"] - 0.5 <= me.time()
    me.pause()
    (said,) = [s for s, after in pairwise([*segments, {"start": 1e9}]) if s["start"] <= me.time() < after["start"]]
    expect(me.active.locator(".text")).to_have_text(said["text"])
    me.page.wait_for_function("([line, seen]) => eval(seen)(line)", arg=[me.active.element_handle(), IN_VIEW])


def test_scrolling_pauses_the_following_and_the_button_resumes_it(
    transcript: Visit, segments: list[dict[str, Any]]
) -> None:
    me = transcript
    me.lines.nth(1).click()
    scroller = me.page.locator("kh-transcript .lines")
    follow = me.page.get_by_role("button", name="Follow", exact=True)
    expect(follow).to_have_count(0)
    scroller.hover()
    me.page.mouse.wheel(0, 4000)
    expect(follow).to_be_visible()
    before = me.page.evaluate(SAID)
    me.page.wait_for_function(f"before => ({SAID})() > before", arg=before)
    assert not me.active.evaluate(IN_VIEW)  # positive control: the reader really is elsewhere
    follow.click()
    expect(follow).to_have_count(0)
    me.page.wait_for_function("([line, seen]) => eval(seen)(line)", arg=[me.active.element_handle(), IN_VIEW])


def test_a_click_on_a_line_goes_to_its_second(transcript: Visit, segments: list[dict[str, Any]]) -> None:
    me = transcript
    for index in (5, 2):
        me.lines.nth(index).locator(".text").click()
        me.at(segments[index]["start"])
        expect(me.lines.nth(index)).to_have_class("line active")


def test_find_counts_and_walks_the_matches(transcript: Visit, segments: list[dict[str, Any]]) -> None:
    me = transcript
    count = sum(segment["text"].lower().count("redis") for segment in segments)
    assert count > 3
    field, status = me.page.get_by_placeholder("Find in the transcript"), me.page.locator("kh-transcript .count")
    field.fill("redis")
    expect(status).to_have_text(f"{count} found")
    for key, at in [("Enter", 1), ("Enter", 2), ("Shift+Enter", 1), ("Shift+Enter", count), ("Enter", 1)]:
        field.press(key)
        expect(status).to_have_text(f"{at} of {count}")
        expect(me.page.locator("kh-transcript mark.now")).to_have_text("Redis")
        line = me.lines.filter(has=me.page.locator("mark.now")).element_handle()
        me.page.wait_for_function("([line, seen]) => eval(seen)(line)", arg=[line, IN_VIEW])
    field.press("Escape")
    expect(status).to_have_count(0)
    expect(me.page.locator("kh-transcript mark")).to_have_count(0)
    field.fill("not said here")
    expect(status).to_have_text("none")
    field.press("Escape")


def test_a_typed_question_is_answered_with_sources_that_show_and_open_what_was_said(me: Visit) -> None:
    show(me, "Ask")
    me.ask("Why can the same Celery task run twice?")
    cited = me.citations()
    quote = me.page.locator("kh-ask .quote")
    for number, citation in enumerate(cited[:2]):
        chip = me.chips.nth(number)
        expect(quote).to_be_hidden()
        chip.hover()
        expect(quote).to_be_visible()
        expect(quote).to_contain_text(citation["quote"])
        me.page.mouse.move(5, 5)
        expect(quote).to_be_hidden()
        chip.focus()
        expect(quote).to_contain_text(citation["quote"])
        chip.click()
        me.at(citation["locator"]["start"])
        expect(quote).to_be_hidden()
    me.pause()


def test_a_source_in_a_notebook_selects_its_cell(me: Visit) -> None:
    show(me, "Ask")
    me.ask("Is the broker thirty lines on a clock that we move by hand?")
    number = next(i for i, one in enumerate(me.citations()) if one["locator"] == {"kind": "cell", "cell": "intro"})
    me.page.locator(".jp-CodeCell:visible").first.click()
    assert notebook(me, NOTEBOOK)["active"] != "intro"
    me.chips.nth(number).click()
    expect(me.page.locator(".jp-Cell.jp-mod-active")).to_contain_text("thirty lines on a clock")
    assert notebook(me, NOTEBOOK)["active"] == "intro"


def test_a_cells_chip_plays_its_moment(me: Visit) -> None:
    cell = me.page.locator(".jp-CodeCell").filter(has_text="# early: before the work")
    cell.scroll_into_view_if_needed()
    first, second = cell.locator(".knowhub-Chip").nth(0), cell.locator(".knowhub-Chip").nth(1)
    expect(first).to_have_text("▶ 0:33")
    second.click()
    me.at(37.823)
    first.click()
    me.at(33.346)
    me.pause()


def test_a_sentences_mark_opens_its_cell(transcript: Visit, lesson: dict[str, Any]) -> None:
    me = transcript
    link = next(one for one in lesson["links"] if one["cell"] == "late-ack")
    me.lines.filter(has_text="only after the task").locator(".cell").click()
    expect(me.page.locator(".jp-Cell.jp-mod-active")).to_contain_text("it never got to acknowledge")
    assert notebook(me, NOTEBOOK)["active"] == link["cell"]


def test_a_source_in_another_lesson_opens_that_lesson_at_its_second(me: Visit, lab: Lab) -> None:
    show(me, "Ask")
    me.ask("What does a tsvector hold?")
    cited = me.citations()[0]
    assert cited["title"] == "Why a GIN index finds a word and a B-tree does not"
    me.chips.first.click()
    expect(tabs(me).filter(has_text="Why a GIN index")).to_be_visible()
    other = me.page.locator(f'kh-lesson[lesson="{cited["lesson"]}"] video')
    expect(other).to_be_visible()
    me.page.wait_for_function(
        "([media, to]) => media.readyState && Math.abs(media.currentTime - to) < 0.5",
        arg=[other.element_handle(), cited["locator"]["start"]],
    )


def test_the_tabs_of_lessons_survive_a_reload(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    open_lesson(me, lab, "reload")
    remembered(me, lab, "reload")
    me.page.goto(lab.url("/lab/workspaces/reload"))
    expect(me.video).to_be_visible(timeout=60_000)
    me.until("media => media.readyState >= 1")
    expect(tabs(me).filter(has_text="What happens to a Celery task")).to_be_visible()
    expect(me.page.locator("kh-lesson")).to_have_count(1)
