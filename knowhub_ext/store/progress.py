"""What people watched: reports as they came, and their union. Reports may come twice and in any order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from knowhub_ext.domain.progress import Interval, union
from knowhub_ext.domain.scope import Seen
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, WATCH_EVENT, WATCH_STATE


class WatchLog:
    def __init__(self, session: Session) -> None:
        self._session = session

    def record(
        self, person_id: str, asset_id: str, events: Sequence[tuple[str, int, int]], *, position_ms: int | None,
        limit_ms: int,
    ) -> bool:
        """Add watched intervals `(id, start_ms, end_ms)`; return whether the union or the position changed.

        An id this person sent before is ignored. `limit_ms` is the medium's length (0: unknown), past which nothing
        counts; `position_ms` is where they stopped, None to leave it, and left too where all ids were seen before.
        """
        self._session.add_new(WATCH_STATE, {
            "person_id": person_id, "asset_id": asset_id, "watched": [], "position_ms": 0,
            "updated_at": self._session.now,
        })
        mine = (WATCH_STATE.c.person_id == person_id) & (WATCH_STATE.c.asset_id == asset_id)
        # locked, so that two devices of one person add up
        row = self._session.row(select(WATCH_STATE).where(mine).with_for_update())
        assert row is not None, "the row was made sure of above"
        before = _intervals(row["watched"])
        fresh = [(start, end) for event, start, end in events if self._is_new(person_id, asset_id, (event, start, end))]
        after = union([*before, *fresh], limit_ms=limit_ms) if fresh else before
        repeated = bool(events) and not fresh  # a report sent again must not move the position back
        position = row["position_ms"] if position_ms is None or repeated else position_ms
        if (after, position) == (before, row["position_ms"]):
            return False
        self._session.run(update(WATCH_STATE).where(mine).values(
            watched=[list(pair) for pair in after], position_ms=position, updated_at=self._session.now,
        ))
        return True

    def get(self, person_id: str, asset_id: str) -> tuple[tuple[Interval, ...], int]:
        """Return the union of what a person watched and where they stopped, ms; nothing and 0 for one who never did."""
        row = self._session.row(
            select(WATCH_STATE).where(WATCH_STATE.c.person_id == person_id, WATCH_STATE.c.asset_id == asset_id)
        )
        return ((), 0) if row is None else (_intervals(row["watched"]), row["position_ms"])

    def states(self, person_id: str, course_id: str) -> dict[str, tuple[tuple[Interval, ...], int, int]]:
        """Return by medium what a person watched of a course, where they stopped, ms, and when they last watched it."""
        rows = self._session.rows(
            select(WATCH_STATE).join(ASSET, ASSET.c.id == WATCH_STATE.c.asset_id)
            .where(WATCH_STATE.c.person_id == person_id, ASSET.c.course_id == course_id)
        )
        return {row["asset_id"]: (_intervals(row["watched"]), row["position_ms"], row["updated_at"]) for row in rows}

    def lately(self, person_id: str, course_id: str, since: int) -> tuple[int, int]:
        """Return how much different media time of a course a person watched since then, ms, and when they first did.

        Both are 0 where they did not.
        """
        event = WATCH_EVENT.c
        rows = self._session.rows(
            select(event.asset_id, event.start_ms, event.end_ms, event.received_at)
            .join(ASSET, ASSET.c.id == event.asset_id)
            .where(event.person_id == person_id, event.received_at >= since, ASSET.c.course_id == course_id)
        )
        by_medium: dict[str, list[Interval]] = {}
        for row in rows:
            by_medium.setdefault(row["asset_id"], []).append((row["start_ms"], row["end_ms"]))
        watched = sum(end - start for pairs in by_medium.values() for start, end in union(pairs))
        return watched, min((row["received_at"] for row in rows), default=0)

    def seen(self, person_id: str, course_id: str) -> Seen:
        """Return what a person watched of a course; what is in the trash counts until it is gone."""
        rows = self._session.rows(
            select(WATCH_STATE.c.asset_id, WATCH_STATE.c.watched, ASSET.c.lesson_id)
            .join(ASSET, ASSET.c.id == WATCH_STATE.c.asset_id)
            .where(WATCH_STATE.c.person_id == person_id, ASSET.c.course_id == course_id)
        )
        watched = {row["asset_id"]: _intervals(row["watched"]) for row in rows if row["watched"]}
        return Seen(
            intervals=watched, lessons=frozenset(row["lesson_id"] for row in rows if row["asset_id"] in watched)
        )

    def _is_new(self, person_id: str, asset_id: str, event: tuple[str, int, int]) -> bool:
        event_id, start, end = event
        return self._session.add_new(WATCH_EVENT, {
            "person_id": person_id, "id": event_id, "asset_id": asset_id, "start_ms": start, "end_ms": end,
            "received_at": self._session.now,
        })


def _intervals(pairs: Sequence[Sequence[int]]) -> tuple[Interval, ...]:
    return tuple((start, end) for start, end in pairs)
