"""Search: words and vectors over the same passages, fused; hits are re-read from SQL, so what is gone disappears."""

from __future__ import annotations

import heapq
import itertools
import operator
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from knowhub_ext.domain.embeddings import TokenVectors
from knowhub_ext.domain.evidence import Counts
from knowhub_ext.domain.locators import Locator
from knowhub_ext.domain.passages import Passage
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.domain.previews import Preview, preview
from knowhub_ext.domain.ranking import weigh
from knowhub_ext.domain.scope import Scope, Seen
from knowhub_ext.domain.texts import canonical, query_phrases, query_terms
from knowhub_ext.ports import Embedder, Reranker, TokenEmbedder, Vector, VectorIndex
from knowhub_ext.services.access import require
from knowhub_ext.services.interaction import Interaction
from knowhub_ext.services.picking import picked
from knowhub_ext.services.reranking import Reranking
from knowhub_ext.services.shelves import Shelf, Shelves
from knowhub_ext.store.database import Store, Tx

#: How many candidates each ranking gives to the fusion.
CANDIDATES = 100
#: Of so many the score of their words is known: also of what is a candidate for its meaning.
_SCORED = 400
#: No vector, nothing near it, no model: where words alone are searched.
_NOWHERE: tuple[TokenVectors, dict[str, float], str] = (TokenVectors(vector=(), tokens=(), rows=b""), {}, "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A passage that fits the query; `score` as `domain.ranking.weigh`, and `reread`, make it."""

    passage: Passage
    locator: Locator
    text: str
    score: float
    query: str
    #: Cosine of the query with the passage's vector; 0.0 where it has none.
    meaning: float = 0.0

    @property
    def preview(self) -> Preview:
        """Return what is shown of it; made when it is asked for, since an answer shows none."""
        return preview(self.query, self.passage)

    def to_json(self, rank: int) -> dict[str, Any]:
        passage = self.passage
        return {
            "rank": rank, "lesson": passage.lesson_id, "asset": passage.asset_id, "title": passage.title,
            "locator": self.locator.to_json(), "text": self.text, "preview": self.preview.to_json(),
        }


class Searching:
    """Searches one course at a time.

    Args:
        store: where everything is.
        embedder: the one that is set.
        open_index: opens its index; called once, when the first query needs it.
        other: makes the shelf of another model, whose vectors a course still has; None: it is not on this machine.
        reranker: reads the best again; None: they stay as they are ranked.
    """

    def __init__(
        self, store: Store, embedder: Embedder, open_index: Callable[[], VectorIndex],
        other: Callable[[str], Shelf | None] | None = None, reranker: Reranker | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._shelves = Shelves(Shelf(store, embedder, open_index), other or _nowhere)
        self._interaction = Interaction(store)
        self._reranking = Reranking(store, reranker)
        #: Of the last question: an answer looks at the same sentences more than once. Replaced whole, never changed.
        self._cosines: dict[str, dict[str, float]] = {}

    def search(
        self, actor: Actor, course_ref: str, query: str, *, limit: int = 10, scope: Scope | None = None,
        opened: bool = True,
    ) -> list[Found]:
        """Return at most `limit` places of the course that fit, best first, no two of them overlapping.

        `scope` narrows the search itself: what is best within it is found, however much of the rest is better. Not
        `opened`, a place is the passage that was ranked, which says it best, not the one to begin listening at.

        Raises:
            NotFound: no such course.
        """
        ranked, meanings = self._ranked(actor, course_ref, query, scope or Scope())
        again = self._reranking.again(query, ranked)
        with self._store.read() as tx:
            scores = picked(tx, again, limit, opening=opened)
            passages = tx.passages.many(list(scores))
        return [
            Found(
                passage=p, locator=p.locator, text=p.text, query=query, score=scores[p.id],
                meaning=meanings.get(p.id, 0.0),
            )
            for p in passages
        ]

    def _ranked(
        self, actor: Actor, course_ref: str, query: str, scope: Scope
    ) -> tuple[list[tuple[str, float]], dict[str, float]]:
        """Return the candidates' ids with fused scores, best first, and the cosines of those that have a vector."""
        terms = query_terms(query)
        with self._store.read() as tx:
            course = tx.courses.get(course_ref)
            require(actor, Action.READ, course.id)
            within = None if scope.whole else tx.passages.within(course.id, scope, _seen(tx, actor, course.id, scope))
            shelf = self._shelves.of(course.id, tx.embeddings.serving(course.id).model)
            by_words = dict(tx.passages.search(
                course.id, terms, phrases=query_phrases(query), limit=_SCORED, numbers=within
            ))
        if not terms:
            return [], {}
        meant, nearest, model = _NOWHERE
        if shelf is not None:
            meant, model = _meant(shelf.embedder, canonical(query)), shelf.embedder.name
            nearest = (
                shelf.nearest(meant.vector, course.id, CANDIDATES) if within is None
                else self._nearest_of(list(dict(within.values())), model, meant.vector)
            )
        with self._store.read() as tx:
            homes = tx.passages.homes([*itertools.islice(by_words, CANDIDATES), *nearest])
            found = {i: lesson for i, (where, lesson) in homes.items() if where == course.id}
            meanings = nearest | _cosines(tx, model, [i for i in found if i not in nearest], meant.vector)
        return self._interaction.again(meant, model, weigh(by_words, meanings, found)), meanings

    def admit(self, actor: Actor, course_ref: str) -> None:
        """Let an actor pass who may search this course.

        Raises:
            NotFound: no such course.
        """
        with self._store.read() as tx:
            require(actor, Action.READ, tx.courses.get(course_ref).id)

    def model(self, course_ref: str) -> str:
        """Return the name of the embedder whose vectors a course is searched by."""
        with self._store.read() as tx:
            return tx.embeddings.serving(tx.courses.get(course_ref).id).model or self._embedder.name

    def meanings(self, query: str, texts: Sequence[str]) -> dict[str, float] | None:
        """Return the cosine of the query with each text, or None where vectors do not speak of meaning."""
        if not self._embedder.semantic or not texts:
            return None
        known = self._cosines.get(query, {})
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            wanted, *rows = self._embedder.embed([canonical(query), *missing])
            known = known | {text: _dot(wanted, row) for text, row in zip(missing, rows, strict=True)}
            self._cosines = {query: known}
        return {text: known[text] for text in texts}

    def counts(self, actor: Actor, course_ref: str, words: Sequence[str]) -> Counts:
        """Return how many passages of the course hold each of these words.

        Raises:
            NotFound: no such course.
        """
        with self._store.read() as tx:
            course = tx.courses.get(course_ref)
            require(actor, Action.READ, course.id)
            found, passages = tx.passages.counts(course.id, words)
        return Counts(words=found, passages=passages)

    def stored(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Return the passages of these ids as they are stored now, without those that live no more."""
        with self._store.read() as tx:
            return tx.passages.many(list(passage_ids))

    def refresh(self) -> int:
        """Bring the index up to date with SQL; return the change number it now stands at."""
        return self._shelves.chosen.refresh()

    def warm(self) -> None:
        """Do now what the first query would wait for: load the models, bring the index up to date."""
        self._embedder.embed(["warm"])
        self._reranking.warm()
        self.refresh()

    def close(self) -> None:
        self._shelves.close()

    def _nearest_of(self, ids: Sequence[str], model: str, vector: Vector) -> dict[str, float]:
        """Return the cosines of the nearest of these passages, exactly: an index knows courses, not parts of them."""
        with self._store.read() as tx:
            found = _cosines(tx, model, ids, vector)
        return dict(heapq.nlargest(CANDIDATES, found.items(), key=operator.itemgetter(1)))


def search_json(query: str, hits: Sequence[Found], started: float, *, scores: bool = False) -> dict[str, Any]:
    """Return the search document; scores are for the command line only."""
    rows = [hit.to_json(rank) | ({"score": round(hit.score, 6)} if scores else {}) for rank, hit in enumerate(hits, 1)]
    return {"query": query, "took_ms": round((time.perf_counter() - started) * 1000, 1), "hits": rows}


def _seen(tx: Tx, actor: Actor, course_id: str, scope: Scope) -> Seen | None:
    return tx.progress.seen(actor.person_id, course_id) if scope.watched else None


def _nowhere(_model: str) -> Shelf | None:
    return None


def _cosines(tx: Tx, model: str, ids: Sequence[str], vector: Vector) -> dict[str, float]:
    """Return the cosines of those of these passages that have a vector of the model, made of the vectors in SQL."""
    import numpy as np

    known, data, dimensions = tx.vectors.packed(model, ids)
    if not known:
        return {}
    rows = np.frombuffer(data, dtype="<f4").reshape(-1, dimensions)
    scores = np.einsum("ij,j->i", rows, np.asarray(vector, dtype=np.float32))  # one thread: see `MemoryIndex`
    return dict(zip(known, scores.tolist(), strict=True))


def _meant(embedder: Embedder, query: str) -> TokenVectors:
    """Return what an embedder makes of a query: of its tokens nothing, where it does not tell of them."""
    if isinstance(embedder, TokenEmbedder):
        return embedder.embed_tokens([query])[0]
    return TokenVectors(vector=embedder.embed([query])[0], tokens=(), rows=b"")


def _dot(a: Vector, b: Vector) -> float:
    return float(sum(map(operator.mul, a, b)))
