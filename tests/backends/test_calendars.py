"""A calendar file is read by a reader that is not ours as what was planned, whatever a title holds."""

from __future__ import annotations

from datetime import date

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from knowhub_ext.backends.calendars import written
from knowhub_ext.domain.plans import Part, Sitting

DAY = date(2026, 12, 31)


def sitting(title: str, day: date = DAY) -> Sitting:
    return Sitting(day=day, parts=(Part(lesson_id="l1", title=title, start_ms=61_000, end_ms=3_723_000),))


def events(file: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))


def test_a_day_is_one_event_that_leaves_it_free():
    [event] = events(written("c1", "Queues", [sitting("Late acks")], lambda lesson, at: f"http://h/{lesson}?t={at:g}"))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (DAY, date(2027, 1, 1))
    assert (str(event["TRANSP"]), str(event["SUMMARY"])) == ("TRANSPARENT", "Queues: 1 h 1 min")
    assert str(event["DESCRIPTION"]) == "Late acks · 1:01–1:02:03\nhttp://h/l1?t=61"
    assert str(event["URL"]) == "http://h/l1?t=61"


def test_a_newer_plan_replaces_a_day_and_another_course_does_not():
    def ids(course: str, *days: date) -> list[str]:
        file = written(course, "Queues", [sitting("a", day) for day in days], lambda *_: "")
        return [str(event["UID"]) for event in events(file)]

    assert ids("c1", DAY) == ids("c1", DAY)
    assert len({*ids("c1", DAY, date(2027, 1, 1)), *ids("c2", DAY)}) == 3


def test_without_an_address_there_is_no_link():
    [event] = events(written("c1", "Queues", [sitting("Late acks")], lambda *_: ""))
    assert "URL" not in event
    assert str(event["DESCRIPTION"]) == "Late acks · 1:01–1:02:03"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200))
def test_a_title_is_text(title):
    file = written("c1", title, [sitting(title)], lambda *_: "")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    [event] = events(file)
    line = " ".join(title.split())
    assert str(event["SUMMARY"]) == f"{line}: 1 h 1 min"
    assert str(event["DESCRIPTION"]).startswith(f"{line} · ")


def test_a_title_cannot_add_an_event():
    title = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged"
    file = written("c1", title, [sitting("y\nBEGIN:VALARM")], lambda *_: "")
    assert len(events(file)) == 1
    assert not icalendar.Calendar.from_ical(file).walk("VALARM")
