"""The browser's half as files: public code, named by content hash and so kept by browsers for good."""

from __future__ import annotations

import re

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError, StaticFileHandler

_HASHED = re.compile(r"\.[0-9A-Za-z]{8,}\.(js|css)\Z")


class StaticFiles(StaticFileHandler):
    @allow_unauthenticated
    async def get(self, path: str, include_body: bool = True) -> None:
        await super().get(path, include_body)

    @allow_unauthenticated
    async def head(self, path: str) -> None:
        await super().get(path, include_body=False)

    def set_extra_headers(self, path: str) -> None:
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        kept = "public, max-age=31536000, immutable" if _HASHED.search(path) else "no-cache"
        self.set_header("Cache-Control", kept)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if "\0" in absolute_path:
            raise HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)
