"""The dashboards, opened directly by their address: live data of the course, and what is watched there is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab, until

ADDRESSES = {"voila": "/voila/render/dashboards/course_overview.ipynb", "panel": "/knowhub-panel/"}
LESSON = "How retrieval-augmented generation cites"


@pytest.mark.slow
@pytest.mark.parametrize("host", sorted(ADDRESSES))
def test_a_dashboard_shows_the_course_and_keeps_what_is_watched(
    visit: Callable[..., Visit], lab: Lab, host: str
) -> None:
    me = visit()
    statuses: list[tuple[str, int]] = []
    me.page.on("response", lambda one: statuses.append((one.url.rsplit("/", 1)[-1], one.status))
               if one.request.method == "POST" and "/knowhub/api/" in one.url else None)
    me.page.goto(lab.url(ADDRESSES[host]), timeout=90_000)  # nothing of Jupyter was open before, so no XSRF cookie
    course = me.page.locator("kh-course")
    expect(course).to_contain_text(LESSON, timeout=90_000)
    expect(course.get_by_role("link")).to_have_count(3)
    expect(me.page.locator("kh-progress").first).to_contain_text("Whole course")

    course.get_by_role("link", name=LESSON).click()
    expect(me.video).to_be_visible()
    me.until("media => media.readyState >= 1")
    me.page.locator("kh-player .stage").focus()
    start = 100 if host == "voila" else 130
    me.video.evaluate("(media, start) => { media.currentTime = start; }", start)
    me.at(start)
    me.page.keyboard.press("k")
    me.until("(media, start) => media.currentTime > start + 1.5", start)
    me.page.keyboard.press("k")
    lesson = lab.get("/lessons?ref=fullstack/rag-cites")["lesson"]
    until(lambda: any(a <= start + 1 <= b for a, b in lab.get(f"/lessons/{lesson}/progress")["watched"]))

    me.page.locator("kh-ask[course] textarea, kh-ask textarea").last.fill("Why can the same Celery task run twice?")
    me.page.locator("kh-ask textarea").last.press("Enter")
    assert me.citations()
    assert {"watched", "ask"} <= {path for path, _ in statuses}
    assert {status for _, status in statuses} == {200}


def test_the_figure_of_voila_links_every_sentence_to_its_second(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url(ADDRESSES["voila"]), timeout=90_000)
    bars = me.page.locator("svg[aria-label='When something is said in each lecture'] a")
    expect(bars.nth(20)).to_be_attached(timeout=90_000)
    segments = sum(
        len(lab.get(f"/lessons/{row['lesson']}/transcript")["segments"])
        for row in lab.get("/courses/fullstack")["lessons"]
    )
    expect(bars).to_have_count(segments)
    with me.context.expect_page() as opened:
        bars.nth(5).click()
    expect(opened.value.locator("kh-lesson video")).to_be_visible()
    assert "/knowhub/lesson/" in opened.value.url
