"""`knowhub eval`: how right search and answers are, measured on questions whose answers are known."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from knowhub_ext.cli.output import common, document, opened, say
from knowhub_ext.config import load
from knowhub_ext.errors import Conflict, UserError
from knowhub_ext.hub import Hub, build
from knowhub_ext.hub.parts import exact_index
from knowhub_ext.services.evaluation.measuring import AIMS, foreign
from knowhub_ext.services.evaluation.running import Measured, Running, Tools
from knowhub_ext.services.evaluation.sets import Question, QuestionSet, read_own, read_sets

#: So many questions of other sets are enough to tell how surely the foreign ones are refused.
_FAR = 600
_COLUMNS = (
    ("hit@1", "hit@1"), ("hit@5", "hit@5"), ("hit@10", "hit@10"), ("mrr@10", "MRR@10"), ("ndcg@10", "nDCG@10"),
    ("seek_median_s", "seek s"), ("opens_within_5s", "≤ 5 s"), ("p50_ms", "p50 ms"), ("p95_ms", "p95 ms"),
)


@click.command(name="eval")
@click.argument("questions", metavar="DATA", type=click.Path(exists=True, path_type=Path))
@click.option("--course", metavar="COURSE", help="DATA is a file of questions about this course of yours.")
@click.option("--set", "only", multiple=True, metavar="NAME", help="This set of DATA only; may be repeated.")
@click.option("--every", default=1, show_default=True, type=click.IntRange(1), help="Ask every Nth question.")
@click.option("--keep", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
              help="Keep what was put in here, and use it again the next time.")
@common
def evaluate(
    questions: Path, course: str | None, every: int, data: str | None, as_json: bool, **folder: Any
) -> None:
    """Measure search, citations and refusals on the questions of DATA, beside the usual ways to search.

    DATA is a folder with a set of questions, or of such folders: `questions.jsonl` beside the files it asks about
    (rows with `question` and `video`, `start`, `end`, or `document`, `paragraph`); a BEIR corpus (`corpus.jsonl`,
    `queries*.jsonl`, `qrels*.tsv`); recordings with a `.json` each (`qa`: `question`, `sentence_start`,
    `sentence_end`). Its files are put into a hub of their own, which is gone afterwards; your data are not touched.

    With --course, DATA is a `.jsonl` file about a course that you have: rows with `question` and `lesson` (id, slug or
    title), and `start` and `end` in seconds, or `quote`, words that stand in the answer; or `"answerable": false`.
    """
    if course is not None:
        with opened(data) as hub:
            _report([_measure(hub, course, read_own(_file(questions)).every(every), [])], as_json=as_json)
        return
    if not questions.is_dir():
        raise UserError(f"'{questions.name}' is a file.", cure="Say which course it asks about: --course COURSE.")
    _measure_folder(questions, every, as_json=as_json, **folder)


def _measure_folder(
    questions: Path, every: int, *, only: tuple[str, ...], keep: Path | None, as_json: bool
) -> None:
    with _scratch(keep) as folder:
        sets = [one.every(every) for one in read_sets(questions, folder / "corpus") if not only or one.name in only]
        if not sets:
            raise UserError(f"'{questions.name}' has no set of that name.", cure="Leave --set away to run all of them.")
        settings = load({"data": str(folder / "hub"), "database_url": "", "chat_model": "quote"})
        hub = build(settings, door="cli")
        try:
            _report((_measure_set(hub, one, sets) for one in sets), as_json=as_json)
        finally:
            hub.close()


def _file(path: Path) -> Path:
    if path.is_dir():
        raise UserError(f"'{path.name}' is a folder.", cure="With --course, give a .jsonl file of questions.")
    return path


@contextmanager
def _scratch(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    folder = Path(tempfile.mkdtemp(prefix="knowhub-eval-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure_set(hub: Hub, one: QuestionSet, sets: Sequence[QuestionSet]) -> Measured:
    slug = "".join(sign if sign.isalnum() else "-" for sign in one.name.lower()).strip("-")
    _put_in(hub, slug, one)
    far = foreign(one, sets)
    return _measure(hub, slug, one, far[:: max(1, len(far) // _FAR)])


def _put_in(hub: Hub, slug: str, one: QuestionSet) -> None:
    """Add the set's files to a course of their own and work on them; what was kept from before stays as it is."""
    me = hub.people.local()
    with suppress(Conflict):  # kept from before
        hub.courses.create(me, slug, one.name)
    hub.ingest.add(me, slug, one.files)
    with _bar(f"{one.name}: reading", len(one.files)) as tick:
        while hub.working.run_one(threading.Event()):
            tick()


def _measure(hub: Hub, slug: str, one: QuestionSet, far: Sequence[Question]) -> Measured:
    tools = Tools(
        store=hub.store, searching=hub.searching, asking=hub.asking, embedder=hub.chosen.embedder,
        empty_index=exact_index,
    )
    hub.searching.warm()
    running = Running(tools, hub.people.local(), slug, own=one.kind == "own")
    one = running.known(one)
    count = len(one.questions)
    with _bar(f"{one.name}: searching", 4 * count) as tick:
        measured = running.rank(one, tick)
    if one.kind == "documents":  # claims are no questions, and documents no sentences to cite
        return measured
    with _bar(f"{one.name}: asking", count) as tick:
        answers = running.answer(one, tick)
    with _bar(f"{one.name}: refusing", 2 * count + len(far)) as tick:
        return replace(measured, answers=answers, refusals=running.refuse(one, far, tick))


@contextmanager
def _bar(title: str, total: int) -> Iterator[Callable[[], None]]:
    if not sys.stderr.isatty():
        say(title)
        yield lambda: None
        return
    with tqdm(total=total, desc=title[:40], file=sys.stderr, leave=False) as bar:
        yield lambda: bar.update() and None


def _report(sets: Iterator[Measured] | Sequence[Measured], *, as_json: bool) -> None:
    """Print each set as soon as it is measured; with --json all of them as one document."""
    rows = []
    for measured in sets:
        rows.append(measured.to_json())
        if not as_json:
            _print(measured)
    if as_json:
        document({"sets": rows})


def _print(measured: Measured) -> None:
    click.echo(f"\n{measured.name}: {measured.questions} questions, {measured.documents} files")
    columns = [(key, name) for key, name in _COLUMNS if key in next(iter(measured.systems.values()))]
    _line("", [name for _, name in columns])
    for system, figures in measured.systems.items():
        _line(system, [_number(figures[key], key) for key, _ in columns])
    for number, figures in enumerate(measured.halves, 1):
        if "p50_ms" in figures:
            _line(f"  KnowHub, half {number} of the files", [_number(figures.get(key), key) for key, _ in columns])
    _pairs("answers", measured.answers)
    _pairs("refusals", measured.refusals)


def _line(head: str, cells: Sequence[str]) -> None:
    click.echo(f"  {head:<34}" + "".join(f"{cell:>9}" for cell in cells))


def _pairs(title: str, figures: Mapping[str, float]) -> None:
    if figures:
        click.echo(f"  {title}: " + ", ".join(
            f"{key.replace('_', ' ')} {_number(value, key)}{_aim(key)}" for key, value in figures.items()
        ))


def _aim(key: str) -> str:
    sign, aim = AIMS.get(key, ("", 0.0))
    return f" (aim {sign} {aim:.2f})" if sign else ""


def _number(value: float | None, key: str) -> str:
    if value is None or value != value:
        return "–"
    return f"{value:.1f}" if key.endswith(("_ms", "_s")) else f"{value:.3f}"
