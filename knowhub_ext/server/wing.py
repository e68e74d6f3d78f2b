"""What one server process has of KnowHub: the hub once it is built, the pools, the API token, the live tail.

Imports no hub: `app.py` and `serve.py` hand in how one is built.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from knowhub_ext.errors import KnowHubError
from knowhub_ext.server.contents import Contents
from knowhub_ext.server.contract import contract
from knowhub_ext.server.identity import Guest
from knowhub_ext.server.pools import Pools
from knowhub_ext.server.problems import Unready
from knowhub_ext.server.tail import Tail

if TYPE_CHECKING:
    from knowhub_ext.hub import Hub

log = logging.getLogger("knowhub.server")
#: After this many seconds a build that failed is tried again, when a request comes.
AGAIN_S = 10.0
#: How often the server looks whether work waits that a command line queued.
LOOK_S = 5.0


class Wing:
    """Lives as long as its server. Everything here runs on the event loop; the hub is used in pools alone.

    Args:
        build: builds the hub; called in a thread.
        contents: the Jupyter server's files, where there are any.
        links: whether visitors may come with a link to one course.
        pools: threads for what is synchronous.
    """

    def __init__(
        self, build: Callable[[], Hub], *, contents: Contents, links: bool = False, pools: Pools | None = None
    ) -> None:
        self._build = build
        self.contents = contents
        self.links = links
        self.token = secrets.token_urlsafe(32)
        self.holder = Guest("knowhub", explicit=True)
        self.visitor = Guest("visitor")
        self.nobody = Guest()
        self.pools = pools or Pools()
        self.tail = Tail(self.pools.database)
        self.url = ""
        self.requests = 0
        self.last_request = time.monotonic()
        self.jobs_open = False
        self._built: asyncio.Task[Hub] | None = None
        self._failed_at = 0.0
        self._watch: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._announced = ExitStack()
        self._environment: dict[str, str] = {}
        self._data_before: str | None = None

    def start(self, url: str, *, data: str = "") -> None:
        """Begin building the hub, and tell kernels and other children of this process where it is.

        Args:
            url: the API's address as this machine's processes reach it, or empty.
            data: the data folder, which children then use as well, wherever it was set; empty: say nothing of it.
        """
        self.url = url
        if url:
            self._environment = {"KNOWHUB_API_URL": url, "KNOWHUB_API_TOKEN": self.token}
        if data:
            self._environment["KNOWHUB_DATA"] = data
            self._data_before = os.environ.get("KNOWHUB_DATA")
        os.environ.update(self._environment)
        if self._built is None:
            self._built = asyncio.ensure_future(self._open())

    async def hub(self) -> Hub:
        """Return the hub, waiting for it while it is being built.

        Raises:
            Unready: it cannot be built; the cause is the sentence to show.
        """
        failed = self._built is not None and self._built.done() and self._built.exception() is not None
        if self._built is None or (failed and time.monotonic() - self._failed_at > AGAIN_S):
            self._built = asyncio.ensure_future(self._open())
        try:
            return await asyncio.shield(self._built)
        except KnowHubError as error:
            raise Unready(error) from error

    def activity(self) -> dict[str, int | bool] | None:
        """Return what must not be stopped for idleness: requests under way and jobs; None where there is nothing."""
        if not self.requests and not self.jobs_open:
            return None
        return {"requests": self.requests, "jobs": self.jobs_open}

    def enter(self) -> None:
        """A request begins."""
        self.requests += 1
        self.last_request = time.monotonic()

    def leave(self) -> None:
        """A request is over."""
        self.requests -= 1
        self.last_request = time.monotonic()

    async def close(self) -> None:
        """Stop looking, close sockets and hub, take back what was announced."""
        for name, value in self._environment.items():
            if os.environ.get(name) == value:
                del os.environ[name]
                if name == "KNOWHUB_DATA" and self._data_before is not None:
                    os.environ[name] = self._data_before  # the setting of whoever started us
        built, self._built = self._built, None
        hub = (await asyncio.gather(built, return_exceptions=True))[0] if built is not None else None
        for task in (self._watch, self._warming):
            if task is not None:
                task.cancel()
        self.tail.close()
        self._announced.close()
        self.pools.close()
        if hub is not None and not isinstance(hub, BaseException):
            await asyncio.to_thread(hub.close)

    async def _open(self) -> Hub:
        try:
            hub = await asyncio.to_thread(self._construct)
        except KnowHubError as error:
            self._failed_at = time.monotonic()
            log.error("KnowHub could not start: %s %s", error.message, error.cure)
            raise
        except Exception as error:
            self._failed_at = time.monotonic()
            log.exception("KnowHub could not start")
            cure = "See the server's log, and `knowhub doctor`."
            raise KnowHubError("KnowHub could not start.", cure=cure) from error
        if self.url:
            self._announced.enter_context(hub.folder.announce(self.url, self.token))
        self._watch = asyncio.ensure_future(self._look(hub))
        if hub.settings.preload:
            self._warming = asyncio.ensure_future(self._warm(hub))
        return hub

    def _construct(self) -> Hub:
        contract()
        return self._build()

    async def _warm(self, hub: Hub) -> None:
        """Load what the first search would wait for; where that fails, the first search says why."""
        try:
            await self.pools.search.run(hub.searching.warm)
        except Exception:
            log.warning("could not preload", exc_info=True)

    async def _look(self, hub: Hub) -> None:
        """Wake the worker for jobs that another process queued, know whether any are under way, and tend uploads."""
        while True:
            try:
                self.jobs_open = await self.pools.database.run(_wake, hub)
                await self.pools.uploads.run(hub.uploads.tend)
            except Exception:  # a busy database: the next look may pass
                log.warning("could not look for waiting jobs and uploads", exc_info=True)
            await asyncio.sleep(LOOK_S)


def _wake(hub: Hub) -> bool:
    """Wake a worker where jobs wait; return whether any wait or run."""
    waiting = hub.working.wanted()
    with hub.store.read() as tx:
        under_way = waiting or tx.jobs.unfinished() > 0
    if waiting:
        hub.runner.wake()
    return under_way
