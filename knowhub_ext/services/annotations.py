"""A learner's own notes and bookmarks: taken, edited, searched, deleted with a way back. Nobody else sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowhub_ext.domain.anchoring import Source
from knowhub_ext.domain.annotation_export import Href
from knowhub_ext.domain.annotations import (
    KEPT_MS,
    MOST,
    Annotation,
    Draft,
    Look,
    checked,
    checked_body,
    wanted_terms,
)
from knowhub_ext.domain.courses import Lesson
from knowhub_ext.domain.events import instant
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.media import Asset, AssetKind
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.errors import NoteChanged, NotFound, TooManyNotes, UserError
from knowhub_ext.services.access import require
from knowhub_ext.services.anchors import anchors, shorten, source_of, title_of
from knowhub_ext.services.annotation_export import Export, gathered, written
from knowhub_ext.services.courses import primary_of
from knowhub_ext.store.annotations import Wanted
from knowhub_ext.store.database import Store, Tx

_FIRST = Look()
Page = tuple[list[dict[str, Any]], str | None]


class Annotations:
    #: The doors make these through the service, so that a server's start need not load what belongs to them.
    draft, look = Draft, Look

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_lesson(self, actor: Actor, lesson_ref: str, look: Look = _FIRST) -> Page:
        """Return a page of the actor's own notes of a lesson in the lesson's order, and the cursor of the next page.

        Raises:
            NotFound: no such lesson.
            Forbidden: they leave nothing behind here (a visitor).
        """
        with self._store.read() as tx:
            lesson = _lesson(tx, actor, lesson_ref)
            return _page(tx, actor, lesson.course_id, lesson.id, look)

    def of_course(self, actor: Actor, course_ref: str, look: Look = _FIRST) -> Page:
        """Return a page of the actor's own notes of a course, lesson by lesson, and the cursor of the next page.

        Notes of a lesson that is in the trash are among them: what a learner wrote stays theirs.

        Raises:
            NotFound: no such course.
            Forbidden: they leave nothing behind here (a visitor).
        """
        with self._store.read() as tx:
            course_id = tx.courses.get(course_ref).id
            require(actor, Action.PROGRESS, course_id)
            return _page(tx, actor, course_id, None, look)

    def get(self, actor: Actor, note_id: str) -> dict[str, Any]:
        """Return one of the actor's own notes.

        Raises:
            NotFound: none of theirs has this id.
        """
        with self._store.read() as tx:
            return _shown(tx, [_own(tx, actor, note_id)])[0]

    def add(self, actor: Actor, lesson_ref: str, draft: Draft) -> tuple[dict[str, Any], bool]:
        """Keep a note; return it, and whether it is new. One whose id was sent before stays as it is, wherever it is.

        Without a quote it gets what stands at its place: what is being said, the page's or the cell's first words.

        Raises:
            NotFound: no such lesson, or the lesson has no such file.
            UserError: the place is none of that file, or the note is too long.
            TooManyNotes: the actor has as many as fit.
        """
        sent = checked(draft)
        with self._store.write() as tx:
            lesson = _lesson(tx, actor, lesson_ref)
            known = _known(tx, actor, sent.id)
            if known is not None:
                return _shown(tx, [known])[0], False
            if tx.annotations.count(actor.person_id, lesson.course_id) >= MOST:
                raise TooManyNotes(f"You have {MOST} notes in this course, and that is as many as fit.")
            note = _placed(tx, actor, lesson, sent)
            tx.annotations.add(note)
            _tell(tx, note, "note.added")
            return _shown(tx, [note])[0], True

    def edit(self, actor: Actor, note_id: str, body: str, *, version: int | None = None) -> dict[str, Any]:
        """Give a note other words; '' makes it a bookmark. Sent twice, it is the same.

        Args:
            actor: whose note it is.
            note_id: which one.
            body: all of its Markdown.
            version: the one it was read at; None for whatever it is now.

        Raises:
            NotFound: none of theirs has this id.
            NoteChanged: it has another version, and other words than these.
        """
        text = checked_body(body)
        with self._store.write() as tx:
            note = _own(tx, actor, note_id)
            if text != note.body:
                if version not in (None, note.version) or not tx.annotations.edit(note, text):
                    raise NoteChanged(f"The note was changed elsewhere: it is at version {note.version} now.")
                _tell(tx, note, "note.edited")
            return _shown(tx, [_own(tx, actor, note_id)])[0]

    def delete(self, actor: Actor, note_id: str) -> dict[str, Any]:
        """Move a note to its trash; return until when it can be brought back. Twice is once.

        Raises:
            NotFound: none of theirs has this id.
        """
        with self._store.write() as tx:
            note = _own(tx, actor, note_id, deleted=None)
            if not note.deleted_ms:
                tx.annotations.put(actor.person_id, note.id)
                _tell(tx, note, "note.deleted")
            return {"note": note.id, "until": instant((note.deleted_ms or tx.now) + KEPT_MS)}

    def export(
        self, actor: Actor, *, kind: str, href: Href, course: str | None = None, lesson: str | None = None
    ) -> Export:
        """Return the actor's own living notes of a lesson, or of a whole course, as a file.

        Args:
            actor: whose notes.
            kind: `md` or `ipynb`.
            href: the address of a place in a lesson, or None.
            course: the course, where it is all of its notes.
            lesson: or one lesson.

        Raises:
            NotFound: no such course or lesson.
            Forbidden: they leave nothing behind here (a visitor).
        """
        with self._store.read() as tx:
            one = _lesson(tx, actor, lesson) if lesson else None
            whole = tx.courses.get(one.course_id if one else course or "")
            require(actor, Action.PROGRESS, whole.id)
            book = gathered(tx, actor, whole, one)
        return written(book, kind, f"notes-{one.slug if one else whole.slug}", href)

    def restore(self, actor: Actor, note_id: str) -> dict[str, Any]:
        """Bring a note back as it was. Twice is once.

        Raises:
            NotFound: none of theirs has this id, or it was deleted too long ago.
        """
        with self._store.write() as tx:
            tx.annotations.sweep(actor.person_id)
            note = _own(tx, actor, note_id, deleted=None)
            if note.deleted_ms:
                tx.annotations.back(actor.person_id, note.id)
                _tell(tx, note, "note.restored")
            return _shown(tx, [_own(tx, actor, note_id)])[0]


def _lesson(tx: Tx, actor: Actor, ref: str) -> Lesson:
    lesson = tx.lessons.find(ref)
    require(actor, Action.PROGRESS, lesson.course_id)
    return lesson


def _own(tx: Tx, actor: Actor, note_id: str, *, deleted: bool | None = False) -> Annotation:
    note = tx.annotations.get(actor.person_id, note_id, deleted=deleted)
    tx.courses.get(note.course_id)  # one in the trash takes the notes about it along
    require(actor, Action.PROGRESS, note.course_id)
    return note


def _known(tx: Tx, actor: Actor, note_id: str) -> Annotation | None:
    try:
        return tx.annotations.get(actor.person_id, note_id, deleted=None)
    except NotFound:
        return None


def _page(tx: Tx, actor: Actor, course_id: str, lesson_id: str | None, look: Look) -> Page:
    terms = wanted_terms(look.words)
    if look.words.strip() and not terms:
        return [], None  # signs alone are in no note
    wanted = Wanted(course_id=course_id, lesson_id=lesson_id, terms=terms, deleted=look.deleted)
    rows = tx.annotations.page(actor.person_id, wanted, after=look.after, limit=look.limit + 1)
    kept = rows[: look.limit]
    return _shown(tx, kept), kept[-1].id if len(rows) > look.limit else None


def _shown(tx: Tx, notes: Sequence[Annotation]) -> list[dict[str, Any]]:
    """Return the documents of notes, each with its lesson's title and where its place is now."""
    found, titles = anchors(tx, notes), tx.annotations.titles({note.lesson_id for note in notes})
    assets = tx.assets.many({note.asset_id for note in notes})
    return [
        note.to_json(found[note.id], {
            "title": title_of(titles, note.lesson_id),
            "kind": assets[note.asset_id].kind.value if note.asset_id in assets else None,
        })
        for note in notes
    ]


