"""`knowhub worker`, `serve`, `doctor`, `backup`, `restore`: running the hub."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from knowhub_ext.cli.diagnosis import diagnose
from knowhub_ext.cli.output import common, document, opened, say
from knowhub_ext.config import load
from knowhub_ext.store.backup import restore as restore_archive
from knowhub_ext.store.folder import DataFolder


def _become(module: str, *arguments: str) -> None:
    """Run another door of the package in place of this process; doors do not import each other."""
    command = [sys.executable, "-m", module, *arguments]
    if os.name == "posix":
        os.execv(sys.executable, command)
    raise SystemExit(subprocess.call(command))


@click.command()
@click.option("--idle", type=float, metavar="S", help="End after S seconds in which nothing waited.")
@common
def worker(idle: float | None, data: str | None, as_json: bool) -> None:
    """Work on what is queued, until you stop it: as many recordings at a time as the setting `workers` says, and
    beside them files without speech. Ctrl-C or SIGTERM gives back what is in hand, within ten seconds.

    Exits 0 when it was stopped or has been idle, 2 when it cannot begin.
    """
    settings = load({"data": data} if data else None)
    extra = [] if idle is None else ["--idle", str(idle)]
    _become("knowhub_ext.worker", "--data", str(settings.folder()), "--crew", *extra)


@click.command()
@click.option("--port", default=8890, show_default=True, help="0: any free port.")
@click.option("--course", "courses", multiple=True, help="Print a read-only link to this course; may be repeated.")
@click.option("--idle", type=float, metavar="S", help="End after S seconds without a request or a running job.")
@common
def serve(port: int, courses: tuple[str, ...], idle: float | None, data: str | None, as_json: bool) -> None:
    """Serve the API and the lesson pages without Jupyter, on this machine alone."""
    settings = load({"data": data} if data else None)
    arguments = ["--data", str(settings.folder()), "--port", str(port)]
    for course in courses:
        arguments += ["--course", course]
    if idle is not None:
        arguments += ["--idle", str(idle)]
    if as_json:
        arguments.append("--json")
    _become("knowhub_ext.server.serve", *arguments)


@click.command()
@common
def doctor(data: str | None, as_json: bool) -> None:
    """Say which engine, model, index and answerer are in use, why, and what is missing for each optional part."""
    settings = load({"data": data} if data else None)
    rows = diagnose(settings)
    if as_json:
        document({"checks": [row.to_json() for row in rows], "ok": all(row.ok for row in rows if row.needed)})
    else:
        for row in rows:
            mark = "ok" if row.ok else ("MISSING" if row.needed else "not there")
            click.echo(f"{row.what:<20} {mark:<10} {row.found}")
            for line in filter(None, (row.why, row.cure)):
                click.echo(f"{'':<31} {line}")
    if not all(row.ok for row in rows if row.needed):
        raise SystemExit(1)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@common
def backup(file: Path, data: str | None, as_json: bool) -> None:
    """Write the database and all media to one archive, while everything runs."""
    with opened(data) as hub:
        row = hub.operating.back_up(file)
        if as_json:
            document(row)
        else:
            say(f"Wrote {row['file']}: {row['bytes'] / 1e6:.1f} MB, {row['blobs']} media files.")
            _say_missing(row["missing"], "the data folder")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@common
def restore(file: Path, data: str | None, as_json: bool) -> None:
    """Replace the data folder's content by a backup; what was there is kept beside it."""
    settings = load({"data": data} if data else None)
    folder = DataFolder(settings.folder())
    with folder.hold(exclusive=True):
        row = restore_archive(file, folder, database_url=settings.database_url)
    if as_json:
        document(row)
    else:
        say(f"Restored {row['file']}: {row['blobs']} media files. What was there before lies in {row['previous']}.")
        _say_missing(row["missing"], "the backup")


def _say_missing(count: int, where: str) -> None:
    """Say that media are missing; their lessons stay, but cannot be played."""
    if count:
        say(f"{count} media files that the database lists are missing from {where}. Add those files again.")
