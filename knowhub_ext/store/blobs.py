"""Which contents exist. Where their bytes lie is a blob store's business."""

from __future__ import annotations

from sqlalchemy import select

from knowhub_ext.domain.media import Blob
from knowhub_ext.errors import NotFound
from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import BLOB


class Blobs:
    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, blob: Blob) -> None:
        """Make content known; content that is known already is fine."""
        self._session.add_new(BLOB, {"sha256": blob.sha256, "size": blob.size, "created_at": self._session.now})

    def known(self, sha256: str) -> bool:
        """Tell whether content is known: what is not, nothing uses."""
        return self._session.scalar(select(BLOB.c.sha256).where(BLOB.c.sha256 == sha256)) is not None

    def get(self, sha256: str) -> Blob:
        """Return what is known of a content.

        Raises:
            NotFound: no such content was ever added.
        """
        row = self._session.row(select(BLOB).where(BLOB.c.sha256 == sha256))
        if row is None:
            raise NotFound(f"There is no content {sha256[:64]}.")
        return Blob(sha256=row["sha256"], size=row["size"])
