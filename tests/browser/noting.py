"""Notes as tests of the browser use them: what the hub has, the lesson's page, the list and the field."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator

from tests.browser.pages import Visit
from tests.browser.servers import Lab

#: The notebook beside the lesson on Celery.
NOTEBOOK = "notebooks/fullstack/celery-worker-dies.ipynb"


def kept(lab: Lab) -> list[dict[str, Any]]:
    return list(lab.get("/courses/fullstack/notes")["items"])


def page(visit: Visit, lab: Lab, **query: str) -> None:
    """Open the lesson's page at a second."""
    visit.page.goto(lab.url("/knowhub/lesson/fullstack/celery-worker-dies", **query))
    visit.ready()


def at_second(visit: Visit, second: float) -> None:
    """Put the playhead somewhere, and the focus into the player."""
    visit.video.evaluate("(media, second) => { media.currentTime = second; }", second)
    visit.at(second)
    visit.page.locator("kh-player .stage").focus()


def notes(visit: Visit) -> Locator:
    return visit.page.locator("kh-notes li.note")


def field(visit: Visit) -> Locator:
    return visit.page.locator("kh-notes textarea")
