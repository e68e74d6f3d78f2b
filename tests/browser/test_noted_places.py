"""Where notes are taken beside a second: on what is selected in the transcript or in a notebook; and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.labs import notebook, open_lesson, show
from tests.browser.noting import NOTEBOOK, kept, notes, page
from tests.browser.pages import Visit
from tests.browser.servers import Lab, jupyter_lab, sample_hub, until

#: Selects from a word of one line of the transcript to a word of another, as a drag of the mouse does.
SELECT = """([first, last, from, to]) => {
  const find = (line, word) => {
    const walk = document.createTreeWalker(line.querySelector('.text'), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const at = walk.currentNode.data.indexOf(word);
      if (at >= 0) return [walk.currentNode, at];
    }
  };
  const [begin, end] = [find(first, from), find(last, to)];
  first.getRootNode().getSelection().setBaseAndExtent(begin[0], begin[1], end[0], end[1] + to.length);
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("notes")
    with jupyter_lab(folder, *sample_hub(folder)) as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_noted(lab: Lab) -> None:
    """Each test begins without notes."""
    with lab.client() as client:
        for row in client.get("/courses/fullstack/notes").raise_for_status().json()["items"]:
            client.delete(f"/notes/{row['note']}").raise_for_status()


def test_what_is_selected_in_the_transcript_becomes_the_quote(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    page(me, lab)
    said = lab.get(f"/lessons/{lab.get('/lessons?ref=fullstack/celery-worker-dies')['lesson']}/transcript")["segments"]
    first, last = said[3]["text"].split(), said[4]["text"].split()
    begin, end = max(first[1:], key=len), max(last[:-1], key=len)
    lines = [me.lines.nth(n).element_handle() for n in (3, 4)]
    me.page.evaluate(SELECT, [*lines, begin, end])
    me.page.locator("kh-transcript .floating").get_by_role("button", name="Note").click()
    quote = me.page.locator("kh-notes .fresh blockquote")
    expect(quote).to_contain_text(begin)
    expect(quote).to_contain_text(end)
    me.page.keyboard.type("Both belong together.")
    me.page.keyboard.press("Control+Enter")
    until(lambda: kept(lab))
    (row,) = kept(lab)
    assert row["quote"].startswith(begin)
    assert row["quote"].endswith(end)
    assert (row["locator"]["start"], row["locator"]["end"]) == (said[3]["start"], said[4]["end"])
    assert (row["anchor"]["state"], row["segment"]) == ("found", said[3]["id"])
    mark = me.lines.nth(3).locator(".noted")
    expect(mark).to_be_visible()
    show(me, "Progress")
    mark.click()
    expect(notes(me).first).to_be_visible()
    expect(notes(me).first).to_have_class("note  now")


def test_a_selection_that_is_drawn_with_the_mouse_is_offered_once_it_is_drawn(
    visit: Callable[..., Visit], lab: Lab
) -> None:
    me = visit(strict=True)
    page(me, lab, t="0")
    offered = me.page.locator("kh-transcript .floating").get_by_role("button", name="Note")
    box = me.lines.nth(2).locator(".text").bounding_box()
    assert box
    me.page.mouse.move(box["x"] + 2, box["y"] + 10)
    me.page.mouse.down()
    me.page.mouse.move(box["x"] + 150, box["y"] + 10, steps=5)
    assert me.page.evaluate("() => document.querySelector('kh-lesson').shadowRoot.querySelector('kh-transcript')"
                            ".shadowRoot.getSelection().toString()"), "the control: something is selected"
    expect(offered).to_have_count(0)
    me.page.mouse.up()
    expect(offered).to_be_visible()
    assert me.time() == 0, "drawing is no click on the line"
    offered.click()
    expect(me.page.locator("kh-notes .fresh blockquote")).not_to_be_empty()
    me.page.mouse.click(box["x"] + 60, box["y"] + 10)
    expect(offered).to_have_count(0)


def test_a_note_in_a_notebook_is_taken_in_its_text_and_opens_its_cell_in_jupyterlab(
    visit: Callable[..., Visit], lab: Lab
) -> None:
    me = visit(strict=True)
    page(me, lab)
    show(me, "Files")
    me.page.get_by_role("button", name="celery-worker-dies.ipynb", exact=True).click()
    block = me.page.locator("kh-document .block").filter(has_text="it never got to acknowledge").first
    block.evaluate("block => block.getRootNode().getSelection().selectAllChildren(block)")
    me.page.locator("kh-document").get_by_role("button", name="Note").click()
    expect(me.page.locator("kh-dialog .fresh blockquote")).to_contain_text("it never got to acknowledge")
    me.page.locator("kh-dialog textarea").fill("See the cell.")
    me.page.locator("kh-dialog textarea").press("Control+Enter")
    until(lambda: kept(lab))
    (row,) = kept(lab)
    assert (row["kind"], row["locator"]["kind"], row["anchor"]["state"]) == ("notebook", "cell", "found")

    other = visit()
    open_lesson(other, lab, "notes-cell")
    show(other, "Notes")
    notes(other).get_by_role("button", name="Open notebook cell").click()
    expect(other.page.locator(".jp-Cell.jp-mod-active")).to_contain_text("it never got to acknowledge")
    assert notebook(other, NOTEBOOK)["active"] == row["locator"]["cell"]
