"""What happened, in an order without gaps."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from sqlalchemy import RowMapping, select

from knowhub_ext.domain.events import Event
from knowhub_ext.store.counters import EVENT as COUNTER_NAME
from knowhub_ext.store.counters import Counters
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import EVENT


class Events:
    def __init__(self, session: Session, counters: Counters) -> None:
        self._session = session
        self._counters = counters

    def add(
        self, actor: str, course_id: str, kind: str, subject: str, data: Mapping[str, Any] | None = None
    ) -> int:
        """Record a change and return its number, one above the last committed one.

        Others who record wait until this transaction ends, so let it end soon. `data` must fit JSON.
        """
        seq = self._counters.take(COUNTER_NAME)
        self._session.add(EVENT, {
            "seq": seq, "at": self._session.now, "actor": actor, "course_id": course_id, "kind": kind,
            "subject": subject, "data": dict(data or {}),
        })
        return seq

    def after(self, seq: int, *, limit: int, course_ids: Set[str] | None) -> list[Event]:
        """Return up to `limit` events numbered above `seq`, in order; None: of every course."""
        statement = select(EVENT).where(EVENT.c.seq > seq).order_by(EVENT.c.seq).limit(limit)
        if course_ids is not None:
            statement = statement.where(EVENT.c.course_id.in_(sorted(course_ids)))
        return [_event(row) for row in self._session.rows(statement)]

    def last(self) -> int:
        """Return the number of the newest event; 0 where there is none."""
        return self._counters.last(COUNTER_NAME)


def _event(row: RowMapping) -> Event:
    return Event(
        seq=row["seq"], at_ms=row["at"], actor=row["actor"], course=row["course_id"], kind=row["kind"],
        subject=row["subject"], data=row["data"],
    )
