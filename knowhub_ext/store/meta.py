"""Facts about the database itself, not about what is in it."""

from __future__ import annotations

from sqlalchemy import select, update

from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import META

IDENTITY = "identity"
_DELETED = "vectors deleted "


class Meta:
    def __init__(self, session: Session) -> None:
        self._session = session

    def identity(self) -> str:
        """Return the random name (32 hexadecimal digits) this database got when it was made or restored.

        Change numbers of one database say nothing about another's, so a cache keeps this name beside them.
        """
        found = self._session.scalar(select(META.c.value).where(META.c.name == IDENTITY))
        assert found, "the migrations gave the database no identity"
        return str(found)

    def deleted(self, model: str) -> int:
        """Return the number of the last change of vectors before a model's were deleted; 0 where they never were."""
        return int(self._session.scalar(select(META.c.value).where(META.c.name == _DELETED + model)) or 0)

    def note_deleted(self, model: str, seq: int) -> None:
        """Note that a model's vectors were deleted after the change numbered `seq`: no index of them holds any more."""
        row = {"name": _DELETED + model, "value": str(seq)}
        if not self._session.add_new(META, row):
            self._session.run(update(META).where(META.c.name == row["name"]).values(value=row["value"]))
