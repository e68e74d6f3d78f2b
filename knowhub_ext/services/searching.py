"""Search: words and vectors over the same passages, fused; hits are re-read from SQL, so what is gone disappears."""

from __future__ import annotations

import logging
import operator
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.courses import Course
from knowhub_ext.domain.locators import CellRef, Locator, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.passages import Passage
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.domain.ranking import weigh
from knowhub_ext.domain.texts import canonical, query_phrases, query_terms
from knowhub_ext.errors import DiskFull
from knowhub_ext.ports import Embedder, Vector, VectorIndex
from knowhub_ext.services.access import require
from knowhub_ext.store.database import Store

_log = logging.getLogger(__name__)
#: How many candidates each ranking gives to the fusion.
CANDIDATES = 100
#: How many times as many are asked of the index for one lesson, since it knows courses alone.
_WIDER = 5
_FEED = 2_000
#: So many of the ranked passages are read at a time: the first few give most searches all their hits.
_READ = 48


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A passage that fits the query; `score` as `domain.ranking.weigh` makes it."""

    passage: Passage
    locator: Locator
    text: str
    score: float

    def to_json(self, rank: int) -> dict[str, Any]:
        passage = self.passage
        return {
            "rank": rank, "lesson": passage.lesson_id, "asset": passage.asset_id, "title": passage.title,
            "locator": self.locator.to_json(), "text": self.text,
        }


class Searching:
    """Searches one course at a time. `open_index` is called once, when the first query needs it."""

    def __init__(self, store: Store, embedder: Embedder, open_index: Callable[[], VectorIndex]) -> None:
        self._store = store
        self._embedder = embedder
        self._open_index = open_index
        self._index: VectorIndex | None = None
        self._lock = threading.Lock()

    def search(
        self, actor: Actor, course_ref: str, query: str, *, limit: int = 10, lesson: str | None = None
    ) -> list[Found]:
        """Return at most `limit` places of the course that fit, best first, no two of them overlapping.

        Raises:
            NotFound: no such course.
        """
        hits: list[Found] = []
        for passage, score in self._candidates(actor, course_ref, query, lesson):
            if len(hits) >= limit:
                break
            if not any(_overlap(passage, hit.passage) for hit in hits):
                hits.append(Found(passage=passage, locator=passage.locator, score=score, text=passage.text))
        return hits

    def _candidates(
        self, actor: Actor, course_ref: str, query: str, lesson: str | None
    ) -> Iterator[tuple[Passage, float]]:
        """Yield passages with their fused scores, best first; those that begin one after the other overlap."""
        ranked = self._ranked(actor, course_ref, query, lesson)
        for start in range(0, len(ranked), _READ):
            scores = dict(ranked[start : start + _READ])
            with self._store.read() as tx:
                passages = tx.passages.many(list(scores))
            yield from ((passage, scores[passage.id]) for passage in passages)

    def _ranked(self, actor: Actor, course_ref: str, query: str, lesson: str | None) -> list[tuple[str, float]]:
        with self._store.read() as tx:
            course = tx.courses.get(course_ref)
            require(actor, Action.READ, course.id)
            terms = query_terms(query)
            by_words = dict(tx.passages.search(
                course.id, terms, phrases=query_phrases(query), limit=CANDIDATES, lesson_id=lesson
            ))
        if not terms:
            return []
        vector = self._embedder.embed([canonical(query)])[0]
        nearest = self._nearest(course, vector, CANDIDATES if lesson is None else CANDIDATES * _WIDER)
        with self._store.read() as tx:
            homes = tx.passages.homes([*by_words, *nearest])
            found = {i: at for i, (where, at) in homes.items() if where == course.id and lesson in (None, at)}
            unmeasured = tx.vectors.some(self._embedder.name, [i for i in found if i not in nearest])
        meanings = nearest | {i: _dot(vector, other) for i, other in unmeasured.items()}
        return weigh(by_words, meanings, found)

    def meanings(self, query: str, texts: Sequence[str]) -> dict[str, float] | None:
        """Return the cosine of the query with each text, or None where vectors do not speak of meaning."""
        if not self._embedder.semantic or not texts:
            return None
        wanted, *rows = self._embedder.embed([canonical(query), *texts])
        return {
            text: _dot(wanted, row) for text, row in zip(texts, rows, strict=True)
        }

    def stored(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Return the passages of these ids as they are stored now, without those that live no more."""
        with self._store.read() as tx:
            return tx.passages.many(list(passage_ids))

    def refresh(self) -> int:
        """Bring the index up to date with SQL; return the change number it now stands at."""
        with self._lock:
            return self._fed().seen()

    def warm(self) -> None:
        """Do now what the first query would wait for: load the embedder, bring the index up to date."""
        self._embedder.embed(["warm"])
        self.refresh()

    def close(self) -> None:
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def _nearest(self, course: Course, vector: Vector, limit: int) -> dict[str, float]:
        """Return the cosines of the nearest passages by id, nearest first."""
        with self._lock:
            try:
                index: VectorIndex | None = self._fed()
            except DiskFull as error:  # reading goes on: words find what is new, vectors what the index knew before
                _log.warning("search goes on without what is new to its index: %s", error.message)
                index = self._index
            hits = index.search(vector, course_id=course.id, limit=limit) if index else []
        return {hit.passage_id: hit.score for hit in hits}

    def _fed(self) -> VectorIndex:
        """Return the index after applying every change that SQL holds and it has not seen."""
        if self._index is None:
            self._index = self._open_index()
        while True:
            with self._store.read() as tx:
                changes = tx.vectors.changes(self._embedder.name, self._index.seen(), _FEED)
            if changes.entries:
                self._index.add(changes.entries)
            if changes.gone:
                self._index.forget(changes.gone)
            if changes.seq > self._index.seen():
                self._index.mark(changes.seq)
            if not changes.more:
                return self._index


def search_json(query: str, hits: Sequence[Found], started: float, *, scores: bool = False) -> dict[str, Any]:
    """Return the search document; scores are for the command line only."""
    rows = [hit.to_json(rank) | ({"score": round(hit.score, 6)} if scores else {}) for rank, hit in enumerate(hits, 1)]
    return {"query": query, "took_ms": round((time.perf_counter() - started) * 1000, 1), "hits": rows}


def _dot(a: Vector, b: Vector) -> float:
    return float(sum(map(operator.mul, a, b)))


def _overlap(a: Passage, b: Passage) -> bool:
    if a.asset_id != b.asset_id:
        return False
    match a.locator, b.locator:
        case TimeSpan() as x, TimeSpan() as y:
            return x.start_ms < y.end_ms and y.start_ms < x.end_ms
        case TextSpan() as x, TextSpan() as y:
            return x.start < y.end and y.start < x.end
        case (PageRef(), PageRef()) | (CellRef(), CellRef()):
            return a.locator == b.locator
    return False
