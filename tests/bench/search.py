"""Search at ten thousand passages: the hub's, with the exact index and with Chroma, beside what it is made of.

The peers do one thing each: FTS5's bm25 over the same texts, exact cosine in numpy over the same vectors. Neither
fuses, re-reads or drops what overlaps. The query's vector is made before the clock starts.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowhub_ext.backends import registry
from knowhub_ext.domain.texts import canonical, query_terms
from knowhub_ext.hub import Hub
from knowhub_ext.ports import Embedder, Vector
from knowhub_ext.services.searching import Searching
from knowhub_ext.testing.hubs import plain_hub
from tests.bench import texts
from tests.bench.figures import Figure, Peer, Section
from tests.bench.library import fill
from tests.bench.measuring import Options, Spent, percentile, spent

EXACT, CHROMA, FTS5, NUMPY = "exact index", "Chroma", "plain FTS5", "plain exact vectors"
BOTH = "FTS5 + exact vectors, plain"
_DIMENSIONS = 384
_HITS = 10


class Known:
    """An embedder that has made its vectors before: what is timed is the search alone."""

    semantic = False

    def __init__(self, embedder: Embedder, texts: Sequence[str]) -> None:
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self._vectors = dict(zip(texts, embedder.embed(texts), strict=True))

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        return [self._vectors[text] for text in texts]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A course full of passages with vectors, and the questions to ask of it."""

    hub: Hub
    corpus: texts.Corpus
    vectors: Any  #: one row a passage, unit length
    embedder: Known


def sections(options: Options) -> list[Section]:
    """Return one section."""
    passages, questions = (1_000, 20) if options.quick else (10_000, 200)
    with ExitStack() as stack:
        hub = stack.enter_context(plain_hub(options.scratch / "data"))
        shelf = _shelf(hub, texts.corpus(passages, questions))
        found, fed = {}, {}
        for name, index in _indexes(options.scratch).items():
            searching = Searching(hub.store, shelf.embedder, index)
            stack.callback(searching.close)
            fed[name], _ = spent(searching.refresh)
            found[name] = _hub_search(hub, searching)
        plain = sqlite3.connect(options.scratch / "plain.sqlite3")
        stack.callback(plain.close)
        times = _asked(found | {FTS5: _fts5(plain, shelf), NUMPY: _exact(shelf)}, shelf.corpus.questions)
    about = (
        f"{passages:,} passages ({shelf.corpus.origin}), {len(shelf.corpus.questions)} questions, each asked of all in "
        f"turns; vectors of {_DIMENSIONS} dimensions by hashing; FTS5 and SQLite {sqlite3.sqlite_version}"
    )
    figures = [*_figures(times, fed), *_embedding(shelf.corpus.questions)]
    return [Section(title=f"Search at {passages:,} passages", about=about, figures=figures)]


def _shelf(hub: Hub, corpus: texts.Corpus) -> Shelf:
    maker: Any = registry.create("embedders", "hashing", dimensions=_DIMENSIONS)
    rows = [maker.embed([passage.text for passage in lecture]) for lecture in corpus.lectures]
    fill(hub, corpus.lectures, rows, maker.name)
    matrix = np.asarray([row for lecture in rows for row in lecture], dtype=np.float32)
    known = Known(maker, [canonical(question) for question in corpus.questions])
    return Shelf(hub=hub, corpus=corpus, vectors=matrix, embedder=known)


def _indexes(scratch: Path) -> Mapping[str, Callable[[], Any]]:
    def chroma() -> Any:
        (scratch / "index").mkdir(exist_ok=True)
        return registry.create(
            "indexes", "chroma", path=scratch / "index", name=f"hashing-{_DIMENSIONS}", dimensions=_DIMENSIONS
        )

    return {EXACT: lambda: registry.create("indexes", "memory"), CHROMA: chroma}


def _hub_search(hub: Hub, searching: Searching) -> Callable[[str], Any]:
    me = hub.people.local()
    return lambda question: searching.search(me, "shelf", question, limit=_HITS)


