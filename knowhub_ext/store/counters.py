"""Numbers without gaps, handed out inside transactions."""

from __future__ import annotations

from sqlalchemy import select, update

from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import COUNTER

EVENT = "event"
VECTOR = "vector"
#: Rows of the word index; and how often passages, with their rows, were removed from it.
WORDS = "words"
WORDS_GONE = "words gone"


class Counters:
    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, name: str, count: int = 1) -> int:
        """Take `count` numbers in a row and return the first; they are given back if the transaction fails.

        The counter's row stays locked until the transaction ends, so numbers become visible in their own order.
        """
        row = self._session.row(
            update(COUNTER).where(COUNTER.c.name == name).values(value=COUNTER.c.value + count)
            .returning(COUNTER.c.value)
        )
        assert row is not None, f"the migrations made no counter {name!r}"
        return int(row["value"]) - count + 1

    def last(self, name: str) -> int:
        """Return the last number taken; 0 where none was."""
        return int(self._session.scalar(select(COUNTER.c.value).where(COUNTER.c.name == name)) or 0)

    def known(self) -> dict[str, int]:
        """Return the last number taken of every counter, in one query."""
        return {row["name"]: int(row["value"]) for row in self._session.rows(select(COUNTER.c.name, COUNTER.c.value))}
