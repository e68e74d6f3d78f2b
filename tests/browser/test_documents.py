"""A deck beside its lecture: lines, player and citations name the slide, and it opens at its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from knowhub_ext.testing import papers
from tests.browser.pages import Visit
from tests.browser.servers import Lab, jupyter_lab, sample_hub
from tests.browser.test_axe import serious
from tests.domain.test_slides import deck
from tests.sample import ingest

SLUG = "rag-cites"


def drawn(text: str) -> list[papers.Words]:
    """The lines of a slide below each other, the first as its title."""
    lines = [line for line in text.split("\n")[1:16] if line]
    return [(40.0, 480.0 - 28 * n, 24.0 if n == 0 else 12.0, line) for n, line in enumerate(lines)]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The sample course with the slides of one lecture as a PDF, and captions of which one cue is malformed."""
    folder = tmp_path_factory.mktemp("documents")
    root, data = sample_hub(folder)
    lessons = root / "notebooks" / "fullstack"
    papers.pdf(lessons / f"{SLUG}.pdf", [drawn(text) for text in deck(SLUG).values()], size=(960, 540))
    captions = lessons / f"{SLUG}.vtt"
    captions.write_text(captions.read_text() + "\n00:00:09.000 --> 00:00:08.000\nbackwards\n")
    course = lessons / "course.yml"
    course.write_text(course.read_text().replace(f"{SLUG}.vtt]", f"{SLUG}.vtt, {SLUG}.pdf]"))
    ingest(data, lessons)
    with jupyter_lab(folder, root, data) as running:
        yield running


def test_a_slide_is_named_beside_its_lines_and_opens_at_its_page(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url(f"/knowhub/lesson/fullstack/{SLUG}", t="60"))
    me.ready()
    spans = lab.get(f"/lessons?ref=fullstack/{SLUG}")["slides"]
    assert len(spans) >= 5
    shown = next(span["page"] for span in spans if span["start"] <= 60 < span["end"])
    now = me.page.locator("kh-player .slide")
    expect(now).to_have_text(f"Slide {shown}")
    marks = me.page.locator("kh-transcript .slide")
    expect(marks).to_have_count(len(spans))
    now.click()
    page = me.page.locator(f"kh-document #page-{shown}")
    expect(page).to_be_in_viewport()
    expect(page).to_have_text(f"Page {shown}")
    expect(me.page.locator("kh-document .cited").first).to_be_in_viewport()
    assert serious(me, "kh-document") == []


def test_a_citation_of_a_second_names_the_slide(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url(f"/knowhub/lesson/fullstack/{SLUG}"))
    me.ready()
    me.page.get_by_role("tab", name="Ask").click()
    me.page.get_by_label("Ask a question").fill("How does reciprocal rank fusion combine two searches?")
    me.page.keyboard.press("Enter")
    slide = me.page.locator("kh-ask .sources .slide").first
    expect(slide).to_be_visible()
    number = slide.inner_text().split()[-1]
    slide.click()
    expect(me.page.locator(f"kh-document #page-{number}")).to_be_in_viewport()


def test_what_was_left_out_of_a_file_is_said_under_files(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url(f"/knowhub/lesson/fullstack/{SLUG}"))
    me.ready()
    me.page.get_by_role("tab", name="Files").click()
    notes = me.page.locator("kh-lesson .notes")
    expect(notes).to_contain_text("a cue whose end is before its start was left out")
    assert serious(me, "kh-lesson") == []


def test_an_author_takes_a_file_out_and_puts_it_back_by_keyboard(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url(f"/knowhub/lesson/fullstack/{SLUG}"))
    me.ready()
    me.page.get_by_role("tab", name="Files").click()
    files = me.page.locator("kh-files")
    remove = files.get_by_role("button", name=f"Remove {SLUG}.pdf")
    remove.focus()
    remove.press("Enter")
    expect(files.get_by_role("status")).to_have_text(f"{SLUG}.pdf is removed.")
    expect(files.locator("summary")).to_have_text("Removed files (1)")
    assert serious(me, "kh-lesson") == []
    undo = files.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(files.get_by_role("status")).to_have_text(f"{SLUG}.pdf is back.")
    expect(files.get_by_role("button", name=f"Remove {SLUG}.pdf")).to_be_visible()
    expect(files.locator("details")).to_have_count(0)
