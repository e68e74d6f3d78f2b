"""Courses and lessons: what an educator names and orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowhub_ext.domain.speech import SpeechSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """A course. `slug` is unique among live courses and may change; `id` never does."""

    id: str
    slug: str
    title: str
    description: str = ""
    #: Words speech recognition should know, as the educator wrote them in course.yml or in the hub.
    hot_words: tuple[str, ...] = ()
    speech: SpeechSettings = field(default_factory=SpeechSettings)

    def to_json(self) -> dict[str, Any]:
        return {"course": self.slug, "id": self.id, "title": self.title, "description": self.description}


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """A lesson of a course; `position` orders it, starting at 0."""

    id: str
    course_id: str
    slug: str
    title: str
    position: int = 0
    #: Questions this lesson can answer; the ask box offers them while it is empty.
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LessonPlan:
    """One lesson as `course.yml` declares it; `files` are paths relative to the course folder, primary first."""

    slug: str
    title: str
    files: tuple[str, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CoursePlan:
    """A course as `course.yml` declares it."""

    slug: str
    title: str
    description: str = ""
    hot_words: tuple[str, ...] = ()
    #: Of its speech `model`, `language` and `task`, as far as it says them.
    speech: Mapping[str, str] = field(default_factory=dict)
    lessons: Sequence[LessonPlan] = ()
