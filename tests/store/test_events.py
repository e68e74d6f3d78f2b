from __future__ import annotations

import threading

import pytest

from knowhub_ext.errors import NotFound


def test_an_event_comes_back_with_all_its_values(store, clock):
    with store.write() as tx:
        assert tx.event("me", "c1", "course.created", "s", {"slug": "x", "n": [1, None, "ü\x00"]}) == 1
        assert tx.event("me", "c1", "course.changed", "s") == 2
    with store.read() as tx:
        event, other = tx.events.after(0, limit=9, course_ids=None)
    assert (event.seq, event.at_ms, event.actor, event.course) == (1, clock.ms, "me", "c1")
    assert (event.kind, event.subject) == ("course.created", "s")
    assert event.data["slug"] == "x"
    assert other.data == {}


def test_events_are_read_from_behind_a_number_and_by_course(store):
    with store.write() as tx:
        assert tx.events.last() == 0
        for number in range(6):
            tx.event("me", "even" if number % 2 == 0 else "odd", "x.done", str(number))
    with store.read() as tx:
        assert tx.events.last() == 6
        assert [e.seq for e in tx.events.after(2, limit=3, course_ids=None)] == [3, 4, 5]
        assert [e.subject for e in tx.events.after(0, limit=9, course_ids={"odd"})] == ["1", "3", "5"]
        assert tx.events.after(0, limit=9, course_ids=set()) == []
        assert tx.events.after(6, limit=9, course_ids=None) == []


def test_numbers_have_no_gaps_though_some_who_took_them_fail(store):
    raised: list[BaseException] = []
    gate = threading.Barrier(6)

    def work(thread: int) -> None:
        gate.wait()
        for number in range(15):
            try:
                with store.write() as tx:
                    tx.event("me", "c", "x.done", f"{thread}-{number}")
                    if number % 3 == thread % 3:
                        raise NotFound()
                    tx.event("me", "c", "x.done", f"{thread}-{number}b")
            except NotFound:
                pass
            except BaseException as error:
                raised.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
    with store.read() as tx:
        events = tx.events.after(0, limit=1000, course_ids=None)
        assert tx.events.last() == 6 * 10 * 2
    assert [event.seq for event in events] == list(range(1, 6 * 10 * 2 + 1))


def test_who_follows_the_numbers_misses_nothing_that_commits_later(store):
    """A reader that saw number n must never find a smaller one afterwards."""
    seen: list[int] = []
    over = threading.Event()

    def write() -> None:
        for _ in range(30):
            with store.write() as tx:
                tx.event("me", "c", "x.done", "s")

    def follow() -> None:
        while True:
            last = over.is_set()
            with store.read() as tx:
                seen.extend(e.seq for e in tx.events.after(seen[-1] if seen else 0, limit=1000, course_ids=None))
            if last:
                return

    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=write) for _ in range(3)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    reader.join()
    assert seen == list(range(1, 91))


def test_control_an_event_without_commit_is_not_there(store):
    def work() -> None:
        with store.write() as tx:
            assert tx.event("me", "c", "x.done", "s") == 1
            tx.courses.get("nothing")

    with pytest.raises(NotFound):
        work()
    with store.read() as tx:
        assert tx.events.last() == 0
