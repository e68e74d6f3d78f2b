"""A12: a file that takes its cage or its worker down is tried three times and put aside; all others go on meanwhile."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from statistics import mean

import pytest

from knowhub_ext.domain.jobs import LEASE_MS, MAX_ATTEMPTS, JobState
from knowhub_ext.hub import Hub
from tests.chaos.harness import World, add, at_most, count, serve, settled, states, until, whole

#: How files end their cages (`stunts.CAGE`): what becomes of their jobs, after how many attempts, and what is said.
ENDS = {
    "crash": ("dead", MAX_ATTEMPTS, "was ended by SIGSEGV"),
    "killed": ("dead", MAX_ATTEMPTS, "was ended by SIGKILL"),
    "starved": ("dead", MAX_ATTEMPTS, "was ended by SIGSEGV"),  # memory was refused, and it did not look
    "hungry": ("failed", 1, "MB of memory"),
}
WORKER_GONE = "The worker ended with"


def workers(hub: Hub) -> set[str]:
    """Return the names of the workers that live; a name holds process number and birth."""
    with hub.store.read() as tx:
        return set(tx.workers.live(LEASE_MS))


def test_a_file_that_kills_its_cage_is_given_up_with_the_reason_and_the_workers_live_on(
    world: World, figure: Callable[[str], None]
) -> None:
    poison = [name for how in ENDS for name in (f"{how}-9.wav", f"{how}.md")]
    others = [f"{n}-3.wav" for n in range(count(2, 20))] + [f"{n}.md" for n in range(count(2, 20))]
    with world.hub() as hub:
        add(hub, world.folder / "first", ["first-4.wav", "first.md"])
        serve(world)
        until(lambda: settled(hub) and len(workers(hub)) == 2, "the worker of each lane has worked")
        before = workers(hub)
        assets = add(hub, world.folder / "in", [*poison, *others])
        until(lambda: settled(hub), "all jobs are over")
        assert workers(hub) == before
        assert "the worker was ended" not in (world.data / "run" / "worker.log").read_text()
        with hub.store.read() as tx:
            jobs = {name: tx.jobs.of_asset(asset)[0] for name, asset in assets.items()}
    for name in poison:
        job, (state, attempts, why) = jobs[name], ENDS[name.split("-")[0].split(".")[0]]
        assert (job.state.value, job.attempts) == (state, attempts), job
        assert job.error
        assert why in job.error["message"]
        assert name in job.error["message"]
        assert job.error["cure"]
    assert {(jobs[name].state.value, jobs[name].attempts) for name in others} == {("done", 1)}
    figure(
        f"A12 {len(poison)} files whose cage's child died by SIGSEGV, by SIGKILL or for want of memory: both workers "
        f"lived on, at most {MAX_ATTEMPTS} attempts each, {len(others)} others done at their first"
    )


def test_control_without_limits_the_files_that_want_memory_are_read(world: World) -> None:
    with world.hub() as hub:
        add(hub, world.folder / "in", ["hungry.md", "starved.md"])
        assert world.start("worker", "--idle", "0", off=["cage"]).wait(timeout=120) == 0
        assert states(hub) == {"done": 2}, world.said()[-3000:]


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
    assert WORKER_GONE not in world.said(), "the next worker needed no new start"
    figure(f"A12 2 poisoned files, {MAX_ATTEMPTS} attempts each, {len(innocent)} others done at their first")


def test_control_without_forks_every_death_is_a_new_start(world: World) -> None:
    world.chaos["off"] = ["forks"]
    with world.hub() as hub:
        add(hub, world.folder / "in", ["poison.md", "fine.md"])
        serve(world)
        until(lambda: settled(hub), "all jobs are over")
        assert states(hub) == {"done": 1, "dead": 1}
    assert world.said().count(WORKER_GONE) >= MAX_ATTEMPTS - 1


def waits(world: World, poison: list[str], others: list[str]) -> tuple[float, float]:
    """Run a queue to its end; return how long of the others the slowest twentieth waited to be begun, and the longest
    time in which a lane began none of them while some waited, in seconds."""
    world.folder.mkdir()
    with closing(world), world.hub() as hub:
        add(hub, world.folder / "in", [*poison, *others])
        serve(world)
        until(lambda: settled(hub), "all jobs are over", 1200)
        over = states(hub)
        assert (over["done"], over["dead"] + over["failed"]) == (len(others), len(poison)), over
        with hub.store.read() as tx:
            done = [job for job in tx.jobs.page(None, None, 1000) if job.state is JobState.DONE]
    waited = sorted(job.started_ms - job.created_ms for job in done)
    lanes = [sorted(job.started_ms for job in done if job.lane is lane) for lane in {job.lane for job in done}]
    first = min(job.created_ms for job in done)
    gaps = [after - before for lane in lanes for before, after in itertools.pairwise([first, *lane])]
    return waited[int(len(waited) * 0.95)] / 1000, max(gaps) / 1000


@pytest.mark.parametrize(("takes", "poison"), [
    ("their cage", ["crash-9.wav", "crash.md", "hungry-9.wav", "hungry.md"]),
    ("their worker", ["poison-9.wav", "poison.md"]),
])
def test_what_poison_costs_the_others_in_its_queue(
    world: World, figure: Callable[[str], None], takes: str, poison: list[str]
) -> None:
    """The same queue with and without: all begin with a start of the server, so that cancels out. In full counts
    without it before and after, since a machine's pace changes in minutes."""
    others = [f"{n}-3.wav" for n in range(count(3, 60))] + [f"{n}.md" for n in range(count(3, 60))]
    plains = [waits(World(world.folder / "before"), [], others)[0]]
    beside, blocked = waits(World(world.folder / "beside"), poison, others)
    plains += [waits(World(world.folder / "after"), [], others)[0] for _ in range(count(0, 1))]
    growth = 100 * (beside / mean(plains) - 1)
    figure(
        f"A12 {len(others)} jobs beside {len(poison)} that take {takes} down: p95 of their wait {beside:.1f} s, "
        f"without {' and '.join(f'{plain:.1f}' for plain in plains)} s, {growth:+.1f} %; no lane began none of them "
        f"for more than {blocked:.1f} s"
    )
    at_most(60, blocked, "seconds in which the queue was blocked")
    at_most(10, growth, "per cent by which the wait of the others grew")


def test_control_the_poison_kills_a_worker(world: World) -> None:
    with world.hub() as hub:
        add(hub, world.folder / "in", ["poison.md"])
        worker = world.start("worker", "--idle", "1")
        assert worker.wait(timeout=120) < 0, "by a signal"
        assert states(hub) == {"running": 1}
