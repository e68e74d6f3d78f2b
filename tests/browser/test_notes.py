"""Notes in JupyterLab: taken by keyboard, kept over a reload and a lost network, found again by a click, never lost.

Notes belong to the one local person of a data folder: these tests have a folder of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.labs import command, notebook, open_lesson, remembered, show
from tests.browser.noting import NOTEBOOK, at_second, field, kept, notes, page
from tests.browser.pages import Visit
from tests.browser.servers import Lab, jupyter_lab, sample_hub, until
from tests.browser.test_axe import serious


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


def test_by_keyboard_alone_in_jupyterlab_and_over_a_reload(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    open_lesson(me, lab, "notes")
    before = notebook(me, NOTEBOOK)
    at_second(me, 41)
    press = me.page.keyboard.press
    press("b")
    expect(me.page.locator("kh-player .notices")).to_contain_text("Bookmark at 0:41")
    at_second(me, 95)
    press("n")
    expect(field(me)).to_be_focused()
    me.page.keyboard.type("Ask **why** it runs twice: b n j k dd")
    press("Control+Enter")
    expect(field(me)).to_have_count(0)
    assert "Lecture video" in me.focused(), "the focus is where it was, so the lecture goes on by keyboard"
    until(lambda: len(kept(lab)) == 2)
    assert [(row["locator"]["start"], row["body"]) for row in kept(lab)] == [
        (pytest.approx(41, abs=0.5), ""), (pytest.approx(95, abs=0.5), "Ask **why** it runs twice: b n j k dd"),
    ]
    assert all(row["quote"] for row in kept(lab)), "each quotes what is being said"
    assert notebook(me, NOTEBOOK) == before, "the notebook beside it heard none of these keys"

    remembered(me, lab, "notes")
    me.page.reload()
    expect(me.video).to_be_visible(timeout=60_000)
    me.until("media => media.readyState >= 1")
    show(me, "Notes")
    expect(notes(me)).to_have_count(2)
    expect(notes(me).nth(1).locator("strong")).to_have_text("why")
    notes(me).nth(1).get_by_role("button", name="Play at 1 minute 35 seconds").click()
    me.at(95)
    me.pause()
    expect(me.page.locator("kh-player .seek .note")).to_have_count(2)


def test_the_same_keys_on_the_notebook_are_the_notebooks(visit: Callable[..., Visit], lab: Lab) -> None:
    """The positive control: pressed there, `b` makes a cell and no bookmark."""
    me = visit()
    open_lesson(me, lab, "notes-control")
    command(me, "notebook:enter-command-mode")
    me.page.locator(".jp-NotebookPanel:visible .jp-InputPrompt").first.click()
    me.page.keyboard.press("Escape")
    before = len(notebook(me, NOTEBOOK)["cells"])
    me.page.keyboard.press("b")
    me.page.wait_for_function(
        "([path, count]) => [...window.jupyterapp.shell.widgets('main')].find(one => one.context?.path === path)"
        ".content.widgets.length === count + 1", arg=[NOTEBOOK, before],
    )
    assert kept(lab) == []


def test_edited_in_place_deleted_and_brought_back(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit(strict=True)
    page(me, lab, t="30")
    show(me, "Notes")
    expect(me.page.locator("kh-notes")).to_contain_text("No notes in this lesson yet.")
    me.page.locator("kh-notes").get_by_role("button", name="Note", exact=True).click()
    field(me).fill("- one\n- <b>two</b>")
    me.page.locator("kh-notes").get_by_role("button", name="Save").click()
    expect(notes(me).locator(".prose li")).to_have_text(["one", "<b>two</b>"])
    me.page.get_by_role("button", name="Edit the note at 30 seconds").click()
    expect(field(me)).to_be_focused()
    field(me).fill("only **one**")
    me.page.reload()
    me.ready()
    show(me, "Notes")
    expect(field(me)).to_have_value("only **one**")  # what was not saved is there again
    field(me).press("Control+Enter")
    expect(notes(me).locator("strong")).to_have_text("one")
    until(lambda: [row["version"] for row in kept(lab)] == [2])
    me.page.get_by_role("button", name="Delete the note at 30 seconds").click()
    expect(notes(me)).to_have_count(0)
    until(lambda: kept(lab) == [])
    expect(me.page.get_by_role("button", name="Undo")).to_be_focused()
    me.page.keyboard.press("Enter")
    expect(notes(me)).to_have_count(1)
    until(lambda: [row["body"] for row in kept(lab)] == ["only **one**"])
    with me.page.expect_download() as saved:
        me.page.locator("kh-notes").get_by_role("link", name="Notebook", exact=True).click()
    book = nbformat.read(saved.value.path(), as_version=4)
    assert "only **one**" in book.cells[-1].source
    assert saved.value.suggested_filename == "notes-celery-worker-dies.ipynb"


def test_a_note_taken_without_a_network_is_kept_and_arrives_by_itself(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    page(me, lab, t="20")
    show(me, "Notes")
    expect(me.page.locator("kh-notes")).to_contain_text("No notes in this lesson yet.")
    me.context.set_offline(True)
    me.page.locator("kh-player .stage").focus()
    me.page.keyboard.press("n")
    me.page.keyboard.type("written on a train")
    me.page.keyboard.press("Control+Enter")
    expect(notes(me)).to_contain_text("Kept in this browser until the server can be reached.")
    assert kept(lab) == [], "the control: the server did not hear of it"
    me.context.set_offline(False)
    until(lambda: [row["body"] for row in kept(lab)] == ["written on a train"])
    expect(notes(me)).not_to_contain_text("Kept in this browser")
    expect(notes(me).locator("blockquote")).not_to_be_empty()
    me.problems.clear()  # the browser reports the requests that failed


def test_a_note_that_never_left_a_page_that_was_closed_arrives_with_the_next_one_and_once(
    visit: Callable[..., Visit], lab: Lab
) -> None:
    me = visit()
    page(me, lab, t="20")
    me.context.route("**/notes", lambda route: (
        route.abort("internetdisconnected") if route.request.method == "POST" else route.continue_()
    ))
    me.page.locator("kh-player .stage").focus()
    me.page.keyboard.press("b")
    expect(me.page.locator("kh-player .notices")).to_contain_text("Bookmark at 0:20")
    me.page.close()
    assert kept(lab) == []
    me.context.unroute_all()
    for _ in range(2):
        later = me.context.new_page()
        later.goto(lab.url("/knowhub/"))
        until(lambda: len(kept(lab)) == 1)
        later.close()
    me.problems.clear()  # the browser reports the requests that failed


def test_an_edit_made_elsewhere_is_not_written_over(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    page(me, lab, t="20")
    me.page.locator("kh-player .stage").focus()
    me.page.keyboard.press("n")
    me.page.keyboard.type("first")
    me.page.keyboard.press("Control+Enter")
    until(lambda: kept(lab))
    (row,) = kept(lab)
    me.page.get_by_role("button", name="Edit the note at 20 seconds").click()
    field(me).fill("mine")
    with lab.client() as client:
        client.put(f"/notes/{row['note']}", json={"body": "theirs", "version": 1}).raise_for_status()
    field(me).press("Control+Enter")
    both = me.page.locator("kh-notes .both section")
    expect(both).to_contain_text(["theirs", "mine"])
    assert [one["body"] for one in kept(lab)] == ["theirs"]
    me.page.get_by_role("button", name="Keep both").click()
    expect(both).to_have_count(0)
    until(lambda: [one["body"] for one in kept(lab)] == ["theirs\n\nmine"])
    me.problems.clear()  # the browser reports the 409


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Callable[..., Visit], lab: Lab, scheme: str) -> None:
    me = visit(strict=True, color_scheme=scheme)
    page(me, lab, t="20")
    show(me, "Notes")
    expect(me.page.locator("kh-notes")).to_contain_text("No notes in this lesson yet.")
    assert serious(me, "kh-lesson") == []
    me.page.locator("kh-notes").get_by_role("button", name="Bookmark", exact=True).click()
    me.page.locator("kh-player .stage").focus()
    me.page.keyboard.press("n")
    field(me).fill("**Why** `acks_late`?\n\n> quoted\n\n1. [here](https://example.org)\n\n```\ncode\n```")
    assert serious(me, "kh-lesson") == []
    field(me).press("Control+Enter")
    expect(notes(me)).to_have_count(2)
    me.page.get_by_role("button", name="Delete the bookmark at 20 seconds").click()
    expect(me.page.get_by_role("button", name="Undo")).to_be_focused()
    assert serious(me, "kh-lesson") == []
