"""The websocket `/live`: every committed change the caller may see, resumable after a number."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from knowhub_ext.server.base import Doorway
from knowhub_ext.server.contract import contract
from knowhub_ext.server.tail import Listener, log


class LiveHandler(Doorway, WebSocketMixin, WebSocketHandler, JupyterHandler):
    token_opens: ClassVar[bool] = True
    _listener: Listener | None = None
    _after: int | None = None
    _joining: asyncio.Task[None] | None = None

    @property
    def max_message_size(self) -> int:
        """Return how much a client may send: it has nothing to say."""
        return 4096

    #: Seconds; Jupyter's mixin counts them in milliseconds for a timer of its own, which is not started here.
    ping_interval = 30.0
    ping_timeout = 20.0

    @ws_authenticated
    @authorized
    async def get(self, *args: Any, **kwargs: Any) -> None:
        given = {name: values[-1].decode("utf-8", "replace") for name, values in self.request.query_arguments.items()}
        self._after = contract().query("live", given)["after"]
        self.on_finish()  # an open socket is not a request under way: it keeps no idle server alive
        await super().get(*args, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> None:
        self._listener = Listener(self, self.actor)
        self._joining = asyncio.ensure_future(self._join(self._listener))

    async def _join(self, listener: Listener) -> None:
        try:
            await self.wing.tail.join(listener, self.hub, self._after)
        except Exception:
            log.exception("request %s: a live socket could not be served", self.request_id)
            self.end(1011, "The server could not read what happened; connect again.")

    async def send(self, text: str) -> None:
        """Send one frame, and wait until it has left."""
        try:
            await self.write_message(text)
        except WebSocketClosedError:
            self._leave()

    def end(self, code: int, reason: str) -> None:
        """Close the socket with a reason."""
        self._leave()
        self.close(code, reason)

    def on_message(self, message: str | bytes) -> None:
        """Nothing is expected from the client."""

    def on_close(self) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._listener is not None:
            self.wing.tail.leave(self._listener)
            self._listener = None
