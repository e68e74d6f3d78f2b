"""The word index over passages, by hand for each engine: FTS5 with bm25 on SQLite, tsvector with GIN on PostgreSQL.

Both are given the words `domain.texts.words` sees in `index_text`, so that they find the same passages whatever their
own tokenizers think of signs. A query comes as terms, is bound or quoted, and is never the engines' syntax.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import text

from knowhub_ext.domain.texts import canonical, index_text, words
from knowhub_ext.store.session import Session

#: Longer words are cut on both sides: PostgreSQL refuses those beyond 2,046 bytes.
WORD_MAX = 200
_ADD_SQLITE = text(
    "INSERT INTO passage_fts (rowid, scope, body) SELECT number, :scope, :body FROM passage WHERE id = :id"
)
_ADD_POSTGRES = text(
    "INSERT INTO passage_fts (number, search) "
    "SELECT number, to_tsvector('english', :body) FROM passage WHERE id = :id"
)
# One row for each found passage, with a null id where something above it is in the trash.
_FIND_SQLITE = text("""
SELECT CASE WHEN course.id IS NULL THEN NULL ELSE passage.id END AS id, -found.rank AS score
FROM (SELECT rowid, rank FROM passage_fts WHERE passage_fts MATCH :match ORDER BY rank LIMIT :limit) AS found
LEFT JOIN passage ON passage.number = found.rowid
LEFT JOIN asset ON asset.id = passage.asset_id AND asset.deleted_at IS NULL
LEFT JOIN lesson ON lesson.id = asset.lesson_id AND lesson.deleted_at IS NULL
LEFT JOIN course ON course.id = lesson.course_id AND course.deleted_at IS NULL
ORDER BY found.rank, passage.number
""")
# ts_rank knows no rarity, so each term is weighted by ln(1 + N/n), and ts_rank (divided by 1 + ln(length): flag 1)
# only says how much of it a passage has.
_FIND_POSTGRES = text("""
WITH term AS (
  SELECT DISTINCT plainto_tsquery('english', word) AS query FROM unnest(CAST(:terms AS text[])) AS word
), hit AS (
  SELECT passage.id, passage.number, term.query, ts_rank(passage_fts.search, term.query, 1) AS part
  FROM term
  JOIN passage_fts ON passage_fts.search @@ term.query
  JOIN passage ON passage.number = passage_fts.number
  JOIN asset ON asset.id = passage.asset_id AND asset.deleted_at IS NULL
  JOIN lesson ON lesson.id = asset.lesson_id AND lesson.deleted_at IS NULL
  JOIN course ON course.id = lesson.course_id AND course.deleted_at IS NULL
  WHERE numnode(term.query) > 0 AND course.id = :course AND (CAST(:lesson AS text) IS NULL OR lesson.id = :lesson)
), size AS (
  SELECT count(*)::float8 AS all_passages FROM passage WHERE course_id = :course
), weight AS (
  SELECT query, ln(1 + max(all_passages) / count(*)) AS idf FROM hit CROSS JOIN size GROUP BY query
)
SELECT hit.id, sum(weight.idf * hit.part) AS score
FROM hit JOIN weight USING (query)
GROUP BY hit.id, hit.number
ORDER BY score DESC, hit.number
LIMIT :limit
""")


class WordIndex:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, passages: Sequence[tuple[str, str]], *, course_id: str, lesson_id: str) -> None:
        """Index passages `(id, text)` of one lesson; what a removed passage had here goes with it by itself."""
        scope = f"{_token(course_id)} {_token(lesson_id)}"
        statement = _ADD_SQLITE if self._session.sqlite else _ADD_POSTGRES
        rows = [{"id": passage_id, "body": body_of(words_in)} for passage_id, words_in in passages]
        if self._session.sqlite:
            rows = [row | {"scope": scope} for row in rows]
        if rows:
            self._session.run(statement, rows)

    def search(
        self, course_id: str, terms: Sequence[str], *, limit: int, lesson_id: str | None
    ) -> list[tuple[str, float]]:
        """Return up to `limit` live passages that hold any of `terms`, best first, with scores above 0."""
        wanted = list(dict.fromkeys(_terms(terms)))
        if not wanted or limit < 1:
            return []
        if self._session.sqlite:
            scopes = [course_id] if lesson_id is None else [course_id, lesson_id]
            return self._search_sqlite(_match(wanted, scopes), limit)
        values = {"terms": wanted, "course": course_id, "lesson": lesson_id, "limit": limit}
        return [(row["id"], float(row["score"])) for row in self._session.rows(_FIND_POSTGRES, values)]

    def _search_sqlite(self, match: str, limit: int) -> list[tuple[str, float]]:
        """Ask for more as long as what is in the trash takes the places of what lives."""
        ask = limit
        while True:
            rows = self._session.rows(_FIND_SQLITE, {"match": match, "limit": ask})
            live = [(row["id"], float(row["score"])) for row in rows if row["id"] is not None]
            if len(live) >= limit or len(rows) < ask:
                return live[:limit]
            ask *= 4


def body_of(passage: str) -> str:
    """Return what is indexed for a passage: its words and its encoded code words, apart by spaces."""
    return " ".join(word[:WORD_MAX] for word in words(index_text(passage)))


def _terms(terms: Sequence[str]) -> Iterator[str]:
    for term in terms:
        yield from (word[:WORD_MAX] for word in words(canonical(term)))


def _match(terms: Sequence[str], scopes: Sequence[str]) -> str:
    """Build an FTS5 query; every term is a quoted string, in which a quote would be doubled."""
    quoted = ['"' + term.replace('"', '""') + '"' for term in terms]
    within = " AND ".join(f'"{_token(scope)}"' for scope in scopes)
    return f'scope : ({within}) AND body : ({" OR ".join(quoted)})'


def _token(identifier: str) -> str:
    """Return an id as one word of letters and digits."""
    return "".join(c for c in identifier if c.isalnum())
