"""Taking files in: asset, job and event in one transaction. The work itself is a worker's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from knowhub_ext.domain.courses import Course, CoursePlan, Lesson, LessonPlan
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.media import SAVE_AS, Asset, Blob, kind_of
from knowhub_ext.domain.people import Action, Actor, Role
from knowhub_ext.domain.speech import SpeechSettings
from knowhub_ext.domain.texts import canonical
from knowhub_ext.errors import KnowHubError, NotFound, UnreadableFile, UnsupportedFile, UserError
from knowhub_ext.ports import BlobStore, JobRunner
from knowhub_ext.services.access import require
from knowhub_ext.services.gathering import Found, Group, gather, group, title_of
from knowhub_ext.services.matching import Stored, place
from knowhub_ext.services.placing import lesson_of, named_lesson, store_asset
from knowhub_ext.services.planning import read_plan
from knowhub_ext.services.room import Room
from knowhub_ext.store.database import Store


@dataclass(kw_only=True)
class Added:
    """What `add` did: the course, the lessons with their asset rows (schema `Added`), and the jobs queued."""

    course: str
    lessons: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)

    def lesson(self, lesson: Lesson | None, title: str) -> list[dict[str, Any]]:
        """Return the asset rows of a lesson, making its entry on first use."""
        lesson_id = lesson.id if lesson else None
        for entry in self.lessons:
            if entry["lesson"] == lesson_id and entry["title"] == title:
                break
        else:
            entry = {"lesson": lesson_id, "title": title, "assets": []}
            self.lessons.append(entry)
        assets: list[dict[str, Any]] = entry["assets"]
        return assets

    def to_json(self) -> dict[str, Any]:
        return {"course": self.course, "lessons": self.lessons, "jobs": self.jobs}


class Ingest:
    def __init__(self, store: Store, blobs: BlobStore, runner: JobRunner, room: Room) -> None:
        self._store = store
        self._blobs = blobs
        self._runner = runner
        self._room = room

    def add(
        self, actor: Actor, course_ref: str, paths: Sequence[Path], *, lesson: str | None = None, replaces: bool = False
    ) -> Added:
        """Add files or folders to a course; one that cannot be added says why and the others go on.

        Args:
            actor: who adds.
            course_ref: id or slug.
            paths: files or folders of this machine; they are copied and never touched.
            lesson: title of the lesson all of them join; None: one lesson per stem.
            replaces: they take the place of files of their names, also from elsewhere with other content.

        Raises:
            NotFound: no such course, or a path that does not exist.
            DiskFull: the disk has reached the floor that is kept free. Where it does so on the way, the files that
                found no room say so, and the others stay.
        """
        course = self._course(actor, course_ref)
        for path in paths:
            if not path.exists():
                raise NotFound(f"There is no file or folder {path}.", cure="Check the path.")
        self._room.require(0)
        added = Added(course=course.slug)
        files = [replace(file, replaces=replaces) for file in gather(paths)]
        groups = [Group(stem=lesson, files=tuple(files))] if lesson and files else group(files)
        for item in groups:
            self._add_group(actor, course, item, added, named=lesson)
        return self._woken(added)

    def import_folder(self, actor: Actor, folder: Path) -> Added:
        """Create or update a course from `folder/course.yml` and add the files it names.

        Raises:
            InvalidCourseFile: the file is missing or wrong.
        """
        plan = read_plan(folder)
        course = self._planned_course(actor, plan, folder)
        added = Added(course=course.slug)
        for position, item in enumerate(plan.lessons):
            lesson = self._planned_lesson(actor, course, item, position)
            rows = added.lesson(lesson, lesson.title)
            for name in item.files:
                found = Found(path=folder / name, key=canonical(name), given=str(folder / name),
                              replaces=True)  # the course file says that it is this lesson's
                try:
                    self._add_file(actor, lesson, (found, self._content(found, course)), added, rows)
                except KnowHubError as error:
                    rows.append(_failure(found, error))
        return self._woken(added)

    def status(self, added: Added) -> Added:
        """Return the same rows with each asset's status as it is now."""
        with self._store.read() as tx:
            for entry in added.lessons:
                for row in entry["assets"]:
                    if row["asset"]:
                        row |= _row(tx.assets.get(row["asset"]), row["path"])
        return added

    def _woken(self, added: Added) -> Added:
        if added.jobs:
            self._runner.wake()
        return added

    def _course(self, actor: Actor, ref: str) -> Course:
        with self._store.read() as tx:
            course = tx.courses.get(ref)
        require(actor, Action.AUTHOR, course.id)
        return course

    def _add_group(self, actor: Actor, course: Course, item: Group, added: Added, *, named: str | None) -> None:
        title = named or title_of(item.stem)
        stored: list[Stored] = []
        for file in item.files:
            try:
                stored.append((file, self._content(file, course)))
            except KnowHubError as error:
                added.lesson(None, title).append(_failure(file, error))
        if not stored:
            return
        with self._store.write() as tx:
            lesson = named_lesson(tx, actor, course, named) if named else lesson_of(tx, actor, course, title, stored)
        rows = added.lesson(lesson, lesson.title)
        for file, blob in stored:
            self._add_file(actor, lesson, (file, blob), added, rows, title=None if named else title)

    def _content(self, file: Found, course: Course) -> Blob:
        """Copy a file's content in.

        Raises:
            UnsupportedFile, UnreadableFile: it cannot be added.
            TooLarge, QuotaExceeded: it is larger than a file may be, or than what is left of the course's quota.
            DiskFull: the disk would fall below its floor.
        """
        if kind_of(file.key) is None:
            raise _unsupported(file)
        try:
            size = file.path.stat().st_size
            with self._store.read() as tx:  # before it is copied; `_add_file` has the last word
                self._room.allow(tx, course.id, size, name=file.path.name)
            self._room.require(size, name=file.path.name)
            return self._blobs.put(file.path)
        except OSError as error:
            raise UnreadableFile(f"{file.path.name} cannot be read: {error.strerror}.") from error

    def _add_file(
        self, actor: Actor, lesson: Lesson, stored: Stored, added: Added, rows: list[dict[str, Any]],
        title: str | None = None,
    ) -> None:
        file, blob = stored
        try:
            with self._store.write() as tx:
                self._room.allow(tx, lesson.course_id, blob.size, name=file.path.name, sha256=blob.sha256)
                asset, job = store_asset(tx, actor, lesson, file, blob)
                self._still_there(file, blob)
                where = None if job is None else place(tx, asset, file.key, title=title)
        except UserError as error:
            self._let_go(blob)
            rows.append(_failure(file, error))
            return
        rows.append(_row(asset, file.given) | {"place": where})
        if job is not None:
            added.jobs.append(job.id)

    def _let_go(self, blob: Blob) -> None:
        """Remove the copy of what was refused, unless something else uses it."""
        with self._store.write() as tx:
            if not (tx.blobs.known(blob.sha256) or tx.uploads.holds(blob.sha256)):
                self._blobs.remove(blob.sha256)

    def _still_there(self, file: Found, blob: Blob) -> None:
        """Put the content again where a purge, which unlinks inside its own write transaction, has just removed it."""
        try:
            self._blobs.path(blob.sha256)
        except NotFound:
            self._blobs.put(file.path)

    def _planned_course(self, actor: Actor, plan: CoursePlan, folder: Path) -> Course:
        with self._store.write() as tx:
            try:
                old = tx.courses.get(plan.slug)
            except NotFound:
                require(actor, Action.CREATE, None)
                course = Course(id=new_id(), slug=plan.slug, title=plan.title, description=plan.description,
                                hot_words=plan.hot_words, speech=SpeechSettings().said(plan.speech))
                tx.courses.add(course)
                tx.people.enrol(actor.person_id, course.id, Role.OWNER)
                tx.event(actor.person_id, course.id, "course.created", course.id, {"slug": course.slug})
                return course
            require(actor, Action.AUTHOR, old.id)
            course = _replanned(old, plan)
            if course != old:
                tx.courses.update(course)
                tx.event(actor.person_id, course.id, "course.changed", course.id)
        return course

    def _planned_lesson(self, actor: Actor, course: Course, plan: LessonPlan, position: int) -> Lesson:
        with self._store.write() as tx:
            old = tx.lessons.by_slug(course.id, plan.slug)
            lesson = Lesson(id=old.id if old else new_id(), course_id=course.id, slug=plan.slug, title=plan.title,
                            position=position, questions=plan.questions)
            if old is None:
                tx.lessons.add(lesson)
                tx.event(actor.person_id, course.id, "lesson.added", lesson.id)
            elif old != lesson:
                tx.lessons.update(lesson)
                tx.event(actor.person_id, course.id, "lesson.changed", lesson.id)
        return lesson


