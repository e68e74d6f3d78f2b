"""The contract of vector indexes."""

from __future__ import annotations

import math
from typing import Any

import pytest

from knowhub_ext.errors import KnowHubError
from knowhub_ext.ports import IndexEntry, VectorIndex


class VectorIndexContract:
    """Nearest vectors within one course. The fixture gives an empty index of 8 dimensions."""

    @staticmethod
    def entry(number: int, course: str = "c1", *, turn: float = 0.0) -> IndexEntry:
        """Return the entry of a vector that turns away from the first axis with its number."""
        angle = number * 0.05 + turn
        return IndexEntry(
            passage_id=f"p{number}", course_id=course, vector=[math.cos(angle), math.sin(angle), *[0.0] * 6]
        )

    def test_it_is_an_index(self, backend: Any) -> None:
        assert isinstance(backend, VectorIndex)

    def test_the_nearest_come_first_with_their_cosine(self, backend: VectorIndex) -> None:
        backend.add([self.entry(n) for n in (3, 1, 2, 0)])
        hits = backend.search(self.entry(0).vector, course_id="c1", limit=3)
        assert [hit.passage_id for hit in hits] == ["p0", "p1", "p2"]
        assert hits[1].score == pytest.approx(math.cos(0.05), abs=1e-3)

    def test_the_same_passage_twice_stays_one(self, backend: VectorIndex) -> None:
        backend.add([self.entry(1), self.entry(1)])
        backend.add([self.entry(1, turn=0.5)])
        hits = backend.search(self.entry(1, turn=0.5).vector, course_id="c1", limit=10)
        assert [hit.passage_id for hit in hits] == ["p1"]
        assert hits[0].score == pytest.approx(1.0, abs=1e-3)

    def test_other_courses_are_never_seen(self, backend: VectorIndex) -> None:
        backend.add([self.entry(1, "c1"), self.entry(2, "c2")])
        assert [hit.passage_id for hit in backend.search(self.entry(1).vector, course_id="c2", limit=9)] == ["p2"]
        assert backend.search(self.entry(1).vector, course_id="c3", limit=9) == []

    def test_what_is_forgotten_is_gone(self, backend: VectorIndex) -> None:
        backend.add([self.entry(1), self.entry(2)])
        backend.forget(["p1", "unknown"])
        assert [hit.passage_id for hit in backend.search(self.entry(1).vector, course_id="c1", limit=9)] == ["p2"]

    def test_an_empty_index_finds_nothing(self, backend: VectorIndex) -> None:
        backend.add([])
        backend.forget([])
        assert backend.search(self.entry(1).vector, course_id="c1", limit=9) == []
        assert backend.search(self.entry(1).vector, course_id="c1", limit=0) == []

    def test_a_small_set_is_searched_exactly(self, backend: VectorIndex) -> None:
        rows = [self.entry(n) for n in range(200)]
        backend.add(rows)
        wanted = self.entry(100, turn=0.01)
        exact = sorted(rows, key=lambda row: -_cosine(row.vector, wanted.vector))[:10]
        found = backend.search(wanted.vector, course_id="c1", limit=10)
        assert [hit.passage_id for hit in found] == [row.passage_id for row in exact]

    def test_it_remembers_how_far_it_was_fed(self, backend: VectorIndex) -> None:
        assert backend.seen() == 0
        backend.add([self.entry(1)])
        backend.mark(41)
        assert backend.seen() == 41

    def test_a_vector_of_another_length_is_refused(self, backend: VectorIndex) -> None:
        backend.add([self.entry(1)])
        with pytest.raises(KnowHubError, match="dimensions"):
            backend.search([1.0, 0.0], course_id="c1", limit=1)

    def test_closing_twice_is_harmless(self, backend: VectorIndex) -> None:
        backend.close()
        backend.close()


def _cosine(a: Any, b: Any) -> float:
    return float(sum(x * y for x, y in zip(a, b, strict=True)))
