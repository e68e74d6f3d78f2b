"""Hearing a lecture once more: the old transcript stays until the new one is whole, and corrections stay in both."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import update

from knowhub_ext.backends import probing
from knowhub_ext.domain.jobs import JobState
from knowhub_ext.domain.media import AssetStatus
from knowhub_ext.domain.speech import Wish
from knowhub_ext.errors import Conflict, InvalidSetting, NotFound
from knowhub_ext.services import metering
from knowhub_ext.services.runs import Run
from knowhub_ext.store.tables import SEGMENT
from knowhub_ext.testing.fixtures import tone, video
from knowhub_ext.testing.hubs import VTT, plain_hub, run_jobs
from tests.backends.test_lengths import joined_aac
from tests.services.scripted import BIG, SMALL, correct, texts


@pytest.fixture
def hub(tmp_path, ears):
    with plain_hub(tmp_path / "data", transcriber="scripted") as made:
        yield made


def test_another_model_hears_all_of_it_but_what_a_person_corrected(hub, me, lesson):
    correct(hub, me, lesson, 3, "A person wrote this.")
    before = hub.lessons.transcript(me, lesson)[2]
    hub.recognising.again(me, lesson, Wish(model="big"))
    run_jobs(hub)
    after = hub.lessons.transcript(me, lesson)[2]
    assert [s.text for s in after.segments] == [*BIG[:3], "A person wrote this.", *BIG[4:]]
    assert (after.segments[3].start_ms, after.segments[3].edited) == (6000, True)
    assert (after.provenance.model, after.complete) == ("big", True)
    assert after.id != before.id
    assert "big says" in hub.searching.search(me, "c", "big says")[0].text
    assert not [hit for hit in hub.searching.search(me, "c", "small says") if "small" in hit.text]


def test_a_stretch_changes_only_the_cues_that_overlap_it(hub, me, lesson):
    hub.recognising.again(me, lesson, Wish(model="big", start_ms=5_000, end_ms=8_500))
    run_jobs(hub)
    transcript = hub.lessons.transcript(me, lesson)[2]
    assert [s.text for s in transcript.segments] == [*SMALL[:2], *BIG[2:5], *SMALL[5:]]
    assert transcript.provenance.options["stretch"] == [4.0, 10.0]
    assert transcript.provenance.options["rest"] == "scripted small"


def test_it_need_not_wait_for_vectors_that_are_being_made_anew(hub, me, lesson):
    """Control: any other job on the lecture's words it does wait for."""
    vectors = hub.embeddings.rebuild(me, everything=True)["jobs"]
    assert len(vectors) == 1
    hub.recognising.again(me, lesson, Wish(model="big"))
    with pytest.raises(Conflict):
        hub.recognising.again(me, lesson, Wish(model="small"))
    run_jobs(hub)
    assert texts(hub, me, lesson) == BIG
    assert hub.embeddings.standing(me)["totals"]["stale"] == 0


def test_readers_keep_the_old_one_until_the_new_one_is_whole(hub, me, lesson, ears):
    hub.recognising.again(me, lesson, Wish(model="big"))
    ears.breaks_after = 4
    job = hub.jobs.page(me)[0][0]["job"]
    hub.working.run_one(threading.Event())
    assert texts(hub, me, lesson) == SMALL
    assert hub.lessons.asset(me, hub.lessons.transcript(me, lesson)[1].id).status.value == "ready"
    ears.breaks_after = None
    asked = len(ears.requests)
    run_jobs(hub)
    assert hub.jobs.get(me, job)["state"] == "done"
    assert texts(hub, me, lesson) == BIG
    assert ears.requests[asked].start_ms == 8_000, "it goes on behind the last cue saved"


def test_a_recognition_that_fails_for_good_leaves_transcript_and_asset_as_they_were(hub, me, lesson, ears):
    ears.breaks_after = 0
    job = hub.recognising.again(me, lesson, Wish(model="big"))["job"]
    run_jobs(hub)
    assert hub.jobs.get(me, job)["state"] == "dead"
    assert texts(hub, me, lesson) == SMALL
    assert hub.courses.detail(me, "c")["lessons"][0]["status"] == "ready"


@pytest.mark.parametrize("wish", [Wish(model="big"), Wish(model="big", end_ms=20_000)])
def test_one_that_hears_nothing_says_so_and_leaves_the_transcript(hub, me, lesson, ears, wish):
    correct(hub, me, lesson, 3, "A person wrote this.")
    ears.quiet = True
    job = hub.recognising.again(me, lesson, wish)["job"]
    run_jobs(hub)
    row = hub.jobs.get(me, job)
    assert (row["state"], row["error"]["slug"]) == ("failed", "nothing-heard")
    assert texts(hub, me, lesson) == [*SMALL[:3], "A person wrote this.", *SMALL[4:]]
    assert hub.courses.detail(me, "c")["lessons"][0]["status"] == "ready"
    with hub.store.read() as tx:
        assert tx.transcripts.drafted(job) is None


