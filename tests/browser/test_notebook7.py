"""Notebook 7, which has no place for a second tab: a lesson opens as a page of its own, the courses as a side panel."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab

NOTEBOOK = "/notebooks/notebooks/fullstack/celery-worker-dies.ipynb"


@pytest.fixture(autouse=True)
def _notebook7() -> None:
    if importlib.util.find_spec("notebook") is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("Notebook 7 is not installed, so nothing of it is tested: `pip install notebook`.")


def opened(page: Page) -> None:
    """The page is a lesson's, and plays."""
    expect(page).to_have_url(re.compile("/knowhub/lesson/"))
    expect(page.locator("kh-lesson video")).to_be_visible()


def test_a_cells_chip_opens_the_lessons_page_at_its_second(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url(NOTEBOOK))
    chip = me.page.locator(".knowhub-Chip").first
    expect(chip).to_have_text("▶ 0:33", timeout=60_000)
    with me.context.expect_page() as page:
        chip.click()
    opened(page.value)
    assert "t=33" in page.value.url


@pytest.mark.parametrize("path", ["/tree", NOTEBOOK])
def test_the_courses_are_a_side_panel_and_a_lesson_opens_as_a_page(
    visit: Callable[..., Visit], lab: Lab, path: str
) -> None:
    me = visit()
    me.page.goto(lab.url(path))
    me.page.locator(".jp-DirListing-item, .jp-NotebookPanel").first.wait_for(timeout=60_000)
    me.page.keyboard.press("Control+Shift+C")
    me.page.get_by_role("combobox", name="Command Palette Section").or_(me.page.locator(".lm-CommandPalette-input")) \
        .first.fill("Show KnowHub Courses")
    me.page.keyboard.press("Enter")
    panel = me.page.locator("#knowhub-browser kh-course")
    panel.get_by_role("button", name="Full Stack Mastery Roadmap").click()
    with me.context.expect_page() as page:
        panel.get_by_role("listitem").get_by_role("link").first.click()
    opened(page.value)
