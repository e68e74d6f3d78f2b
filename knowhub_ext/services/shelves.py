"""The vectors of a model as they are searched: who turns a question into one, and the index, fed from SQL before use.

Courses may be searched by different models for a while: one that is being rebuilt with another model goes on with the
vectors it has.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from knowhub_ext.errors import DiskFull
from knowhub_ext.ports import Embedder, Vector, VectorIndex
from knowhub_ext.store.database import Store

_log = logging.getLogger(__name__)
_FEED = 2_000


class Shelf:
    """One model's. `open_index` is called once, when the first query needs it."""

    def __init__(self, store: Store, embedder: Embedder, open_index: Callable[[], VectorIndex]) -> None:
        self._store = store
        self.embedder = embedder
        self._open_index = open_index
        self._index: VectorIndex | None = None
        #: The last change in SQL and that of the index when they were alike; a damaged index goes back to 0.
        self._alike = (-1, -1)
        self._lock = threading.Lock()

    def refresh(self) -> int:
        """Bring the index up to date with SQL; return the change number it now stands at."""
        with self._lock:
            return self._fed().seen()

    def nearest(self, vector: Vector, course_id: str, limit: int) -> dict[str, float]:
        """Return the cosines of the nearest passages by id, nearest first."""
        with self._lock:
            try:
                index: VectorIndex | None = self._fed()
            except DiskFull as error:  # reading goes on: words find what is new, vectors what the index knew before
                _log.warning("search goes on without what is new to its index: %s", error.message)
                index = self._index
            hits = index.search(vector, course_id=course_id, limit=limit) if index else []
        return {hit.passage_id: hit.score for hit in hits}

    def close(self) -> None:
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index, self._alike = None, (-1, -1)

    def _fed(self) -> VectorIndex:
        """Return the index after applying every change that SQL holds and it has not seen."""
        if self._index is None:
            self._index = self._open_index()
        while True:
            with self._store.read() as tx:
                last = tx.vectors.last()
                if (last, self._index.seen()) == self._alike:
                    return self._index
                changes = tx.vectors.changes(self.embedder.name, self._index.seen(), _FEED)
            if changes.entries:
                self._index.add(changes.entries)
            if changes.gone:
                self._index.forget(changes.gone)
            if changes.seq > self._index.seen():
                self._index.mark(changes.seq)
            if not changes.more:
                self._alike = (last, self._index.seen())
                return self._index


class Shelves:
    """The shelf of the chosen model, and those of other models that courses are searched by.

    Args:
        chosen: that of the model that is set.
        other: makes the shelf of another model; None: that model is not on this machine.
    """

    def __init__(self, chosen: Shelf, other: Callable[[str], Shelf | None]) -> None:
        self.chosen = chosen
        self._other = other
        self._others: dict[str, Shelf | None] = {}
        self._models: dict[str, str] = {}
        self._lock = threading.Lock()

    def of(self, course_id: str, model: str) -> Shelf | None:
        """Return the shelf of the model a course is searched by; None where only words can be searched.

        Another model's shelf goes when no course that was asked for is searched by it any more.
        """
        with self._lock:
            before, self._models[course_id] = self._models.get(course_id), model
            if before not in (None, model):
                self._drop_unused()
            if model in ("", self.chosen.embedder.name):
                return self.chosen
            if model not in self._others:
                self._others[model] = self._other(model)
                if self._others[model] is None:
                    _log.warning("the model %s of some vectors is not on this machine: words alone are searched", model)
            return self._others[model]

    def close(self) -> None:
        with self._lock:
            self._models.clear()
            self._drop_unused()
        self.chosen.close()

    def _drop_unused(self) -> None:
        for model in set(self._others) - set(self._models.values()):
            shelf = self._others.pop(model)
            if shelf is not None:
                shelf.close()
