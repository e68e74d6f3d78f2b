"""Notes as files to keep: Markdown, and a notebook whose cells open their second in JupyterLab."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.annotations import Annotation
from knowhub_ext.domain.clocks import show_clock
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TextSpan, TimeSpan

#: The address that opens a place of a lesson: of (lesson's id, locator). None: the file holds no addresses.
Href = Callable[[str, Locator], str | None]
#: Signs that Markdown would obey in a quote or a title.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A lesson and one's notes in it, in order. `slug` is '' where the lesson is not there any more.

    `standing`: of notes whose place is not what it was, `moved`, `stale` or `gone`, by their ids.
    """

    lesson_id: str
    slug: str
    title: str
    notes: Sequence[Annotation]
    standing: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Notebook:
    """What is exported. `title` heads the file; `course` is the course's slug."""

    title: str
    course: str
    chapters: Sequence[Chapter]


_SAID = {
    "moved": "What is quoted has moved.", "stale": "What is quoted is not there any more.",
    "gone": "The file is not there any more.",
}


def as_markdown(book: Notebook, href: Href) -> str:
    """Return the notes as one Markdown text: a heading for each lesson, below it place, quote and note, in order."""
    parts = [f"# {escaped(book.title)}"]
    for chapter in book.chapters:
        parts.append(f"## {escaped(chapter.title)}")
        parts += [_note(chapter, note, href) for note in chapter.notes]
    if not book.chapters:
        parts.append("No notes yet.")
    return "\n\n".join(parts) + "\n"


def as_notebook(book: Notebook, href: Href) -> str:
    """Return the notes as a notebook (nbformat 4.5) of Markdown cells.

    Of one lesson it names that lesson, and the cells their seconds, which JupyterLab shows as chips to play.
    """
    cells = list(_cells(book, href))
    metadata: dict[str, Any] = {"language_info": {"name": "python"}}
    if len(book.chapters) == 1 and book.chapters[0].slug:
        metadata["knowhub"] = {"course": book.course, "lesson": book.chapters[0].slug}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}, ensure_ascii=False,
                      indent=1) + "\n"


#: The formats of an export: its media type, the ending of its file, what writes it.
FORMATS: Mapping[str, tuple[str, str, Callable[[Notebook, Href], str]]] = {
    "md": ("text/markdown", ".md", as_markdown),
    "ipynb": ("application/x-ipynb+json", ".ipynb", as_notebook),
}


def escaped(text: str) -> str:
    """Return text that Markdown shows as it stands, on one line."""
    plain = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-=])", r"\\\1", plain))


def place_name(locator: Locator) -> str:
    """Return a place as people read it: `1:41`, `page 4`."""
    match locator:
        case TimeSpan(start_ms=start):
            return show_clock(start / 1000)
        case PageRef(page=page):
            return f"page {page}"
        case CellRef():
            return "notebook cell"
        case TextSpan():
            return "text"


def _cells(book: Notebook, href: Href) -> Iterator[dict[str, Any]]:
    yield _cell("title", f"# {escaped(book.title)}", {})
    for number, chapter in enumerate(book.chapters):
        if len(book.chapters) > 1:
            yield _cell(f"lesson-{number}", f"## {escaped(chapter.title)}", {})
        for at, note in enumerate(chapter.notes):
            yield _cell(f"note-{number}-{at}", _note(chapter, note, href), _moment(note))


def _cell(name: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": metadata, "source": source}


def _moment(note: Annotation) -> dict[str, Any]:
    """Return what makes JupyterLab show a chip: see `domain/documents.CellLink`."""
    if not isinstance(note.locator, TimeSpan):
        return {}
    at = note.locator.to_json()
    return {"knowhub": {"segments": [{"start": at["start"], "end": at["end"], "quote": note.quote}]}}


def _note(chapter: Chapter, note: Annotation, href: Href) -> str:
    name, to = place_name(note.locator), href(chapter.lesson_id, note.locator)
    head = f"**[{name}]({to})**" if to else f"**{name}**"
    said = _SAID.get(chapter.standing.get(note.id, ""))
    return "\n\n".join(filter(None, [
        f"{head} · bookmark" if note.bookmark else head, f"> {escaped(note.quote)}" if note.quote else "", note.body,
        f"*{said}*" if said else "",
    ]))
