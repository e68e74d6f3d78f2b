"""What readers made of documents and notebooks, one a revision."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, select

from knowhub_ext.domain.documents import Document
from knowhub_ext.domain.texts import TEXT_VERSION
from knowhub_ext.store.links import Links
from knowhub_ext.store.packing import pack_blocks, unpack_blocks
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import ASSET, CONTENT


class Contents:
    def __init__(self, session: Session, links: Links) -> None:
        self._session = session
        self._links = links

    def put(self, asset_id: str, revision: int, document: Document) -> None:
        """Keep a document as read, instead of an earlier reading of that revision. Links are kept by `Links`."""
        self._session.run(delete(CONTENT).where(CONTENT.c.asset_id == asset_id, CONTENT.c.revision == revision))
        self._session.add(CONTENT, {
            "asset_id": asset_id, "revision": revision, "text": document.text, "text_version": TEXT_VERSION,
            "blocks": pack_blocks(document.blocks), "hot_words": list(document.hot_words),
            "created_at": self._session.now,
        })

    def read_at(self, asset_ids: Collection[str]) -> dict[str, int]:
        """Return when documents were last read (UTC milliseconds), by asset; without those that never were."""
        rows = self._session.rows(
            select(CONTENT.c.asset_id, func.max(CONTENT.c.created_at).label("at"))
            .where(CONTENT.c.asset_id.in_(list(asset_ids))).group_by(CONTENT.c.asset_id)
        )
        return {row["asset_id"]: row["at"] for row in rows}

    def get(self, asset_id: str) -> Document | None:
        """Return the document of an asset's present revision, with its links; None where it was not read yet."""
        row = self._session.row(
            select(CONTENT).join(ASSET, (ASSET.c.id == CONTENT.c.asset_id) & (ASSET.c.revision == CONTENT.c.revision))
            .where(CONTENT.c.asset_id == asset_id)
        )
        if row is None:
            return None
        return Document(
            text=row["text"], blocks=unpack_blocks(row["blocks"]), links=self._links.of_asset(asset_id),
            hot_words=tuple(row["hot_words"]),
        )
