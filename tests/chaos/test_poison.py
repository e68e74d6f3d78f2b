"""A12: a file that takes its worker down is tried three times and put aside; everything else goes on meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from knowhub_ext.domain.jobs import MAX_ATTEMPTS, JobState
from tests.chaos.harness import World, add, count, serve, settled, states, until, whole


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


def test_control_the_poison_kills_a_worker(world: World) -> None:
    with world.hub() as hub:
        add(hub, world.folder / "in", ["poison.md"])
        worker = world.start("worker", "--idle", "1")
        assert worker.wait(timeout=120) < 0, "by a signal"
        assert states(hub) == {"running": 1}
