"""Workers are killed, frozen and raced against each other; every lecture is there once, whole."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest

from knowhub_ext.domain.jobs import MAX_ATTEMPTS
from knowhub_ext.errors import Busy
from tests.chaos.harness import (
    TIMES,
    World,
    add,
    at_most,
    count,
    holder,
    kill,
    redone_ms,
    rows_of,
    serve,
    settled,
    states,
    until,
    whole,
)

#: The made-up lectures are saved by sentences of a second. What a real engine hears before it can save any of it, a
#: minute of speech at most, stands in `tests/backends/test_hearing.py`.
SENTENCE_MS = 1000


def test_killed_again_and_again_all_work_is_done_once_and_whole(
    any_world: World, chance: random.Random, figure: Callable[[str], None]
) -> None:
    """A10: kill -9 of a worker's process group in a job; another goes on at once. After a second death it goes last."""
    names = [f"lecture-{n}-{chance.randint(4, 12)}.wav" for n in range(count(8))]
    any_world.chaos["step_s"] = 0.05
    with any_world.hub() as hub:
        assets = add(hub, any_world.folder / "in", [*names, "one.md", "two.md"])
        killed, waits, redone = 0, [], [0]
        worker = any_world.start("worker", "--idle", "1")
        while killed < count(2):
            job = until(lambda worker=worker: holder(hub, pid=worker.pid) or settled(hub), "a job runs")
            if job is True:
                break
            time.sleep(chance.uniform(0.0, 0.6))
            job = holder(hub, pid=worker.pid)
            if job is None or job.attempts == MAX_ATTEMPTS:
                continue  # three deaths are poison, which is another test's matter
            kill(worker)
            died, killed = time.monotonic(), killed + 1
            worker = any_world.start("worker", "--idle", "1")
            if job.attempts == 1:
                until(lambda job=job: _moved_on(hub, job), "the job of a dead worker is taken over")
                waits.append(time.monotonic() - died)
        until(lambda: settled(hub), "all jobs are over")
        assert states(hub) == {"done": len(names) + 2}, any_world.said()[-4000:]
        for name in names:
            whole(hub, assets[name], _seconds(name))
            redone += redone_ms(any_world, name)
    assert killed >= count(2), "positive control: workers were killed while they held a job"
    assert "whose process is gone" in any_world.said()
    assert max(redone) <= SENTENCE_MS, "no kill costs more than the sentence in hand"
    figure(f"A10 {killed} kills, {len(names)} lectures whole; first retry after {max(waits):.1f} s at most; "
           f"the sentence in hand was said again after {sum(redone) // SENTENCE_MS} of them")
    at_most(45, max(waits), "seconds from a kill to the first retry")


def _moved_on(hub, job) -> bool:
    with hub.store.read() as tx:
        return tx.jobs.get(job.id).fence > job.fence


def _seconds(name: str) -> int:
    return int(name.rsplit("-", 1)[1].split(".")[0])


def frozen(world: World, at_least_s: float = 0.0, **chaos: object) -> tuple[dict[str, object], dict[str, object]]:
    """Freeze a worker in the middle of a lecture for `at_least_s`, let another finish it; return the rows before and
    after it woke."""
    world.chaos["step_s"] = 0.3
    with world.hub() as hub:
        assets = add(hub, world.folder / "in", ["talk-12.wav"])
        first = world.start("worker", "--idle", "1", **chaos)
        until(lambda: len(rows_of(hub, assets["talk-12.wav"])["starts"]) >= 3, "three sentences are saved")
        until(lambda: _frozen_between_writes(hub, first.pid), "the worker is frozen and holds no lock")
        wakes = time.monotonic() + at_least_s
        world.start("worker", "--idle", "60")  # it has nothing to do until the lease has run out
        until(lambda: settled(hub), "another worker ends the job")
        time.sleep(max(0.0, wakes - time.monotonic()))
        before = rows_of(hub, assets["talk-12.wav"])
        os.killpg(first.pid, signal.SIGCONT)
        first.wait(timeout=120)
        after = rows_of(hub, assets["talk-12.wav"])
    return before, after


def _frozen_between_writes(hub, pid: int) -> bool:
    """Freeze a worker; let it go on where it stands in the middle of a transaction, since all others would wait for it
    as long as it is frozen: that is SQLite's promise, and no matter of leases."""
    os.killpg(pid, signal.SIGSTOP)
    try:
        with hub.store.write():
            return True
    except Busy:
        os.killpg(pid, signal.SIGCONT)
        return False


def refused(world: World, at_least_s: float) -> None:
    """See that a worker that was frozen and overtaken changes nothing: no segment, no passage, no vector."""
    before, after = frozen(world, at_least_s)
    assert after == before
    assert before["transcripts"] == 1
    assert before["starts"] == [second * 1000 for second in range(12)]
    assert before["passages"] == before["vectors"] > 0
    assert "did not renew its lease" in world.said()
    assert "was taken over by another worker" in world.said()


