"""`knowhub course …`: create, list, show, import; trash, restore, purge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from knowhub_ext.cli.adding import carry_out, report
from knowhub_ext.cli.output import clock, common, document, opened, say


@click.group()
def course() -> None:
    """Create, list, show, import and delete courses."""


@course.command()
@click.argument("slug")
@click.option("--title", default="", help="Title; the slug where none is given.")
@common
def create(slug: str, title: str, data: str | None, as_json: bool) -> None:
    """Create an empty course under SLUG."""
    with opened(data) as hub:
        made = hub.courses.create(hub.people.local(), slug, title)
        if as_json:
            document(made.to_json() | {"lessons": []})
        else:
            say(f"Created the course '{made.title}'. Add files with `knowhub add {made.slug} PATH…`.")


@course.command("list")
@common
def list_(data: str | None, as_json: bool) -> None:
    """List all courses."""
    with opened(data) as hub:
        rows: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            items, cursor = hub.courses.page(hub.people.local(), after=cursor, limit=100)
            rows += items
            if cursor is None:
                break
        if as_json:
            document(rows)
        elif not rows:
            say("There is no course yet. Make one with `knowhub course create SLUG`.")
        else:
            for row in rows:
                click.echo(f"{row['course']:<24} {row['lessons']:>3} lessons  {row['title']}")


@course.command()
@click.argument("course_ref", metavar="COURSE")
@common
def show(course_ref: str, data: str | None, as_json: bool) -> None:
    """Show a course with its lessons."""
    with opened(data) as hub:
        row = hub.courses.detail(hub.people.local(), course_ref)
        if as_json:
            document(row)
            return
        click.echo(f"{row['title']}  ({row['course']})")
        for lesson in row["lessons"]:
            length = clock(lesson["duration"]) if lesson["duration"] else ""
            click.echo(f"  {lesson['position'] + 1:>3}. {lesson['title']:<60} {length:>8}  {lesson['status']}")


@course.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--wait/--no-wait", default=True, help="Run or follow the jobs until they are over (default).")
@common
def import_(folder: Path, wait: bool, data: str | None, as_json: bool) -> None:
    """Create or update a course from DIR/course.yml and add the files it names."""
    with opened(data) as hub:
        added = hub.ingest.import_folder(hub.people.local(), folder)
        carry_out(hub, added, wait=wait)
        report(added, as_json=as_json)


@course.command()
@click.argument("course_ref", metavar="COURSE")
@common
def delete(course_ref: str, data: str | None, as_json: bool) -> None:
    """Move a course to the trash; it is out of search at once and comes back with `course restore`."""
    with opened(data) as hub:
        gone = hub.operating.trash(hub.people.local(), course_ref)
        if as_json:
            document(gone.to_json())
        else:
            say(f"'{gone.title}' is in the trash. Bring it back with `knowhub course restore {gone.id}`.")


@course.command()
@click.argument("course_id", metavar="ID")
@common
def restore(course_id: str, data: str | None, as_json: bool) -> None:
    """Bring a course back from the trash."""
    with opened(data) as hub:
        back = hub.operating.restore(hub.people.local(), course_id)
        if as_json:
            document(back.to_json())
        else:
            say(f"'{back.title}' is back.")


@course.command()
@click.argument("course_id", metavar="ID")
@click.option("--yes", is_flag=True, required=True, help="Yes, remove it for good.")
@common
def purge(course_id: str, yes: bool, data: str | None, as_json: bool) -> None:
    """Remove a trashed course for good: rows, vectors, and blobs that nothing else uses."""
    with opened(data) as hub:
        gone = hub.operating.purge(hub.people.local(), course_id)
        if as_json:
            document(gone)
        else:
            say(f"'{gone['course']}' is gone, and {gone['blobs_removed']} files with it.")
