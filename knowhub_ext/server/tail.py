"""Committed changes on their way to open sockets: one reader of the event table for all of them, while any is open."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Protocol

from knowhub_ext.domain.events import Event
from knowhub_ext.domain.people import Action, Actor, may
from knowhub_ext.server.pools import Pool

if TYPE_CHECKING:
    from knowhub_ext.hub import Hub

log = logging.getLogger("knowhub.live")
EVERY_S = 0.4
PAGE = 500
#: Frames that may wait for a slow reader before it is sent away.
QUEUED = 256


class Wire(Protocol):
    """What a listener needs of its socket."""

    async def send(self, text: str) -> None: ...

    def end(self, code: int, reason: str) -> None: ...


def visible(event: Event, actor: Actor) -> bool:
    """Say whether the actor may know of a change: their courses', and of what names a person only their own.

    What happens to jobs is for those who may see jobs.
    """
    person = event.data.get("person")
    if person is not None and person != actor.person_id:
        return False
    action = Action.BACKSTAGE if event.kind.startswith("job.") else Action.READ
    return may(actor, action, course_id=event.course or None)


class Listener:
    """One open socket: first what it missed, then what happens, in order and each once."""

    def __init__(self, wire: Wire, actor: Actor) -> None:
        self._wire = wire
        self._actor = actor
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUED)
        self._early: list[Event] | None = []  # events that come while the missed ones are still being read
        self._seq = 0
        self.closed = False
        self._writing = asyncio.ensure_future(self._write())

    def offer(self, event: Event) -> None:
        """Queue a change; a reader that is too far behind is sent away and may resume later."""
        if self._early is not None:
            self._early.append(event)
            if len(self._early) > QUEUED:
                self._too_slow()
        elif event.seq > self._seq:
            self._seq = event.seq
            if visible(event, self._actor):
                try:
                    self._queue.put_nowait(_frame(event, self._actor))
                except asyncio.QueueFull:
                    self._too_slow()

    async def catch_up(self, pool: Pool, hub: Hub, after: int | None) -> None:
        """Send what came after `after` (None: nothing), then let through what came meanwhile."""
        if after is None:
            self._seq = await pool.run(_last, hub)
        else:
            self._seq = after
            while not self.closed and (rows := await pool.run(_after, hub, self._seq)):
                for event in rows:
                    if visible(event, self._actor) and not self.closed:
                        await self._queue.put(_frame(event, self._actor))  # waits: flow control, not a limit
                self._seq = rows[-1].seq
        early, self._early = self._early or [], None
        for event in early:
            self.offer(event)

    def close(self) -> None:
        """Send nothing more, and let go of whoever waits to queue something."""
        self.closed = True
        self._writing.cancel()
        while not self._queue.empty():
            self._queue.get_nowait()

    async def _write(self) -> None:
        while True:
            await self._wire.send(await self._queue.get())

    def _too_slow(self) -> None:
        self._wire.end(1013, "You read too slowly; connect again with ?after=.")


class Tail:
    """Reads new events every `EVERY_S` seconds while somebody listens, and offers them to all listeners."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._listeners: set[Listener] = set()
        self._reading: asyncio.Task[None] | None = None

    async def join(self, listener: Listener, hub: Hub, after: int | None) -> None:
        """Let a listener hear everything that is committed from now on, after what it missed."""
        if listener.closed:  # its socket was faster to go than we to begin
            return
        self._listeners.add(listener)
        if self._reading is None or self._reading.done():
            seq = await self._pool.run(_last, hub)
            if self._reading is None or self._reading.done():
                self._reading = asyncio.ensure_future(self._read(hub, seq))
        await listener.catch_up(self._pool, hub, after)

    def leave(self, listener: Listener) -> None:
        listener.close()
        self._listeners.discard(listener)

    def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        for listener in list(self._listeners):
            self.leave(listener)

    async def _read(self, hub: Hub, seq: int) -> None:
        while self._listeners:
            try:
                rows = await self._pool.run(_after, hub, seq)
            except Exception:  # a busy database: the same rows are there at the next look
                log.warning("could not read new events", exc_info=True)
                rows = []
            for event in rows:
                seq = event.seq
                for listener in list(self._listeners):
                    listener.offer(event)
            if len(rows) < PAGE:
                await asyncio.sleep(EVERY_S)


def _after(hub: Hub, seq: int) -> list[Event]:
    with hub.store.read() as tx:
        return tx.events.after(seq, limit=PAGE, course_ids=None)


def _last(hub: Hub) -> int:
    with hub.store.read() as tx:
        return tx.events.last()


def _frame(event: Event, actor: Actor) -> str:
    row = event.to_json()
    if not may(actor, Action.BACKSTAGE, course_id=event.course or None):
        row["data"] = {name: value for name, value in row["data"].items() if name != "job"}
    return json.dumps(row, ensure_ascii=False)
