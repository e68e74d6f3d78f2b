"""Leases and fences: a job is one worker's, and one that lost it writes nothing."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from knowhub_ext.domain.jobs import JobState, Stage
from knowhub_ext.domain.segments import Provenance, Segment
from knowhub_ext.errors import LeaseLost


def claim(store, worker):
    with store.write() as tx:
        return tx.jobs.claim(worker, lease_ms=30_000)


def test_a_job_is_not_given_away_while_its_lease_lasts(store, make, clock):
    make.job()
    job = claim(store, "one")
    clock.forward(30_000)
    assert claim(store, "two") is None
    with store.write() as tx:
        beaten = tx.jobs.beat(job.id, job.fence, lease_ms=30_000)
    assert beaten.lease_until_ms == clock.ms + 30_000
    clock.forward(29_999)
    assert claim(store, "two") is None


def test_an_expired_job_goes_to_another_worker_under_a_higher_fence(store, make, clock):
    make.job()
    first = claim(store, "one")
    clock.forward(30_001)
    with store.read() as tx:
        assert tx.jobs.waiting() == 1
    second = claim(store, "two")
    assert (second.id, second.lease_owner, second.attempts) == (first.id, "two", 2)
    assert second.fence > first.fence


CALLS = {
    "beat": lambda jobs, job: jobs.beat(job.id, job.fence, lease_ms=1),
    "advance": lambda jobs, job: jobs.advance(job.id, job.fence, stage=Stage.READ, progress=0.5, eta_s=None),
    "finish": lambda jobs, job: jobs.finish(job.id, job.fence, JobState.DONE),
    "release": lambda jobs, job: jobs.release(job.id, job.fence),
    "guard": lambda jobs, job: jobs.guard(job.id, job.fence),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_who_lost_a_job_is_refused(store, make, clock, call):
    make.job()
    lost = claim(store, "one")
    clock.forward(30_001)
    held = claim(store, "two")
    with store.write() as tx, pytest.raises(LeaseLost):
        call(tx.jobs, lost)
    with store.read() as tx:
        assert tx.jobs.get(held.id) == held
    with store.write() as tx:
        call(tx.jobs, held)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_job_that_is_over_is_held_by_nobody(store, make, call):
    make.job()
    job = claim(store, "one")
    with store.write() as tx:
        tx.jobs.finish(job.id, job.fence, JobState.DONE)
    with store.write() as tx, pytest.raises(LeaseLost):
        call(tx.jobs, job)


def test_a_holder_whose_lease_ran_out_unnoticed_may_renew_it(store, make, clock):
    make.job()
    job = claim(store, "one")
    clock.forward(60_000)
    with store.write() as tx:
        tx.jobs.beat(job.id, job.fence, lease_ms=30_000)
    assert claim(store, "two") is None


@pytest.mark.parametrize("guard_first", [True, False])
def test_what_a_frozen_worker_wrote_is_rolled_back_with_its_refusal(store, make, clock, guard_first):
    asset = make.asset()
    make.job(asset)
    with store.write() as tx:
        transcript = tx.transcripts.begin(asset.id, 1, Provenance(engine="e", model="m"))
    frozen = claim(store, "one")
    clock.forward(30_001)
    awake = claim(store, "two")

    def save(job, text):
        with store.write() as tx:
            if guard_first:
                tx.jobs.guard(job.id, job.fence)
            tx.transcripts.append(transcript.id, [Segment(start_ms=0, end_ms=1, text=text)])
            tx.event("worker", asset.course_id, "segment.added", asset.id)
            tx.jobs.guard(job.id, job.fence)

    save(awake, "awake")
    with pytest.raises(LeaseLost):
        save(frozen, "frozen")
    with store.read() as tx:
        assert [segment.text for segment in tx.transcripts.current(asset.id).segments] == ["awake"]
        kinds = [event.kind for event in tx.events.after(0, limit=9, course_ids=None)]
    assert kinds == ["job.changed", "segment.added"]


def test_two_workers_never_get_the_same_job(store, make):
    lesson = make.lesson()
    made = {make.job(make.asset(lesson, f"{n}.mp4")).id for n in range(24)}
    claimed: list[tuple[str, str]] = []
    gate = threading.Barrier(4)

    def work(worker: str) -> None:
        gate.wait()
        while (job := claim(store, worker)) is not None:
            claimed.append((job.id, worker))

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(job for job, _ in claimed) == Counter(made)


def test_of_many_that_finish_at_once_one_succeeds(store, make):
    make.job()
    job = claim(store, "one")
    results: list[str] = []
    gate = threading.Barrier(6)

    def work() -> None:
        gate.wait()
        try:
            with store.write() as tx:
                tx.jobs.finish(job.id, job.fence, JobState.DONE)
                tx.event("worker", job.course_id, "job.changed", job.id)
            results.append("done")
        except LeaseLost:
            results.append("refused")

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", *["refused"] * 5]
    with store.read() as tx:
        assert tx.events.last() == 1
