"""`knowhub search`, `ask`, `transcript`: getting out what went in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from knowhub_ext.cli.output import Clock, clock, common, document, opened, place
from knowhub_ext.domain.captions import FORMATS
from knowhub_ext.domain.contexts import Context
from knowhub_ext.domain.locators import milliseconds
from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.scope import Scope
from knowhub_ext.errors import UserError
from knowhub_ext.hub import Hub
from knowhub_ext.services.searching import search_json

#: What is said of a source of an earlier answer that is not where it was.
_STATES = {
    "moved": " (moved since)", "stale": " (not said there any more, the file was changed)",
    "gone": " (not in the course any more)",
}


def _inputs(text: str | None, batch: Path | None) -> Iterator[str]:
    if (text is None) == (batch is None):
        raise UserError("Give either the words or --batch FILE.", cure="For example: `knowhub search fullstack GIN`.")
    if text is not None:
        yield text
        return
    assert batch is not None
    yield from (line for line in batch.read_text(encoding="utf-8").splitlines() if line.strip())


_batch = click.option(
    "--batch", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="One question a line in, one JSON document a line out, in one process.",
)


@click.command()
@click.argument("course")
@click.argument("query", required=False)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--lesson", "lessons", multiple=True, metavar="LESSON", help="In this lesson only; may be repeated.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in AssetKind]),
              help="In files of this kind only; may be repeated.")
@click.option("--watched", is_flag=True, help="Only in what you have watched.")
@_batch
@common
def search(
    course: str, query: str | None, limit: int, batch: Path | None, data: str | None, as_json: bool, **within: Any
) -> None:
    """Search COURSE for words and meaning."""
    with opened(data) as hub:
        scope = _scope(hub, **within)
        for text in _inputs(query, batch):
            started = time.perf_counter()
            hits = hub.searching.search(hub.people.local(), course, text, limit=limit, scope=scope)
            row = search_json(text, hits, started, scores=True)
            if as_json or batch:
                document(row)
            else:
                _print_hits(row)


def _scope(hub: Hub, *, lessons: tuple[str, ...], kinds: tuple[str, ...], watched: bool) -> Scope:
    me = hub.people.local()
    return Scope(
        lessons=frozenset(hub.lessons.find(me, lesson).id for lesson in lessons),
        kinds=frozenset(AssetKind(kind) for kind in kinds), watched=watched,
    )


def _print_hits(row: dict[str, Any]) -> None:
    if not row["hits"]:
        click.echo("Nothing found. Try fewer or other words.")
    for hit in row["hits"]:
        shown = hit["preview"]
        second = f"{clock(shown['locator']['start'])}  " if shown["locator"]["kind"] == "time" else ""
        click.echo(f"{hit['rank']:>2}. {hit['title']} · {place(hit['locator'])}\n    {second}{_marked(shown)}")


def _marked(shown: dict[str, Any]) -> str:
    """Return a preview on one line, its marks bold; click leaves the bold out where no terminal shows it."""
    text, parts, at = shown["text"], [], 0
    for start, end in shown["marks"]:
        parts += [text[at:start], click.style(text[start:end], bold=True)]
        at = end
    return " ".join("".join([*parts, text[at:]]).split())


@click.command()
@click.argument("course")
@click.argument("question", required=False)
@click.option("--mode", type=click.Choice(["quote", "model"]), help="Verbatim quotes, or a chat model over passages.")
@click.option("--lesson", metavar="LESSON", help="Prefer what this lesson says.")
@click.option("--at", metavar="T", type=Clock(),
              help="About what was said in the minute before this second of the lesson: 1:41, or seconds.")
@click.option("--after", "previous", multiple=True, metavar="QUESTION",
              help="A question before it, so that it may say `it` or `and why?`; may be repeated, oldest first.")
@_batch
@common
def ask(
    course: str, question: str | None, batch: Path | None, data: str | None, as_json: bool, **how: Any
) -> None:
    """Ask COURSE a question; every sentence of the answer cites the second, page or cell it rests on."""
    at_ms = None if how["at"] is None else milliseconds(how["at"])
    context = Context(previous=how["previous"], at_ms=at_ms, kept=batch is None)
    with opened(data) as hub:
        me = hub.people.local()
        lesson = hub.lessons.find(me, how["lesson"]).id if how["lesson"] else None
        for text in _inputs(question, batch):
            answer = hub.asking.ask(me, course, text, mode=how["mode"], lesson=lesson, context=context)
            if as_json or batch:
                document(answer.to_json())
            else:
                print_answer(answer.to_json())


def print_answer(row: dict[str, Any]) -> None:
    """Print an answer document, of today or of the history."""
    moment = row.get("moment")
    if moment:
        click.echo(f"About {clock(moment['start'])}–{clock(moment['end'])}")
    if row["rewritten_query"]:
        click.echo(f"Searched for: {row['rewritten_query']}\n")
    if not row["grounded"]:
        click.echo(row["answer"])
        if row["nearest"]:
            click.echo("Nearest to it: " + " · ".join(lesson["title"] for lesson in row["nearest"]))
        return
    for sentence in (s for s in row["sentences"] if s["supported"]):
        click.echo(f"{sentence['text']} {''.join(f'[{n}]' for n in sentence['citations'])}")
    click.echo()
    for source in row["citations"]:
        gone = _STATES.get(source.get("state", ""), "")
        click.echo(f"[{source['n']}] {source['kind']} · {source['title']} · {place(source['locator'])}{gone}")
    apart = [s["text"] for s in row["sentences"] if not s["supported"]]
    if apart:
        click.echo(f"\nThe chat model also said, which the course does not prove: {' '.join(apart)}")
    if row["notice"]:
        click.echo(f"\n{row['notice']}")


@click.command()
@click.argument("lesson")
@click.option("--asset", metavar="ID", help="Another asset of the lesson than its primary medium.")
@click.option(
    "--format", "form", default="txt", show_default=True,
    type=click.Choice([*FORMATS, "json"]),
)
@click.option("--words", is_flag=True, help="With times and probabilities of words (json).")
@common
def transcript(
    lesson: str, asset: str | None, form: str, words: bool, data: str | None, as_json: bool
) -> None:
    """Print the transcript of LESSON (an id, or course/lesson)."""
    with opened(data) as hub:
        found, _, text = hub.lessons.transcript(hub.people.local(), lesson, asset_id=asset, words=words)
        if as_json or form == "json":
            document(text.to_json(lesson=found.id, words=words))
        else:
            click.echo(FORMATS[form][1](text.segments), nl=False)
