"""A12: a file that takes its worker down is tried three times and put aside; everything else goes on meanwhile."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from contextlib import closing

from knowhub_ext.domain.jobs import MAX_ATTEMPTS, JobState
from tests.chaos.harness import World, add, at_most, count, serve, settled, states, until, whole


def test_a_poisoned_file_is_given_up_with_the_reason_and_the_queue_goes_on(
    world: World, figure: Callable[[str], None]
) -> None:
    names = [f"{n}-3.wav" for n in range(count(3))]
    with world.hub() as hub:
        assets = add(hub, world.folder / "in", ["poison-9.wav", *names, "poison.md", "fine.md"])
        served = serve(world)
        until(lambda: settled(hub), "all jobs are over")
        items = served.client.get("/jobs").json()["items"]
        assert states(hub) == {"done": len(names) + 1, "dead": 2}, world.said()[-3000:]
        with hub.store.read() as tx:
            dead = [job for job in tx.jobs.page(None, None, 1000) if job.state is JobState.DEAD]
            innocent = [job.attempts for job in tx.jobs.page(None, None, 1000) if job.state is JobState.DONE]
        for name in names:
            whole(hub, assets[name], 3)
        before = states(hub)
        add(hub, world.folder / "later", ["after.md"])
        until(lambda: states(hub)["done"] == before["done"] + 1, "the workers still work")
    assert Counter(name for name, _ in world.starts()) == {
        **dict.fromkeys(names, 1), "poison-9.wav": MAX_ATTEMPTS, "poison.md": MAX_ATTEMPTS,
    }  # fmt: skip
    assert [job.attempts for job in dead] == [MAX_ATTEMPTS] * 2
    assert set(innocent) == {1}, "no other job lost an attempt to it"
    errors = [row["error"] for row in items if row["state"] == "dead"]
    assert all("stopped in the middle of it at the stage 'read'" in error["message"] for error in errors)
    assert all(error["cure"] for error in errors)
    figure(f"A12 2 poisoned files, {MAX_ATTEMPTS} attempts each, {len(innocent)} others done at their first")


def waits(world: World, poison: list[str], others: list[str]) -> tuple[float, float]:
    """Run a queue to its end; return how long of the others the slowest twentieth waited to be begun, and the longest
    time in which a lane began none of them while some waited, in seconds."""
    world.folder.mkdir()
    with closing(world), world.hub() as hub:
        add(hub, world.folder / "in", [*poison, *others])
        serve(world)
        until(lambda: settled(hub), "all jobs are over", 1200)
        assert states(hub) == Counter({"done": len(others), "dead": len(poison)})
        with hub.store.read() as tx:
            done = [job for job in tx.jobs.page(None, None, 1000) if job.state is JobState.DONE]
    waited = sorted(job.started_ms - job.created_ms for job in done)
    lanes = [sorted(job.started_ms for job in done if job.lane is lane) for lane in {job.lane for job in done}]
    first = min(job.created_ms for job in done)
    gaps = [after - before for lane in lanes for before, after in itertools.pairwise([first, *lane])]
    return waited[int(len(waited) * 0.95)] / 1000, max(gaps) / 1000


def test_what_poison_costs_the_others_in_its_queue(world: World, figure: Callable[[str], None]) -> None:
    """The same queue with and without: both begin with a start of the server, so that cancels out."""
    others = [f"{n}-3.wav" for n in range(count(3, 60))] + [f"{n}.md" for n in range(count(3, 60))]
    plain, _ = waits(World(world.folder / "plain"), [], others)
    beside, blocked = waits(World(world.folder / "beside"), ["poison-9.wav", "poison.md"], others)
    figure(
        f"A12 {len(others)} jobs beside 2 poisoned ones: p95 of their wait {beside:.1f} s, without {plain:.1f} s, "
        f"{beside / plain:.2f} times; no lane began none of them for more than {blocked:.1f} s"
    )
    at_most(60, blocked, "seconds in which the queue was blocked")


def test_control_the_poison_kills_a_worker(world: World) -> None:
    with world.hub() as hub:
        add(hub, world.folder / "in", ["poison.md"])
        worker = world.start("worker", "--idle", "1")
        assert worker.wait(timeout=120) < 0, "by a signal"
        assert states(hub) == {"running": 1}
