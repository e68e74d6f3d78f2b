"""What waits: in which lane, how long still, and what need not be recognised again."""

from __future__ import annotations

import threading

import pytest

from knowhub_ext.domain.courses import Lesson
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.jobs import Lane
from knowhub_ext.domain.segments import Provenance, Segment
from knowhub_ext.errors import DiskFull
from knowhub_ext.ports import Recognition
from knowhub_ext.services.presence import machine
from knowhub_ext.testing.fixtures import tone
from knowhub_ext.testing.hubs import VTT, run_jobs


class Heard:
    """A transcriber that says one sentence, and counts for how many files it did."""

    def __init__(self) -> None:
        self.files: list[str] = []

    def transcribe(self, path, request):
        def say():
            self.files.append(request.name)
            yield Segment(start_ms=0, end_ms=900, text="A worker dies.")

        provenance = Provenance(engine="heard", model="m", hot_words=request.hot_words, options=request.options)
        return Recognition(provenance=provenance, segments=say())


@pytest.fixture
def heard(hub, monkeypatch):
    ears = Heard()
    monkeypatch.setattr(hub.working._pipeline._speech, "_transcriber", ears)
    return ears


@pytest.fixture
def sound(tmp_path):
    return tone(tmp_path / "talk.wav", seconds=1.0)


def add(hub, me, course, path, lesson=None):
    row = hub.ingest.add(me, course, [path], lesson=lesson).lessons[0]["assets"][0]
    return row["asset"]


def lane(hub, asset):
    with hub.store.read() as tx:
        return tx.jobs.of_asset(asset)[0].lane


def test_speech_waits_in_its_lane_until_captions_take_it_over(hub, me, sound, tmp_path):
    hub.courses.create(me, "c")
    asset = add(hub, me, "c", sound)
    assert lane(hub, asset) is Lane.SPEECH
    (tmp_path / "notes.md").write_text("Notes.")
    assert lane(hub, add(hub, me, "c", tmp_path / "notes.md")) is Lane.LIGHT
    (tmp_path / "talk.vtt").write_text(VTT)
    assert lane(hub, add(hub, me, "c", tmp_path / "talk.vtt")) is Lane.LIGHT
    assert lane(hub, asset) is Lane.LIGHT, "nothing has to be recognised any more"


def test_captions_that_turn_out_unusable_give_speech_its_lane_back(hub, me, heard, sound, tmp_path):
    hub.courses.create(me, "c")
    asset = add(hub, me, "c", sound)
    (tmp_path / "talk.vtt").write_text("WEBVTT\n")
    add(hub, me, "c", tmp_path / "talk.vtt")
    hub.working.run_one(threading.Event())
    assert lane(hub, asset) is Lane.SPEECH
    run_jobs(hub)
    assert heard.files == ["talk.wav"]


def test_the_same_content_with_the_same_parameters_is_recognised_once(hub, me, heard, sound):
    hub.courses.create(me, "c")
    first = add(hub, me, "c", sound, lesson="One")
    run_jobs(hub)
    second = add(hub, me, "c", sound, lesson="Two")
    run_jobs(hub)
    assert heard.files == ["talk.wav"]
    with hub.store.read() as tx:
        one, two = tx.transcripts.current(first), tx.transcripts.current(second)
        passages = {tx.passages.of_asset(asset)[0].text for asset in (first, second)}
    assert one.provenance == two.provenance
    assert [segment.text for segment in one.segments] == [segment.text for segment in two.segments]
    assert {segment.id for segment in one.segments}.isdisjoint(segment.id for segment in two.segments)
    assert passages == {"A worker dies."}


def test_control_other_hot_words_or_an_unfinished_twin_are_recognised_anew(hub, me, heard, sound, tmp_path):
    hub.courses.create(me, "c")
    first = add(hub, me, "c", sound)
    run_jobs(hub)
    (tmp_path / "course.yml").write_text("slug: d\nhot_words: [Celery]\nlessons: [{title: T, files: [talk.wav]}]\n")
    hub.ingest.import_folder(me, tmp_path)
    run_jobs(hub)
    assert len(heard.files) == 2
    with hub.store.write() as tx:
        found = tx.transcripts.current(first)
        tx.session.connection.exec_driver_sql(f"UPDATE transcript SET complete = 0 WHERE id = '{found.id}'")
    add(hub, me, "c", sound, lesson="Again")
    run_jobs(hub)
    assert len(heard.files) == 3


def test_a_waiting_job_is_told_when_it_will_be_over_from_what_was_measured(hub, me, heard, sound, tmp_path):
    hub.courses.create(me, "c")
    add(hub, me, "c", sound)
    assert [row["eta_s"] for row in hub.jobs.page(me)[0]] == [None], "nothing was measured yet"
    run_jobs(hub)
    with hub.store.write() as tx:
        assert list(tx.speeds.of(machine())) == ["speech heard m"]
        for _ in range(30):
            tx.speeds.add(machine(), "speech heard m", work_ms=60_000, media_ms=1_000, size=sound.stat().st_size)
    longer = tone(tmp_path / "longer.wav", seconds=2.0)
    jobs = [add(hub, me, "c", path, lesson=name) for path, name in ((longer, "a"), (longer, "b"))]
    assert len(jobs) == 2
    later, sooner = (row["eta_s"] for row in hub.jobs.page(me)[0][:2])
    assert sooner == pytest.approx(120, rel=0.05)
    assert later == pytest.approx(240, rel=0.05)


def test_a_full_disk_is_no_attempt_and_is_told(hub, me, tmp_path, monkeypatch):
    hub.courses.create(me, "c")
    (tmp_path / "a.md").write_text("Text.")
    add(hub, me, "c", tmp_path / "a.md")
    with monkeypatch.context() as patch:
        patch.setattr(hub.working._pipeline, "run", lambda run: (_ for _ in ()).throw(DiskFull()))
        assert hub.working.run_one(threading.Event())
    [row] = hub.jobs.page(me)[0]
    assert (row["state"], row["attempts"], row["error"]["slug"]) == ("queued", 0, "disk-full")
    assert not hub.working.run_one(threading.Event()), "it rests first"


def test_clearing_asks_for_the_right_to_change_the_course(hub, me, tmp_path):
    course = hub.courses.create(me, "c")
    (tmp_path / "a.md").write_text("Text.")
    add(hub, me, "c", tmp_path / "a.md")
    run_jobs(hub)
    assert hub.jobs.clear(me, course="c") == 1
    assert hub.jobs.page(me)[0] == []
    [row] = hub.jobs.page(me, cleared=True)[0]
    assert (row["state"], row["cleared"]) == ("done", True)
    with hub.store.read() as tx:
        events = [event for event in tx.events.after(0, limit=99, course_ids=None) if event.kind == "job.cleared"]
    assert [(event.course, event.data) for event in events] == [(course.id, {"count": 1, "failed": False})]


def test_a_lesson_that_was_left_empty_by_a_power_cut_takes_its_file(hub, me, tmp_path):
    course = hub.courses.create(me, "c")
    (tmp_path / "a.md").write_text("Text.")
    with hub.store.write() as tx:
        tx.lessons.add(Lesson(id=new_id(), course_id=course.id, slug="a", title="a", position=0))
    add(hub, me, "c", tmp_path / "a.md")
    assert [lesson["title"] for lesson in hub.courses.detail(me, "c")["lessons"]] == ["a"]
