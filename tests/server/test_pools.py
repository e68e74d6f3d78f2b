"""The crossing to threads: bounded, refusing what it cannot hold, and letting go of what nobody waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from knowhub_ext.errors import Busy
from knowhub_ext.server.pools import AHEAD, Pool, Streams


def test_a_pool_runs_so_many_at_once_and_refuses_what_is_beyond_its_queue() -> None:
    async def scene() -> None:
        pool = Pool("test", workers=2, waiting=1)
        go, began = threading.Event(), threading.Semaphore(0)
        most = 0

        def work() -> int:
            nonlocal most
            began.release()
            most = max(most, pool._taken)
            go.wait(10)
            return threading.get_ident()

        tasks = [asyncio.ensure_future(pool.run(work)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await pool.run(work)
        await asyncio.to_thread(lambda: (began.acquire(timeout=5), began.acquire(timeout=5)))
        assert not began.acquire(blocking=False), "the third waits for a thread"
        go.set()
        assert len(set(await asyncio.gather(*tasks))) == 2
        assert await pool.run(lambda: 7) == 7, "there is room again"
        pool.close()

    asyncio.run(scene())


def test_what_a_call_raises_is_raised_here_and_gives_its_place_back() -> None:
    async def scene() -> None:
        pool = Pool("test", workers=1, waiting=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await pool.run(lambda: 1 // 0)
        pool.close()

    asyncio.run(scene())


def test_a_holder_of_a_place_is_not_refused_in_the_middle() -> None:
    async def scene() -> None:
        pool = Pool("test", workers=1, waiting=0)
        with pool.place():
            with pytest.raises(Busy):
                await pool.run(int)
            assert await pool.inside(int) == 0
        pool.close()

    asyncio.run(scene())


class Counting:
    """Counts without end, and remembers how far it came and whether it was closed."""

    def __init__(self) -> None:
        self.made = 0
        self.closed = threading.Event()

    def __call__(self) -> Iterator[int]:
        try:
            while True:
                self.made += 1
                yield self.made
        finally:
            self.closed.set()


def test_a_stream_runs_ahead_of_its_reader_only_so_far_and_ends_when_abandoned() -> None:
    async def scene() -> None:
        streams = Streams(at_once=1, waiting=0)
        counting = Counting()
        stream = streams.open(counting)
        assert [await stream.next(), await stream.next()] == [1, 2]
        with pytest.raises(Busy):
            streams.open(counting)
        await asyncio.sleep(0.1)
        assert counting.made <= AHEAD + 3
        stream.abandon()
        assert await asyncio.to_thread(counting.closed.wait, 5)
        for _ in range(200):
            if streams._taken == 0:
                break
            await asyncio.sleep(0.01)
        assert streams._taken == 0

    asyncio.run(scene())


def test_one_person_cannot_take_all_places_and_another_is_still_let_in() -> None:
    async def scene() -> None:
        streams = Streams(at_once=4, waiting=8, each=2)
        mine = [streams.open(Counting(), owner="me") for _ in range(2)]
        with pytest.raises(Busy, match="2 of your questions") as refused:
            streams.open(Counting(), owner="me")
        assert "stop it" in refused.value.cure
        other = streams.open(Counting(), owner="you")
        assert await other.next() == 1
        mine[0].abandon()
        again = streams.open(Counting(), owner="me")
        mine[0].abandon()
        with pytest.raises(Busy):
            streams.open(Counting(), owner="me")
        for stream in (mine[1], other, again):
            stream.abandon()
        for _ in range(500):
            if streams._taken == 0:
                break
            await asyncio.sleep(0.01)
        assert (streams._taken, streams._owned) == (0, {})

    asyncio.run(scene())


def test_a_stream_ends_with_none_or_with_its_error_and_stays_so() -> None:
    async def scene() -> None:
        streams = Streams(at_once=2, waiting=0)
        stream = streams.open(lambda: iter("ab"))
        assert [await stream.next() for _ in range(4)] == ["a", "b", None, None]

        def breaks() -> Iterator[int]:
            yield 1
            raise ValueError("broken")

        other = streams.open(breaks)
        assert await other.next() == 1
        for _ in range(2):
            with pytest.raises(ValueError, match="broken"):
                await other.next()

    asyncio.run(scene())


def test_a_stream_that_waits_for_its_turn_can_be_abandoned_before_it_begins() -> None:
    async def scene() -> None:
        streams = Streams(at_once=1, waiting=1)
        first, never = Counting(), Counting()
        running = streams.open(first)
        await running.next()
        waiting = streams.open(never)
        waiting.abandon()
        assert await waiting.next() is None
        running.abandon()
        for _ in range(200):
            if streams._taken == 0:
                break
            await asyncio.sleep(0.01)
        assert streams._taken == 0
        assert never.made == 0

    asyncio.run(scene())


def test_patience_ends_without_losing_the_item() -> None:
    async def scene() -> None:
        go = threading.Event()

        def slow() -> Iterator[str]:
            go.wait(10)
            yield "late"

        stream = Streams(at_once=1, waiting=0).open(slow)
        with pytest.raises(TimeoutError):
            await stream.next(0.01)
        go.set()
        assert await stream.next(5) == "late"

    asyncio.run(scene())