def test_a_stretch_in_which_nothing_is_heard_is_left_out(hub, me, lesson, ears):
    ears.quiet = True
    hub.recognising.again(me, lesson, Wish(start_ms=4_000, end_ms=8_000))
    run_jobs(hub)
    assert texts(hub, me, lesson) == [*SMALL[:2], *SMALL[4:]]


@pytest.mark.parametrize("stretch", [{}, {"start_ms": 5_000, "end_ms": 14_000}])
@pytest.mark.parametrize("number", [0, 3, 9])
def test_what_is_corrected_while_it_is_heard_again_stays(hub, me, lesson, ears, stretch, number):
    job = hub.recognising.again(me, lesson, Wish(model="big", **stretch))["job"]
    ears.at = {4: lambda: correct(hub, me, lesson, number, "A person wrote this.")}
    run_jobs(hub)
    assert hub.jobs.get(me, job)["state"] == "done"
    new = range(2, 7) if stretch else range(10)
    wanted = [BIG[n] if n in new else SMALL[n] for n in range(10)]
    assert texts(hub, me, lesson) == [*wanted[:number], "A person wrote this.", *wanted[number + 1:]]


def test_what_is_corrected_before_an_interrupted_one_goes_on_stays(hub, me, lesson, ears):
    hub.working.rest = lambda attempts, job_id: 0
    hub.recognising.again(me, lesson, Wish(model="big"))
    ears.breaks_after = 5
    hub.working.run_one(threading.Event())
    correct(hub, me, lesson, 1, "A person wrote this.")
    ears.breaks_after = None
    run_jobs(hub)
    assert ears.requests[-1].start_ms == 10_000
    assert texts(hub, me, lesson) == [BIG[0], "A person wrote this.", *BIG[2:]]


def test_sound_behind_the_end_that_a_header_tells_is_heard_and_the_lecture_is_that_long(hub, me, tmp_path, monkeypatch):
    real = probing.ask
    monkeypatch.setattr(probing, "ask", lambda *asked: replace(real(*asked), duration_ms=7_000))
    hub.courses.create(me, "c")
    lesson = hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=20)]).lessons[0]["lesson"]
    run_jobs(hub)
    assert texts(hub, me, lesson) == SMALL
    assert hub.courses.detail(me, "c")["lessons"][0]["duration"] == 20.0


def test_captions_are_not_cut_at_the_length_that_a_header_guesses(hub, me, tmp_path):
    joined_aac(tmp_path / "talk.aac")
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\n00:45.000 --> 00:48.000\nSaid late.\n")
    hub.courses.create(me, "c")
    added = hub.ingest.add(me, "c", [tmp_path / "talk.aac", tmp_path / "talk.vtt"])
    run_jobs(hub)
    assert texts(hub, me, added.lessons[0]["lesson"]) == ["Said late."]


def test_the_same_wish_is_one_job_and_another_one_is_told_to_wait(hub, me, lesson):
    first = hub.recognising.again(me, lesson, Wish(model="big"))
    assert hub.recognising.again(me, lesson, Wish(model="big")) == first
    with pytest.raises(Conflict, match="being processed"):
        hub.recognising.again(me, lesson, Wish(model="big", start_ms=1000))
    run_jobs(hub)
    assert hub.recognising.again(me, lesson, Wish(model="big", start_ms=1000)) != first, "control: it is over"


def test_captions_made_by_hand_are_replaced_only_if_asked(hub, me, tmp_path):
    hub.courses.create(me, "d")
    video(tmp_path / "talk.mp4", seconds=30)
    (tmp_path / "talk.vtt").write_text(VTT)
    lesson = hub.ingest.add(me, "d", [tmp_path / "talk.mp4", tmp_path / "talk.vtt"]).lessons[0]["lesson"]
    run_jobs(hub)
    with pytest.raises(Conflict, match="caption file"):
        hub.recognising.again(me, lesson, Wish(model="big"))
    hub.recognising.again(me, lesson, Wish(model="big", over_captions=True))
    run_jobs(hub)
    assert texts(hub, me, lesson) == BIG


