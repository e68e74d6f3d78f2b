"""What the client returns: frozen values named and measured as in openapi.yaml (ids are strings, times are seconds).

Fields this version does not know are ignored, since the interface may gain some without changing its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from knowhub_ext.domain import locators
from knowhub_ext.domain.answers import Answer, AnswerSentence, Citation
from knowhub_ext.domain.locators import Locator, milliseconds
from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.previews import Preview
from knowhub_ext.domain.scope import Moment

Json = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Who the hub takes us for. `answers` holds `mode`, `model` and `hint` (how to get a chat model)."""

    person: Json
    roles: tuple[str, ...]
    version: str
    answers: Json


@dataclass(frozen=True, kw_only=True, slots=True)
class LessonSummary:
    """A lesson in a course's list. `duration`: seconds of its primary medium, None where there is none."""

    lesson: str
    slug: str
    title: str
    position: int
    kind: str | None
    duration: float | None
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """A course; `course` is its slug. `lessons` counts them in a list and holds them in a single course."""

    course: str
    id: str
    title: str
    description: str
    lessons: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseDetail:
    """A course with its lessons in order."""

    course: str
    id: str
    title: str
    description: str
    lessons: tuple[LessonSummary, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """A file of a lesson. `error` is None or holds `slug`, `message` and `cure`."""

    asset: str | None
    kind: str | None
    path: str
    status: str
    error: Json | None
    key: str = ""
    name: str = ""
    primary: bool = False
    revision: int = 1
    duration: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """A lesson with its files. `questions`: up to three it can answer. `course` is its course's slug."""

    lesson: str
    slug: str
    title: str
    position: int
    course: str
    assets: tuple[Asset, ...]
    primary: str | None
    questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedLesson:
    """What adding did to one lesson."""

    lesson: str | None
    title: str
    assets: tuple[Asset, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """What was queued: the lessons touched and the ids of the jobs that process them."""

    course: str
    lessons: tuple[AddedLesson, ...]
    jobs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job. `progress` 0..1; `eta_s` seconds or None; `state`: queued, running, done, failed, cancelled, dead."""

    job: str
    asset: str
    kind: str
    state: str
    stage: str
    progress: float
    eta_s: float | None
    attempts: int
    error: Json | None
    course: str = ""
    lesson: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A recognised word, in seconds; `probability` 0..1."""

    start: float
    end: float
    text: str
    probability: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A cue `[start, end)` in seconds. `words` is empty unless asked for."""

    id: str
    start: float
    end: float
    text: str
    speaker: str = ""
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Transcript:
    """A transcript with its provenance; `complete` is false while speech is still being recognised."""

    lesson: str
    asset: str
    language: str
    engine: str
    model: str
    complete: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A passage found; `rank` from 1, `title` is the lesson's. `preview`: None from a hub of an older version."""

    rank: int
    lesson: str
    asset: str
    title: str
    locator: Locator
    text: str
    preview: Preview | None = None


def make(kind: type[T], data: Json, **given: Any) -> T:
    """Build a value of `kind` from its JSON form; `given` replaces fields that need converting."""
    names = [field.name for field in fields(kind) if field.name not in given]  # type: ignore[arg-type]
    return kind(**{name: data[name] for name in names if name in data}, **given)


def each(kind: type[T], rows: Sequence[Json]) -> tuple[T, ...]:
    return tuple(make(kind, row) for row in rows)


def course_detail(data: Json) -> CourseDetail:
    return make(CourseDetail, data, lessons=each(LessonSummary, data["lessons"]))


def lesson(data: Json) -> Lesson:
    return make(
        Lesson, data, course=data["course"]["course"], assets=each(Asset, data["assets"]),
        questions=tuple(data["questions"]),
    )


def added(data: Json) -> Added:
    lessons = tuple(make(AddedLesson, row, assets=each(Asset, row["assets"])) for row in data["lessons"])
    return make(Added, data, lessons=lessons, jobs=tuple(data["jobs"]))


def transcript(data: Json) -> Transcript:
    rows = data["segments"]
    return make(
        Transcript, data, segments=tuple(make(Segment, row, words=each(Word, row.get("words", ()))) for row in rows)
    )


def hit(data: Json) -> Hit:
    return make(Hit, data, locator=locators.from_json(data["locator"]), preview=_preview(data.get("preview")))


def _preview(data: Json | None) -> Preview | None:
    if data is None:
        return None
    marks = tuple((start, end) for start, end in data["marks"])
    return Preview(text=data["text"], locator=locators.from_json(data["locator"]), marks=marks)


def answer(data: Json) -> Answer:
    """Build an answer; the sentences are those the hub supports, the citations those it bound."""
    return Answer(
        question=data["question"], mode=data["mode"], notice=str(data.get("notice") or ""), took_ms=data["took_ms"],
        sentences=tuple(_sentence(row) for row in data["sentences"]),
        citations=tuple(_citation(row) for row in data["citations"]),
        nearest=tuple((row["lesson"], row["title"]) for row in data.get("nearest", ())),
        rewritten_query=str(data.get("rewritten_query") or ""), entry=str(data.get("entry") or ""),
        moment=_moment(data.get("moment")),
    )


def _sentence(data: Json) -> AnswerSentence:
    return AnswerSentence(index=data["index"], text=data["text"], citations=tuple(data["citations"]))


def _citation(data: Json) -> Citation:
    return Citation(
        n=data["n"], lesson_id=data["lesson"], asset_id=data["asset"], title=data["title"],
        locator=locators.from_json(data["locator"]), quote=data["quote"], kind=_kind(data.get("kind")),
    )


def _moment(data: Json | None) -> Moment | None:
    """Return the moment a question was about; its medium and the pages shown in it are the hub's business."""
    if data is None:
        return None
    start, end = milliseconds(data["start"]), milliseconds(data["end"])
    return Moment(lesson_id=data["lesson"], asset_id="", start_ms=start, end_ms=end)


def _kind(name: str | None) -> AssetKind | None:
    """Return what a source is; None from a hub of an older version, or of a newer one that knows another kind."""
    return AssetKind(name) if name in set(AssetKind) else None