def _replanned(old: Course, plan: CoursePlan) -> Course:
    """Return a course as its folder says it, with the words that were added in the hub behind the folder's."""
    there = {word.casefold() for word in plan.hot_words}
    added = tuple(word for word in old.speech.added if word.casefold() not in there)
    speech = replace(old.speech.said(plan.speech), added=added)
    return replace(
        old, title=plan.title, description=plan.description, hot_words=(*plan.hot_words, *added), speech=speech
    )


def _row(asset: Asset, given: str) -> dict[str, Any]:
    return {
        "asset": asset.id, "kind": asset.kind.value, "path": given, "status": asset.status.value,
        "error": dict(asset.error) if asset.error else None, "notes": [note.to_json() for note in asset.notes],
    }


def _unsupported(file: Found) -> UnsupportedFile:
    suffix = file.path.suffix.lower()
    better = SAVE_AS.get(suffix)
    cure = f"Save {file.path.name} as {better} in its own program and add that file." if better else None
    return UnsupportedFile(f"{file.path.suffix or file.path.name} files cannot be added.", cure=cure)


def _failure(file: Found, error: KnowHubError) -> dict[str, Any]:
    kind = kind_of(file.key)
    return {
        "asset": None, "kind": kind.value if kind else None, "path": file.given, "status": "failed",
        "error": error.to_json(), "notes": [], "place": None,
    }
