"""One class an element. LESSON is an id or `course-slug/lesson-slug`, COURSE a slug or an id, times are seconds."""

from __future__ import annotations

from typing import Any

from knowhub_ext.domain.clocks import parse_clock
from knowhub_ext.domain.ids import is_id
from knowhub_ext.widgets.hosted import Hosted


def of_lesson(lesson: str) -> dict[str, str]:
    """Return the traits that name a lesson, and its course where the reference says it."""
    course, slash, _ = lesson.rpartition("/")
    return {"lesson": lesson, "course": course} if slash else {"lesson": lesson}


def of_either(course_or_lesson: str) -> dict[str, str]:
    """Return the traits for a lesson if the reference is one (`a/b` or an id), else for a course."""
    lesson = "/" in course_or_lesson or is_id(course_or_lesson)
    return of_lesson(course_or_lesson) if lesson else {"course": course_or_lesson}


class Timed(Hosted):
    """A widget with a playhead; link `time` of two of them and one follows the other."""

    def __init__(self, lesson: str, t: str | float = 0.0, **values: Any) -> None:
        """Show `lesson` from `t`, given in seconds or as `"1:41"`. Raises ValueError where `t` is no time."""
        super().__init__(**{**of_lesson(lesson), "time": parse_clock(t), **values})

    def seek(self, t: str | float) -> None:
        """Move the playhead to `t`, in seconds or as `"1:41"`."""
        self.time = parse_clock(t)


class Lesson(Timed):
    """A whole lesson: player, transcript, questions and progress."""

    def __init__(self, lesson: str, t: str | float = 0.0, **values: Any) -> None:
        super().__init__(lesson, t, kind="lesson", **values)


class VideoPlayer(Timed):
    """The lesson's primary medium, or `asset`. Synced: `time`, `playing`, `duration`, `active_segment`."""

    def __init__(self, lesson: str, t: str | float = 0.0, **values: Any) -> None:
        super().__init__(lesson, t, kind="player", **values)

    def play(self) -> None:
        self.playing = True

    def pause(self) -> None:
        self.playing = False


class Transcript(Timed):
    """The lesson's transcript; the sentence at `time` is marked. Synced: `time`, `active_segment`."""

    def __init__(self, lesson: str, t: str | float = 0.0, **values: Any) -> None:
        super().__init__(lesson, t, kind="transcript", **values)


class Ask(Hosted):
    """Questions to a course, with what a lesson says preferred where one is given. Synced: `question`, `answer`."""

    def __init__(self, course_or_lesson: str, question: str = "", **values: Any) -> None:
        super().__init__(**{**of_either(course_or_lesson), "kind": "ask", "question": question, **values})

    def ask(self, question: str) -> None:
        """Ask in the page, which streams the answer; `answer` is set when it is complete.

        Returns at once. `knowhub_ext.client.KnowHub.ask` is the call that waits, without a page.
        """
        self.answer = {}
        self.question = ""  # the same question again is a question again
        self.question = question


class Progress(Hosted):
    """What the reader has watched of a lesson, or lesson by lesson of a course. Synced: `progress`."""

    def __init__(self, course_or_lesson: str, **values: Any) -> None:
        super().__init__(**{**of_either(course_or_lesson), "kind": "progress", **values})


class Course(Hosted):
    """A course with its lessons and the reader's progress in each. Synced: `opened`.

    With `opens="here"`, which every widget takes, a click on a lesson sets `opened` and nothing else: for a page
    that shows the lesson itself.
    """

    def __init__(self, course: str, **values: Any) -> None:
        super().__init__(**{"course": course, "kind": "course", **values})
