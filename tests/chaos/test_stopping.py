"""A worker and a server that are told to end: the job goes back, what came of an upload stays, in ten seconds."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from knowhub_ext.domain.jobs import JobState
from tests.chaos.harness import World, add, at_most, holder, pid_of, serve, until
from tests.server.tus import Cut, begin, offset_of

#: A10, SIGTERM: a running job has ended or is given back after so many seconds.
STOPS_S = 10


def stopped(world: World, **chaos: object) -> tuple[str, int, float]:
    """Ask a worker to end in the middle of a call that nobody can interrupt; return state, attempts and seconds."""
    with world.hub() as hub:
        add(hub, world.folder / "in", ["stuck-9.wav"])
        worker = world.start("worker", **chaos)
        until(lambda: world.starts() and holder(hub), "it is stuck in a call")
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        try:
            until(lambda: worker.poll() is not None, "the worker ends", seconds=25)
        except AssertionError:
            pass
        took = time.monotonic() - began
        with hub.store.read() as tx:
            [job] = tx.jobs.page(None, None, 5)
    return job.state.value, job.attempts, took


def test_a_worker_told_to_end_inside_a_call_gives_its_job_back(world: World, figure: Callable[[str], None]) -> None:
    """A10, SIGTERM: released, not expired."""
    state, attempts, took = stopped(world)
    assert (state, attempts) == ("queued", 0)
    assert "it was given back" in world.said()
    assert world.processes[0].returncode == 0
    figure(f"A10 SIGTERM inside a call that cannot be interrupted: job back and worker gone after {took:.1f} s")
    at_most(STOPS_S, took, "seconds from SIGTERM to the end of a worker")


def test_a_server_told_to_end_keeps_what_came_of_an_upload_and_gives_its_workers_job_back(
    world: World, figure: Callable[[str], None]
) -> None:
    """A10, SIGTERM: neither an upload that is open nor a call that nobody can interrupt holds the server up."""
    with world.hub() as hub:
        add(hub, world.folder / "in", ["stuck-9.wav"])
        served = serve(world)
        path = begin(served.client, 10, filename="open.md")
        sending = Cut(served.client, path, 0, 10)
        sending.send(b"abc")
        part = world.data / "uploads" / f"{path.rpartition('/')[2]}.part"
        until(lambda: part.exists() and part.stat().st_size == 3, "what was sent of the upload is here")
        pid = pid_of(until(lambda: world.starts() and holder(hub), "its worker is stuck in a call"))
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(timeout=60)
        until(lambda: not _lives(pid), "the worker is gone")
        took = time.monotonic() - began
        sending.cut()
        with hub.store.read() as tx:
            [job] = tx.jobs.page(None, None, 5)
    assert served.process.returncode == 0, world.said()[-3000:]
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert offset_of(serve(world).client, path) == 3
    figure(f"A10 SIGTERM to a server with an upload open and a worker inside a call: both gone after {took:.1f} s")
    at_most(STOPS_S, took, "seconds from SIGTERM to the end of a server")


def test_control_without_giving_back_the_job_stays_with_the_call(world: World) -> None:
    state, _, _ = stopped(world, off=["giving-back"])
    assert state == "running"
    assert world.processes[0].poll() is None


def test_a_server_takes_its_workers_along(world: World) -> None:
    """On SIGTERM at once; after kill -9 as soon as they notice. Either way the job waits, and counts no attempt."""
    world.chaos["step_s"] = 0.2
    with world.hub() as hub:
        add(hub, world.folder / "in", ["long-900.wav"])
        for number in (signal.SIGTERM, signal.SIGKILL):
            served = serve(world)
            pid = pid_of(until(lambda: holder(hub), "its worker holds the job"))
            os.kill(served.process.pid, number)
            served.process.wait(timeout=60)
            until(lambda pid=pid: not _lives(pid), "the worker is gone")
            with hub.store.read() as tx:
                [job] = tx.jobs.page(None, None, 5)
            assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
