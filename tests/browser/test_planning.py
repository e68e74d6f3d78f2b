"""A course says where to go on and how much is left; what is left is planned in a window and taken along as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import expect

from tests.browser.pages import Visit
from tests.browser.servers import Lab
from tests.browser.test_axe import serious

COURSE = "/knowhub/course/fullstack"


def opened(visit: Callable[..., Visit], lab: Lab, **how: str) -> Visit:
    me = visit(**how)
    me.page.goto(lab.url(COURSE))
    expect(me.page.locator(".ahead")).to_be_visible()
    return me


def test_one_goes_on_where_one_stopped(visit: Callable[..., Visit], lab: Lab) -> None:
    me = visit()
    me.page.goto(lab.url("/knowhub/lesson/fullstack/rag-cites", t="0:30"))
    me.ready()
    me.page.get_by_role("button", name="Play (k)").click()
    me.until("media => media.currentTime > 34")
    me.pause()
    me.page.goto(lab.url(COURSE))
    on = me.page.get_by_role("link", name="Continue: How retrieval-augmented generation cites")
    expect(on).to_be_visible()
    expect(me.page.locator(".ahead")).to_contain_text("min left")
    expect(me.page.locator(".ahead")).not_to_contain_text("pace")  # seconds tell none
    on.click()
    me.ready()
    me.at(34, within=6)


def test_by_keyboard_a_plan_is_made_and_taken_along(visit: Callable[..., Visit], lab: Lab, tmp_path: Path) -> None:
    me = opened(visit, lab)
    page = me.page
    me.tab_to("Plan…")
    page.keyboard.press("Enter")
    minutes = page.get_by_role("spinbutton", name="Minutes a day")
    minutes.fill("5")
    minutes.press("Tab")
    before = page.locator("kh-plan li").count()
    me.tab_to("Sunday")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Sunday")).not_to_be_checked()
    expect(page.locator("kh-plan li").first).to_be_visible()
    assert before <= 3, "three lectures of three minutes"
    with page.expect_download() as downloading:
        me.tab_to("Calendar file")
        page.keyboard.press("Enter")
    downloading.value.save_as(tmp_path / "plan.ics")
    days = icalendar.Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    assert len(days) == page.locator("kh-plan li").count()
    assert all(day["DTSTART"].dt.weekday() != 6 for day in days)
    assert all(str(day["URL"]).startswith(lab.url("/knowhub/lesson/").split("?")[0]) for day in days)
    page.keyboard.press("Escape")
    expect(page.locator("kh-plan")).to_have_count(0)
    me.page.reload()
    me.page.get_by_role("button", name="Plan…").click()
    expect(page.get_by_role("spinbutton", name="Minutes a day")).to_have_value("5")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Callable[..., Visit], lab: Lab, scheme: str) -> None:
    me = opened(visit, lab, color_scheme=scheme)
    assert serious(me, "kh-course") == []
    me.page.get_by_role("button", name="Plan…").click()
    expect(me.page.locator("kh-plan li").first).to_be_visible()
    assert serious(me, "kh-dialog") == []
