"""Somebody who has never seen it: from the address that `make run` opens to a cited second, by what is shown."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab

#: As `.ci/open_lab.py` says it.
PAGE = "/lab/tree/notebooks/fullstack/celery-worker-dies.ipynb"
ACTIONS = 4


def test_a_cited_second_is_two_clicks_away_from_what_make_run_opens(
    visit: Callable[..., Visit], lab: Lab, capsys: pytest.CaptureFixture[str]
) -> None:
    me, done, began = visit(), 0, time.monotonic()
    me.page.goto(lab.url(PAGE, knowhub="fullstack/celery-worker-dies"))
    title = me.page.get_by_text("What happens to a Celery task when its worker dies").first
    expect(title).to_be_visible(timeout=60_000)
    expect(me.page.locator(".jp-NotebookPanel:visible")).to_have_count(1, timeout=60_000)  # the lesson narrows
    assert me.page.locator(".jp-toast, .Toastify__toast").count() == 0  # nothing to close first
    suggested = me.page.locator("kh-ask .ideas button")
    expect(suggested).to_have_count(3)
    if not suggested.first.is_visible():
        me.page.get_by_role("tab", name="Ask", exact=True).click()
        done += 1
    question = suggested.first.inner_text()
    suggested.first.click()
    me.answered(question)
    me.chips.first.click()
    done += 2
    cited = me.citations()[0]
    me.at(cited["locator"]["start"])
    assert done <= ACTIONS
    with capsys.disabled():  # a figure to read, never one to fail by: the target is a minute
        print(f"\nfirst run: a cited second after {done} actions and {time.monotonic() - began:.1f} s")


def test_a_question_the_course_cannot_answer_is_no_dead_end(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies"))
    me.ask("How do I bake sourdough bread?")
    turn = me.answered("How do I bake sourdough bread?")
    assert turn.locator(".chip").count() == 0
    expect(turn.locator(".answer")).not_to_be_empty()
    expect(turn.locator(".foot")).to_contain_text("No chat model")  # and how to get one
    me.ask("Why can the same Celery task run twice?")
    expect(me.chips.first).to_be_visible()
