"""`knowhub add`: putting files in and following what becomes of them."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import click
from tqdm import tqdm

from knowhub_ext.cli.output import common, document, opened, plain, say
from knowhub_ext.errors import KnowHubError, NotFound, UnsupportedFile
from knowhub_ext.hub import Hub
from knowhub_ext.services.ingest import Added

#: How often a followed job is looked at, in seconds.
_LOOK_S = 0.25
_PLACES = {
    "beside": "kept beside the file of that name. Where it is the same one, corrected, add it with --replace.",
    "replaced": "replaced the version before.",
}


class Show(Protocol):
    """What draws jobs while they are followed."""

    def draw(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Draw all of them as they stand."""
        ...

    def close(self) -> None:
        """They are over, or are followed no more."""
        ...


@click.command()
@click.argument("course")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--lesson", metavar="TITLE", help="The lesson all of them join; otherwise one lesson per file name.")
@click.option("--replace", "replaces", is_flag=True, help="Take the place of files of the same names, else kept too.")
@click.option("--wait/--no-wait", default=True, help="Run or follow the jobs until they are over (default).")
@common
def add(
    course: str, paths: tuple[Path, ...], wait: bool, data: str | None, as_json: bool, **how: Any
) -> None:
    """Add files or folders to COURSE: video, audio, captions, PDF, slides, Word, web pages, text and notebooks."""
    with opened(data) as hub:
        added = hub.ingest.add(hub.people.local(), course, paths, **how)
        carry_out(hub, added, wait=wait)
        report(added, as_json=as_json)


def carry_out(hub: Hub, added: Added, *, wait: bool) -> None:
    """Carry out what was added, as `follow` does, and look at its status afterwards."""
    follow(hub, added.jobs, wait=wait)
    hub.ingest.status(added)


def follow(hub: Hub, jobs: list[str], *, wait: bool, show: Show | None = None) -> None:
    """Follow jobs where a worker lives, run them here where none does, or only say that they wait.

    `show` draws them again and again, and is closed at the end; None: a bar a job.
    """
    if not jobs:
        return
    if not wait:
        if not hub.working.others_alive():
            say("Queued. No worker is running: start JupyterLab, or run `knowhub worker`.")
        return
    stop = threading.Event()
    hands: threading.Thread | None = None
    if not hub.working.others_alive():
        hands = threading.Thread(target=_work, args=(hub, stop), name="knowhub-work", daemon=True)
        hands.start()
    try:
        _follow(hub, jobs, hands, show or Bars())
    except KeyboardInterrupt as error:
        say("Stopping after this segment; what is saved stays. Run the same command again to go on.")
        raise click.Abort from error
    finally:
        stop.set()
        if hands is not None:
            hands.join(timeout=60)


def _work(hub: Hub, stop: threading.Event) -> None:
    hub.working.work(stop, idle_s=None)


def _follow(hub: Hub, jobs: list[str], hands: threading.Thread | None, show: Show) -> None:
    """Show jobs until all are over. Where the worker that ran them has died, run the rest here."""
    over: dict[str, dict[str, Any]] = {}
    alone = hands is None
    try:
        while True:
            rows = _rows(hub, [job for job in jobs if job not in over])
            over |= {row["job"]: row for row in rows if row["state"] not in ("queued", "running")}
            known = over | {row["job"]: row for row in rows}
            show.draw([known[job] for job in jobs])
            if len(over) == len(set(jobs)):
                return
            if hands is not None and not hands.is_alive():
                raise KnowHubError("The jobs stopped before they were over.", cure="Run the same command again.")
            if alone and not hub.working.others_alive():
                hub.working.run_one(threading.Event())
            time.sleep(_LOOK_S)
    finally:
        show.close()


def _rows(hub: Hub, jobs: list[str]) -> list[dict[str, Any]]:
    me = hub.people.local()
    try:
        return hub.jobs.some(me, jobs)
    except NotFound:  # one was purged meanwhile
        return [_row(hub, job) for job in jobs]


def _row(hub: Hub, job: str) -> dict[str, Any]:
    try:
        return hub.jobs.get(hub.people.local(), job)
    except NotFound:  # purged meanwhile
        return {"job": job, "state": "cancelled", "progress": 1.0, "eta_s": None, "stage": "", "title": ""}


class Bars:
    """A bar a job, on a terminal alone."""

    def __init__(self) -> None:
        self._bars: dict[str, tqdm[Any]] = {}

    def draw(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows if sys.stderr.isatty() else ():
            self._draw(row)

    def _draw(self, row: Mapping[str, Any]) -> None:
        bar = self._bars.get(row["job"])
        if bar is None:
            bar = self._bars[row["job"]] = tqdm(
                total=100, desc=plain(str(row.get("title", "")))[:40], file=sys.stderr, position=len(self._bars),
                leave=True, bar_format="{desc:<40} {bar} {n:3.0f} % {postfix}",
            )
        eta = f"about {row['eta_s']:.0f} s left" if row["eta_s"] is not None and row["state"] == "running" else ""
        bar.set_postfix_str(eta or row["state"], refresh=False)
        bar.n = 100 if row["state"] == "done" else round(row["progress"] * 100)
        bar.refresh()

    def close(self) -> None:
        for bar in self._bars.values():
            bar.close()


def report(added: Added, *, as_json: bool) -> None:
    """Print the document or a line per file; exit 2 if any asset ended failed."""
    rows = [(entry["title"], row) for entry in added.lessons for row in entry["assets"]]
    for name, note in ((Path(row["path"]).name, note) for _, row in rows for note in row["notes"]):
        say(f"{name}: {note['message']}")
    for row in (row for _, row in rows if row.get("place")):
        say(f"{Path(row['path']).name}: {_PLACES[row['place']]}")
    if as_json:
        document(added.to_json())
    else:
        for title, row in rows:
            why = f": {row['error']['message']} {row['error']['cure']}" if row["error"] else ""
            click.echo(f"{row['status']:<10} {title} · {Path(row['path']).name}{why}")
        if not rows:
            say(f"Nothing to add was found there. {UnsupportedFile.cure}")
    if any(row["status"] == "failed" for _, row in rows):
        raise SystemExit(2)
