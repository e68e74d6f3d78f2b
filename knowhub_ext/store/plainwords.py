"""Word search as anybody would build it on SQLite: FTS5, porter, bm25. What KnowHub's own search is measured beside."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence


class PlainWords:
    """Texts in a table in memory, found by any of a query's terms, best first by bm25."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._table = sqlite3.connect(":memory:")
        self._table.execute("CREATE VIRTUAL TABLE words USING fts5(body, tokenize='porter unicode61')")
        self._table.executemany("INSERT INTO words(rowid, body) VALUES (?, ?)", enumerate(texts))

    def search(self, terms: Sequence[str], limit: int) -> list[int]:
        """Return the numbers of at most `limit` texts that hold any of the terms; no sign in them is syntax."""
        quoted = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        return [row for row, in self._table.execute(sql, (quoted, limit))] if quoted else []

    def close(self) -> None:
        self._table.close()
