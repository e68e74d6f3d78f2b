"""Links between the cells of a notebook and the stretches of a medium they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, delete, select

from knowhub_ext.domain.documents import CellLink
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, CELL_LINK


class Links:
    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(self, asset_id: str, links: Sequence[CellLink]) -> None:
        """Make `links` the links of a notebook asset, instead of those it had."""
        self._session.run(delete(CELL_LINK).where(CELL_LINK.c.asset_id == asset_id))
        self._session.add(CELL_LINK, [
            {"asset_id": asset_id, "ordinal": number, "cell": link.cell, "media": link.media,
             "start_ms": link.start_ms, "end_ms": link.end_ms, "quote": link.quote}
            for number, link in enumerate(links)
        ])

    def of_asset(self, asset_id: str) -> list[CellLink]:
        """Return a notebook asset's links in their order."""
        statement = select(CELL_LINK).where(CELL_LINK.c.asset_id == asset_id).order_by(CELL_LINK.c.ordinal)
        return [_link(row) for row in self._session.rows(statement)]

    def of_lesson(self, lesson_id: str) -> list[tuple[str, CellLink]]:
        """Return the links of a lesson's live notebooks, each with its notebook's asset id, by time."""
        rows = self._session.rows(
            select(CELL_LINK).join(ASSET, ASSET.c.id == CELL_LINK.c.asset_id)
            .where(ASSET.c.lesson_id == lesson_id, ASSET.c.deleted_at.is_(None))
            .order_by(CELL_LINK.c.start_ms, CELL_LINK.c.asset_id, CELL_LINK.c.ordinal)
        )
        return [(row["asset_id"], _link(row)) for row in rows]


def _link(row: RowMapping) -> CellLink:
    return CellLink(
        cell=row["cell"], media=row["media"], start_ms=row["start_ms"], end_ms=row["end_ms"], quote=row["quote"]
    )
