"""Progress and plans as the client returns them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowhub_ext.client.values import Json, each, make
from knowhub_ext.domain.locators import milliseconds
from knowhub_ext.domain.progress import Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class LessonProgress:
    """One's own progress in a lesson of a course."""

    title: str
    progress: Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class NextLesson:
    """The lesson to go on with; `position` in seconds."""

    lesson: str
    title: str
    position: float
    begun: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseProgress:
    """One's own progress through a course; `coverage` 0..1.

    `left`: seconds still to be watched, `days_left`: how many days that takes at the pace of the last two weeks.
    """

    course: str
    coverage: float
    lessons: tuple[LessonProgress, ...]
    left: float = 0.0
    days_left: int | None = None
    next: NextLesson | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPart:
    """A stretch of a lesson, seconds."""

    lesson: str
    title: str
    start: float
    end: float


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedDay:
    """What is to be watched on one day, `duration` seconds together."""

    day: date
    duration: float
    parts: tuple[PlannedPart, ...]


def planned_days(data: Json) -> tuple[PlannedDay, ...]:
    return tuple(
        make(PlannedDay, row, day=date.fromisoformat(row["day"]), parts=each(PlannedPart, row["parts"]))
        for row in data["days"]
    )


def progress(data: Json) -> Progress:
    return Progress(
        lesson_id=data["lesson"], asset_id=data["asset"], duration_ms=milliseconds(data["duration"] or 0),
        watched=tuple((milliseconds(start), milliseconds(end)) for start, end in data["watched"]),
        position_ms=milliseconds(data["position"]),
    )


def course_progress(data: Json) -> CourseProgress:
    rows = tuple(LessonProgress(title=row["title"], progress=progress(row)) for row in data["lessons"])
    goes_on = data.get("next")
    return make(CourseProgress, data, lessons=rows, next=make(NextLesson, goes_on) if goes_on else None)
