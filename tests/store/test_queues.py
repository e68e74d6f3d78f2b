"""Who comes next: lanes and their limits, courses in turn, rests after failures; what is cleared; how fast it goes."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.jobs import MAX_ATTEMPTS, JobState, Lane, Room, Stage
from knowhub_ext.errors import LeaseLost

HERE = "host:1:"


def room(*lanes: Lane, **limits: int) -> Room:
    return Room(machine=HERE, lanes=lanes or tuple(Lane), limits={Lane(name): n for name, n in limits.items()})


def claim(store, worker=f"{HERE}7:a", where=None):
    with store.write() as tx:
        return tx.jobs.claim(worker, lease_ms=30_000, room=where)


def finish(store, job, state=JobState.DONE, **more):
    with store.write() as tx:
        return tx.jobs.finish(job.id, job.fence, state, **more)


def test_a_document_does_not_wait_behind_a_lecture(store, make, clock):
    lectures = [make.job(lane=Lane.SPEECH) for _ in range(2)]
    clock.forward(1)
    note = make.job(lane=Lane.LIGHT)
    where = room(speech=1, light=1)
    assert claim(store, where=where).id == lectures[0].id
    assert claim(store, where=where).id == note.id
    assert claim(store, where=where) is None, "no room for a second lecture"
    assert claim(store).id == lectures[1].id  # positive control: without limits it is next


def test_a_worker_takes_jobs_of_its_lanes_alone(store, make):
    lecture, note = make.job(lane=Lane.SPEECH), make.job(lane=Lane.LIGHT)
    assert claim(store, where=room(Lane.LIGHT)).id == note.id
    assert claim(store, where=room(Lane.LIGHT)) is None
    assert claim(store, where=room(Lane.SPEECH)).id == lecture.id


def test_a_limit_counts_live_jobs_of_its_own_machine(store, make, clock):
    for _ in range(4):
        make.job(lane=Lane.SPEECH)
    where = room(speech=1)
    first = claim(store, where=where)
    assert claim(store, where=where) is None
    assert claim(store, "elsewhere:1:8:b", Room(machine="elsewhere:1:", limits={Lane.SPEECH: 1})) is not None
    finish(store, first)
    claim(store, where=where)
    assert claim(store, where=where) is None
    clock.forward(31_000)
    assert claim(store, where=where) is not None, "a lease that ran out takes no room"


def test_a_flood_of_one_course_keeps_no_other_waiting(store, make, clock):
    flood, other, third = make.lesson(), make.lesson(), make.lesson()
    for number in range(6):
        make.job(make.asset(flood, f"{number}.md"))
        clock.forward(1)
    late = [make.job(make.asset(lesson, "late.md")) for lesson in (other, third)]
    order = []
    while (job := claim(store)) is not None:
        order.append(job)
        clock.forward(1)
        finish(store, job)
    places = [[job.id for job in order].index(job.id) for job in late]
    assert places == [1, 2], "after the first of the flood, each other course has its turn"
    mine = [job for job in order if job.course_id == flood.course_id]
    assert [job.created_ms for job in mine] == sorted(job.created_ms for job in mine)


def test_a_higher_priority_goes_before_any_turn(store, make, clock):
    lesson = make.lesson()
    make.job(make.asset(lesson, "a.md"))
    clock.forward(1)
    urgent = [make.job(make.asset(lesson, f"{n}.md"), priority=1) for n in range(2)]
    assert {claim(store).id, claim(store).id} == {job.id for job in urgent}


def test_a_job_that_broke_rests_and_the_others_go_on(store, make, clock):
    broken = make.job()
    finish(store, claim(store), JobState.QUEUED, rest_ms=2_000)
    with store.read() as tx:
        assert (tx.jobs.waiting(), tx.jobs.queued(tuple(Lane)), tx.jobs.queued([Lane.SPEECH])) == (0, 1, 0)
    assert claim(store) is None
    fine = make.job()
    assert claim(store).id == fine.id
    clock.forward(2_000)
    assert claim(store).id == broken.id


def test_a_dead_workers_job_is_taken_at_once_and_after_the_second_death_rests(store, make, clock):
    made = make.job()
    first = claim(store, "dead one")
    with store.write() as tx:
        assert tx.jobs.reclaim(()) == []  # positive control: nobody says that it is dead, and its lease lasts
        assert tx.jobs.holders() == {"dead one"}
        [(before, after)] = tx.jobs.reclaim({"dead one"})
    assert (before.lease_owner, after.state, after.attempts) == ("dead one", JobState.QUEUED, 1)
    with store.write() as tx, pytest.raises(LeaseLost):
        tx.jobs.beat(first.id, first.fence)
    second = claim(store, "dead two")
    assert (second.id, second.fence, second.attempts) == (made.id, first.fence + 1, 2)
    with store.write() as tx:
        [(_, after)] = tx.jobs.reclaim({"dead two"})
    assert clock.ms + 1_000 <= after.not_before_ms <= clock.ms + 2_000
    assert claim(store) is None
    clock.forward(2_000)
    assert claim(store, "dead three").attempts == MAX_ATTEMPTS
    with store.write() as tx:
        [(_, after)] = tx.jobs.reclaim({"dead three"})
    assert (after.state, after.error["slug"]) == (JobState.DEAD, "dead")
    assert "'probe'" in after.error["message"]


def test_jobs_of_a_trashed_course_are_not_taken_from_their_worker(store, make, clock):
    lesson = make.lesson()
    make.job(make.asset(lesson))
    claim(store, "one")
    make.trash("course", lesson.course_id)
    clock.forward(31_000)
    with store.write() as tx:
        assert tx.jobs.reclaim({"one"}) == []


def test_progress_never_falls_and_what_is_left_is_smooth_and_never_negative(store, make, clock):
    make.job()
    job = claim(store)

    def advance(progress, eta_s):
        with store.write() as tx:
            found = tx.jobs.advance(job.id, job.fence, stage=Stage.READ, progress=progress, eta_s=eta_s)
        return found.progress, found.eta_s

    assert advance(0.5, 100.0) == (0.5, 100.0)
    clock.forward(10_000)
    assert advance(0.3, 90.0) == (0.5, 90.0)
    clock.forward(10_000)
    assert advance(0.6, 160.0) == (0.6, 100.0)  # 80 expected, 160 measured: a quarter of the way
    with store.write() as tx:
        assert tx.jobs.beat(job.id, job.fence).eta_ms == clock.ms, "a heartbeat says nothing about what is left"
    clock.forward(1_000_000)
    assert advance(0.7, -5.0) == (0.7, 0.0)


def test_what_is_over_can_be_taken_off_the_lists_and_stays_in_the_database(store, make):
    lesson = make.lesson()
    states = [JobState.DONE, JobState.CANCELLED, JobState.FAILED, JobState.DEAD]
    made = {}
    for state in states:
        made[state] = make.job(make.asset(lesson, state.value))
        finish(store, claim(store), state)
    waiting, other = make.job(make.asset(lesson, "waiting")), make.job()
    finish(store, claim(store))
    with store.write() as tx:
        assert sum(tx.jobs.clear(lesson.course_id, failed=False).values()) == 3 - (other.id != waiting.id)
    with store.write() as tx:
        counts = tx.jobs.clear(None, failed=True)
        assert sum(counts.values()) == 3
        assert tx.jobs.clear(None, failed=True) == {}
        shown = {job.id for job in tx.jobs.page(None, None, 20, cleared=False)}
        everything = tx.jobs.page(None, None, 20)
    assert len(everything) == 6
    assert len(shown) == 1
    assert {job.cleared_ms > 0 for job in everything if job.id not in shown} == {True}


def test_a_retried_job_is_on_the_lists_again(store, make):
    make.job()
    job = finish(store, claim(store), JobState.FAILED)
    with store.write() as tx:
        tx.jobs.clear(None, failed=True)
        assert tx.jobs.page(None, None, 5, cleared=False) == []
        tx.jobs.retry(job.id)
        assert [row.id for row in tx.jobs.page(None, None, 5, cleared=False)] == [job.id]


def test_a_waiting_job_can_change_its_lane(store, make):
    asset = make.asset()
    make.job(asset, lane=Lane.SPEECH)
    with store.write() as tx:
        tx.jobs.move(asset.id, Lane.LIGHT)
    assert claim(store, where=room(Lane.LIGHT)).asset_id == asset.id


def test_speeds_follow_what_was_measured_last(store, clock):
    with store.write() as tx:
        tx.speeds.add("here", "speech a", work_ms=10_000, media_ms=100_000, size=1_000)
        tx.speeds.add("there", "speech a", work_ms=1, media_ms=1, size=1)
    for _ in range(20):
        clock.forward(1)
        with store.write() as tx:
            tx.speeds.add("here", "speech b", work_ms=30_000, media_ms=100_000, size=1_000)
            tx.speeds.add("here", "speech b", work_ms=30_000, media_ms=100_000, size=1_000)
    with store.read() as tx:
        found = tx.speeds.of("here")
        assert list(found) == ["speech b", "speech a"]
        assert found["speech a"].cost_s(media_ms=60_000, size=1) == 6.0
        assert found["speech b"].cost_s(media_ms=60_000, size=1) == pytest.approx(18.0, rel=1e-3)
        assert found["speech b"].cost_s(media_ms=0, size=500) == pytest.approx(15.0, rel=1e-3)
