"""A lesson in a notebook's output takes its own keys, and the notebook around it hears none of them."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.labs import command, notebook, run_all, show
from tests.browser.pages import Visit, visiting
from tests.browser.servers import Lab

PATH = "keys.ipynb"
#: What the player's help lists, and keys that JupyterLab's command mode would act on.
KEYS = ["j", "l", "m", "m", "c", "c", "<", ">", "k", "k", " ", " ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown",
        "f", "f", "?", "Escape", *"0123456789", "a", "b", "n", "Escape", "d", "d", "x", "y", "z",
        "h", "Enter", "Shift+Enter", "Home", "End", "PageDown", "PageUp", "Shift+M", "Shift+ArrowDown"]


@pytest.fixture(scope="module")
def me(browser: Browser, lab: Lab) -> Iterator[Visit]:
    """A notebook whose second cell shows a lesson."""
    cells = [
        nbformat.v4.new_markdown_cell("above", id="above"),
        nbformat.v4.new_code_cell(
            "from knowhub_ext.widgets import Lesson\nLesson('fullstack/celery-worker-dies')", id="widget"
        ),
        nbformat.v4.new_code_cell("x = 1", id="below"),
        nbformat.v4.new_markdown_cell("last", id="last"),
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), lab.root / PATH)
    with visiting(browser) as make:
        visit = make()
        visit.page.goto(lab.url(f"/lab/workspaces/keys/tree/{PATH}"))
        expect(visit.page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
        run_all(visit, PATH)
        expect(visit.page.locator("kh-lesson")).to_be_visible(timeout=60_000)
        visit.ready()
        yield visit


def test_the_whole_keyboard_map_leaves_the_notebook_as_it_was(me: Visit) -> None:
    stage = me.page.locator("kh-player .stage")
    stage.focus()
    before = notebook(me, PATH)
    assert len(before["cells"]) == 4
    for key in KEYS:
        if not me.focused().startswith("div Lecture video"):
            stage.focus()
        me.page.keyboard.press(key)
        assert notebook(me, PATH) == before, key
    me.pause()


def test_the_keys_do_what_the_help_says(me: Visit) -> None:
    stage, media = me.page.locator("kh-player .stage"), me.video
    stage.focus()
    press = me.page.keyboard.press
    press("5")
    half = media.evaluate("media => media.duration / 2")
    me.at(half)
    for key, by in [("j", -10), ("l", 10), ("ArrowLeft", -5), ("ArrowRight", 5)]:
        at = me.time()
        press(key)
        me.at(at + by)
    press("m")
    assert media.evaluate("media => media.muted")
    press("m")
    volume = "media => media.volume"
    loud = media.evaluate(volume)
    press("ArrowDown")
    assert media.evaluate(volume) == pytest.approx(loud - 0.05)
    press("ArrowUp")
    assert media.evaluate(volume) == pytest.approx(loud)
    speed = media.evaluate("media => media.playbackRate")
    press(">")
    assert media.evaluate("media => media.playbackRate") > speed
    press("<")
    press("c")
    me.until("media => media.textTracks[0].mode === 'showing' && media.textTracks[0].cues.length > 10")
    press("c")
    press("k")
    me.until("media => !media.paused")
    press(" ")
    me.until("media => media.paused")


@pytest.mark.parametrize("field", ["Find in the transcript", "Ask about this lesson", "Write in Markdown"])
def test_what_is_typed_in_a_field_stays_in_it(me: Visit, field: str) -> None:
    if field.startswith("Write"):
        me.page.locator("kh-player .stage").focus()
        me.page.keyboard.press("n")
    elif field.startswith("Ask"):
        show(me, "Ask")
    box = me.page.get_by_placeholder(field)
    box.focus()
    before = notebook(me, PATH)
    me.page.keyboard.type("jkm dd abxyz 0 < > ?")
    expect(box).to_have_value("jkm dd abxyz 0 < > ?")
    assert notebook(me, PATH) == before
    box.fill("")


def test_the_same_keys_on_the_notebook_change_it(me: Visit) -> None:
    """The positive control: a notebook that hears them does act on them."""
    command(me, "notebook:enter-command-mode")
    me.page.locator(".jp-Cell").filter(has_text="x = 1").locator(".jp-InputPrompt").click()
    me.page.keyboard.press("Escape")
    before = notebook(me, PATH)
    assert before["active"] == "below"
    me.page.keyboard.press("j")
    assert notebook(me, PATH)["active"] == "last"
    me.page.keyboard.press("k")
    me.page.keyboard.press("m")
    changed = notebook(me, PATH)
    assert dict(zip("abcd", changed["cells"], strict=True))["c"][1] == "markdown"
    me.page.keyboard.press("y")
    assert notebook(me, PATH)["cells"] == before["cells"]
