"""`knowhub note`: one's own notes and bookmarks; taken, edited, searched, deleted, brought back, written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from knowhub_ext.cli.output import Clock, common, document, opened, place, plain, say
from knowhub_ext.domain.annotations import Draft, Look
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TimeSpan, milliseconds
from knowhub_ext.errors import UserError

_STATES = {"moved": " · moved", "stale": " · what it quotes is gone", "gone": " · its file is gone"}


@click.group()
def note() -> None:
    """Your own notes and bookmarks in lessons. Nobody else sees them."""


@note.command("list")
@click.argument("course")
@click.option("--lesson", metavar="LESSON", help="Those of one lesson: its id or course-slug/lesson-slug.")
@click.option("--words", default="", help="Those that hold all these words, in their text or quote.")
@click.option("--deleted", is_flag=True, help="Those that were deleted and can be brought back.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100))
@click.option("--after", metavar="NOTE", help="Those behind this one: the `next` of a list.")
@common
def list_(
    course: str, lesson: str | None, data: str | None, as_json: bool, **look: Any
) -> None:
    """List your notes of COURSE, in the order of its lessons."""
    with opened(data) as hub:
        me, wanted = hub.people.local(), Look(**look)
        if lesson:
            items, cursor = hub.annotations.of_lesson(me, lesson, wanted)
        else:
            items, cursor = hub.annotations.of_course(me, course, wanted)
    if as_json:
        document({"items": items, "next": cursor})
    else:
        _print(items, cursor)


@note.command()
@click.argument("lesson")
@click.argument("text", default="")
@click.option("--at", type=Clock(), help="The second of the lecture: 101 or 1:41.")
@click.option("--page", type=click.IntRange(1), help="Or a page of a document.")
@click.option("--cell", help="Or a cell of a notebook: its id.")
@click.option("--asset", default="", metavar="ID", help="Which file of the lesson; by default its lecture.")
@click.option("--quote", default="", help="What the note is about; by default what stands there.")
@common
def add(lesson: str, text: str, asset: str, quote: str, data: str | None, as_json: bool, **where: Any) -> None:
    """Take a note in LESSON; without TEXT (Markdown) it is a bookmark."""
    draft = Draft(id=new_id(), locator=_locator(where), asset_id=asset, quote=quote, body=text)
    with opened(data) as hub:
        row, _ = hub.annotations.add(hub.people.local(), lesson, draft)
    _tell(row, as_json, f"Noted at {place(row['locator'])}: {row['note']}")


@note.command()
@click.argument("note_id", metavar="NOTE")
@click.argument("text")
@click.option("--version", type=click.IntRange(1), help="Only if it is still of this version.")
@common
def edit(note_id: str, text: str, version: int | None, data: str | None, as_json: bool) -> None:
    """Give NOTE other words (TEXT, Markdown); an empty text makes it a bookmark."""
    with opened(data) as hub:
        row = hub.annotations.edit(hub.people.local(), note_id, text, version=version)
    _tell(row, as_json, f"Saved. It is at version {row['version']}.")


@note.command()
@click.argument("note_id", metavar="NOTE")
@common
def remove(note_id: str, data: str | None, as_json: bool) -> None:
    """Delete NOTE; it can be brought back for thirty days."""
    with opened(data) as hub:
        row = hub.annotations.delete(hub.people.local(), note_id)
    _tell(row, as_json, f"Deleted. `knowhub note restore {plain(note_id)}` brings it back until {row['until'][:10]}.")


@note.command()
@click.argument("note_id", metavar="NOTE")
@common
def restore(note_id: str, data: str | None, as_json: bool) -> None:
    """Bring a deleted NOTE back as it was."""
    with opened(data) as hub:
        row = hub.annotations.restore(hub.people.local(), note_id)
    _tell(row, as_json, f"It is back at {place(row['locator'])}.")


@note.command()
@click.argument("course")
@click.option("--lesson", metavar="LESSON", help="The notes of one lesson: its id or course-slug/lesson-slug.")
@click.option("--format", "kind", default="md", show_default=True, type=click.Choice(["md", "ipynb"]))
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="A file that is not there yet.")
@common
def export(
    course: str, lesson: str | None, kind: str, output: str | None, data: str | None, as_json: bool
) -> None:
    """Write your notes of COURSE as Markdown or as a notebook, to standard output or to a file."""
    with opened(data) as hub:
        what = {"lesson": lesson} if lesson else {"course": course}
        made = hub.annotations.export(hub.people.local(), kind=kind, href=_nowhere, **what)
    if output:
        _write(Path(output), made.text)
    if as_json:
        document({"name": made.name, "notes": made.notes, "file": output, "text": None if output else made.text})
    elif output:
        say(f"{made.notes} {'note' if made.notes == 1 else 'notes'} saved in {output}.")
    else:
        click.echo(made.text, nl=False)


def _locator(where: dict[str, Any]) -> Locator:
    given = [name for name in ("at", "page", "cell") if where[name] is not None]
    if len(given) != 1:
        raise UserError("A note needs one place.", cure="Give one of --at, --page and --cell.")
    if where["at"] is not None:
        start = milliseconds(where["at"])
        return TimeSpan(start_ms=start, end_ms=start + 1000)
    return PageRef(page=where["page"]) if where["page"] is not None else CellRef(cell=where["cell"])


def _nowhere(lesson: str, locator: Locator) -> None:
    """Return no address: a command line knows of no server."""


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UserError(f"'{path}' is there already.", cure="Give another name with --output.") from error
    except OSError as error:
        raise UserError(
            f"'{path}' cannot be written: {error.strerror}.", cure="Give a place you may write to with --output."
        ) from error


def _tell(row: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        document(row)
    else:
        say(sentence)


def _print(items: list[dict[str, Any]], cursor: str | None) -> None:
    lesson = ""
    for item in items:
        if item["lesson"] != lesson:
            lesson = item["lesson"]
            click.echo(plain(item["title"]))
        words = " ".join((item["body"] or item["quote"]).split())
        sort = "" if item["body"] else "bookmark: "
        state = _STATES.get(item["anchor"]["state"], "")
        click.echo(f"  {item['note']}  {place(item['anchor']['locator'])}{state}  {sort}{plain(words)[:120]}")
    if not items:
        say("No notes here. Take one with `knowhub note add LESSON TEXT --at 1:41`, or with `n` in the lesson.")
    if cursor:
        say(f"More of them: --after {cursor}")
