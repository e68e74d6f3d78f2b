"""A file of the file browser becomes a lesson that answers: added by the context menu, followed, opened, asked."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab
from tests.journeys.test_lecture_to_citation import muxed
from tests.sample import COURSE, ROOT

EVAL = Path(os.environ.get("KNOWHUB_EVAL_DATA", ROOT.parent / "shared" / "eval"))


@dataclass(frozen=True)
class Lecture:
    """A lecture that no course has, a question, and the second that answers it."""

    path: Path
    question: str
    second: float


@pytest.fixture
def lecture(lab: Lab) -> Lecture:
    """The public-domain address where it is, a lecture of the sample course elsewhere."""
    address, target = EVAL / "speech" / "columbia_first_100s.ogg", lab.root / "address.mp4"
    if address.exists():
        return Lecture(muxed(address, target), "Who was on board?", 29.2)
    shutil.copy(COURSE / "gin-finds-words.mp4", target)
    return Lecture(target, "Why can a B-tree not find a word inside a document?", 29.69)


@pytest.mark.slow
@pytest.mark.models
def test_a_video_is_added_by_its_menu_and_answers(visit: Callable[..., Visit], lab: Lab, lecture: Lecture) -> None:
    me = visit()
    page = me.page
    page.goto(lab.url("/lab/workspaces/adding"))
    page.locator(".jp-DirListing-item", has_text=lecture.path.name).click(button="right", timeout=60_000)
    page.get_by_role("menuitem", name="Add to a KnowHub course").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").or_(dialog.locator("input")).first.fill("History of Flight")
    dialog.get_by_role("button", name="Add").click()

    toast = page.locator(".Toastify__toast")
    expect(toast).to_contain_text(re.compile(r"Adding address… \d+"))
    page.evaluate("() => void window.jupyterapp.commands.execute('knowhub:show-courses')")
    jobs = page.locator("#knowhub-browser kh-jobs")
    expect(jobs.get_by_role("progressbar", name="address.mp4")).to_have_attribute("aria-valuetext", re.compile(r"…"))
    expect(toast).to_contain_text("address is ready.", timeout=180_000)
    expect(jobs.get_by_role("listitem").first.get_by_role("img", name="Done")).to_be_visible()
    expect(page.locator("#knowhub-browser kh-course")).to_contain_text("History of Flight")

    toast.get_by_role("button", name="Open").click()
    me.until("media => media.readyState >= 1")
    page.get_by_role("tab", name="Ask", exact=True).click()
    me.ask(lecture.question)
    me.chips.first.click()
    me.at(lecture.second, within=2.0)
    assert lab.get("/courses/history-of-flight")["title"] == "History of Flight"


def test_a_file_that_is_not_what_it_says_gets_a_sentence_with_the_cure(
    visit: Callable[..., Visit], lab: Lab
) -> None:
    (lab.root / "broken.mp4").write_bytes(b"this is no video")
    me = visit()
    page = me.page
    page.goto(lab.url("/lab/workspaces/refused"))
    page.locator(".jp-DirListing-item", has_text="broken.mp4").click(button="right", timeout=60_000)
    page.get_by_role("menuitem", name="Add to a KnowHub course").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").or_(dialog.locator("input")).first.fill("Broken things")
    dialog.get_by_role("button", name="Add").click()
    toast = page.locator(".Toastify__toast--error")
    expect(toast).to_be_visible(timeout=60_000)
    (asset,) = lab.get("/lessons?ref=broken-things/broken")["assets"]
    assert asset["status"] == "failed"
    expect(toast).to_contain_text(asset["error"]["message"])
    expect(toast).to_contain_text(asset["error"]["cure"])
