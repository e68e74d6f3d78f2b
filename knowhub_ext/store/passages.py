"""Passages: what is searched and cited. Those of anything in the trash are not found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import RowMapping, Select, delete, func, select, update

from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.passages import CUT, Neighbour, Passage, Place
from knowhub_ext.domain.scope import Scope, Seen
from knowhub_ext.errors import NotFound
from knowhub_ext.store.assets import LIVE
from knowhub_ext.store.counters import VECTOR as VECTOR_COUNTER
from knowhub_ext.store.counters import Counters
from knowhub_ext.store.extents import ExtentCache
from knowhub_ext.store.packing import pack_locator, pack_sentences, unpack_locator, unpack_sentences
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, COURSE, LESSON, PASSAGE, TOMBSTONE, VECTOR
from knowhub_ext.store.words import WordIndex

_JOINED = PASSAGE.join(ASSET, ASSET.c.id == PASSAGE.c.asset_id).join(LESSON, LESSON.c.id == ASSET.c.lesson_id).join(
    COURSE, COURSE.c.id == PASSAGE.c.course_id
)

#: Characters of a text that say how it begins.
_START = 160


def select_passages() -> Select[tuple[object, ...]]:
    """Return the query of live passages with kind and lesson of their asset, as `to_passage` reads it."""
    return select(PASSAGE, ASSET.c.kind, ASSET.c.lesson_id, LESSON.c.title).select_from(_JOINED).where(LIVE)


class Passages:
    def __init__(self, session: Session, counters: Counters, extents: ExtentCache | None = None) -> None:
        self._session = session
        self._counters = counters
        self._words = WordIndex(session, counters, extents)

    def replace(self, asset_id: str, passages: Sequence[Passage]) -> list[Passage]:
        """Make `passages` the passages of an asset, instead of those it had; return them with ids.

        Indexes are told to forget the old ones' vectors.

        Raises:
            NotFound: there is no such asset.
        """
        asset = self._session.row(
            select(ASSET.c.course_id, ASSET.c.lesson_id, ASSET.c.kind, LESSON.c.title)
            .join(LESSON, LESSON.c.id == ASSET.c.lesson_id).where(ASSET.c.id == asset_id)
        )
        if asset is None:
            raise NotFound(f"There is no file '{asset_id[:80]}'.")
        self._bury_vectors(asset_id)
        if self._session.run(delete(PASSAGE).where(PASSAGE.c.asset_id == asset_id)):
            self._words.forgot()
        home = {**asset, "kind": AssetKind(asset["kind"])}
        stored = [
            replace(passage, id=new_id(), asset_id=asset_id, ordinal=number, **home)
            for number, passage in enumerate(passages)
        ]
        rows, places = self._words.place(stored)
        self._session.add(PASSAGE, [
            {"id": p.id, "asset_id": asset_id, "course_id": p.course_id, "ordinal": p.ordinal, "text": p.text,
             "locator": pack_locator(p.locator), "sentences": pack_sentences(p.sentences), "cut": CUT} | place
            for p, place in zip(stored, places, strict=True)
        ])
        if stored:
            self._words.add(rows, owner=stored[0].id)
        return stored

    def _bury_vectors(self, asset_id: str) -> None:
        rows = self._session.rows(
            select(VECTOR.c.passage_id).distinct().join(PASSAGE, PASSAGE.c.id == VECTOR.c.passage_id)
            .where(PASSAGE.c.asset_id == asset_id)
        )
        if rows:
            first = self._counters.take(VECTOR_COUNTER, len(rows))
            self._session.add(TOMBSTONE, [
                {"seq": seq, "passage_id": row["passage_id"], "created_at": self._session.now}
                for seq, row in enumerate(rows, first)
            ])

    def of_asset(self, asset_id: str) -> list[Passage]:
        """Return an asset's passages in order."""
        statement = select_passages().where(PASSAGE.c.asset_id == asset_id).order_by(PASSAGE.c.ordinal)
        return [to_passage(row) for row in self._session.rows(statement)]

    def coarse(self, asset_id: str) -> bool:
        """Say whether an asset has passages that were cut by older rules."""
        older = select(PASSAGE.c.id).where(PASSAGE.c.asset_id == asset_id, PASSAGE.c.cut < CUT).limit(1)
        return self._session.row(older) is not None

    def keep_coarse(self, asset_id: str) -> None:
        """Let an asset's passages count as cut by the rules of today, where there is nothing to cut anew."""
        self._session.run(update(PASSAGE).where(PASSAGE.c.asset_id == asset_id).values(cut=CUT))

    def homes(self, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return `(course id, lesson id)` of those of these passages that live, in this order."""
        wanted = select(PASSAGE.c.id, PASSAGE.c.course_id, ASSET.c.lesson_id).select_from(_JOINED)
        rows = self._session.tuples(wanted.where(LIVE, self._session.among(PASSAGE.c.id, ids))) if ids else []
        found = {passage_id: (course_id, lesson_id) for passage_id, course_id, lesson_id in rows}
        return {passage_id: found[passage_id] for passage_id in dict.fromkeys(ids) if passage_id in found}

    def places(self, ids: Sequence[str]) -> dict[str, Place]:
        """Return where those of these passages are that are there, in this order; a text is read of none."""
        wanted = select(PASSAGE.c.id, PASSAGE.c.asset_id, PASSAGE.c.locator)
        rows = self._session.tuples(wanted.where(self._session.among(PASSAGE.c.id, ids))) if ids else []
        found = {
            passage_id: Place(asset_id=asset_id, locator=unpack_locator(locator))
            for passage_id, asset_id, locator in rows
        }
        return {passage_id: found[passage_id] for passage_id in dict.fromkeys(ids) if passage_id in found}

    def followed(self, ids: Sequence[str], reach: int) -> list[Neighbour]:
        """Return these passages and of each asset up to `reach` that follow one of them, in order, each once."""
        first, row = PASSAGE.alias("first"), PASSAGE.c
        near = row.ordinal.between(first.c.ordinal, first.c.ordinal + reach)
        wanted = (
            select(row.id, row.asset_id, row.ordinal, row.locator, func.substr(row.text, 1, _START)).distinct()
            .select_from(first.join(PASSAGE, (row.asset_id == first.c.asset_id) & near))
            .where(self._session.among(first.c.id, ids)).order_by(row.asset_id, row.ordinal)
        )
        return [
            Neighbour(id=i, asset_id=asset_id, ordinal=ordinal, locator=unpack_locator(locator), start=start)
            for i, asset_id, ordinal, locator, start in self._session.tuples(wanted)
        ] if ids else []

    def many(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages of these ids in this order, leaving out those that live no more."""
        rows = self._session.rows(select_passages().where(PASSAGE.c.id.in_(list(ids)))) if ids else []
        found = {row["id"]: to_passage(row) for row in rows}
        return [found[passage_id] for passage_id in dict.fromkeys(ids) if passage_id in found]

    def within(self, course_id: str, scope: Scope, seen: Seen | None = None) -> dict[int, tuple[str, str]]:
        """Return the live passages of a part of a course: `(id, lesson id)` by the number `search` knows them by.

        Args:
            course_id: the course.
            scope: the part.
            seen: what of it was watched, for a scope of that alone.
        """
        wanted = [LIVE, PASSAGE.c.course_id == course_id]
        if scope.lessons:
            wanted.append(ASSET.c.lesson_id.in_(scope.lessons))
        if scope.without:
            wanted.append(ASSET.c.lesson_id.not_in(scope.without))
        if scope.kinds:
            wanted.append(ASSET.c.kind.in_([kind.value for kind in scope.kinds]))
        columns = [PASSAGE.c.number, PASSAGE.c.id, PASSAGE.c.asset_id, ASSET.c.lesson_id]
        if scope.moment:
            wanted.append(ASSET.c.lesson_id == scope.moment.lesson_id)
        columns += [PASSAGE.c.locator] if scope.watched or scope.moment else []
        rows = self._session.rows(select(*columns).select_from(_JOINED).where(*wanted))
        return {row["number"]: (row["id"], row["lesson_id"]) for row in rows if _holds(scope, seen, row)}

    def search(
        self, course_id: str, terms: Sequence[str], *, limit: int, phrases: Sequence[str] = (),
        numbers: Collection[int] | None = None,
    ) -> list[tuple[str, float]]:
        """Return `(passage id, score)` of passages with any of `terms`, best first; a score is above 0.

        Args:
            course_id: the only course that is looked at.
            terms: as `domain.texts.query_terms` makes them; no sign in them is syntax. None: nothing is found.
            limit: at most so many.
            phrases: pairs of words that count as a term more where they stand side by side.
            numbers: the only passages to look at, as `within` gives them, or None.
        """
        return self._words.search(course_id, terms, phrases=phrases, limit=limit, numbers=numbers)

    def counts(self, course_id: str, words: Sequence[str]) -> tuple[dict[str, int], int]:
        """Return how many passages of a course hold each word, and how many it has; what is in the trash counts."""
        return self._words.counts(course_id, words)


def _holds(scope: Scope, seen: Seen | None, row: RowMapping) -> bool:
    """Say whether a passage is of the part of a scope that SQL cannot tell: what was watched, and a moment."""
    if not scope.watched and scope.moment is None:
        return True
    locator = unpack_locator(row["locator"])
    if scope.watched and (seen is None or not seen.holds(row["asset_id"], row["lesson_id"], locator)):
        return False
    return scope.moment is None or scope.moment.holds(row["asset_id"], locator)


def to_passage(row: RowMapping) -> Passage:
    return Passage(
        id=row["id"], asset_id=row["asset_id"], lesson_id=row["lesson_id"], course_id=row["course_id"],
        title=row["title"], kind=AssetKind(row["kind"]),
        ordinal=row["ordinal"], text=row["text"], locator=unpack_locator(row["locator"]),
        sentences=unpack_sentences(row["sentences"]),
    )