def test_through_silence_progress_moves_and_a_wish_to_cancel_is_seen(hub, me, tmp_path, ears, monkeypatch):
    monkeypatch.setattr(metering, "TICK_S", 0.0)
    hub.courses.create(me, "c")
    ears.quiet = True
    hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=20)])
    job = hub.jobs.page(me)[0][0]["job"]
    seen, real = [], Run.check

    def looked(run, row):
        seen.append(row.progress)
        if len(seen) == 6:
            hub.jobs.cancel(me, job)
        real(run, row)

    monkeypatch.setattr(Run, "check", looked)
    run_jobs(hub)
    row = hub.jobs.get(me, job)
    assert row["state"] == JobState.CANCELLED.value
    assert seen == sorted(seen)
    assert 0.2 < row["progress"] < 0.8


@pytest.mark.parametrize("wish", [Wish(start_ms=5000, end_ms=5000), Wish(start_ms=30_000)])
def test_a_stretch_that_is_none_is_refused(hub, me, lesson, wish):
    with pytest.raises(InvalidSetting, match="stretch"):
        hub.recognising.again(me, lesson, wish)


def test_a_draft_of_another_job_makes_way(store_with_asset):
    store, asset, provenance = store_with_asset
    with store.write() as tx:
        tx.transcripts.draft(asset.id, 1, provenance, job_id="one")
        tx.transcripts.draft(asset.id, 1, replace(provenance, model="other"), job_id="two")
    with store.read() as tx:
        assert tx.transcripts.drafted("one") is None
        assert tx.transcripts.drafted("two") is not None
        assert tx.transcripts.current(asset.id) is None


@pytest.fixture
def store_with_asset(hub, me, lesson):
    _, asset, transcript = hub.lessons.transcript(me, lesson)
    with hub.store.write() as tx:
        tx.transcripts.adopt(tx.transcripts.draft(asset.id, 1, transcript.provenance, job_id="x").id)
        tx.session.run(update(SEGMENT.metadata.tables["transcript"]).values(superseded_at=1))
    return hub.store, asset, transcript.provenance


def test_a_lecture_comes_back_with_its_transcript_without_being_heard_again(hub, me, lesson, ears):
    asset = hub.lessons.detail(me, lesson, lambda path: None)["assets"][0]["asset"]
    said, heard = hub.lessons.transcript(me, lesson)[2].segments, len(ears.requests)
    hub.removing.remove(me, asset)
    with pytest.raises(NotFound):
        hub.lessons.transcript(me, lesson)
    hub.removing.put_back(me, asset)
    run_jobs(hub)
    assert hub.lessons.transcript(me, lesson)[2].segments == said
    assert len(ears.requests) == heard
    assert hub.searching.search(me, "c", said[0].text)


def lecture(hub, me, tmp_path):
    """A lecture that waits to be recognised; return its asset and its lesson."""
    hub.courses.create(me, "c")
    row = hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=20)]).lessons[0]
    return row["assets"][0]["asset"], row["lesson"]


def test_a_lecture_that_is_removed_while_it_is_heard_stops_and_goes_on_when_it_is_back(hub, me, tmp_path, ears):
    asset, lesson = lecture(hub, me, tmp_path)
    ears.at[6] = lambda: hub.removing.remove(me, asset)
    run_jobs(hub)
    [job] = hub.jobs.page(me)[0]
    assert job["state"] == "cancelled"
    assert hub.removing.put_back(me, asset).status is AssetStatus.QUEUED
    run_jobs(hub)
    assert texts(hub, me, lesson) == SMALL
    assert ears.requests[1].start_ms > 0, "what was heard before is not heard again"


def test_who_takes_a_removal_back_at_once_stops_nothing(hub, me, tmp_path, ears):
    asset, lesson = lecture(hub, me, tmp_path)

    def out_and_in() -> None:
        hub.removing.remove(me, asset)
        hub.removing.put_back(me, asset)

    ears.at[6] = out_and_in
    run_jobs(hub)
    assert hub.jobs.page(me)[0][0]["state"] == "done"
    assert texts(hub, me, lesson) == SMALL
    assert len(ears.requests) == 1


def test_a_lecture_whose_captions_are_removed_before_they_were_read_is_heard(hub, me, tmp_path, ears):
    (tmp_path / "talk.vtt").write_text(VTT, encoding="utf-8")
    hub.courses.create(me, "c")
    row = hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=20), tmp_path / "talk.vtt"]).lessons[0]
    captions = next(one["asset"] for one in row["assets"] if one["path"].endswith(".vtt"))
    hub.removing.remove(me, captions)
    run_jobs(hub)
    assert texts(hub, me, row["lesson"]) == SMALL
    hub.removing.put_back(me, captions)
    run_jobs(hub)
    assert texts(hub, me, row["lesson"])[0] == "Celery acknowledges a task before it runs."
