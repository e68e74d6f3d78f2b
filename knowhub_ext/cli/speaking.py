"""`knowhub speech` and `knowhub recognise`: hot words and models of a course; hearing a lecture once more."""

from __future__ import annotations

import click

from knowhub_ext.cli.adding import follow
from knowhub_ext.cli.output import Clock, common, document, opened, say
from knowhub_ext.domain.locators import milliseconds
from knowhub_ext.domain.speech import TASKS, Wish


@click.command()
@click.argument("course_ref", metavar="COURSE")
@common
def speech(course_ref: str, data: str | None, as_json: bool) -> None:
    """Show a course's hot words and how its speech is recognised."""
    with opened(data) as hub:
        row = hub.recognising.settings(hub.people.local(), course_ref)
        if as_json:
            document(row)
            return
        language = row["language"] or "as it is heard"
        click.echo(f"model {row['model']} · language {language} · {row['task']}")
        for model in row["models"]:
            mark = "*" if model["chosen"] else " "
            lack = "" if model["available"] else " (not installed)"
            click.echo(f"{mark} {model['name']:<10} {model['languages']:<5} {model['why']}{lack}")
        click.echo(f"words, * is given: at most {row['limit']} of yours, found ones up to {row['fill']} in all")
        for word in row["hot_words"]:
            mark, hidden = "*" if word["given"] else " ", "" if word["kept"] else " (hidden)"
            click.echo(f"{mark} {word['word']:<32} {word['source']:<9} {word['from'] or ''}{hidden}".rstrip())


@click.command()
@click.argument("lesson")
@click.option("--model", metavar="M", help="Another model than the course's; `knowhub speech COURSE` lists them.")
@click.option("--from", "start", metavar="T", type=Clock(), help="Where the stretch begins: 1:41, or seconds.")
@click.option("--to", "end", metavar="T", type=Clock(), help="Where it ends.")
@click.option("--language", metavar="L", help="What is spoken, for instance de; auto: it is heard.")
@click.option("--task", type=click.Choice(TASKS), help="Write it down as it is, or translate it to English.")
@click.option("--replace-captions", is_flag=True, help="Also where a caption file made by hand is the transcript.")
@click.option("--wait/--no-wait", default=True, help="Run or follow the job until it is over (default).")
@common
def recognise(lesson: str, wait: bool, data: str | None, as_json: bool, **wish: object) -> None:
    """Hear LESSON once more, whole or a stretch; its transcript stays until the new one is whole, edited cues stay."""
    with opened(data) as hub:
        me = hub.people.local()
        row = hub.recognising.again(me, lesson, _wish(**wish))  # type: ignore[arg-type]
        follow(hub, [row["job"]], wait=wait)
        job = hub.jobs.get(me, row["job"])
        if as_json:
            document(job)
        else:
            why = f" {job['error']['message']} {job['error']['cure']}" if job["error"] else ""
            say(f"{job.get('title', job['job'])}: {job['state']}.{why}")
        if wait and job["state"] != "done":
            raise SystemExit(2)


def _wish(
    *, model: str | None, start: float | None, end: float | None, language: str | None, task: str | None,
    replace_captions: bool,
) -> Wish:
    return Wish(
        model=model, language=language, task=task, start_ms=milliseconds(start or 0),
        end_ms=None if end is None else milliseconds(end), over_captions=replace_captions,
    )
