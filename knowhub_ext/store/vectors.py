"""Vectors of passages, and the changes that bring a derived index up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from knowhub_ext.domain.embeddings import RECIPE
from knowhub_ext.domain.passages import Passage
from knowhub_ext.ports import IndexEntry, Vector
from knowhub_ext.store.counters import VECTOR as COUNTER_NAME
from knowhub_ext.store.counters import Counters
from knowhub_ext.store.embeddings import current
from knowhub_ext.store.packing import pack_vector, unpack_vector
from knowhub_ext.store.passages import select_passages, to_passage
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import OPENING, PASSAGE, TOMBSTONE, VECTOR

#: Ids in one query.
_AT_ONCE = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorChanges:
    """What an index has to `add` and to `forget` so as to stand at `seq`; `more`: ask again from there."""

    entries: list[IndexEntry]
    gone: list[str]
    seq: int
    more: bool


class Vectors:
    def __init__(self, session: Session, counters: Counters) -> None:
        self._session = session
        self._counters = counters

    def put(
        self, model: str, rows: Sequence[tuple[str, Vector]], *, tokens: Mapping[str, bytes] | None = None,
        recipe: int = RECIPE,
    ) -> None:
        """Keep vectors `(passage id, vector)` of one model, instead of those the passages had of it.

        Args:
            model: whose they are.
            rows: of passages that are there.
            tokens: the signs of the tokens of their openings, by passage id, where there are any.
            recipe: by which rules they were made.
        """
        if not rows:
            return
        ids = [passage_id for passage_id, _ in rows]
        self._session.run(delete(VECTOR).where(VECTOR.c.model == model, VECTOR.c.passage_id.in_(ids)))
        first = self._counters.take(COUNTER_NAME, len(rows))
        self._session.add(VECTOR, [
            {"passage_id": passage_id, "model": model, "seq": seq, "dimensions": len(vector),
             "data": pack_vector(vector), "recipe": recipe}
            for seq, (passage_id, vector) in enumerate(rows, first)
        ])
        if tokens:
            self._session.add(OPENING, [
                {"passage_id": passage_id, "model": model, "tokens": data} for passage_id, data in tokens.items()
            ])

    def some(self, model: str, passage_ids: Sequence[str]) -> dict[str, Vector]:
        """Return the vectors of one model of those passages that have one, by passage id."""
        rows = self._session.rows(
            select(VECTOR.c.passage_id, VECTOR.c.data)
            .where(VECTOR.c.model == model, VECTOR.c.passage_id.in_(list(passage_ids)))
        ) if passage_ids else []
        return {row["passage_id"]: unpack_vector(row["data"]) for row in rows}

    def tokens(self, model: str, passage_ids: Sequence[str]) -> dict[str, bytes]:
        """Return the signs of the tokens of the openings of those of these passages that have them, by passage id."""
        wanted = select(OPENING.c.passage_id, OPENING.c.tokens).where(
            OPENING.c.model == model, self._session.among(OPENING.c.passage_id, passage_ids)
        )
        return {i: bytes(data) for i, data in self._session.tuples(wanted)} if passage_ids else {}

    def pending(self, asset_id: str, model: str, limit: int, *, after: int = 0) -> list[Passage]:
        """Return up to `limit` passages of an asset that have no vector of this model by the rules of today, in order.

        `after`: vectors numbered up to it do not count.
        """
        lacking = (PASSAGE.c.asset_id == asset_id) & ~current(model, after=after)
        rows = self._session.rows(select_passages().where(lacking).order_by(PASSAGE.c.ordinal).limit(limit))
        return [to_passage(row) for row in rows]

    def lacking(self, asset_id: str, model: str, *, after: int = 0) -> int:
        """Return how many passages of an asset `pending` would return in all."""
        lacking = (PASSAGE.c.asset_id == asset_id) & ~current(model, after=after)
        return int(self._session.scalar(select(func.count()).select_from(PASSAGE).where(lacking)))

    def changes(self, model: str, after: int, limit: int) -> VectorChanges:
        """Return up to `limit` changes numbered above `after`, oldest first. Repeating them changes nothing."""
        added = self._session.rows(
            select(VECTOR.c.seq, VECTOR.c.passage_id, VECTOR.c.data, PASSAGE.c.course_id)
            .join(PASSAGE, PASSAGE.c.id == VECTOR.c.passage_id)
            .where(VECTOR.c.model == model, VECTOR.c.seq > after).order_by(VECTOR.c.seq).limit(limit + 1)
        )
        gone = self._session.rows(
            select(TOMBSTONE.c.seq, TOMBSTONE.c.passage_id).where(TOMBSTONE.c.seq > after)
            .order_by(TOMBSTONE.c.seq).limit(limit + 1)
        )
        numbers = sorted(row["seq"] for row in [*added, *gone])
        last = numbers[:limit][-1] if numbers[:limit] else after
        entries = [
            IndexEntry(
                passage_id=row["passage_id"], course_id=row["course_id"], vector=unpack_vector(row["data"])
            )
            for row in added if row["seq"] <= last
        ]
        forgotten = [row["passage_id"] for row in gone if row["seq"] <= last]
        return VectorChanges(entries=entries, gone=forgotten, seq=last, more=len(numbers) > limit)

    def packed(self, model: str, passage_ids: Sequence[str]) -> tuple[list[str], bytes, int]:
        """Return which of these passages have a vector of one model, these vectors as one run of little-endian
        float32, and how many floats one has (0 where there is none)."""
        ids: list[str] = []
        data: list[bytes] = []
        for start in range(0, len(passage_ids), _AT_ONCE):
            some = self._session.among(VECTOR.c.passage_id, passage_ids[start : start + _AT_ONCE])
            wanted = select(VECTOR.c.passage_id, VECTOR.c.data).where(VECTOR.c.model == model, some)
            for passage_id, vector in self._session.tuples(wanted):
                ids.append(passage_id)
                data.append(bytes(vector))
        return ids, b"".join(data), len(data[0]) // 4 if data else 0

    def made(self, model: str, after: int) -> int:
        """Return how many vectors of a model are numbered above `after`."""
        newer = (VECTOR.c.model == model) & (VECTOR.c.seq > after)
        return int(self._session.scalar(select(func.count()).select_from(VECTOR).where(newer)))

    def last(self) -> int:
        """Return the number of the last change to any vector; 0 where there was none."""
        return self._counters.last(COUNTER_NAME)
