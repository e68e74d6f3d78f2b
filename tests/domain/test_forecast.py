"""When jobs will be over: what runs counts down, what waits comes after what stands before it in its lane."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.forecast import Pending, Speed, forecast, turns
from knowhub_ext.domain.jobs import Job, JobState, Lane, pause_ms, smoothed

NOW = 1_000_000


def pending(name: str, cost_s: float | None = 10.0, **more: object) -> Pending:
    lane = more.pop("lane", Lane.SPEECH)
    course = more.pop("course", "c")
    job = Job(id=name, asset_id=name, course_id=course, asset_revision=1, lane=lane, **more)
    return Pending(job=job, cost_s=cost_s)


def running(name: str, **more: object) -> Pending:
    return pending(name, state=JobState.RUNNING, **more)


def etas(*rows: Pending, speech: int = 1) -> dict[str, float]:
    return forecast(rows, limits={Lane.SPEECH: speech, Lane.LIGHT: 1}, now_ms=NOW)


def test_a_waiting_job_ends_after_those_before_it():
    rows = [running("a", eta_s=30.0, eta_ms=NOW - 5_000), pending("b", created_ms=1), pending("c", created_ms=2)]
    assert etas(*rows) == {"a": 25.0, "b": 35.0, "c": 45.0}


def test_lanes_do_not_wait_for_each_other():
    rows = [running("a", eta_s=900.0, eta_ms=NOW), pending("note", 2.0, lane=Lane.LIGHT)]
    assert etas(*rows) == {"a": 900.0, "note": 2.0}


def test_two_hands_share_a_lane():
    assert etas(pending("a", created_ms=1), pending("b", created_ms=2), pending("c", created_ms=3), speech=2) == {
        "a": 10.0, "b": 10.0, "c": 20.0,
    }


def test_a_running_job_that_has_not_said_anything_yet_is_expected_to_take_what_such_jobs_take():
    assert etas(running("a", progress=0.25)) == {"a": 7.5}


def test_what_is_left_is_never_negative():
    assert etas(running("a", eta_s=3.0, eta_ms=NOW - 60_000)) == {"a": 0.0}


def test_behind_a_job_of_unknown_length_nothing_is_foretold():
    assert etas(running("a", cost_s=None), pending("b")) == {}
    assert etas(pending("a", created_ms=1), pending("b", None, created_ms=2), pending("c", created_ms=3)) == {"a": 10.0}


def test_a_resting_job_starts_after_its_rest():
    assert etas(pending("a", not_before_ms=NOW + 4_000)) == {"a": 14.0}


def test_begun_work_goes_first_then_courses_take_turns():
    flood = [pending(f"f{n}", course="flood", created_ms=n) for n in range(3)]
    back = pending("back", course="flood", created_ms=8, started_ms=5)
    rows = [*flood, pending("o", course="other", created_ms=9), back]
    assert [row.job.id for row in turns(rows)] == ["back", "f0", "o", "f1", "f2"]


def test_a_speed_foretells_by_length_then_by_bytes_then_by_number():
    speech = Speed(work_ms=10_000, media_ms=100_000, size=1_000_000, jobs=1.0)
    assert speech.cost_s(media_ms=50_000, size=9) == 5.0
    assert speech.cost_s(media_ms=0, size=250_000) == 2.5
    notes = Speed(work_ms=900, media_ms=0, size=10, jobs=3.0)
    assert notes.cost_s(media_ms=0, size=10_000) == pytest.approx(0.3)
    assert Speed(work_ms=0, media_ms=0, size=0, jobs=0.0).cost_s(media_ms=1, size=1) is None


@pytest.mark.parametrize(("before", "passed", "measured", "said"), [
    (None, 0.0, 40.0, 40.0), (None, 0.0, -1.0, 0.0), (40.0, 10.0, 30.0, 30.0), (40.0, 10.0, 70.0, 40.0),
    (5.0, 60.0, 0.0, 0.0), (40.0, -5.0, 40.0, 40.0),
])
def test_what_is_left_moves_a_quarter_of_the_way(before, passed, measured, said):
    assert smoothed(before, passed, measured) == said


def test_rests_grow_and_what_broke_together_comes_back_apart():
    assert pause_ms(0, "a") == 0
    for attempts, full in ((1, 2_000), (2, 8_000), (3, 32_000), (9, 128_000)):
        rests = {pause_ms(attempts, f"job {n}") for n in range(50)}
        assert full / 2 <= min(rests) < max(rests) <= full
        assert len(rests) > 40
    assert pause_ms(2, "a") == pause_ms(2, "a")
