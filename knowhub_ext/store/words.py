"""The word index over passages, by hand for each engine: FTS5 with bm25 on SQLite, tsvector with GIN on PostgreSQL.

Both are given the words `domain.texts.words` sees in `index_text`, so that they find the same passages whatever their
own tokenizers think of signs. A query comes as terms, is bound or quoted, and is never the engines' syntax.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import TextClause, text

from knowhub_ext.domain.texts import canonical, index_text, words
from knowhub_ext.store.session import Session

#: Longer words are cut on both sides: PostgreSQL refuses those beyond 2,046 bytes.
WORD_MAX = 200
_ADD_SQLITE = text(
    "INSERT INTO passage_fts (rowid, scope, body) SELECT number, :scope, :body FROM passage WHERE id = :id"
)
_ADD_POSTGRES = text(
    "INSERT INTO passage_fts (number, search) SELECT number, "
    "array_to_tsvector(string_to_array(:scope, ' ')) || to_tsvector('english', :body) FROM passage WHERE id = :id"
)
# One row for each passage of the best `:limit`, with a null id where something above it is in the trash.
_LIVE = """
SELECT CASE WHEN course.id IS NULL THEN NULL ELSE passage.id END AS id, found.score AS score
FROM best AS found
LEFT JOIN passage ON passage.number = found.number
LEFT JOIN asset ON asset.id = passage.asset_id AND asset.deleted_at IS NULL
LEFT JOIN lesson ON lesson.id = asset.lesson_id AND lesson.deleted_at IS NULL
LEFT JOIN course ON course.id = lesson.course_id AND course.deleted_at IS NULL
ORDER BY found.score DESC, found.number
"""
# The plus keeps the numbers from being looked up one by one in the word index.
_FIND_SQLITE = """
WITH best AS MATERIALIZED (
  SELECT rowid AS number, -rank AS score FROM passage_fts WHERE passage_fts MATCH :match {within}
  ORDER BY rank LIMIT :limit
)""" + _LIVE
_WITHIN_SQLITE = "AND +rowid IN (SELECT value FROM json_each(:numbers))"
# ts_rank knows no rarity, so each term is weighted by ln(1 + N/n), and ts_rank (divided by 1 + ln(length): flag 1)
# only says how much of it a passage has. Each step is materialised: the planner knows nothing of a term's frequency,
# and what it would make of one big join takes minutes on fresh tables.
_FIND_POSTGRES = """
WITH term AS MATERIALIZED (
  SELECT DISTINCT query FROM unnest(CAST(:terms AS text[])) AS word, phraseto_tsquery('english', word) AS query
  WHERE numnode(query) > 0
), found AS MATERIALIZED (
  SELECT number, search FROM passage_fts WHERE search @@ (
    SELECT CAST(:scope AS tsquery) && CAST(string_agg(concat('(', query, ')'), ' | ') AS tsquery) FROM term
  )
), part AS MATERIALIZED (
  SELECT number, query, ts_rank(search, query, 1) AS part FROM found JOIN term ON search @@ query
), size AS MATERIALIZED (
  SELECT CAST(count(*) AS float8) AS passages FROM passage_fts WHERE search @@ CAST(:scope AS tsquery)
), weight AS MATERIALIZED (
  SELECT query, ln(1 + (SELECT passages FROM size) / count(*)) AS idf FROM part GROUP BY query
), best AS MATERIALIZED (
  SELECT number, sum(idf * part) AS score FROM part JOIN weight USING (query) {within}
  GROUP BY number ORDER BY score DESC, number LIMIT :limit
)""" + _LIVE
_WITHIN_POSTGRES = "WHERE number = ANY(CAST(:numbers AS bigint[]))"
_FIND = {
    (sqlite, narrowed): text(find.replace("{within}", within if narrowed else ""))
    for sqlite, find, within in (
        (True, _FIND_SQLITE, _WITHIN_SQLITE), (False, _FIND_POSTGRES, _WITHIN_POSTGRES)
    ) for narrowed in (True, False)
}

_COUNT_SQLITE = text("SELECT count(*) AS n FROM passage_fts WHERE passage_fts MATCH :match")
_COUNT_POSTGRES = text(
    "SELECT count(*) AS n FROM passage_fts "
    "WHERE search @@ (CAST(:scope AS tsquery) && phraseto_tsquery('english', :word))"
)
_SIZE_POSTGRES = text("SELECT count(*) AS n FROM passage_fts WHERE search @@ CAST(:scope AS tsquery)")


class WordIndex:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, passages: Sequence[tuple[str, str]], *, course_id: str, lesson_id: str) -> None:
        """Index passages `(id, text)` of one lesson; what a removed passage had here goes with it by itself."""
        scope = f"{_token(course_id)} {_token(lesson_id)}"
        rows = [{"id": passage_id, "scope": scope, "body": body_of(passage)} for passage_id, passage in passages]
        if rows:
            self._session.run(_ADD_SQLITE if self._session.sqlite else _ADD_POSTGRES, rows)

    def search(
        self, course_id: str, terms: Sequence[str], *, phrases: Sequence[str] = (), limit: int,
        numbers: Collection[int] | None = None,
    ) -> list[tuple[str, float]]:
        """Return up to `limit` live passages that hold any of `terms` or `phrases`, best first, scores above 0.

        `numbers` narrows it to these passages; how rare a term is stays that of the whole.
        """
        wanted = list(dict.fromkeys([*_terms(terms), *_phrases(phrases)]))
        if not wanted or limit < 1 or (numbers is not None and not numbers):
            return []
        ask = limit
        while True:  # as long as what is in the trash takes the places of what lives
            rows = self._session.rows(*self._query(course_id, wanted, ask, numbers))
            live = [(row["id"], float(row["score"])) for row in rows if row["id"] is not None]
            if len(live) >= limit or len(rows) < ask:
                return live[:limit]
            ask *= 4

    def counts(self, course_id: str, wanted: Sequence[str]) -> tuple[dict[str, int], int]:
        """Return how many passages of a course hold each word, and how many it has; what is in the trash counts."""
        scope = _token(course_id)
        if self._session.sqlite:
            asked = {word: (_COUNT_SQLITE, {"match": _match([word], scope)}) for word in wanted}
            size = self._session.row(_COUNT_SQLITE, {"match": f"scope : {scope}"})
        else:
            asked = {word: (_COUNT_POSTGRES, {"scope": scope, "word": word}) for word in wanted}
            size = self._session.row(_SIZE_POSTGRES, {"scope": scope})
        rows = {word: self._session.row(*query) for word, query in asked.items()}
        return {word: int(row["n"]) for word, row in rows.items() if row}, int(size["n"]) if size else 0

    def _query(
        self, course_id: str, terms: Sequence[str], limit: int, numbers: Collection[int] | None
    ) -> tuple[TextClause, dict[str, Any]]:
        sqlite, scope = self._session.sqlite, _token(course_id)
        values: dict[str, Any] = {"limit": limit}
        values |= {"match": _match(terms, scope)} if sqlite else {"terms": list(terms), "scope": scope}
        if numbers is not None:
            values["numbers"] = json.dumps(list(numbers)) if sqlite else list(numbers)
        return _FIND[sqlite, numbers is not None], values


def body_of(passage: str) -> str:
    """Return what is indexed for a passage: its words and its encoded code words, apart by spaces."""
    return " ".join(word[:WORD_MAX] for word in words(index_text(passage)))


def _terms(terms: Sequence[str]) -> Iterator[str]:
    for term in terms:
        yield from (word[:WORD_MAX] for word in words(canonical(term)))


def _phrases(phrases: Sequence[str]) -> Iterator[str]:
    for phrase in phrases:
        rows = [word[:WORD_MAX] for word in words(canonical(phrase))]
        if len(rows) > 1:
            yield " ".join(rows)


def _match(terms: Sequence[str], scope: str) -> str:
    """Build an FTS5 query; every term is a quoted string, in which a quote would be doubled."""
    quoted = ['"' + term.replace('"', '""') + '"' for term in terms]
    return f'scope : ({scope}) AND body : ({" OR ".join(quoted)})'


def _token(identifier: str) -> str:
    """Return an id as one word of letters and digits that begins with a letter."""
    return "k" + "".join(c for c in identifier if c.isascii() and c.isalnum())