def _fts5(database: sqlite3.Connection, shelf: Shelf) -> Callable[[str], Any]:
    """Return the best passages by bm25, as few lines of SQL as it takes."""
    database.execute("CREATE VIRTUAL TABLE passage USING fts5 (body, tokenize = 'porter unicode61')")
    database.executemany("INSERT INTO passage (body) VALUES (?)", [(text,) for text in shelf.corpus.texts])
    database.commit()

    def search(question: str) -> list[Any]:
        match = " OR ".join(f'"{term}"' for term in query_terms(question))
        statement = "SELECT rowid, body FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?"
        return database.execute(statement, (match, _HITS)).fetchall()

    return search


def _exact(shelf: Shelf) -> Callable[[str], Any]:
    """Return the nearest passages by cosine over all of them."""

    def search(question: str) -> list[Any]:
        scores = shelf.vectors @ np.asarray(shelf.embedder.embed([canonical(question)])[0], dtype=np.float32)
        best = np.argpartition(-scores, _HITS)[:_HITS]
        return list(best[np.argsort(-scores[best])])

    return search


def _asked(ways: Mapping[str, Callable[[str], Any]], questions: Sequence[str]) -> dict[str, list[Spent]]:
    """Ask every question in every way, beginning each time with another one; the first is asked twice, to warm up."""
    names = list(ways)
    times: dict[str, list[Spent]] = {name: [] for name in names}
    for name in names:
        ways[name](questions[0])
    found = dict.fromkeys(names, 0)
    for turn, question in enumerate(questions):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            took, hits = spent(lambda way=ways[name], asked=question: way(asked))
            found[name] += bool(hits)
            times[name].append(took)
    if 2 * min(found.values()) < len(questions):
        raise RuntimeError(f"too few questions found anything: {found}")
    return times


def _figures(times: Mapping[str, list[Spent]], fed: Mapping[str, Spent]) -> list[Figure]:
    wall = {name: [t.wall * 1000 for t in rows] for name, rows in times.items()}
    wall[BOTH] = [a + b for a, b in zip(wall[FTS5], wall[NUMPY], strict=True)]
    rows = []
    for name in (EXACT, CHROMA):
        for share in (0.5, 0.95):
            rows.append(Figure(
                what=f"search p{share * 100:.0f}, {name}", value=percentile(wall[name], share), unit="ms",
                peer=Peer(name=BOTH, value=percentile(wall[BOTH], share)), headline=True, runs=wall[name],
            ))
    for name in (FTS5, NUMPY):
        for share in (0.5, 0.95):
            rows.append(Figure(what=f"{name} p{share * 100:.0f}", value=percentile(wall[name], share), unit="ms"))
    cpu = {name: sum(t.cpu for t in rows) * 1000 / len(rows) for name, rows in times.items()}
    for name in (EXACT, CHROMA):
        peer = Peer(name=BOTH, value=cpu[FTS5] + cpu[NUMPY])
        rows.append(Figure(what=f"processor time a search, {name}", value=cpu[name], unit="ms", peer=peer))
    rows += [
        Figure(what=f"feeding the index from SQL once, {name}", value=fed[name].cpu, unit="s", note="processor time")
        for name in (EXACT, CHROMA)
    ]
    return rows


def _embedding(questions: Sequence[str]) -> list[Figure]:
    """Return how long a question's vector takes, apart from the search."""
    rows = []
    for name in ("hashing", "minilm"):
        kind: Any = registry.load("embedders", name)
        if getattr(kind, "missing", lambda: None)() is not None:
            continue
        embedder = kind()
        embedder.embed(["to load what is needed"])
        took = []
        for question in questions:
            began = time.perf_counter()
            embedder.embed([canonical(question)])
            took.append((time.perf_counter() - began) * 1000)
        for share in (0.5, 0.95):
            rows.append(Figure(
                what=f"the question's vector p{share * 100:.0f}, {name}", value=percentile(took, share), unit="ms",
                note="comes on top of a search", headline=name == "minilm" and share == 0.5,
            ))
    return rows
