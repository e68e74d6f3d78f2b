"""A request whose body is a piece of an upload: streamed to disk block by block, so that memory follows no file's size.

The event loop reads from the socket, the upload pool writes; the next block is read once the last one is written. A
refusal is answered after a body that is soon over has been read, since a browser shows nothing of an answer that comes
while it is still sending.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, stream_request_body

from knowhub_ext.domain.uploads import TUS_VERSION, Upload, parse_checksum, parse_length
from knowhub_ext.errors import DiskFull, KnowHubError
from knowhub_ext.server.base import KnowHubHandler
from knowhub_ext.server.wing import log

if TYPE_CHECKING:
    from knowhub_ext.services.receiving import Receiver

#: Bytes that are written at once.
BLOCK = 1 << 20
#: The most bytes of a refused body that are read before the answer; beyond that the connection is closed with it.
DRAIN = 16 << 20
#: After so many seconds without a byte a piece counts as cut, so that a dead connection keeps nobody else out.
STALL_S = 30.0
PIECE = "application/offset+octet-stream"


@stream_request_body
class IncomingHandler(KnowHubHandler):
    """Subclasses say in `begin` what to open for the body, and answer in their verbs after `received`."""

    _receiver: Receiver | None = None
    _refusal: Exception | None = None
    _timer: object | None = None
    _drained = 0
    _gone = False

    def initialize(self, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self._buffer = bytearray()
        self._turn = asyncio.Lock()
        self._place = ExitStack()

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Tus-Resumable", TUS_VERSION)

    async def prepare(self, **kwargs: Any) -> None:
        """As every route; then open what the body is for, before its first byte is read."""
        self.request.connection.set_max_body_size(1 << 62)  # what is too much is said here, with a sentence
        try:
            await super().prepare(**kwargs)
            if not self._finished:
                await self._authorise()
                await self.begin(*self.path_args)
        except Exception as error:
            if not self._soon_over():
                raise
            self._refusal = error
        if self._gone:  # while it was being opened
            await self._cut()

    async def begin(self, *args: str) -> None:
        """Open what the body of this request is for, or raise."""

    def demand_tus(self) -> None:
        """Raise 412 unless the client speaks our version of tus."""
        if self.request.headers.get("Tus-Resumable") != TUS_VERSION:
            raise HTTPError(412)

    async def open(self, upload_id: str, offset: int) -> None:
        """Open an upload for the body, which is a piece of it that begins at byte `offset`."""
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != PIECE:
            raise HTTPError(415)
        checksum = self.request.headers.get("Upload-Checksum")
        self._place.enter_context(self.wing.pools.uploads.place())
        self._receiver = await self.wing.pools.uploads.inside(
            self.hub.uploads.open, self.actor, upload_id, offset,
            checksum=parse_checksum(checksum) if checksum else None, length=self._body_length(),
        )
        self._heard()

    async def received(self) -> Upload | None:
        """Count the body, all of which has come; return the upload, or None where there was nothing to receive.

        Raises:
            KnowHubError: why this request is refused, or what went wrong on the way.
        """
        await self._flush()
        self._quiet()
        async with self._turn:
            receiver, self._receiver = self._receiver, None
            try:
                if self._refusal is not None:
                    raise self._refusal
                return None if receiver is None else await self.wing.pools.uploads.inside(receiver.finish)
            finally:
                await self._let_go(receiver)

    async def data_received(self, chunk: bytes) -> None:
        if self._receiver is None:
            self._drained += len(chunk)
            if self._drained > DRAIN and not self._finished:
                error = self._refusal or HTTPError(413)
                self.send_error(exc_info=(type(error), error, error.__traceback__))
            return
        self._buffer += chunk
        self._heard()
        if len(self._buffer) >= BLOCK:
            await self._flush()
            self._heard()

    def on_connection_close(self) -> None:
        """Keep what came of the piece. Its verb is never called, and neither is `on_finish`."""
        self._gone = True
        super().on_connection_close()
        self._quiet()
        if self._receiver is not None:
            self._ending = asyncio.ensure_future(self._cut())
        if self._entered:
            self._entered = False
            self.wing.leave()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a problem document; where the body is still coming, the connection ends with it, and says so."""
        if not self.request._body_future.done():
            self.set_header("Connection", "close")
        if status_code == 412:
            self.set_header("Tus-Version", TUS_VERSION)
        super().write_error(status_code, **kwargs)

    async def _authorise(self) -> None:
        """Ask Jupyter's authorizer before the body comes; `@authorized` asks it after."""
        action = "read" if self.request.method in ("GET", "HEAD", "OPTIONS") else "write"
        if not await ensure_async(
            self.authorizer.is_authorized(self, self.current_user, action, self.auth_resource)
        ):
            raise HTTPError(403)

    def _body_length(self) -> int | None:
        given = self.request.headers.get("Content-Length")
        return None if given is None else parse_length(given, "Content-Length")

    def _soon_over(self) -> bool:
        """Say whether somebody we know sends a body that is worth reading to its end before they are refused."""
        if not getattr(self, "_jupyter_current_user", None) or self._finished or self._gone:
            return False
        given = self.request.headers.get("Content-Length", "0")
        return "Transfer-Encoding" in self.request.headers or (given.isdecimal() and 0 < int(given) <= DRAIN)

    async def _flush(self) -> None:
        """Write what has come. Where that fails, the rest of the body is let pass, and the reason is the answer."""
        async with self._turn:
            if self._receiver is None or not self._buffer:
                return
            block, self._buffer = self._buffer, bytearray()
            try:
                await self.wing.pools.uploads.inside(self._receiver.write, block)
            except Exception as error:
                self._refusal = error
                receiver, self._receiver = self._receiver, None
                await self._let_go(receiver, keep=isinstance(error, DiskFull))

    async def _cut(self) -> None:
        """Keep what came before the connection broke."""
        await self._flush()
        async with self._turn:
            receiver, self._receiver = self._receiver, None
            await self._let_go(receiver, keep=True)

    async def _let_go(self, receiver: Receiver | None, *, keep: bool = False) -> None:
        """Close a receiver; with `keep`, count first what it has."""
        try:
            if receiver is not None and keep:
                await self.wing.pools.uploads.inside(receiver.cut)
        except (KnowHubError, RuntimeError):  # ended meanwhile, or the server ends: the client asks for the offset
            log.info("request %s: the last bytes of a piece do not count", self.request_id)
        finally:
            if receiver is not None:
                receiver.close()
            self._place.close()

    def _heard(self) -> None:
        self._quiet()
        self._timer = IOLoop.current().call_later(STALL_S, self._stalled)

    def _quiet(self) -> None:
        if self._timer is not None:
            IOLoop.current().remove_timeout(self._timer)
            self._timer = None

    def _stalled(self) -> None:
        log.info("request %s: nothing came for %g s; the connection is closed", self.request_id, STALL_S)
        self._timer = None
        self.request.connection.close()
