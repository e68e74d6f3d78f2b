"""The same way through a lesson without a mouse, in JupyterLab: every stop is named and the focus can be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.labs import notebook, open_lesson
from tests.browser.pages import Visit
from tests.browser.servers import Lab

NOTEBOOK = "notebooks/fullstack/celery-worker-dies.ipynb"


def test_the_whole_way_by_keyboard(visit: Callable[..., Visit], lab: Lab, lesson: dict[str, Any]) -> None:
    me = visit()
    open_lesson(me, lab, "keyboard")
    segments = lab.get(f"/lessons/{lesson['lesson']}/transcript")["segments"]
    press = me.page.keyboard.press

    me.tab_to("Lecture video")
    press("0")
    me.at(0)
    press("k")
    me.until("media => !media.paused && media.currentTime > 0.2")
    expect(me.active).to_have_count(1)
    press("k")
    me.until("media => media.paused")

    me.tab_to("input")  # seek bar, then the transcript's field
    me.tab_to("Transcript")
    me.tab_to("input")
    me.page.keyboard.type("visibility timeout")
    press("Enter")
    expect(me.page.locator("kh-transcript .count")).to_contain_text("1 of")
    press("Escape")
    line = int(me.active.get_attribute("data-index") or -1)
    assert segments[line]["text"] in me.focused()
    press("ArrowDown")
    press("ArrowDown")
    press("Enter")
    me.at(segments[line + 2]["start"])
    me.pause()

    me.tab_to("Transcript", back=True)
    press("ArrowRight")
    assert me.focused() == "button Ask"
    me.tab_to("Ask a question")
    me.page.keyboard.type("Why can the same Celery task run twice?")
    press("Enter")
    me.answered("Why can the same Celery task run twice?")
    me.tab_to("Source 1")
    cited = me.citations()[0]
    expect(me.page.locator("kh-ask .quote")).to_contain_text(cited["quote"])
    press("Enter")
    me.at(cited["locator"]["start"])
    me.pause()

    me.tab_to("Play the lecture at 37 seconds")
    before = notebook(me, NOTEBOOK)["cells"]
    press("Enter")
    me.at(37.823)
    me.pause()
    assert notebook(me, NOTEBOOK)["cells"] == before  # Enter pressed the chip and did not edit the cell


def test_a_sentences_mark_goes_to_its_cell_by_keyboard(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    open_lesson(me, lab, "keyboard-cell")
    me.tab_to("Open the notebook cell at 1:01")
    me.page.keyboard.press("Enter")
    expect(me.page.locator(".jp-Cell.jp-mod-active")).to_contain_text("it never got to acknowledge")
    assert notebook(me, NOTEBOOK)["active"] == "late-ack"


def test_the_help_names_the_keys_and_closes_with_escape(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies"))
    me.ready()
    me.tab_to("Lecture video")
    me.page.keyboard.press("?")
    help = me.page.get_by_role("dialog", name="Keys")
    expect(help).to_be_visible()
    me.page.keyboard.press("k")  # nothing of the player while its help is open
    assert me.video.evaluate("media => media.paused")
    me.page.keyboard.press("Escape")
    expect(help).to_be_hidden()
