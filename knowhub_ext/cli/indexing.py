"""`knowhub index`: the vectors that search by meaning rests on. Of which model they are, and making them anew."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click
from tqdm import tqdm

from knowhub_ext.cli.adding import follow
from knowhub_ext.cli.output import common, document, left, opened, plain, say
from knowhub_ext.errors import UserError
from knowhub_ext.hub import Hub

#: What a state means, for people.
_STATES = {
    "empty": "nothing to search yet",
    "words": "searched by words alone: the model of its vectors is not here; run `knowhub index rebuild`",
    "building": "vectors are being made",
    "stale": "some of it is out of date; run `knowhub index rebuild`",
    "other": "complete, of another model than the one that is set",
    "current": "complete",
}


@click.group()
def index() -> None:
    """The vectors by which meaning is searched. All of them can be made again from what was read."""


@index.command()
@common
def show(data: str | None, as_json: bool) -> None:
    """Show models, counts and sizes, and what of each course is out of date."""
    with opened(data) as hub:
        row = hub.embeddings.standing(hub.people.local())
        if as_json:
            document(row)
            return
        for model in row["models"]:
            lack = "" if model["available"] else ", not on this machine"
            use = "" if model["used"] else f", used by no course: `knowhub index delete {model['model']}` frees it"
            click.echo(f"{model['model']} · {model['dimensions']} dimensions · {model['vectors']} vectors · "
                       f"{model['bytes'] / 1e6:.1f} MB{lack}{use}")
        if not row["models"]:
            say(f"There are no vectors yet. New ones are made with {row['chosen']['model']}.")
        for course in row["courses"]:
            click.echo(f"  {plain(course['course']):<28} {_standing(course)}")


def _standing(course: Mapping[str, Any]) -> str:
    """Return how a course stands, on one line."""
    made = f"{course['passages'] - course['stale']} of {course['passages']} passages up to date"
    of = course["coming"] or course["model"]
    rest = left(course["eta_s"]) if course["jobs"] else ""
    parts = (of, made if course["passages"] else "", _STATES[course["state"]], rest)
    return " · ".join(part for part in parts if part)


@index.command()
@click.argument("courses", nargs=-1, metavar="[COURSE]...")
@click.option("--model", metavar="NAME", help="Another model than the one that is set; `show --json` lists them.")
@click.option("--stale/--all", "stale", default=True, help="Only what is out of date (default), or everything anew.")
@click.option("--wait/--no-wait", default=True, help="Run or follow the jobs until they are over (default).")
@common
def rebuild(
    courses: tuple[str, ...], model: str | None, stale: bool, wait: bool, data: str | None, as_json: bool
) -> None:
    """Bring the vectors of COURSEs (none named: all) up to date: what lacks one, and what was cut or made by older
    rules. With another model all of them are made; search goes on with the old ones until the new ones are complete.

    Stopped or killed, it goes on where it was when it is run again.
    """
    with opened(data) as hub:
        me = hub.people.local()
        row = hub.embeddings.rebuild(me, courses, model=model, everything=not stale)
        follow(hub, row["jobs"], wait=wait, show=_Sum())
        left_over = _left_over(hub, row["courses"]) if wait else []
        states = [job["state"] for job in hub.jobs.some(me, row["jobs"])]
        made = hub.embeddings.made(row["model"], row["change"])
        row |= {"done": states.count("done"), "stale": left_over, "vectors_made": made,
                "change": hub.searching.refresh()}
        if as_json:
            document(row)
        else:
            _say_result(row, wait=wait)
        if left_over:
            raise SystemExit(2)


def _left_over(hub: Hub, slugs: Sequence[str]) -> list[str]:
    """Return those of the courses of which something is still stale."""
    rows = hub.embeddings.standing(hub.people.local())["courses"]
    return [row["course"] for row in rows if row["course"] in slugs and row["stale"]]


def _say_result(row: Mapping[str, Any], *, wait: bool) -> None:
    if not row["jobs"] and not row["stale"]:
        say(f"Everything is up to date with {row['model']}, which search uses. --all makes all vectors anew.")
    elif not wait:
        say(f"{len(row['jobs'])} files get vectors of {row['model']}; `knowhub jobs --watch` shows how far they are.")
    elif row["stale"]:
        names = ", ".join(map(plain, row["stale"]))
        say(f"Not complete: {names}. `knowhub jobs` says why; search goes on with the vectors from before.")
    else:
        say(f"{row['done']} files brought up to date with {row['model']}. Search uses that from now on.")


@index.command()
@click.argument("courses", nargs=-1, metavar="[COURSE]...")
@common
def cancel(courses: tuple[str, ...], data: str | None, as_json: bool) -> None:
    """Stop making vectors for COURSEs (none named: all). What was made stays; search goes on with what it had."""
    with opened(data) as hub:
        row = hub.embeddings.cancel(hub.people.local(), courses)
        if as_json:
            document(row)
        else:
            say(f"{row['cancelled']} jobs stopped. `knowhub index rebuild` goes on from there.")


@index.command()
@click.argument("model")
@click.option("--yes", is_flag=True, help="Really delete them.")
@common
def delete(model: str, yes: bool, data: str | None, as_json: bool) -> None:
    """Delete the vectors of MODEL, which no course may be searched by any more. They can be made again."""
    if not yes:
        raise UserError("This deletes vectors that take a while to make again.", cure="Add --yes to do it.")
    with opened(data) as hub:
        row = hub.embeddings.delete(hub.people.local(), model)
        if as_json:
            document(row)
        else:
            say(f"{row['deleted']} vectors of {row['model']} deleted, {row['bytes'] / 1e6:.1f} MB.")


class _Sum:
    """One bar for all jobs together, on a terminal alone."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None

    def draw(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if not sys.stderr.isatty() or not rows:
            return
        if self._bar is None:
            self._bar = tqdm(total=100, file=sys.stderr, bar_format="vectors {bar} {n:3.0f} % {postfix}")
        ends = [row["eta_s"] for row in rows if row["eta_s"] is not None]
        over = sum(row["state"] not in ("queued", "running") for row in rows)
        share = sum(1.0 if row["state"] == "done" else row["progress"] for row in rows) / len(rows)
        rest = left(max(ends)) if ends else ""
        self._bar.set_postfix_str(" · ".join(filter(None, (f"{over} of {len(rows)} files", rest))), refresh=False)
        self._bar.n = round(100 * share)
        self._bar.refresh()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
