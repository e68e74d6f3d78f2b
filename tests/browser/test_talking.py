"""A conversation with a lesson: follow-ups, the last minute, what was asked before, and taking answers along."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.labs import command, notebook, open_lesson, show
from tests.browser.pages import Visit, visiting
from tests.browser.servers import Lab
from tests.browser.test_axe import serious

LESSON = "/knowhub/lesson/fullstack/celery-worker-dies"
NOTEBOOK = "notebooks/fullstack/celery-worker-dies.ipynb"
TWICE = "Why can the same Celery task run twice?"


@pytest.fixture
def page(visit: Callable[..., Visit], lab: Lab) -> Visit:
    """The lesson's own page, with nothing kept of what was asked before."""
    lab.forget()
    me = visit(strict=True, permissions=["clipboard-read", "clipboard-write"])
    me.page.goto(lab.url(LESSON))
    me.ready()
    return me


@pytest.fixture(scope="module")
def inlab(browser: Browser, lab: Lab) -> Iterator[Visit]:
    with visiting(browser) as make:
        me = make()
        open_lesson(me, lab, "talking")
        show(me, "Ask")
        yield me


def questions(me: Visit) -> list[str]:
    return me.page.locator("kh-ask .turn h3").all_inner_texts()


def history(me: Visit) -> Locator:
    return me.page.locator("kh-history")


def test_a_follow_up_says_what_was_searched_for_and_can_be_asked_alone(page: Visit) -> None:
    page.ask(TWICE)
    page.ask("and why?")
    turn = page.answered("and why?")
    expect(turn.locator(".rewritten")).to_contain_text("Searched for: Celery task run twice")
    expect(turn.locator(".sources li").first).to_contain_text("Lecture video")
    turn.get_by_role("button", name="Ask “and why?” alone").click()
    expect(page.page.locator("kh-ask .turn")).to_have_count(3)
    alone = page.answered("and why?")
    expect(alone).to_contain_text("I cannot find this in the course.")
    expect(alone.locator(".rewritten")).to_have_count(0)


def test_that_is_what_was_said_in_the_last_minute(page: Visit) -> None:
    expect(page.page.get_by_role("button", name="Ask about the last minute")).to_have_count(0)  # nothing was heard yet
    page.video.evaluate("media => { media.currentTime = 130 }")
    page.at(130)
    page.page.get_by_role("button", name="Ask about the last minute").click()
    assert "Ask a question" in page.focused()
    expect(page.page.locator("kh-ask .about")).to_contain_text("About 1:10–2:10")
    page.page.get_by_role("button", name="Do not ask about this minute").click()
    expect(page.page.locator("kh-ask .about")).to_have_count(0)
    page.page.get_by_role("button", name="Ask about the last minute").click()
    page.page.keyboard.type("What does he mean by that?")
    page.page.keyboard.press("Enter")
    turn = page.answered("What does he mean by that?")
    expect(turn.get_by_role("button", name="About 1:10–2:10")).to_be_visible()
    starts = [cited["locator"]["start"] for cited in page.citations()]
    assert starts
    assert all(15 <= start < 190 for start in starts), starts
    turn.get_by_role("button", name="About 1:10–2:10").click()
    page.at(70)
    page.pause()


def test_a_reload_keeps_the_conversation_and_history_is_used_by_keyboard_alone(page: Visit) -> None:
    page.ask(TWICE)
    page.ask("What does a tsvector hold?")
    before = questions(page)
    page.page.reload()
    page.ready()
    expect(page.page.locator("kh-ask .turn")).to_have_count(2)
    assert questions(page) == before
    page.page.locator("kh-ask textarea").focus()
    page.tab_to("History")
    page.page.keyboard.press("Enter")
    rows = history(page).locator("li")
    expect(rows).to_have_count(2)
    page.tab_to("Delete “What does a tsvector hold?”")
    page.page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(page.page.locator("kh-ask .turn")).to_have_count(1)
    assert "Undo" in page.focused()
    page.page.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(page.page.locator("kh-ask .turn")).to_have_count(1)
    assert "History" in page.focused()
    page.tab_to("What does a tsvector hold?")
    page.page.keyboard.press("Enter")
    expect(page.page.locator("kh-ask .turn")).to_have_count(2)
    assert questions(page)[0] == "What does a tsvector hold?"


