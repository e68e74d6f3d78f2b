"""Word search over passages: FTS5 on SQLite, tsvector with GIN on PostgreSQL, and bm25 over both.

The databases say which rows of the word index hold a word, with their stemming and phrases. A row is a sentence, which
up to eight overlapping passages share; the passages' scores are summed here, since bm25() of FTS5 takes microseconds
for every passage that holds any of the words, and ts_rank knows no rarity.

Both are given the words `domain.texts.words` sees in `index_text`, so that they find the same passages whatever their
own tokenizers think of signs. A query comes as terms, is bound or quoted, and is never the engines' syntax.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import TextClause, text

from knowhub_ext.domain.passages import Passage
from knowhub_ext.domain.sharing import shared
from knowhub_ext.domain.texts import canonical, index_text, stem, words
from knowhub_ext.store.counters import WORDS, WORDS_GONE, Counters
from knowhub_ext.store.extents import ExtentCache, Extents, read
from knowhub_ext.store.session import Session

if TYPE_CHECKING:
    import numpy as np

    Scores = np.ndarray[Any, np.dtype[np.float64]]
    Numbers = np.ndarray[Any, np.dtype[np.int64]]

#: Longer words are cut on both sides: PostgreSQL refuses those beyond 2,046 bytes.
WORD_MAX = 200
#: Of bm25, as in FTS5: how soon more of a word stops to count, and how much a passage's length does.
_K1, _B = 1.2, 0.75
#: What a word counts that most passages hold, as in FTS5: nearly nothing, but it is found.
_LEAST = 1e-6
#: Passages that are asked for at once whether they live.
_AT_ONCE = 10_000
#: Terms in one statement: SQLite takes 500 parts of one.
_TERMS = 100

_ADD_SQLITE = text("INSERT INTO passage_fts (rowid, body, again) VALUES (:row, :body, :again)")
_ADD_POSTGRES = text(
    "INSERT INTO passage_fts (number, owner, search, again) "
    "SELECT :row, number, to_tsvector('english', :body), to_tsvector('english', :again) FROM passage WHERE id = :owner"
)
_FIND_SQLITE = (
    "SELECT {n} AS term, group_concat(rowid) AS found FROM passage_fts "
    "WHERE passage_fts MATCH '{column} : ' || :term{n} AND rowid BETWEEN :low AND :high"
)
_FIND_POSTGRES = (
    "SELECT {n} AS term, string_agg(CAST(number AS text), ',') AS found FROM passage_fts "
    "WHERE {column} @@ phraseto_tsquery('english', :term{n}) AND number BETWEEN :low AND :high"
)
_LIVE = """
SELECT passage.number AS number, passage.id AS id FROM passage
JOIN asset ON asset.id = passage.asset_id AND asset.deleted_at IS NULL
JOIN lesson ON lesson.id = asset.lesson_id AND lesson.deleted_at IS NULL
JOIN course ON course.id = lesson.course_id AND course.deleted_at IS NULL
WHERE passage.number
"""
_LIVE_SQLITE = text(_LIVE + "IN (SELECT value FROM json_each(:numbers))")
_LIVE_POSTGRES = text(_LIVE + "= ANY(CAST(:numbers AS bigint[]))")


class WordIndex:
    """`cache`: what readers keep of the passages' extents; None: they are read each time."""

    def __init__(self, session: Session, counters: Counters, cache: ExtentCache | None) -> None:
        self._session = session
        self._counters = counters
        self._cache = cache

    def place(self, passages: Sequence[Passage]) -> tuple[list[tuple[int, str]], list[dict[str, int]]]:
        """Give rows to the passages of one asset, which are in order; return them as `(row, body)`, and of each passage
        what its own row in the database says of them."""
        texts, spans = shared(passages)
        first = self._counters.take(WORDS, len(texts)) if texts else 0
        places = [
            {"words_from": first + start, "words_to": first + end, "length": body_of(passage.text).count(" ") + 1}
            for passage, (start, end) in zip(passages, spans, strict=True)
        ]
        return [(row, body_of(one)) for row, one in enumerate(texts, first)], places

    def add(self, rows: Sequence[tuple[int, str]], owner: str) -> None:
        """Index rows of an asset, one of whose passages is `owner`; they go with its passages by themselves."""
        values: list[dict[str, Any]] = [{"row": row, "body": body, "again": again_of(body)} for row, body in rows]
        if values and self._session.sqlite:
            self._session.run(_ADD_SQLITE, values)
        elif values:
            self._session.run(_ADD_POSTGRES, [value | {"owner": owner} for value in values])

    def forgot(self) -> None:
        """Note that passages were removed: what others keep of their extents is out of date."""
        self._counters.take(WORDS_GONE)

    def search(
        self, course_id: str, terms: Sequence[str], *, phrases: Sequence[str] = (), limit: int,
        numbers: Collection[int] | None = None,
    ) -> list[tuple[str, float]]:
        """Return up to `limit` live passages that hold any of `terms` or `phrases`, best first, scores above 0.

        `numbers` narrows it to these passages; how rare a term is stays that of the whole course.
        """
        wanted = list(dict.fromkeys([*_terms(terms), *_phrases(phrases)]))
        if not wanted or limit < 1 or (numbers is not None and not numbers):
            return []
        extents = self._extents(course_id)
        scores = self._scores(extents, wanted)
        if numbers is not None:
            import numpy as np

            scores[~np.isin(extents.numbers, list(numbers))] = 0.0
        return self._best(extents, scores, limit)

    def counts(self, course_id: str, wanted: Sequence[str]) -> tuple[dict[str, int], int]:
        """Return how many passages of a course hold each word, and how many it has; what is in the trash counts."""
        extents = self._extents(course_id)
        rows = self._rows(wanted, extents)
        return {word: len(extents.holding(held)[0]) for word, held in rows.items()}, len(extents)

    def _extents(self, course_id: str) -> Extents:
        if self._cache is not None:
            return self._cache.of(course_id, self._session, self._counters)
        return read(self._session, course_id, upto=0, gone=0)

    def _scores(self, extents: Extents, terms: Sequence[str]) -> Scores:
        """Return the bm25 of every passage."""
        import numpy as np

        scores: Scores = np.zeros(len(extents))
        if not len(extents):
            return scores
        mean = max(1.0, float(extents.lengths.mean()))
        for rows in self._rows(terms, extents).values():
            places, often = extents.holding(rows)
            if len(places):
                rarity = max(_LEAST, math.log((len(extents) - len(places) + 0.5) / (len(places) + 0.5)))
                long = _K1 * (1 - _B + _B / mean * extents.lengths[places])
                scores[places] += rarity * often * (_K1 + 1) / (often + long)
        return scores

    def _rows(self, terms: Sequence[str], extents: Extents) -> dict[str, Numbers]:
        """Return for each word or phrase the rows that hold it, those that hold a word again twice; between the first
        and the last row of a course."""
        import numpy as np

        nothing: Numbers = np.zeros(0, dtype=np.int64)
        found = dict.fromkeys(terms, nothing)
        if not found or not len(extents):
            return found
        low, high = extents.bounds
        sqlite, every = self._session.sqlite, list(found)
        for start in range(0, len(every), _TERMS):
            names = every[start : start + _TERMS]
            values = {f"term{n}": _quoted(name) if sqlite else name for n, name in enumerate(names)}
            statement = _finding(sqlite, tuple(" " in name for name in names))
            for row in self._session.rows(statement, values | {"low": low, "high": high}):
                if row["found"]:
                    rows = np.fromstring(row["found"], dtype=np.int64, sep=",")
                    found[names[row["term"]]] = np.concatenate([found[names[row["term"]]], rows])
        return found

    def _best(self, extents: Extents, scores: Scores, limit: int) -> list[tuple[str, float]]:
        """Return the best that live; equal ones as they stand in the course."""
        found: list[tuple[str, float]] = []
        asked, ask = 0, limit
        while asked < len(scores):  # as long as what is in the trash takes the places of what lives
            order = _order(scores, asked + ask)[asked:]
            if not len(order):
                break
            numbers = extents.numbers[order].tolist()
            live = self._live(numbers)
            ranked = zip(numbers, scores[order].tolist(), strict=True)
            found += [(live[number], score) for number, score in ranked if number in live]
            if len(found) >= limit or len(order) < ask:
                break
            asked, ask = asked + ask, min(_AT_ONCE, 4 * ask)
        return found[:limit]


    def _live(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the ids of those of these passages above which nothing is in the trash, by their numbers."""
        sqlite = self._session.sqlite
        values = {"numbers": json.dumps(numbers) if sqlite else list(numbers)}
        rows = self._session.rows(_LIVE_SQLITE if sqlite else _LIVE_POSTGRES, values)
        return {row["number"]: row["id"] for row in rows}


def body_of(passage: str) -> str:
    """Return what is indexed for a text: its words and its encoded code words, apart by spaces."""
    return " ".join(word[:WORD_MAX] for word in words(index_text(passage)))


@lru_cache(maxsize=256)
def _finding(sqlite: bool, phrases: tuple[bool, ...]) -> TextClause:
    """Return the statement that finds the rows of terms in one go, of words also those that hold them again.

    `phrases`: which of the terms are phrases.
    """
    find = _FIND_SQLITE if sqlite else _FIND_POSTGRES
    parts = [find.format(n=n, column="body" if sqlite else "search") for n in range(len(phrases))]
    parts += [find.format(n=n, column="again") for n, phrase in enumerate(phrases) if not phrase]
    return text(" UNION ALL ".join(parts))


def again_of(body: str) -> str:
    """Return the words of a body that it had before, by their stems: who has a word twice says more of it."""
    seen: set[str] = set()
    found: list[str] = []
    for word in body.split():
        root = stem(word)
        if root in seen:
            found.append(word)
        seen.add(root)
    return " ".join(found)


def _order(scores: Scores, count: int) -> Numbers:
    """Return the places of the `count` highest scores above 0, highest first, equal ones ascending."""
    import numpy as np

    found = np.flatnonzero(scores)
    if len(found) > count:
        least = np.partition(scores[found], len(found) - count)[len(found) - count]
        found = found[scores[found] >= least]
    order: Numbers = found[np.argsort(-scores[found], kind="stable")][:count]
    return order


def _terms(terms: Sequence[str]) -> Iterator[str]:
    for term in terms:
        yield from (word[:WORD_MAX] for word in words(canonical(term)))


def _phrases(phrases: Sequence[str]) -> Iterator[str]:
    for phrase in phrases:
        rows = [word[:WORD_MAX] for word in words(canonical(phrase))]
        if len(rows) > 1:
            yield " ".join(rows)


def _quoted(term: str) -> str:
    """Return a term as a string of FTS5, in which nothing is syntax; a quote would be doubled."""
    return '"' + term.replace('"', '""') + '"'
