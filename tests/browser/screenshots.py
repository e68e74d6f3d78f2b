"""The pictures of README and documents, taken of the running thing: `python -m tests.browser.screenshots [NAME…]`."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.labs import open_lesson, show
from tests.browser.pages import Visit, visiting
from tests.browser.servers import Lab, jupyter_lab, sample_hub
from tests.sample import ROOT

ASSETS = ROOT / "docs" / "assets"
LARGEST = 250_000
LESSON = "fullstack/gin-finds-words"
QUESTION = "Why can a B-tree not find a word inside a document?"
#: Parts of the Lab that say nothing of ours.
CALM = "document.activeElement?.blur()"


def sentence_and_cell(me: Visit, lab: Lab) -> None:
    """The first picture of the README: the sentence that is being said, and the cell it belongs to."""
    open_lesson(me, lab, "picture", LESSON)
    me.page.evaluate("() => void window.jupyterapp.commands.execute('application:toggle-left-area')")
    show(me, "Transcript")
    row = me.lines.filter(has_text="One document makes many entries")
    row.locator(".text").click()
    me.until("media => media.currentTime > 62")
    me.pause()
    row.locator(".cell").click()
    expect(me.page.locator(".jp-Cell.jp-mod-active")).to_contain_text("inverted_index")


def lesson(me: Visit, lab: Lab) -> None:
    """A lesson's page while it is watched."""
    me.page.goto(lab.url(f"/knowhub/lesson/{LESSON}", t="0:59"))
    me.ready()
    me.at(59)
    me.page.get_by_role("button", name="Play (k)").click()
    me.until("media => media.currentTime > 62")
    me.pause()
    me.page.mouse.move(2, 2)


def ask(me: Visit, lab: Lab) -> None:
    """An answer, and what one of its sources says."""
    me.page.goto(lab.url(f"/knowhub/lesson/{LESSON}", t="0:30"))
    me.ready()
    me.ask(QUESTION)
    me.chips.first.hover()
    expect(me.page.locator("kh-ask .quote")).to_be_visible()


def courses(me: Visit, lab: Lab) -> None:
    """A course with its lessons."""
    me.page.goto(lab.url("/knowhub/course/fullstack"))
    expect(me.page.get_by_role("listitem").get_by_role("link")).to_have_count(3)


def voila(me: Visit, lab: Lab) -> None:
    me.page.goto(lab.url("/voila/render/dashboards/course_overview.ipynb"), timeout=90_000)
    expect(me.page.locator("kh-progress").first).to_contain_text("Whole course", timeout=90_000)
    me.page.locator("kh-course").get_by_role("listitem").get_by_role("link").nth(1).click()
    expect(me.lines.first).to_be_visible()
    me.until("media => media.readyState >= 2")
    me.page.mouse.move(2, 2)


def panel(me: Visit, lab: Lab) -> None:
    me.page.goto(lab.url("/knowhub-panel/"), timeout=90_000)
    course = me.page.locator("kh-course")
    expect(course.get_by_role("listitem").get_by_role("link")).to_have_count(3, timeout=90_000)
    course.get_by_role("listitem").get_by_role("link").first.click()
    expect(me.lines.first).to_be_visible()
    me.until("media => media.readyState >= 2")
    me.page.mouse.move(2, 2)


#: Name of the picture, how it comes about, and the colour scheme.
PICTURES: dict[str, tuple[Callable[[Visit, Lab], None], str]] = {
    "sentence-and-cell": (sentence_and_cell, "light"),
    "lesson-light": (lesson, "light"),
    "lesson-dark": (lesson, "dark"),
    "ask": (ask, "light"),
    "courses": (courses, "light"),
    "voila": (voila, "light"),
    "panel": (panel, "light"),
}


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    ASSETS.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with jupyter_lab(folder, *sample_hub(folder)) as lab:
            for name in names or PICTURES:
                take(browser, lab, name)


def take(browser: Browser, lab: Lab, name: str) -> None:
    """Take one picture and write it as small as it has to be."""
    prepare, scheme = PICTURES[name]
    with visiting(browser) as visit:
        me = visit(color_scheme=scheme)
        prepare(me, lab)
        me.page.evaluate(CALM)
        me.page.wait_for_timeout(600)  # transitions end
        shot = Image.open(io.BytesIO(me.page.screenshot())).convert("RGB")
    small = shot.quantize(256, kmeans=12, dither=Image.Dither.NONE)
    target = ASSETS / f"{name}.png"
    small.save(target, optimize=True)
    size = target.stat().st_size
    print(f"{target.relative_to(ROOT)}  {size / 1000:.0f} kB")
    assert size <= LARGEST, f"{name} is larger than {LARGEST} bytes"


@contextmanager
def chromium() -> Iterator[Browser]:
    path = os.environ.get("KNOWHUB_TEST_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
