"""The dashboards, opened directly by their address: live data of the course, and what is watched there is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Response, expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab

ADDRESSES = {"voila": "/voila/render/dashboards/course_overview.ipynb", "panel": "/knowhub-panel/"}
API = "/knowhub/api/"
LESSON = "How retrieval-augmented generation cites"


@pytest.mark.slow
@pytest.mark.parametrize("host", sorted(ADDRESSES))
def test_a_dashboard_shows_the_course_and_keeps_what_is_watched(
    visit: Callable[..., Visit], lab: Lab, host: str
) -> None:
    me = visit(color_scheme="dark")
    posted: list[Response] = []
    me.page.on("response", lambda one: posted.append(one) if one.request.method == "POST" and API in one.url else None)
    # nothing of Jupyter was open before, so there is no XSRF cookie
    me.page.goto(lab.url(ADDRESSES[host], course="fullstack"), timeout=90_000)
    course = me.page.locator("kh-course")
    expect(course).to_contain_text(LESSON, timeout=90_000)
    expect(course).to_have_attribute("theme", "light")  # both pages stay white on a dark system, and so do we
    expect(course.get_by_role("listitem").get_by_role("link")).to_have_count(3)
    expect(me.page.locator("kh-progress").first).to_contain_text("Whole course")

    course.get_by_role("listitem").get_by_role("link", name=LESSON).click()
    expect(me.video).to_be_visible()
    me.until("media => media.readyState >= 1")
    me.page.locator("kh-player .stage").focus()
    me.page.keyboard.press("4")
    start = me.video.evaluate("media => media.duration * 0.4")
    me.at(start)
    me.page.keyboard.press("k")
    me.until("(media, start) => media.currentTime > start + 1.5", start)
    with me.page.expect_response("**/watched") as kept:
        me.page.keyboard.press("k")
    assert any(a <= start + 1 <= b for a, b in kept.value.json()["watched"])
    assert kept.value.request.post_data_json["events"][-1]["start"] == pytest.approx(start, abs=0.5)

    me.page.locator("kh-ask textarea").last.fill("Why can the same Celery task run twice?")
    me.page.locator("kh-ask textarea").last.press("Enter")
    assert me.citations()
    assert {"watched", "ask"} <= {one.url.rsplit("/", 1)[-1] for one in posted}
    assert {one.status for one in posted} == {200}


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
