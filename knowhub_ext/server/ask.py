"""Ask a course: server-sent events on the way to the answer, or the answer alone as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado.iostream import StreamClosedError
from tornado.web import authenticated

from knowhub_ext.domain.contexts import Context
from knowhub_ext.domain.locators import milliseconds
from knowhub_ext.domain.people import Role
from knowhub_ext.server import problems
from knowhub_ext.server.base import KnowHubHandler
from knowhub_ext.server.pools import Stream

if TYPE_CHECKING:
    from knowhub_ext.services.asking import Step

#: A comment is sent after this many silent seconds, so that no proxy takes the stream for dead.
HEARTBEAT_S = 15.0


class AskHandler(KnowHubHandler):
    _stream: Stream[Step] | None = None

    @authenticated
    @authorized
    async def post(self, course: str) -> None:
        body = self.body("ask")
        lesson = body.get("lesson")
        if lesson is not None:
            lesson = (await self.call(self.hub.lessons.find, self.actor, lesson)).id
        self._stream = stream = self.wing.pools.streams.open(lambda: self.hub.asking.steps(
            self.actor, course, body["question"], mode=body.get("mode"), lesson=lesson, context=_context(body)
        ), owner=self._owner())
        try:
            first = await stream.next()  # a course that is not there, or a full queue, is a status, not an event
            if self._wants_json():
                await self._answer(stream, first)
            else:
                await self._events(stream, first)
        except StreamClosedError:
            pass
        finally:
            stream.abandon()

    def on_connection_close(self) -> None:
        if self._stream is not None:
            self._stream.abandon()
        super().on_connection_close()

    def _owner(self) -> str:
        """Return whose question this is. Visitors of a course are one actor, so of them each browser counts."""
        visitor = Role.VIEWER in self.actor.roles
        return f"{self.actor.person_id}:{self.get_cookie('_xsrf')}" if visitor else self.actor.person_id

    def _wants_json(self) -> bool:
        accept = self.request.headers.get("Accept", "")
        return "application/json" in accept and "text/event-stream" not in accept and "*/*" not in accept

    async def _answer(self, stream: Stream[Step], step: Step | None) -> None:
        while step is not None and step.kind != "done":
            step = await stream.next()
        if step is not None:
            self.reply(step.data)

    async def _events(self, stream: Stream[Step], step: Step | None) -> None:
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("X-Accel-Buffering", "no")
        while step is not None:
            if step.kind != "waiting":
                await self._send(step.kind, step.data)
            try:
                step = await self._next(stream)
            except StreamClosedError:
                raise
            except Exception as error:  # the status has been sent: from here on a failure is an event
                self.log_exception(type(error), error, error.__traceback__)
                status = problems.status_of(error)
                await self._send("error", problems.document(error, status, self.request_id))
                return

    async def _next(self, stream: Stream[Step]) -> Step | None:
        while True:
            try:
                return await stream.next(HEARTBEAT_S)
            except TimeoutError:
                self.write(": still here\n\n")
                await self.flush()

    async def _send(self, kind: str, data: dict[str, Any]) -> None:
        self.write(f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n")
        await self.flush()


def _context(body: Mapping[str, Any]) -> Context:
    at = body.get("at")
    return Context(
        previous=tuple(body.get("previous") or ()), at_ms=None if at is None else milliseconds(at), kept=True
    )
