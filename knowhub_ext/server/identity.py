"""Who may come in beside Jupyter's own people: holders of the API token, and visitors with a link to one course."""

from __future__ import annotations

import hmac
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

#: Cookie that keeps a link's token, HttpOnly.
LINK_COOKIE = "knowhub-link"


class Guest(IdentityProvider):
    """Stands in for the server's identity provider during one request. `username` empty: nobody."""

    def __init__(self, username: str = "", *, explicit: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._username = username
        self._explicit = explicit

    def get_user(self, handler: RequestHandler) -> User | None:
        return User(self._username) if self._username else None

    def is_token_authenticated(self, handler: RequestHandler) -> bool:
        """Say whether the credential was sent on purpose, so that no other site's page can have sent it."""
        return self._explicit

    def should_check_origin(self, handler: RequestHandler) -> bool:
        return not self._explicit


def carries_token(request: HTTPServerRequest, token: str) -> bool:
    """Say whether the request carries the API token; takes the same time whatever it carries."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    return scheme.lower() == "bearer" and same
