"""The one crossing from the event loop to threads: five bounded pools, each refusing what it cannot hold soon.

Everything below `server/` is synchronous and runs here. A pool that is full raises `Busy`, which answers 503.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Generic, ParamSpec, TypeVar

from knowhub_ext.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")
#: Items a stream may be ahead of its reader.
AHEAD = 32


class Pool:
    """`workers` threads, and room for `waiting` calls more."""

    def __init__(self, name: str, *, workers: int, waiting: int) -> None:
        self.name = name
        self._room = workers + waiting
        self._taken = 0
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix=f"knowhub-{name}")

    async def run(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `call` in a thread and return what it returns.

        Raises:
            Busy: too much is waiting already.
        """
        with self.place():
            return await self.inside(call, *args, **kwargs)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place for more than one call: whoever holds one is never refused in the middle.

        Raises:
            Busy: all places are taken.
        """
        if self._taken >= self._room:
            raise Busy(f"Too many requests are waiting here ({self.name}).")
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def inside(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `call` for a holder of a place."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: call(*args, **kwargs))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Streams:
    """Long iterations (a chat model's reply), `at_once` of them, and room for `waiting` more; `each` of one owner.

    Their threads are daemons: a model that never answers must not keep the server from ending.
    """

    def __init__(self, *, at_once: int, waiting: int, each: int | None = None) -> None:
        self._room = at_once + waiting
        self._each = each
        self._taken = 0
        self._owned: Counter[str] = Counter()
        self._gate = asyncio.Semaphore(at_once)

    def open(self, make: Callable[[], Iterator[T]], *, owner: str = "") -> Stream[T]:
        """Start iterating what `make` returns, in a thread. An owner's place is free once nobody reads it any more.

        Raises:
            Busy: too many wait already, or too many are this owner's.
        """
        if owner and self._each is not None and self._owned[owner] >= self._each:
            raise Busy(
                f"{self._each} of your questions are being answered already.",
                cure="Wait for one of the answers, or stop it.",
            )
        if self._taken >= self._room:
            raise Busy("Too many questions are being answered at the moment.")
        self._taken += 1
        self._owned[owner] += 1
        return Stream(make, self._gate, _Leaving(self._left, lambda: self._let_go(owner)))

    def _left(self) -> None:
        self._taken -= 1

    def _let_go(self, owner: str) -> None:
        self._owned[owner] -= 1
        if not self._owned[owner]:
            del self._owned[owner]


class _Leaving:
    """What happens at a stream's end: `over` when its thread has ended, `unread` once, when nobody reads it."""

    def __init__(self, over: Callable[[], None], unread: Callable[[], None]) -> None:
        self.over = over
        self._unread: Callable[[], None] | None = unread

    def unread(self) -> None:
        if self._unread is not None:
            unread, self._unread = self._unread, None
            unread()


class Stream(Generic[T]):
    """An iterator that runs in a thread, read from the event loop. `abandon` it when nobody listens any more."""

    def __init__(self, make: Callable[[], Iterator[T]], gate: asyncio.Semaphore, leaving: _Leaving) -> None:
        self._make = make
        self._gate = gate
        self._leaving = leaving
        self._loop = asyncio.get_running_loop()
        self._items: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._ahead = threading.Semaphore(AHEAD)
        self._abandoned = threading.Event()
        self._begun = asyncio.ensure_future(self._begin())

    async def next(self, patience_s: float | None = None) -> T | None:
        """Return the next item; None at the end.

        Raises:
            TimeoutError: nothing came for `patience_s` seconds; ask again.
            Exception: whatever the iteration raised.
        """
        kind, value = await asyncio.wait_for(self._items.get(), patience_s)
        if kind == "item":
            self._ahead.release()
            return value  # type: ignore[no-any-return]
        self._items.put_nowait((kind, value))  # the end stays the end
        if kind == "error":
            raise value
        return None

    def abandon(self) -> None:
        """Stop: the iterator is closed at its next item, and whoever waits in `next` gets None."""
        if not self._abandoned.is_set():
            self._abandoned.set()
            self._leaving.unread()
            self._items.put_nowait(("end", None))

    async def _begin(self) -> None:
        await self._gate.acquire()
        if self._abandoned.is_set():
            self._over()
        else:
            threading.Thread(target=self._drive, name="knowhub-stream", daemon=True).start()

    def _over(self) -> None:
        self._gate.release()
        self._leaving.unread()
        self._leaving.over()

    def _drive(self) -> None:
        items: Iterator[T] | None = None
        try:
            items = self._make()
            for item in items:
                if not self._hand_over(item):
                    break
            self._post("end", None)
        except Exception as error:
            self._post("error", error)
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()
            self._call(self._over)

    def _hand_over(self, item: T) -> bool:
        """Give an item to the reader once it is near enough; say whether there still is a reader."""
        while not self._ahead.acquire(timeout=0.25):
            if self._abandoned.is_set():
                return False
        if self._abandoned.is_set():
            return False
        self._post("item", item)
        return True

    def _post(self, kind: str, value: Any) -> None:
        self._call(self._items.put_nowait, (kind, value))

    def _call(self, callback: Callable[..., Any], *args: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(callback, *args)
        except RuntimeError:  # the loop is closed: the server has ended
            self._abandoned.set()


class Pools:
    """The five pools of one server process."""

    def __init__(self, *, media_readers: int = 8, questions_each: int = 2) -> None:
        self.database = Pool("database", workers=8, waiting=128)
        self.media = Pool("media", workers=media_readers, waiting=128)
        self.uploads = Pool("uploads", workers=4, waiting=60)
        self.search = Pool("search", workers=2, waiting=32)
        self.streams = Streams(at_once=4, waiting=8, each=questions_each)

    def close(self) -> None:
        for pool in (self.database, self.media, self.uploads, self.search):
            pool.close()
