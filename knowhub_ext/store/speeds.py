"""How fast this machine works, by sort of work: what forecasts rest on."""

from __future__ import annotations

from sqlalchemy import select, update

from knowhub_ext.domain.forecast import Speed
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import SPEED

#: What remains of earlier measurements when a new one comes: a dozen jobs later a machine's past is forgotten.
_FADE = 0.75


class Speeds:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, machine: str, sort: str, *, work_ms: int, media_ms: int, size: int) -> None:
        """Note that a job took `work_ms` for a file of `media_ms` (0: it has no clock) and `size` bytes."""
        row = self._session.row(select(SPEED).where(SPEED.c.machine == machine, SPEED.c.sort == sort))
        old = (0, 0, 0, 0.0) if row is None else (row["work_ms"], row["media_ms"], row["bytes"], row["jobs"])
        fresh = (work_ms, media_ms, size, 1.0)
        work, media, total, jobs = (before * _FADE + now for before, now in zip(old, fresh, strict=True))
        values = {
            "work_ms": round(work), "media_ms": round(media), "bytes": round(total), "jobs": jobs,
            "updated_at": self._session.now,
        }
        if row is None:
            self._session.add(SPEED, {"machine": machine, "sort": sort, **values})
        else:
            self._session.run(
                update(SPEED).where(SPEED.c.machine == machine, SPEED.c.sort == sort).values(**values)
            )

    def of(self, machine: str) -> dict[str, Speed]:
        """Return what is known of a machine, by sort, the sort measured last first."""
        rows = self._session.rows(
            select(SPEED).where(SPEED.c.machine == machine).order_by(SPEED.c.updated_at.desc(), SPEED.c.sort)
        )
        return {
            row["sort"]: Speed(
                work_ms=row["work_ms"], media_ms=row["media_ms"], size=row["bytes"], jobs=row["jobs"]
            ) for row in rows
        }