def _placed(tx: Tx, actor: Actor, lesson: Lesson, sent: Draft) -> Annotation:
    """Return the note of a draft, bound to what stands at its place now."""
    asset = _asset(tx, lesson, sent)
    source = source_of(tx, asset)
    _check_place(asset, sent.locator, source)
    said, cue = source.said_at(sent.locator)
    return Annotation(
        id=sent.id, person_id=actor.person_id, course_id=lesson.course_id, lesson_id=lesson.id, asset_id=asset.id,
        locator=sent.locator, revision=asset.revision, quote=sent.quote or shorten(said), segment_id=cue,
        body=sent.body, created_ms=tx.now, updated_ms=tx.now,
    )


def _asset(tx: Tx, lesson: Lesson, sent: Draft) -> Asset:
    assets = tx.assets.of_lesson(lesson.id)
    asset = next((a for a in assets if a.id == sent.asset_id), None) if sent.asset_id else primary_of(assets)
    if asset is None and not sent.asset_id:  # captions without a medium have times too
        asset = next((a for a in assets if a.kind is AssetKind.CAPTIONS), None)
    if asset is None:
        raise NotFound(
            "The lesson has no such file to note something in.", cure="Name one of its files; without one the note "
            "belongs to the lecture.",
        )
    return asset


def _check_place(asset: Asset, locator: Locator, source: Source) -> None:
    """Refuse a place that this kind of file does not have, or that lies behind its end."""
    timed = asset.kind.timed or asset.kind is AssetKind.CAPTIONS
    match locator:
        case TimeSpan(start_ms=start):
            fits = timed and (not asset.duration_ms or start < asset.duration_ms + 1000)
        case PageRef() | CellRef() | TextSpan():
            fits = not timed and (source.empty or bool(source.said_at(locator)[0]))
    if not fits:
        raise UserError(
            f"'{asset.name}' has no such place.", cure="Give a second of a lecture, or a page, a cell or a stretch of "
            "the text of a document.",
        )


def _tell(tx: Tx, note: Annotation, kind: str) -> None:
    """Record a change that is the person's own business: no other socket hears of it, and no word of it is told."""
    tx.event(note.person_id, note.course_id, kind, note.id, {"person": note.person_id, "lesson": note.lesson_id})
