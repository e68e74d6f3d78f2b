"""`KnowHub`, the client. One call is one request (a lesson given as `course/lesson` is looked up first)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx

from knowhub_ext import errors
from knowhub_ext.client import addresses, plans, private, streams, values
from knowhub_ext.client.addresses import Address
from knowhub_ext.client.history import Deletion, History, HistoryEntry
from knowhub_ext.client.notes import Note, Notes, at_second
from knowhub_ext.client.streams import AskEvent
from knowhub_ext.client.wire import Wire, problem
from knowhub_ext.domain.answers import Answer
from knowhub_ext.domain.followups import EARLIER
from knowhub_ext.domain.locators import Locator
from knowhub_ext.domain.progress import Progress


class KnowHub:
    """A hub over HTTP. COURSE is a slug or an id; LESSON an id or `course-slug/lesson-slug`; times are seconds.

    Looks for the hub in this order: the arguments (`data`: the servers of that folder alone); `KNOWHUB_API_URL` and
    `KNOWHUB_API_TOKEN`, which every kernel of a Jupyter server with KnowHub has; a server running on the data folder;
    and at last starts a private one there, which ends when nobody has used it for ten minutes.

    Every method raises the class of `knowhub_ext.errors` that the hub's problem document names, `HubUnreachable`
    where no hub answers. Thread-safe.
    """

    def __init__(
        self, url: str | None = None, token: str | None = None, data: str | os.PathLike[str] | None = None, *,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        known = addresses.given(url, token, os.environ)
        if known is None and data is None:
            known = addresses.from_environment(os.environ, token)
        if known is not None:
            self._wire = Wire(known, transport=transport)
            self.session()
        else:
            folder = addresses.data_folder(data, os.environ)
            self._wire = Wire(_find(folder), again=lambda: _find(folder), transport=transport)

    def __repr__(self) -> str:
        return f"<KnowHub {self._wire.address.url} ({self._wire.address.found})>"

    def __enter__(self) -> KnowHub:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. A private server stays until it is idle, for whoever comes next."""
        self._wire.close()

    @property
    def url(self) -> str:
        """The API's address, without credentials."""
        return self._wire.address.url

    def page(self, lesson_id: str, t: float | None = None) -> str:
        """Return the path of a lesson's page at the hub's server, at second `t`: `/knowhub/lesson/<id>?t=101`."""
        path = f"{urlsplit(self.url).path.removesuffix('/api')}/lesson/{quote(lesson_id, safe='')}"
        return path if t is None else f"{path}?t={t:g}"

    def session(self) -> values.Session:
        """Return who the hub takes us for and what answers here."""
        data = self._wire.get("session")
        return values.make(values.Session, data, roles=tuple(data["roles"]))

    def courses(self) -> list[values.Course]:
        return [values.make(values.Course, row) for row in self._wire.pages("courses")]

    def course(self, course: str) -> values.CourseDetail:
        return values.course_detail(self._wire.get(f"courses/{_part(course)}"))

    def create_course(self, slug: str, title: str | None = None) -> values.CourseDetail:
        """Create a course. Raises `Conflict` where the slug is taken, `InvalidName` where it cannot be one."""
        body = {"slug": slug} if title is None else {"slug": slug, "title": title}
        return values.course_detail(self._wire.post("courses", body))

    def add(self, course: str, paths: str | Sequence[str], lesson: str | None = None) -> values.Added:
        """Queue files or folders for a course and return at once; `jobs` tells how far they are.

        Args:
            paths: as the Jupyter server's file browser shows them, relative to its root.
            lesson: title of the lesson they join; by default each medium makes one, with its captions and documents.
        """
        body = {"paths": [paths] if isinstance(paths, str) else [*paths]}
        return values.added(
            self._wire.post(f"courses/{_part(course)}/assets", body if lesson is None else {**body, "lesson": lesson})
        )

    def jobs(self, course: str | None = None) -> list[values.Job]:
        """Return the jobs, newest first."""
        return [values.make(values.Job, row) for row in self._wire.pages("jobs", course=course)]

    def cancel(self, job: str) -> values.Job:
        """Cancel a job. Raises `InvalidMove` where it is over."""
        return values.make(values.Job, self._wire.post(f"jobs/{_part(job)}/cancel"))

    def retry(self, job: str) -> values.Job:
        """Queue a failed or cancelled job again. Raises `InvalidMove` where it is in neither state."""
        return values.make(values.Job, self._wire.post(f"jobs/{_part(job)}/retry"))

    def lesson(self, lesson: str) -> values.Lesson:
        """Return one lesson with its files. Raises `NotFound`."""
        if "/" in lesson:
            return values.lesson(self._wire.get("lessons", ref=lesson))
        return values.lesson(self._wire.get(f"lessons/{_part(lesson)}"))

    def transcript(self, lesson: str, words: bool = False, asset: str | None = None) -> values.Transcript:
        """Return the transcript of the lesson's primary medium, or of `asset`; with word times if `words`."""
        path = f"lessons/{_part(self._id(lesson))}/transcript"
        return values.transcript(self._wire.get(path, asset=asset, words=int(words)))

    def search(self, course: str, query: str, limit: int = 10, lesson: str | None = None) -> list[values.Hit]:
        """Return the passages that fit best, best first. The query is plain text: no sign in it is an operator."""
        within = self._id(lesson) if lesson else None
        data = self._wire.get(f"courses/{_part(course)}/search", q=query, limit=limit, lesson=within)
        return [values.hit(row) for row in data["hits"]]

    def ask(
        self, course: str, question: str, mode: str | None = None, lesson: str | None = None,
        previous: Sequence[str] = (), at: float | None = None,
    ) -> Answer:
        """Return an answer whose every sentence is cited, or a refusal (`grounded` false) without citations.

        Args:
            mode: `quote` (sentences of the course, verbatim) or `model`; by default what the hub has.
            lesson: prefer what this lesson says.
            previous: the questions before it, oldest first; one that leans on them is searched as what it means.
            at: a second of that lesson: the minute before it is what is asked about.

        Raises:
            ChatModelFailed: mode `model` gave no usable reply.
        """
        body = self._question(question, mode=mode, lesson=lesson, previous=previous, at=at)
        return values.answer(self._wire.post(f"courses/{_part(course)}/ask", body, patient=True))

    def ask_stream(
        self, course: str, question: str, mode: str | None = None, lesson: str | None = None,
        previous: Sequence[str] = (), at: float | None = None,
    ) -> Iterator[AskEvent]:
        """Yield an answer as it is made; see `ask`. Closing the iterator stops the model.

        Raises:
            HubUnreachable: the stream ended without `done`.
        """
        body = self._question(question, mode=mode, lesson=lesson, previous=previous, at=at)
        with self._wire.stream(f"courses/{_part(course)}/ask", body) as lines:
            for kind, data in streams.read(lines):
                if kind == "error":
                    raise problem(data)
                yield AskEvent(kind=kind, data=data)
                if kind == "done":
                    return
        raise errors.HubUnreachable("The hub stopped in the middle of its answer.", cure="Ask again.")

    def progress(self, lesson: str) -> Progress:
        """Return one's own progress in a lesson."""
        return plans.progress(self._wire.get(f"lessons/{_part(self._id(lesson))}/progress"))

    def course_progress(self, course: str) -> plans.CourseProgress:
        return plans.course_progress(self._wire.get(f"courses/{_part(course)}/progress"))

    def plan(
        self, course: str, *, minutes: int = 30, days: str = "mo-su", start: date | None = None
    ) -> tuple[plans.PlannedDay, ...]:
        """Return on which days one would watch what is left, at `minutes` of media a day on `days` of the week."""
        first = start.isoformat() if start else None
        return plans.planned_days(
            self._wire.get(f"courses/{_part(course)}/plan", minutes=minutes, days=days, start=first)
        )

    def watched(
        self, asset: str, intervals: Iterable[tuple[float, float]], position: float | None = None
    ) -> Progress:
        """Report intervals `(start, end)` in seconds as watched; return the progress after it."""
        events = [{"id": str(uuid4()), "start": start, "end": end} for start, end in intervals]
        return plans.progress(
            self._wire.post(f"assets/{_part(asset)}/watched", {"events": events, "position": position})
        )

    def notes(self, course: str | None = None, *, lesson: str | None = None, words: str | None = None) -> list[Note]:
        """Return one's own notes of a lesson, or of a course; `words`: those that hold all of these."""
        if lesson is not None:
            return self._notes.of_lesson(self._id(lesson), words)
        return self._notes.of_course(course or "", words)

    def add_note(
        self, lesson: str, body: str = "", *, at: float | Locator, quote: str | None = None, asset: str | None = None
    ) -> Note:
        """Take a note (Markdown) at a second of the lesson, or at another locator of a file; no words: a bookmark."""
        locator = at_second(at) if isinstance(at, int | float) else at
        return self._notes.add(self._id(lesson), body, locator, quote=quote, asset=asset)

    def edit_note(self, note: Note, body: str) -> Note:
        """Give a note other words. Raises `NoteChanged` where it was changed elsewhere since it was read."""
        return self._notes.edit(note, body)

    def delete_note(self, note: str) -> str:
        """Delete a note by its id; return until when `restore_note` brings it back (RFC 3339)."""
        return self._notes.delete(note)

    def restore_note(self, note: str) -> Note:
        """Bring a deleted note back as it was."""
        return self._notes.restore(note)

    def export_notes(self, course: str | None = None, *, lesson: str | None = None, format: str = "md") -> str:
        """Return one's own notes of a lesson, or of a course, as the text of a file: `md` or `ipynb`."""
        path = f"lessons/{_part(self._id(lesson))}" if lesson is not None else f"courses/{_part(course or '')}"
        return self._notes.export(path, format)

    def history(self, course: str, *, lesson: str | None = None) -> list[HistoryEntry]:
        """Return what one asked a course before, or in one of its lessons, newest first."""
        return self._history.of_course(course, self._id(lesson) if lesson else None)

    def history_entry(self, entry: str) -> HistoryEntry:
        """Return one question with its answer as it was shown; `Answer.entry` is its id."""
        return self._history.get(entry)

    def rate_answer(self, entry: str, helpful: bool | None, comment: str = "") -> HistoryEntry:
        """Say whether an answer was helpful; None takes it back."""
        return self._history.rate(entry, helpful, comment)

    def delete_history_entry(self, entry: str) -> Deletion:
        """Delete one question; its course's `restore_history` brings it back for a week."""
        return self._history.delete(entry)

    def clear_history(self, course: str) -> Deletion:
        """Delete all that one asked a course; `restore_history` brings it back for a week."""
        return self._history.clear(course)

    def restore_history(self, course: str, deletion: str) -> int:
        """Bring back what one deletion took; return how many questions these are."""
        return self._history.restore(course, deletion)

    @property
    def _history(self) -> History:
        return History(self._wire)

    @property
    def _notes(self) -> Notes:
        return Notes(self._wire)

    def _question(
        self, question: str, *, mode: str | None, lesson: str | None, previous: Sequence[str], at: float | None
    ) -> dict[str, Any]:
        body = {
            "question": question, "mode": mode, "lesson": self._id(lesson) if lesson else None,
            "previous": [*previous][-EARLIER:] or None, "at": at,
        }
        return {name: value for name, value in body.items() if value is not None}

    def _id(self, lesson: str) -> str:
        """The API takes lessons by id; `course/lesson` is looked up each time, since slugs may be renamed."""
        return self.lesson(lesson).lesson if "/" in lesson else lesson


def _part(text: str) -> str:
    """One segment of a path, whatever stands in the text."""
    return quote(text, safe="")


def _find(data: Any) -> Address:
    """Return the address of a server on that folder that answers, starting one where there is none."""
    private.reap()
    for address in addresses.running(data):
        if _answers(address):
            return address
    return private.start(data)


def _answers(address: Address) -> bool:
    wire = Wire(address)
    try:
        wire.get("session")
    except errors.KnowHubError:
        return False  # its process number lives on in another process, or it is just stopping
    finally:
        wire.close()
    return True
