"""Jobs: their order, their moves, and who waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.jobs import MAX_ATTEMPTS, Job, JobState, Stage
from knowhub_ext.domain.media import AssetStatus
from knowhub_ext.errors import InvalidMove, NotFound

ERROR = {"slug": "unreadable-file", "message": "It is damaged.", "cure": "Export it again."}


def claim(store, worker="w"):
    with store.write() as tx:
        return tx.jobs.claim(worker, lease_ms=30_000)


def finish(store, job, state, error=None):
    with store.write() as tx:
        return tx.jobs.finish(job.id, job.fence, state, error)


def test_a_job_comes_back_as_it_was_added(store, make, clock):
    asset = make.asset()
    job = Job(id=new_id(), asset_id=asset.id, course_id=asset.course_id, asset_revision=1)
    with store.write() as tx:
        added = tx.jobs.add(job)
        assert added == replace(job, created_ms=clock.ms, updated_ms=clock.ms)
        assert tx.jobs.get(job.id) == added
        with pytest.raises(NotFound):
            tx.jobs.get(new_id())


def test_the_same_work_is_queued_once_while_it_is_unfinished(store, make):
    asset = make.asset()
    first = make.job(asset)
    assert make.job(asset).id == first.id
    running = claim(store)
    assert make.job(asset).id == first.id
    assert make.job(replace(asset, revision=2)).id != first.id
    assert make.job().id != first.id
    finish(store, running, JobState.DONE)
    again = make.job(asset)
    assert again.id != first.id
    with store.read() as tx:
        assert {job.id for job in tx.jobs.of_asset(asset.id)} >= {again.id, first.id}


def test_jobs_are_claimed_oldest_first_and_listed_newest_first(store, make, clock):
    jobs = []
    for _ in range(4):
        clock.forward(1000)
        jobs.append(make.job())
    with store.read() as tx:
        assert tx.jobs.waiting() == 4
        pages, after = [], None
        while rows := tx.jobs.page(None, after, 3):
            pages += [job.id for job in rows]
            after = rows[-1].id
        assert pages == [job.id for job in reversed(jobs)]
        assert [job.id for job in tx.jobs.page(jobs[1].course_id, None, 9)] == [jobs[1].id]
    assert [claim(store).id for _ in jobs] == [job.id for job in jobs]
    assert claim(store) is None
    with store.read() as tx:
        assert tx.jobs.waiting() == 0


def test_pages_split_jobs_of_the_same_millisecond(store, make):
    made = {make.job().id for _ in range(5)}
    with store.read() as tx:
        seen, after = [], None
        while rows := tx.jobs.page(None, after, 2):
            seen += [job.id for job in rows]
            after = rows[-1].id
    assert (len(seen), set(seen)) == (5, made)


def test_a_claim_counts_the_attempt_and_raises_the_fence(store, make, clock):
    made = make.job()
    job = claim(store, "one")
    assert (job.id, job.state, job.attempts, job.fence) == (made.id, JobState.RUNNING, 1, 1)
    assert (job.lease_owner, job.lease_until_ms) == ("one", clock.ms + 30_000)
    with store.write() as tx:
        released = tx.jobs.release(job.id, job.fence)
    assert (released.state, released.attempts, released.lease_owner) == (JobState.QUEUED, 0, "")
    again = claim(store, "two")
    assert (again.id, again.attempts, again.fence) == (made.id, 1, 2)


def test_advance_says_how_far_a_job_came(store, make):
    make.job()
    job = claim(store)
    with store.write() as tx:
        job = tx.jobs.advance(job.id, job.fence, stage=Stage.READ, progress=0.25, eta_s=12.5)
        assert (job.stage, job.progress, job.eta_s) == (Stage.READ, 0.25, 12.5)
        assert tx.jobs.advance(job.id, job.fence, stage=Stage.VECTORS, progress=0.5, eta_s=None).eta_s is None


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.DEAD])
def test_a_finished_job_is_over(store, make, state):
    make.job()
    error = None if state is JobState.DONE else ERROR
    job = finish(store, claim(store), state, error)
    assert (job.state, job.error, job.lease_owner, job.eta_s) == (state, error, "", None)
    assert job.progress == (1.0 if state is JobState.DONE else 0.0)
    assert claim(store) is None
    with store.read() as tx:
        assert tx.jobs.waiting() == 0


def test_a_run_that_broke_waits_again_and_counts(store, make):
    asset = make.asset()
    make.job(asset)
    job = finish(store, claim(store), JobState.QUEUED, ERROR)
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 1, ERROR)
    assert make.job(asset).id == job.id, "it is still the same work"
    job = claim(store)
    assert (job.attempts, job.error) == (2, None)


def test_a_running_job_cannot_become_running(store, make):
    make.job()
    job = claim(store)
    with pytest.raises(InvalidMove):
        finish(store, job, JobState.RUNNING)


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked(store, make):
    waiting = make.job()
    with store.write() as tx:
        job = tx.jobs.request_cancel(waiting.id)
    assert (job.state, job.cancel_requested) == (JobState.CANCELLED, False)
    assert claim(store) is None
    make.job()
    running = claim(store)
    with store.write() as tx:
        job = tx.jobs.request_cancel(running.id)
        assert (job.state, job.cancel_requested) == (JobState.RUNNING, True)
        assert tx.jobs.beat(running.id, running.fence, lease_ms=1).cancel_requested
    finish(store, running, JobState.CANCELLED)
    with store.write() as tx:
        assert tx.jobs.request_cancel(running.id).state is JobState.CANCELLED
        with pytest.raises(NotFound):
            tx.jobs.request_cancel(new_id())


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED, JobState.DEAD])
def test_a_job_that_did_not_succeed_can_be_retried_with_all_attempts(store, make, state):
    make.job()
    running = claim(store)
    with store.write() as tx:
        tx.jobs.request_cancel(running.id)
    finish(store, running, state, ERROR)
    with store.write() as tx:
        job = tx.jobs.retry(running.id)
    assert (job.state, job.attempts, job.error, job.cancel_requested) == (JobState.QUEUED, 0, None, False)
    assert job.fence == running.fence
    assert claim(store).fence == running.fence + 1


def test_what_waits_runs_or_is_done_cannot_be_retried(store, make):
    made = make.job()
    for step in (lambda: None, lambda: claim(store), lambda: finish(store, job(), JobState.DONE)):
        def job():
            with store.read() as tx:
                return tx.jobs.get(made.id)

        step()
        with store.write() as tx, pytest.raises(InvalidMove):
            tx.jobs.retry(made.id)
    with store.write() as tx, pytest.raises(NotFound):
        tx.jobs.retry(new_id())


def test_a_retry_never_doubles_work_that_was_queued_anew(store, make):
    asset = make.asset()
    make.job(asset)
    old = finish(store, claim(store), JobState.FAILED, ERROR)
    make.job(asset)
    with store.write() as tx, pytest.raises(InvalidMove, match="Another job"):
        tx.jobs.retry(old.id)


def test_a_job_that_takes_its_workers_down_is_put_aside_with_its_asset(store, make, clock):
    asset = make.asset()
    poison, fine = make.job(asset), make.job()
    assert claim(store, "one").id == poison.id
    finish(store, claim(store), JobState.DONE)
    for _ in range(MAX_ATTEMPTS - 1):
        clock.forward(31_000)
        with store.write() as tx:
            tx.jobs.reclaim(())
        clock.forward(10_000)
        assert claim(store).id == poison.id
    clock.forward(31_000)
    fine = make.job()
    assert claim(store).id == fine.id, "the others go on"
    with store.read() as tx:
        job, found = tx.jobs.get(poison.id), tx.assets.get(asset.id)
        assert (job.state, job.attempts) == (JobState.DEAD, MAX_ATTEMPTS)
        assert (found.status, found.error) == (AssetStatus.FAILED, job.error)
        assert set(job.error) == {"slug", "message", "cure"}
        events = tx.events.after(0, limit=9, course_ids=None)
    said = [(e.kind, e.subject, e.data["state"]) for e in events]
    assert said == [("job.changed", poison.id, state) for state in ("queued", "queued", "dead")]


def test_a_job_that_broke_twice_lets_all_others_go_first(store, make, clock):
    poison = make.job()
    for attempt in (1, 2):
        clock.forward(120_000)
        assert claim(store).id == poison.id, "the control: what was begun comes first, the first time it broke"
        if attempt == 1:
            other = make.job()
    clock.forward(31_000)
    with store.write() as tx:
        tx.jobs.reclaim(())  # it rests from now on
    clock.forward(120_000)
    assert claim(store).id == other.id
    assert claim(store).id == poison.id


def test_a_job_whose_worker_died_while_it_was_to_be_cancelled_is_cancelled(store, make, clock):
    asset = make.asset()
    make.job(asset)
    job = claim(store)
    with store.write() as tx:
        tx.jobs.request_cancel(job.id)
    clock.forward(31_000)
    assert claim(store) is None
    with store.read() as tx:
        assert tx.jobs.get(job.id).state is JobState.CANCELLED
        assert tx.assets.get(asset.id).status is AssetStatus.FAILED


def test_workers_are_live_while_they_are_seen(store, clock):
    with store.write() as tx:
        tx.workers.beat("one", 11, "host")
        tx.workers.beat("two", 12, "host")
    clock.forward(20_000)
    with store.write() as tx:
        tx.workers.beat("two", 12, "host")
    clock.forward(20_000)
    with store.write() as tx:
        assert tx.workers.live(30_000) == ["two"]
        assert tx.workers.live(60_000) == ["one", "two"]
        tx.workers.gone("two")
        tx.workers.gone("never was")
        assert tx.workers.live(60_000) == ["one"]
