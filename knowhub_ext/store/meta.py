"""Facts about the database itself, not about what is in it."""

from __future__ import annotations

from sqlalchemy import select

from knowhub_ext.store.session import Session
from knowhub_ext.store.tables import META

IDENTITY = "identity"


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
