"""axe finds nothing serious or critical in what a learner sees, in light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.labs import command, open_lesson, show
from tests.browser.pages import Visit, visiting
from tests.browser.servers import Lab

SCHEMES = ["light", "dark"]
QUESTION = "Why can the same Celery task run twice?"


def serious(visit: Visit, scope: str) -> list[str]:
    """What axe calls serious or critical below `scope`, one line each."""
    found = Axe().run(visit.page, context=scope).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found if rule["impact"] in ("serious", "critical") for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_lesson_page(visit: Callable[..., Visit], lab: Lab, scheme: str) -> None:
    me = visit(strict=True, color_scheme=scheme)
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies", t="90"))
    me.ready()
    expect(me.page.locator("kh-lesson")).to_have_attribute("theme", scheme)
    assert serious(me, "html") == []
    me.ask(QUESTION)
    me.chips.first.focus()
    me.page.get_by_placeholder("Find in the transcript").fill("redis")
    me.page.get_by_placeholder("Find in the transcript").press("Enter")
    assert serious(me, "html") == []
    for tab in ("Notes", "Progress", "Files"):
        show(me, tab)
        assert serious(me, "html") == [], tab
    me.page.get_by_role("button", name="celery-worker-dies.ipynb", exact=True).click()
    expect(me.page.get_by_role("dialog")).to_contain_text("Late acknowledgement")
    assert serious(me, "html") == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", ["/knowhub/", "/knowhub/course/fullstack"])
def test_the_pages_of_courses(visit: Callable[..., Visit], lab: Lab, scheme: str, path: str) -> None:
    me = visit(strict=True, color_scheme=scheme)
    me.page.goto(lab.url(path))
    expect(me.page.get_by_text("Full Stack Mastery Roadmap").first).to_be_visible()
    assert serious(me, "html") == []


@pytest.fixture(scope="module")
def me(browser: Browser, lab: Lab) -> Iterator[Visit]:
    with visiting(browser) as make:
        visit = make()
        open_lesson(visit, lab, "axe")
        yield visit


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_lesson_in_lab(me: Visit, theme: str) -> None:
    command(me, "apputils:change-theme", theme=theme)
    try:
        expect(me.page.locator(f'body[data-jp-theme-name="{theme}"]')).to_be_attached()
        command(me, "knowhub:show-courses")
        expect(me.page.locator("#knowhub-browser kh-course")).to_contain_text("Full Stack")
        for tab in ("Transcript", "Ask", "Notes", "Progress", "Files"):
            show(me, tab)
            assert serious(me, "kh-lesson") == [], tab
        show(me, "Ask")
        me.ask(QUESTION)
        me.chips.first.focus()
        assert serious(me, "kh-lesson") == []
        assert serious(me, "#knowhub-browser kh-course") == []
        assert serious(me, "#knowhub-browser kh-jobs") == []
        me.page.locator(".knowhub-Chip").first.scroll_into_view_if_needed()
        assert serious(me, ".knowhub-Chips") == []
    finally:
        command(me, "apputils:change-theme", theme="JupyterLab Light")


def test_axe_would_find_it(visit: Callable[..., Visit], lab: Lab) -> None:
    """The positive control: a picture without words and grey on white, inside a shadow root."""
    me = visit()
    me.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies"))
    me.ready()
    me.page.locator("kh-ask form").evaluate(
        "form => form.after(Object.assign(document.createElement('button'), {className: 'bare'}))"
    )
    me.page.locator("kh-ask form textarea").evaluate("one => one.style.color = '#ddd'")
    me.page.locator("kh-ask form textarea").fill("hardly to be read")
    found = " ".join(serious(me, "kh-lesson"))
    assert "button-name" in found
    assert "color-contrast" in found
