"""Which worker processes show signs of life."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import WORKER


class Workers:
    def __init__(self, session: Session) -> None:
        self._session = session

    def beat(self, worker: str, pid: int, host: str) -> None:
        """Note that a worker lives now."""
        now = self._session.now
        row = {"name": worker, "pid": pid, "host": host, "started_at": now, "seen_at": now}
        if not self._session.add_new(WORKER, row):
            self._session.run(update(WORKER).where(WORKER.c.name == worker).values(pid=pid, host=host, seen_at=now))

    def all(self) -> list[str]:
        """Return the names of all workers that have not signed off."""
        return [row["name"] for row in self._session.rows(select(WORKER.c.name).order_by(WORKER.c.name))]

    def live(self, within_ms: int) -> list[str]:
        """Return the names of the workers seen during the last `within_ms`."""
        since = self._session.now - within_ms
        rows = self._session.rows(select(WORKER.c.name).where(WORKER.c.seen_at >= since).order_by(WORKER.c.name))
        return [row["name"] for row in rows]

    def gone(self, worker: str) -> None:
        """Forget a worker that ends."""
        self._session.run(delete(WORKER).where(WORKER.c.name == worker))
