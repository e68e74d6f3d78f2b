"""A figure of a course: every sentence of every lecture on its own second, as one SVG. Holds no person's data."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from knowhub_ext.client import KnowHub
from knowhub_ext.client.values import CourseDetail, LessonSummary, Segment
from knowhub_ext.domain.clocks import show_clock

#: Pixels of the drawing, which scales with its place.
WIDTH, ROW, BAR, LABEL = 960, 54, 18, 20
MINUTE_S = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One lecture: its sentences as `(start, end, text, address)` in seconds."""

    title: str
    duration: float
    sentences: tuple[tuple[float, float, str, str], ...]


def lines(hub: KnowHub, course: CourseDetail) -> list[Line]:
    """Fetch what is said when in the course's lectures; lessons without a medium are left out."""
    return [_line(hub, lesson) for lesson in course.lessons if lesson.duration]


def _line(hub: KnowHub, lesson: LessonSummary) -> Line:
    segments = hub.transcript(lesson.lesson).segments if lesson.status == "ready" else ()
    return Line(
        title=lesson.title, duration=lesson.duration or 0.0,
        sentences=tuple(_sentence(hub, lesson, segment) for segment in segments),
    )


def _sentence(hub: KnowHub, lesson: LessonSummary, segment: Segment) -> tuple[float, float, str, str]:
    return segment.start, segment.end, segment.text, hub.page(lesson.lesson, segment.start)


def timeline(rows: Sequence[Line]) -> str:
    """Return the SVG: a row a lecture on one scale of minutes, a link to the second on every sentence."""
    longest = max((row.duration for row in rows), default=MINUTE_S)
    scale = WIDTH / longest
    height = len(rows) * ROW + LABEL
    body = "".join(_row(row, index * ROW, scale) for index, row in enumerate(rows))
    ticks = "".join(_tick(second, scale, len(rows)) for second in range(0, int(longest) + 1, MINUTE_S))
    # currentColor makes it readable on light and dark pages alike
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" width="100%" '
        f'aria-label="When something is said in each lecture" fill="currentColor" font-size="13">{ticks}{body}</svg>'
    )


def _row(row: Line, top: int, scale: float) -> str:
    said = "".join(_bar(sentence, top + LABEL, scale) for sentence in row.sentences)
    title = html.escape(f"{row.title} ({show_clock(row.duration)})")
    return (
        f'<text x="0" y="{top + LABEL - 6}">{title}</text>'
        f'<rect x="0" y="{top + LABEL}" width="{row.duration * scale:.1f}" height="{BAR}" opacity=".12"/>{said}'
    )


def _bar(sentence: tuple[float, float, str, str], top: int, scale: float) -> str:
    start, end, text, address = sentence
    width = max(1.0, (end - start) * scale - 1)
    label = html.escape(f"{show_clock(start)} {text}")
    return (
        f'<a href="{html.escape(address)}" target="_blank"><rect x="{start * scale:.1f}" y="{top}" '
        f'width="{width:.1f}" height="{BAR}" opacity=".55"><title>{label}</title></rect></a>'
    )


def _tick(second: int, scale: float, rows: int) -> str:
    """A line behind the bars of every row, none across a title, and the minute below them."""
    x, bottom = second * scale, rows * ROW + LABEL - 5
    path = "".join(f"M{x:.1f} {row * ROW + LABEL - 2}v{BAR + 4}" for row in range(rows))
    anchor = "end" if x > WIDTH - 2 * LABEL else "start"  # the last label stays inside the drawing
    return (
        f'<path d="{path}" stroke="currentColor" opacity=".3"/>'
        f'<text x="{x:.1f}" y="{bottom}" text-anchor="{anchor}" opacity=".7">{show_clock(second)}</text>'
    )
