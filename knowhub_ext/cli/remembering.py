"""`knowhub history`: what one asked a course before; shown again, deleted, brought back."""

from __future__ import annotations

from typing import Any

import click

from knowhub_ext.cli.asking import print_answer
from knowhub_ext.cli.output import common, document, opened, plain, say
from knowhub_ext.errors import UserError
from knowhub_ext.hub import Hub


@click.command()
@click.argument("course")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.option("--after", metavar="ENTRY", help="Those older than this one: the `next` of a list.")
@click.option("--show", metavar="ENTRY", help="Show one with its answer, without asking anew.")
@click.option("--delete", "entry", metavar="ENTRY", help="Delete one.")
@click.option("--delete-all", "every", is_flag=True, help="Delete all of this course.")
@click.option("--restore", "deletion", metavar="DELETION", help="Bring back what a deletion took, within seven days.")
@common
def history(course: str, data: str | None, as_json: bool, **what: Any) -> None:
    """What you asked COURSE before, newest first. `knowhub ask` keeps it unless the setting `history` is off."""
    chosen = [name for name in ("show", "entry", "every", "deletion") if what[name]]
    if len(chosen) > 1:
        raise UserError("One thing at a time.", cure="Give one of --show, --delete, --delete-all and --restore.")
    with opened(data) as hub:
        row = _done(hub, course, chosen[0] if chosen else "", what)
    if as_json:
        document(row)
    elif chosen == ["show"]:
        click.echo(f"{plain(row['answer']['question'])}\n")
        print_answer(row["answer"])
    elif chosen:
        say(_sentence(row))
    else:
        _print(row)


def _done(hub: Hub, course: str, chosen: str, what: dict[str, Any]) -> dict[str, Any]:
    me = hub.people.local()
    match chosen:
        case "show":
            return hub.history.entry(me, what["show"])
        case "entry":
            return hub.history.delete(me, what["entry"]).to_json()
        case "every":
            return hub.history.clear(me, course).to_json()
        case "deletion":
            return {"restored": hub.history.restore(me, course, what["deletion"])}
    items, cursor = hub.history.page(me, course, after=what["after"], limit=what["limit"])
    return {"items": items, "next": cursor, "kept": hub.history.kept}


def _sentence(row: dict[str, Any]) -> str:
    if "restored" in row:
        return f"Brought back: {row['restored']}."
    if not row["deleted"]:
        return "There was nothing to delete."
    back = f"`knowhub history COURSE --restore {row['deletion']}`"
    return f"Deleted: {row['deleted']}. {back} brings it back for seven days."


def _print(row: dict[str, Any]) -> None:
    if not row["items"]:
        say("Nothing is kept of what you asked.")
    for item in row["items"]:
        rated = {None: "", True: " · helpful", False: " · not helpful"}[item["rating"] and item["rating"]["helpful"]]
        when = item["asked_at"][:16].replace("T", " ")
        click.echo(f"{item['entry']}  {when}{rated}  {plain(item['answer']['question'])}")
    if row["next"]:
        say(f"Older ones: --after {row['next']}")
    if not row["kept"]:
        say("What is asked now is not kept: the setting `history` is off.")
