"""Exact search over vectors held in memory. The plain backend of its seam and the measure for every other one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from knowhub_ext.errors import UserError
from knowhub_ext.ports import Hit, IndexEntry, Vector

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, np.dtype[np.float32]]


class MemoryIndex:
    """Keeps one matrix a course, built at the first search after a change. Nothing outlives the process.

    Option: `dimensions`, of the vectors to come; 0 takes those of the first one.
    """

    def __init__(self, *, dimensions: int = 0) -> None:
        self.dimensions = dimensions
        self._courses: dict[str, dict[str, Any]] = {}
        self._owner: dict[str, str] = {}
        self._matrices: dict[str, tuple[list[str], Matrix]] = {}
        self._seen = 0

    def add(self, entries: Sequence[IndexEntry]) -> None:
        """Add or replace entries; the same passage twice stays one, in the course it was last added to."""
        for entry in entries:
            self._check(entry.vector)
        for entry in entries:
            self.forget([entry.passage_id])
            self._courses.setdefault(entry.course_id, {})[entry.passage_id] = entry.vector
            self._owner[entry.passage_id] = entry.course_id
            self._matrices.pop(entry.course_id, None)

    def forget(self, passage_ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are ignored."""
        for passage_id in passage_ids:
            course = self._owner.pop(passage_id, None)
            if course is not None:
                del self._courses[course][passage_id]
                self._matrices.pop(course, None)

    def search(self, vector: Vector, *, course_id: str, limit: int) -> list[Hit]:
        """Return at most `limit` hits of that course, nearest first, by exact cosine."""
        import numpy as np

        if limit <= 0 or not self._courses.get(course_id):
            return []
        self._check(vector)
        ids, matrix = self._matrix(course_id)
        # Not `@`: BLAS splits this among threads that wait for each other, four times as long where others are at work.
        scores = np.einsum("ij,j->i", matrix, _unit(np.asarray([vector], dtype=np.float32))[0])
        return [Hit(passage_id=ids[i], score=float(scores[i])) for i in _best(scores, limit)]

    def seen(self) -> int:
        """Return the change number that was marked last, 0 at first."""
        return self._seen

    def mark(self, seq: int) -> None:
        """Remember the change number as long as this process lives."""
        self._seen = seq

    def close(self) -> None:
        """Drop everything."""
        self._courses.clear()
        self._owner.clear()
        self._matrices.clear()

    def _matrix(self, course_id: str) -> tuple[list[str], Matrix]:
        import numpy as np

        if course_id not in self._matrices:
            rows = self._courses[course_id]
            matrix = _unit(np.asarray(list(rows.values()), dtype=np.float32))
            self._courses[course_id] = dict(zip(rows, matrix, strict=True))  # views: each number is there once
            self._matrices[course_id] = (list(rows), matrix)
        return self._matrices[course_id]

    def _check(self, vector: Vector) -> None:
        self.dimensions = self.dimensions or len(vector)
        if len(vector) != self.dimensions:
            raise UserError(f"This index holds vectors of {self.dimensions} dimensions, not of {len(vector)}.")


def _best(scores: Matrix, limit: int) -> Matrix:
    """Return the places of the highest scores, highest first, equal ones in order; sorting all of them takes longer
    than making them."""
    import numpy as np

    found = np.arange(len(scores))
    if len(scores) > limit:
        found = np.flatnonzero(scores >= np.partition(scores, len(scores) - limit)[len(scores) - limit])
    order: Matrix = found[np.argsort(-scores[found], kind="stable")][:limit]
    return order


def _unit(matrix: Matrix) -> Matrix:
    """Return the rows scaled to unit length; a row of zeros stays as it is."""
    import numpy as np

    lengths: Matrix = np.linalg.norm(matrix, axis=1, keepdims=True).astype(np.float32)
    lengths[lengths == 0] = 1
    return matrix / lengths
