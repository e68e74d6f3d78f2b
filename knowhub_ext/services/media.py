"""Signed addresses of media and links to courses: HMAC-SHA-256 with the data folder's secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from pathlib import Path

from knowhub_ext.domain.media import Asset, Ticket
from knowhub_ext.domain.people import Action, Actor
from knowhub_ext.errors import Forbidden, UserError
from knowhub_ext.ports import BlobStore
from knowhub_ext.services.access import require
from knowhub_ext.store.database import Store

#: How long a media address is good, in seconds; a player renews it before.
LIFETIME_S = 600


class Media:
    def __init__(self, store: Store, blobs: BlobStore, secret: bytes, *, lifetime_s: int = LIFETIME_S) -> None:
        self._store = store
        self._blobs = blobs
        self._secret = secret
        self._lifetime = min(lifetime_s, LIFETIME_S)

    def ticket(self, actor: Actor, asset_id: str) -> tuple[Asset, Ticket]:
        """Sign an address for the actor.

        Raises:
            NotFound: no such asset.
            UserError: it cannot be played.
        """
        with self._store.read() as tx:
            asset = tx.assets.get(asset_id)
        require(actor, Action.READ, asset.course_id)
        if not asset.kind.timed:
            raise UserError(f"{asset.name} cannot be played.", cure="Open its text instead.")
        expires = int(time.time()) + self._lifetime
        signature = self._sign("media", asset.id, str(asset.revision), actor.person_id, str(expires))
        return asset, Ticket(
            asset_id=asset.id, revision=asset.revision, person_id=actor.person_id, expires=expires, signature=signature
        )

    def open(self, ticket: Ticket, *, now: float | None = None) -> tuple[Asset, Path]:
        """Return the asset and the file a ticket opens; whether the asset still lives is checked each time.

        Raises:
            Forbidden: it was altered or has expired.
            NotFound: the asset is gone.
        """
        row = (ticket.asset_id, str(ticket.revision), ticket.person_id, str(ticket.expires))
        if not hmac.compare_digest(self._sign("media", *row).encode(), ticket.signature.encode()):
            raise Forbidden("This media address is not valid.", cure="Reload the lesson.")
        if (time.time() if now is None else now) >= ticket.expires:
            raise Forbidden("This media address has expired.", cure="Reload the lesson.")
        with self._store.read() as tx:
            asset = tx.assets.get(ticket.asset_id)
        if asset.revision != ticket.revision:
            raise Forbidden("This medium was replaced by a newer one.", cure="Reload the lesson.")
        return asset, self._blobs.path(asset.sha256)

    def link(self, course_id: str) -> str:
        """Return the token of a read-only link to one course. It holds until the data folder's secret changes."""
        return f"{course_id}.{self._sign('link', course_id)}"

    def linked_course(self, token: str) -> str | None:
        """Return the id of the course a link token opens, or None where it opens none."""
        course_id, _, signature = token.partition(".")
        return course_id if hmac.compare_digest(self._sign("link", course_id).encode(), signature.encode()) else None

    def _sign(self, *parts: str) -> str:
        digest = hmac.new(self._secret, "\0".join(parts).encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