def test_a_frozen_worker_that_was_overtaken_writes_nothing_when_it_wakes(
    world: World, figure: Callable[[str], None]
) -> None:
    """A11: frozen for longer than the lease, which is short, since it is done again and again."""
    rounds, lease_s = count(1, 50), 4
    for number in range(rounds):
        fresh = World(world.folder / str(number), settings={"KNOWHUB_LEASE_S": str(lease_s)})
        fresh.folder.mkdir()
        try:
            refused(fresh, at_least_s=lease_s + 1)
        finally:
            fresh.close()
    figure(f"A11 {rounds} workers frozen past their lease of {lease_s} s and overtaken: nothing they wrote stayed")


@pytest.mark.skipif(TIMES == 1, reason="a minute of standing still is for `make chaos`")
def test_a_worker_frozen_for_a_minute_writes_nothing_when_it_wakes(world: World, figure: Callable[[str], None]) -> None:
    """A11, with the lease as it is by default."""
    refused(world, at_least_s=60)
    figure("A11 a worker frozen for 60 s with the default lease: nothing it wrote stayed")


def test_control_without_the_fence_the_frozen_worker_doubles_what_the_other_wrote(world: World) -> None:
    world.settings["KNOWHUB_LEASE_S"] = "4"
    before, after = frozen(world, off=["fence"])
    assert after["segments"] > before["segments"]


def test_a_lecture_longer_than_many_leases_is_started_once(world: World, figure: Callable[[str], None]) -> None:
    """A13: a second worker looks for work all the time, and may take it, as in the control.

    Fast with a lease of six seconds, of which it lasts four. Not shorter, since on a busy machine a heartbeat may be
    late by seconds, and a late one rightly loses the job. Under `make chaos` ten minutes with lease and heartbeat as
    they are by default.
    """
    world.settings["KNOWHUB_WORKERS"] = "2"
    if TIMES == 1:
        world.settings["KNOWHUB_LEASE_S"] = "6"
    world.chaos["step_s"] = 0.6 if TIMES == 1 else 15
    with world.hub() as hub:
        assets = add(hub, world.folder / "in", ["long-40.wav"])
        for _ in range(2):
            world.start("worker", "--idle", "900")
        began = time.monotonic()
        until(lambda: settled(hub), "the lecture is over", 1200)
        took = time.monotonic() - began
        assert [worker.poll() for worker in world.processes] == [None, None], "both looked for work until its end"
        whole(hub, assets["long-40.wav"], 40)
        assert states(hub) == {"done": 1}
    assert world.starts() == [("long-40.wav", 0)]
    figure(f"A13 one start and one end of a lecture that was worked on for {took:.0f} s while another worker looked")


def test_control_without_a_heartbeat_it_is_started_again(world: World) -> None:
    world.settings |= {"KNOWHUB_LEASE_S": "2", "KNOWHUB_WORKERS": "2"}
    world.chaos["step_s"] = 0.2
    with world.hub() as hub:
        add(hub, world.folder / "in", ["long-40.wav"])
        for _ in range(2):
            world.start("worker", "--idle", "20", off=["heartbeat"])
        until(lambda: len(world.starts()) > 1, "another start")


def test_a_long_lecture_killed_in_the_middle_goes_on_from_its_last_sentence(
    world: World, chance: random.Random, figure: Callable[[str], None]
) -> None:
    """A13"""
    world.chaos["step_s"] = 0.02
    redone = [0]
    with world.hub() as hub:
        for number in range(count(1)):
            name = f"half-{number}-200.wav"
            asset = add(hub, world.folder / "in", [name])[name]
            first = world.start("worker", "--idle", "1")
            at = chance.randint(60, 140)
            until(lambda asset=asset, at=at: len(rows_of(hub, asset)["starts"]) >= at, "the middle is reached")
            kill(first)
            saved = rows_of(hub, asset)["starts"][-1] + 1000
            world.start("worker", "--idle", "1").wait(timeout=300)
            whole(hub, asset, 200)
            assert [start for found, start in world.starts() if found == name] == [0, saved]
            redone += redone_ms(world, name)
    assert max(redone) <= SENTENCE_MS, "no kill costs more than the sentence in hand"
    figure(f"A13 redone after a kill: {max(redone) / 1000:.0f} s of the lecture at most")


@pytest.mark.parametrize("door", ["worker", "serve"])
def test_two_on_one_folder_never_run_a_job_twice(any_world: World, door: str) -> None:
    any_world.settings["KNOWHUB_WORKERS"] = "2"
    with any_world.hub() as hub:
        names = [f"{n}-3.wav" for n in range(count(6))]
        assets = add(hub, any_world.folder / "in", names)
        for _ in range(2):
            if door == "worker":
                any_world.start("worker", "--idle", "1")
            else:
                serve(any_world).client.close()
        until(lambda: settled(hub), "all jobs are over")
        assert states(hub) == {"done": len(names)}
        for name in names:
            whole(hub, assets[name], 3)
    assert Counter(name for name, _ in any_world.starts()) == dict.fromkeys(names, 1)


def test_control_a_claim_that_does_not_ask_who_has_a_job_runs_it_twice(world: World) -> None:
    world.chaos["step_s"] = 0.3
    world.settings["KNOWHUB_WORKERS"] = "2"
    with world.hub() as hub:
        add(hub, world.folder / "in", ["1-20.wav"])
        for _ in range(2):
            world.start("worker", off=["where"])
        until(lambda: len(world.starts()) > 1, "the job is started again while it runs")
