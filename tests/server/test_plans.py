"""What lies ahead of a learner over HTTP: where to go on, how much is left, a plan, and the plan as a calendar file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import httpx
import icalendar
import pytest


def planned(api: httpx.Client, **query: Any) -> dict[str, Any]:
    response = api.get("/courses/alpha/plan", params=query)
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_the_course_says_where_to_go_on_and_what_is_left(api: httpx.Client, alpha: dict[str, str]) -> None:
    before = api.get("/courses/alpha/progress").json()
    assert before["next"]["lesson"] in {row["lesson"] for row in before["lessons"]}
    events = [{"id": "plans-0001", "start": 20, "end": 22.5}]
    api.post(f"/assets/{alpha['asset']}/watched", json={"events": events, "position": 22.5})
    after = api.get("/courses/alpha/progress").json()
    row = next(row for row in after["lessons"] if row["lesson"] == alpha["lesson"])
    missing = sum(end - start for start, end in row["missing"])
    assert after["left"] == pytest.approx(0 if row["enough"] else missing, abs=0.01)
    assert (after["pace"], after["days_left"]) == (None, None), "two seconds tell no pace"
    assert after["next"] is None or after["next"]["lesson"] == alpha["lesson"]


def test_a_plan_holds_what_is_left_and_a_link_for_each_day(api: httpx.Client, alpha: dict[str, str]) -> None:
    plan = planned(api, minutes=5, days="mo", start="2026-12-01")
    left = api.get("/courses/alpha/progress").json()["left"]
    assert plan["left"] == pytest.approx(left, abs=0.01)
    assert [day["day"] for day in plan["days"]] == ["2026-12-07"], "the first Monday"
    assert plan["ends"] == "2026-12-07"
    file = api.get("/courses/alpha/plan", params={"minutes": 5, "days": "mo", "start": "2026-12-01", "format": "ics"})
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert "attachment" in file.headers["Content-Disposition"]
    [event] = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert event["DTSTART"].dt == date(2026, 12, 7)
    [part, *_] = plan["days"][0]["parts"]
    address = str(event["URL"])
    assert address.startswith(f"{api.base_url.scheme}://{api.base_url.host}:{api.base_url.port}/")
    assert address.endswith(f"/knowhub/lesson/{part['lesson']}?t={part['start']:g}")
    assert address in str(event["DESCRIPTION"])
    assert part["title"] in str(event["DESCRIPTION"])


def test_without_a_first_day_it_begins_today(api: httpx.Client) -> None:
    today = datetime.now(UTC).date()
    [first, *_] = planned(api)["days"]
    assert (date.fromisoformat(first["day"]) - today).days in (0, 1)


@pytest.mark.parametrize(("query", "said"), [
    ({"days": "someday"}, "names no days of a week"), ({"start": "tomorrow"}, "is no day"), ({"minutes": 1}, "minutes"),
    ({"format": "pdf"}, "format"),
])
def test_what_cannot_be_planned_is_said(api: httpx.Client, query: dict[str, Any], said: str) -> None:
    response = api.get("/courses/alpha/plan", params=query)
    assert response.status_code == 400
    assert said in response.json()["detail"]


def test_a_course_that_is_not_there_has_no_plan(api: httpx.Client) -> None:
    assert api.get("/courses/nope/plan").status_code == 404
