"""`knowhub plan`: what is left of a course, spread over days, on a terminal or as a calendar file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from knowhub_ext.cli.output import clock, common, document, opened, plain, say
from knowhub_ext.errors import UserError


@click.command("plan")
@click.argument("course")
@click.option("--minutes", default=30, show_default=True, type=click.IntRange(5, 960), help="Lecture time a day.")
@click.option("--days", default="mo-su", show_default=True, help="Days of the week: mo,we,fr or mo-fr.")
@click.option("--start", metavar="DAY", help="First day, for example 2026-12-31; today where none is given.")
@click.option("--ics", type=click.Path(dir_okay=False, path_type=Path), help="Write it as a calendar file.")
@click.option("--address", metavar="URL", default="", help="Where your Jupyter is, for the links in a calendar file.")
@common
def plan(course: str, data: str | None, as_json: bool, **asked: Any) -> None:
    """On which days you would watch what is left of COURSE."""
    start = asked["start"] or date.today().isoformat()
    base = asked["address"].rstrip("/")

    def link(lesson: str, second: float) -> str:
        return f"{base}/knowhub/lesson/{lesson}?t={second:g}" if base else ""

    with opened(data) as hub:
        me = hub.people.local()
        wishes = hub.progress.wishes(minutes=asked["minutes"], days=asked["days"], start=start)
        row = hub.progress.plan(me, course, wishes)
        if asked["ics"] is not None:
            _write(asked["ics"], hub.progress.calendar(me, course, wishes, link))
    if as_json:
        document(row)
    else:
        _print(row)


def _write(path: Path, file: bytes) -> None:
    try:
        path.write_bytes(file)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.", cure="Choose another place.") from error
    say(f"Written: {path}. Open it with your calendar; a newer plan of the same course replaces it.")


def _print(row: dict[str, Any]) -> None:
    if not row["days"]:
        say("Nothing is left to watch.")
        return
    for day in row["days"]:
        click.echo(f"{day['day']}  {clock(day['duration'])}")
        for part in day["parts"]:
            click.echo(f"    {clock(part['start'])}–{clock(part['end'])}  {plain(part['title'])}")
    say(f"{clock(row['left'])} left, on {len(row['days'])} days, to {row['ends']}.")