def test_an_answer_is_rated_and_the_rating_is_there_after_a_reload(page: Visit) -> None:
    page.ask(TWICE)
    page.page.get_by_role("button", name="Not helpful", exact=True).click()
    page.page.get_by_label("What was wrong with it?").fill("The wrong second.")
    page.page.get_by_role("button", name="Send").click()
    expect(page.page.locator("kh-ask .turn")).to_contain_text("You said: “The wrong second.”")
    page.page.reload()
    page.ready()
    expect(page.page.locator("kh-ask .turn")).to_contain_text("You said: “The wrong second.”")
    pressed = page.page.get_by_role("button", name="Not helpful", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_a_copy_has_links_that_open_the_second(page: Visit, lab: Lab) -> None:
    page.ask(TWICE)
    cited = page.citations()[0]
    page.page.get_by_role("button", name="Copy the answer").click()
    text = page.page.evaluate("() => navigator.clipboard.readText()")
    assert text.startswith(f"**{TWICE}**\n\n")
    href = text.split(r"[\[1\]](")[1].split(")")[0]
    assert page.page.locator("[aria-label='Insert into the notebook']").count() == 0, "this page has no notebooks"
    page.page.goto(href)
    page.ready()
    page.at(cited["locator"]["start"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Callable[..., Visit], lab: Lab, scheme: str) -> None:
    lab.forget()
    me = visit(strict=True, color_scheme=scheme)
    me.page.goto(lab.url(LESSON))
    me.ready()
    me.ask(TWICE)
    me.ask("and why?")
    me.page.get_by_role("button", name="Helpful", exact=True).first.click()
    expect(me.page.get_by_label("What was good about it?")).to_be_visible()
    me.video.evaluate("media => { media.currentTime = 90 }")
    me.page.get_by_role("button", name="Ask about the last minute").click()
    history(me).locator("summary").click()
    expect(history(me).locator("li")).to_have_count(2)
    assert serious(me, "kh-lesson") == []
    history(me).get_by_role("button", name="Delete all questions of this course").click()
    expect(history(me)).to_contain_text("2 questions were deleted.")
    assert serious(me, "kh-lesson") == []


def test_an_answer_goes_under_the_active_cell_with_working_links(inlab: Visit, lab: Lab) -> None:
    me = inlab
    me.ask(TWICE)
    before = notebook(me, NOTEBOOK)
    me.page.locator(".jp-CodeCell:visible").first.click()
    active = notebook(me, NOTEBOOK)["active"]
    me.page.get_by_role("button", name="Insert into the notebook").click()
    expect(me.page.locator("kh-ask .turn").first).to_contain_text("Inserted into celery-worker-dies.ipynb.")
    after = notebook(me, NOTEBOOK)
    ids = [cell[0] for cell in after["cells"]]
    assert len(ids) == len(before["cells"]) + 1
    new = after["cells"][ids.index(active) + 1]
    assert new[1] == "markdown"
    assert new[2].startswith(f"**{TWICE}**")
    shown = me.page.locator(".jp-MarkdownCell.jp-mod-rendered").filter(has_text=TWICE)
    start = me.citations()[0]["locator"]["start"]
    href = shown.get_by_role("link", name="[1]", exact=True).first.get_attribute("href")
    assert href
    assert "/knowhub/lesson/" in href
    assert abs(float(href.split("t=")[1]) - start) < 0.2
    expect(shown.locator("li")).to_have_count(len(me.citations()))
    command(me, "notebook:undo-cell-action")
    expect(shown).to_have_count(0)


def test_without_a_notebook_the_button_says_why(inlab: Visit) -> None:
    me = inlab
    me.page.evaluate("""path => [...window.jupyterapp.shell.widgets('main')]
        .filter(one => one.context?.path === path).forEach(one => one.dispose())""", NOTEBOOK)
    button = me.page.get_by_role("button", name="Insert into the notebook").first
    expect(button).to_have_attribute("aria-disabled", "true")
    button.focus()
    me.page.keyboard.press("Enter")
    expect(me.page.locator("kh-ask .turn").first).to_contain_text("Open a notebook first")
    assert serious(me, "kh-lesson") == []
