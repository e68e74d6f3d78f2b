"""One's notes of a lesson or a course, gathered for a file to keep. What the file looks like is the domain's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from knowhub_ext.domain.anchoring import Standing
from knowhub_ext.domain.annotation_export import FORMATS, Chapter, Href, Notebook
from knowhub_ext.domain.annotations import Annotation
from knowhub_ext.domain.courses import Course, Lesson
from knowhub_ext.domain.people import Actor
from knowhub_ext.services.anchors import anchors, title_of
from knowhub_ext.store.annotations import Wanted
from knowhub_ext.store.database import Tx

_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """A file: its name, media type and text, and how many notes are in it."""

    name: str
    media_type: str
    text: str
    notes: int


def written(book: Notebook, kind: str, name: str, href: Href) -> Export:
    """Return the file of a kind (`md`, `ipynb`); `name` has no ending yet."""
    media_type, ending, write = FORMATS[kind]
    count = sum(len(chapter.notes) for chapter in book.chapters)
    return Export(name=name + ending, media_type=media_type, text=write(book, href), notes=count)


def gathered(tx: Tx, actor: Actor, course: Course, lesson: Lesson | None) -> Notebook:
    """Return one's living notes of a course, or of one lesson of it, lesson by lesson."""
    notes = list(_every(tx, actor, Wanted(course_id=course.id, lesson_id=lesson.id if lesson else None)))
    title = f"Notes: {lesson.title if lesson else course.title}"
    return Notebook(title=title, course=course.slug, chapters=_chapters(tx, notes))


def _every(tx: Tx, actor: Actor, wanted: Wanted) -> Iterator[Annotation]:
    after: str | None = None
    while rows := tx.annotations.page(actor.person_id, wanted, after=after, limit=_AT_ONCE):
        yield from rows
        after = rows[-1].id


def _chapters(tx: Tx, notes: Sequence[Annotation]) -> list[Chapter]:
    titles = tx.annotations.titles({note.lesson_id for note in notes})
    found = []
    for lesson_id, group in groupby(notes, lambda note: note.lesson_id):
        rows = list(group)
        standing = {name: anchor.standing.value for name, anchor in anchors(tx, rows).items()
                    if anchor.standing is not Standing.FOUND}
        slug, _, lives = titles.get(lesson_id, ("", "", False))
        found.append(Chapter(
            lesson_id=lesson_id, slug=slug if lives else "", title=title_of(titles, lesson_id), notes=rows,
            standing=standing,
        ))
    return found
