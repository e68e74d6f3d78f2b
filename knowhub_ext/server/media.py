"""The bytes of media. A signed address is the credential; ranges and conditions are RFC 9110's (`ranges`)."""

from __future__ import annotations

import os
from typing import ClassVar
from urllib.parse import quote

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.iostream import StreamClosedError

from knowhub_ext.domain.media import Asset, AssetKind, Ticket
from knowhub_ext.errors import UnreadableFile
from knowhub_ext.server import mediatypes, ranges
from knowhub_ext.server.base import KnowHubHandler

BLOCK = 256 * 1024


class MediaHandler(KnowHubHandler):
    """Reads in blocks, in the media pool, as fast as the client takes them."""

    public: ClassVar[bool] = True
    _gone = False

    @property
    def content_security_policy(self) -> str:
        return "sandbox; default-src 'none'; frame-ancestors 'none'"

    @allow_unauthenticated
    async def get(self, asset: str) -> None:
        await self._serve(asset)

    @allow_unauthenticated
    async def head(self, asset: str) -> None:
        await self._serve(asset)

    def on_connection_close(self) -> None:
        self._gone = True
        super().on_connection_close()

    async def _serve(self, asset_id: str) -> None:
        query = self.query("readMedia")
        found, path = await self.call(self.hub.media.open, Ticket(
            asset_id=asset_id, revision=query["r"], person_id=query["p"], expires=query["e"], signature=query["s"]
        ))
        with self.wing.pools.media.place():
            file = await self.wing.pools.media.inside(os.open, path, os.O_RDONLY)
            try:
                head = await self.wing.pools.media.inside(os.pread, file, 64, 0)
                reply = self._describe(found, head)
                if self.request.method == "GET" and reply.length:
                    await self._send(file, reply)
            finally:
                await self.wing.pools.media.inside(os.close, file)

    def _describe(self, asset: Asset, head: bytes) -> ranges.Reply:
        """Set status and headers, the same for GET and HEAD."""
        etag = mediatypes.etag_of(asset)
        reply = ranges.decide(self.request.headers, etag=etag, size=asset.size)
        kind = mediatypes.media_type(head, asset.name, video=asset.kind is AssetKind.VIDEO)
        shown = "attachment" if kind == mediatypes.UNKNOWN else "inline"
        self.set_status(reply.status)
        self.set_header("ETag", etag)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("Cache-Control", "private, no-cache")
        if reply.status in (200, 206):
            self.set_header("Content-Type", kind)
            self.set_header("Content-Disposition", f"{shown}; filename*=UTF-8''{quote(asset.name, safe='')}")
            self.set_header("Content-Length", str(reply.length))
        if reply.status == 206:
            self.set_header("Content-Range", f"bytes {reply.start}-{reply.end - 1}/{asset.size}")
        if reply.status == 416:
            self.set_header("Content-Range", f"bytes */{asset.size}")
        return reply

    async def _send(self, file: int, reply: ranges.Reply) -> None:
        at = reply.start
        try:
            while at < reply.end and not self._gone:
                block = await self.wing.pools.media.inside(os.pread, file, min(BLOCK, reply.end - at), at)
                if not block:
                    raise UnreadableFile("The medium is shorter than it was when it was added.")
                self.write(block)
                await self.flush()  # until the client took it: nothing piles up in memory
                at += len(block)
        except StreamClosedError:
            self._gone = True
