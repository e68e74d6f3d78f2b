"""`knowhub jobs`, `knowhub job`: looking on while work is done, cancelling, retrying, clearing."""

from __future__ import annotations

import queue
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from knowhub_ext.cli.output import common, document, left, opened, plain, say
from knowhub_ext.cli.table import Screen, table
from knowhub_ext.hub import Hub

#: How often a watched list is looked at, in seconds.
_LOOK_S = 1.0
#: Jobs are read in pages of so many.
_PAGE = 100


@click.command()
@click.option("--course", metavar="COURSE", help="Those of one course.")
@click.option("--watch", is_flag=True, help="Show them as they change, until no job waits or runs; Ctrl-C ends it.")
@click.option("--all", "everything", is_flag=True, help="Also those that were cleared.")
@click.option("--clear", is_flag=True, help="Take done and cancelled jobs off the list. They stay in the database.")
@click.option("--failed", is_flag=True, help="With --clear: those that failed or died too.")
@common
def jobs(
    course: str | None, watch: bool, everything: bool, clear: bool, failed: bool, **output: Any
) -> None:
    """List jobs with stage, percent and time left.

    --watch keeps a table up to date on a terminal and prints each change elsewhere, with --json one document a line.
    Ctrl-C ends the watching, not the jobs, and exits 0.
    """
    if failed and not clear:
        raise click.UsageError("--failed goes with --clear.")
    with opened(output["data"]) as hub:
        if clear:
            _clear(hub, course, failed, as_json=output["as_json"])
            return
        wanted = _Wanted(hub, course, everything)
        if watch:
            _watch(wanted, as_json=output["as_json"])
        else:
            _print(wanted.rows(), as_json=output["as_json"], each=False)


class _Wanted:
    """The jobs that were asked for, read again at each look."""

    def __init__(self, hub: Hub, course: str | None, everything: bool) -> None:
        self._hub, self._course, self._everything = hub, course, everything

    def rows(self) -> list[dict[str, Any]]:
        """Return all of them, newest first."""
        rows: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            more, cursor = self._hub.jobs.page(
                self._hub.people.local(), course=self._course, after=cursor, limit=_PAGE, cleared=self._everything
            )
            rows += more
            if cursor is None:
                return rows


def _watch(wanted: _Wanted, *, as_json: bool) -> None:
    screen = Screen() if sys.stdout.isatty() and not as_json else None
    before: dict[str, dict[str, Any]] = {}
    with _until_interrupted() as interrupted:
        while True:
            rows = wanted.rows()
            if screen is not None:
                screen.draw(table(rows, width=screen.width, height=screen.height))
            else:
                fresh = [row for row in rows if before.get(row["job"]) != row]
                if fresh or not before:
                    _print(fresh, as_json=as_json, each=True)
            if not any(row["state"] in ("queued", "running") for row in rows):
                return
            before = {row["job"]: row for row in rows}
            if interrupted.within(_LOOK_S):
                say("")
                return


class _Interrupted:
    """What Ctrl-C has told. A handler runs in the middle of anything, also of waiting for it.

    So no exception, which is lost where it comes while an object is being freed, and no event, whose lock the
    interrupted wait may hold: a simple queue alone may be put into while it is waited for.
    """

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[int] = queue.SimpleQueue()

    def tell(self, number: int, _: object) -> None:
        """Handle the signal."""
        self._told.put(number)

    def within(self, seconds: float) -> bool:
        """Wait so long, or until it was told; whether it was."""
        try:
            self._told.get(timeout=seconds)
        except queue.Empty:
            return False
        return True


@contextmanager
def _until_interrupted() -> Iterator[_Interrupted]:
    interrupted = _Interrupted()
    before = signal.signal(signal.SIGINT, interrupted.tell)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _print(rows: list[dict[str, Any]], *, as_json: bool, each: bool) -> None:
    if as_json:
        for part in rows if each else [rows]:
            document(part)
        return
    if not rows:
        say("No job is on the list. Add files with `knowhub add COURSE PATH…`; --all shows those that were cleared.")
    for row in rows:
        why = f"{row['error']['message']} {row['error']['cure']}" if row["error"] else ""
        head = f"{row['job']}  {row['state']:<9} {row['progress']:>4.0%} {row['stage']:<8}"
        click.echo(f"{head} {plain(row.get('title', ''))}  {left(row['eta_s'])}{plain(why)}".rstrip())


def _clear(hub: Hub, course: str | None, failed: bool, *, as_json: bool) -> None:
    count = hub.jobs.clear(hub.people.local(), course=course, failed=failed)
    if as_json:
        document({"cleared": count})
    else:
        say(f"{count} jobs taken off the list; `knowhub jobs --all` shows them.")


@click.group()
def job() -> None:
    """Cancel or retry one job."""


@job.command()
@click.argument("job_id", metavar="ID")
@common
def cancel(job_id: str, data: str | None, as_json: bool) -> None:
    """Stop one job at its next step; what it saved stays, and the other jobs go on."""
    with opened(data) as hub:
        row = hub.jobs.cancel(hub.people.local(), job_id)
        if as_json:
            document(row)
        else:
            asked = row["state"] == "running"
            say(f"{_name(row)}: {'it stops at its next step' if asked else row['state']}.")


@job.command()
@click.argument("job_id", metavar="ID")
@common
def retry(job_id: str, data: str | None, as_json: bool) -> None:
    """Put a failed, dead or cancelled job back into the queue."""
    with opened(data) as hub:
        row = hub.jobs.retry(hub.people.local(), job_id)
        if as_json:
            document(row)
            return
        say(f"{_name(row)}: {row['state']}.")
        if not hub.working.others_alive():
            say("No worker is running: start JupyterLab, or run `knowhub worker`.")


def _name(row: dict[str, Any]) -> str:
    return plain(row.get("title", row["job"]))
