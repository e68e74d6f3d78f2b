"""`knowhub file`: the files of a course, taking one out and putting it back."""

from __future__ import annotations

import click

from knowhub_ext.cli.output import common, document, opened, plain, say


@click.group()
def file() -> None:
    """List the files of a course, take one out of its lesson, put it back."""


@file.command("list")
@click.argument("course_ref", metavar="COURSE")
@click.option("--removed", is_flag=True, help="The files that were taken out, the last one first.")
@common
def list_(course_ref: str, removed: bool, data: str | None, as_json: bool) -> None:
    """List the files of a course with their ids."""
    with opened(data) as hub:
        me = hub.people.local()
        if removed:
            rows = hub.removing.removed(me, course_ref)
        else:
            lessons = hub.courses.detail(me, course_ref)["lessons"]
            rows = [
                {key: asset[key] for key in ("asset", "name", "kind", "status")} | {"title": lesson["title"]}
                for lesson in lessons for asset in hub.lessons.detail(me, lesson["lesson"], lambda path: None)["assets"]
            ]
        if as_json:
            document({"items": rows})
            return
        for row in rows:
            click.echo(f"{row['asset']}  {plain(row['name']):<40} {plain(row['title'])}")
        if not rows:
            say("No file was removed." if removed else "The course has no files yet. Add some with `knowhub add`.")


@file.command()
@click.argument("asset", metavar="ID")
@common
def remove(asset: str, data: str | None, as_json: bool) -> None:
    """Take a file out of its lesson; it is out of search at once and comes back with `file restore`."""
    with opened(data) as hub:
        hub.removing.remove(hub.people.local(), asset)
        if as_json:
            document({"asset": asset, "removed": True})
        else:
            say(f"Removed. Put it back with `knowhub file restore {asset}`.")


@file.command()
@click.argument("asset", metavar="ID")
@common
def restore(asset: str, data: str | None, as_json: bool) -> None:
    """Put a removed file back into its lesson; its vectors are made by the next worker."""
    with opened(data) as hub:
        back = hub.removing.put_back(hub.people.local(), asset)
        if as_json:
            document({"asset": back.id, "name": back.name, "status": back.status.value})
        else:
            say(f"'{plain(back.name)}' is back.")
