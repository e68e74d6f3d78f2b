"""Reading the minimal `course.yml`: title, lessons, files, glossary."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from knowhub_ext.domain.courses import CoursePlan, LessonPlan
from knowhub_ext.domain.ids import check_slug, slugify
from knowhub_ext.domain.speech import TASKS, spoken
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import InvalidCourseFile, InvalidName, InvalidSetting

COURSE_FILE = "course.yml"
_COURSE_KEYS = {"slug", "title", "description", "hot_words", "speech", "lessons"}
_SPEECH_KEYS = {"model", "language", "task"}
_LESSON_KEYS = {"slug", "title", "files", "questions"}


def read_plan(folder: Path) -> CoursePlan:
    """Read `folder/course.yml`.

    Raises:
        InvalidCourseFile: it is missing, is not YAML, or a key is wrong; the message names the key.
    """
    path = folder / COURSE_FILE
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidCourseFile(f"{path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidCourseFile(f"{path} is not valid YAML{_where(error)}.") from error
    row = _mapping(data, "course.yml", _COURSE_KEYS)
    lessons = row.get("lessons") or []
    if not isinstance(lessons, list):
        raise InvalidCourseFile("`lessons` must be a list.")
    plans = [_lesson(item, folder) for item in lessons]
    twice = next((p.slug for i, p in enumerate(plans) if any(p.slug == q.slug for q in plans[:i])), None)
    if twice is not None:
        raise InvalidCourseFile(f"Two lessons have the slug '{twice}'.", cure="Give one of them another `slug`.")
    return CoursePlan(
        slug=_slug(row.get("slug") or slugify(folder.resolve().name, fallback="course")),
        title=_text(row, "title", folder.name), description=_text(row, "description", ""),
        hot_words=_texts(row, "hot_words"), speech=_speech(row.get("speech") or {}), lessons=plans,
    )


def _speech(data: Any) -> Mapping[str, str]:
    """Return what a course says about its speech: `model`, `language`, `task`; what it does not say is left out."""
    row = _mapping(data, "`speech`", _SPEECH_KEYS)
    said = {key: text for key in sorted(_SPEECH_KEYS) if (text := _text(row, key, ""))}
    if said.get("task", TASKS[0]) not in TASKS:
        raise InvalidCourseFile(f"`task` of `speech` is {said['task']!r}; it can be {' or '.join(TASKS)}.")
    try:
        spoken(said.get("language"))
    except InvalidSetting as error:
        raise InvalidCourseFile(f"`language` of `speech`: {error.message}", cure=error.cure) from error
    return said


def _where(error: Exception) -> str:
    """Return `, line 5: expected ',' or ']'` where the parser knows it."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    return (f", line {mark.line + 1}" if mark else "") + (f": {problem}" if problem else "")


def _lesson(item: Any, folder: Path) -> LessonPlan:
    row = _mapping(item, "a lesson", _LESSON_KEYS)
    files = _texts(row, "files")
    title = _text(row, "title", files[0] if files else "")
    for name in files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise InvalidCourseFile(f"`files` of '{title}' names {name!r}, which is outside the course folder.")
        if not (folder / name).is_file():
            raise InvalidCourseFile(f"`files` of '{title}' names {name!r}, which is not in {folder}.")
    if not title:
        raise InvalidCourseFile("A lesson needs a `title` or at least one file.")
    return LessonPlan(
        slug=_slug(row.get("slug") or slugify(title)), title=title, files=files, questions=_texts(row, "questions")
    )


def _mapping(data: Any, what: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise InvalidCourseFile(f"{what} must be a mapping of keys to values.")
    unknown = sorted(str(key) for key in data if key not in known)
    if unknown:
        raise InvalidCourseFile(f"{what} has the unknown key `{unknown[0]}`; known are {', '.join(sorted(known))}.")
    return data


def _slug(value: Any) -> str:
    try:
        return check_slug(str(value))
    except InvalidName as error:
        raise InvalidCourseFile(error.message) from error


def _text(row: Mapping[str, Any], key: str, default: str) -> str:
    return canonical(str(row.get(key) or default)).strip()


def _texts(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key) or []
    if not isinstance(value, list):
        raise InvalidCourseFile(f"`{key}` must be a list.")
    return tuple(canonical(str(item)).strip() for item in value)
