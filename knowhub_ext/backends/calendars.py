"""A plan as a calendar file (iCalendar, RFC 5545), by icalendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from knowhub_ext.domain.clocks import show_clock
from knowhub_ext.domain.plans import Part, Sitting

_MADE_BY = "-//KnowHub//KnowHub//EN"


def written(
    course_id: str, title: str, sittings: Sequence[Sitting], link: Callable[[str, float], str]
) -> bytes:
    """Return a file with one all-day event a sitting, which leaves the day free for other things.

    A day's event has the same identity in each file of a course, so that a newer plan replaces it. `link(lesson id,
    second)` is a lesson's address, or '' where nobody knows it.
    """
    import icalendar

    title = _line(title)
    calendar = icalendar.Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for sitting in sittings:
        calendar.add_component(_event(icalendar.Event(), course_id, title, sitting, link))
    return bytes(calendar.to_ical())


def _event(event: Any, course_id: str, title: str, sitting: Sitting, link: Callable[[str, float], str]) -> Any:
    first = sitting.parts[0]
    event.add("uid", f"{course_id}.{sitting.day:%Y%m%d}@knowhub")
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", sitting.day)
    event.add("dtend", sitting.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"{title}: {_length(sitting.length_ms)}")
    lines = [line for part in sitting.parts for line in (_part(part), link(part.lesson_id, part.start_ms / 1000))]
    event.add("description", "\n".join(line for line in lines if line))
    if address := link(first.lesson_id, first.start_ms / 1000):
        event.add("url", address)
    return event


def _line(text: str) -> str:
    """Return a title as one line: a break within one would end the property that holds it."""
    return " ".join(text.split())


def _part(part: Part) -> str:
    return f"{_line(part.title)} · {show_clock(part.start_ms / 1000)}–{show_clock(part.end_ms / 1000)}"


def _length(ms: int) -> str:
    minutes = max(1, round(ms / 60_000))
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"

