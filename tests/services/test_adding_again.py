"""Files of one name, versions, interruptions, trash: nothing that was added is lost or mixed up."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import update

from knowhub_ext.errors import Busy, InvalidCourseFile, InvalidMove
from knowhub_ext.services import working
from knowhub_ext.store.tables import JOB
from knowhub_ext.testing.fixtures import video
from knowhub_ext.testing.hubs import VTT, run_jobs


def statuses(hub, added):
    rows = [row for entry in hub.ingest.status(added).lessons for row in entry["assets"]]
    return {row["path"].rsplit("/", 1)[-1]: row["status"] for row in rows}


def lessons(hub, me, ref="c"):
    return {x["title"]: x["lesson"] for x in hub.courses.detail(me, ref)["lessons"]}


def test_files_of_one_name_from_two_folders_are_two_lessons_and_neither_is_lost(hub, me, tmp_path):
    hub.courses.create(me, "c")
    for folder, word in (("week1", "zebra"), ("week2", "giraffe")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "intro.md").write_text(f"The {word} is an animal.")
    hub.ingest.add(me, "c", [tmp_path / "week1" / "intro.md", tmp_path / "week2" / "intro.md"])
    hub.ingest.add(me, "c", [tmp_path / "week1", tmp_path / "week2"])  # the same again changes nothing
    run_jobs(hub)
    assert set(lessons(hub, me)) == {"intro", "week2 · intro"}
    assert all(hub.searching.search(me, "c", word) for word in ("zebra", "giraffe"))


def test_titles_without_a_latin_letter_are_lessons_of_their_own(hub, me, tmp_path):
    hub.courses.create(me, "c")
    for name in ("История.md", "Физика.md"):
        (tmp_path / name).write_text(name)
    hub.ingest.add(me, "c", [tmp_path / "История.md", tmp_path / "Физика.md"])
    assert set(lessons(hub, me)) == {"История", "Физика"}


def test_a_caption_file_added_later_joins_its_medium(hub, me, tmp_path):
    hub.courses.create(me, "c")
    video(tmp_path / "talk.mp4", seconds=3)
    hub.ingest.add(me, "c", [tmp_path / "talk.mp4"])
    (tmp_path / "talk.vtt").write_text(VTT)
    hub.ingest.add(me, "c", [tmp_path / "talk.vtt"])
    assert list(lessons(hub, me)) == ["talk"]


def test_the_same_command_again_goes_on_with_what_was_left_unfinished(hub, me, tmp_path):
    hub.courses.create(me, "c")
    (tmp_path / "a.vtt").write_text(VTT)
    first = hub.ingest.add(me, "c", [tmp_path / "a.vtt"])
    assert hub.ingest.add(me, "c", [tmp_path / "a.vtt"]).jobs == first.jobs
    with hub.store.write() as tx:  # a worker has it and dies with it
        tx.jobs.claim("dead", lease_ms=-1)
    assert hub.ingest.add(me, "c", [tmp_path / "a.vtt"]).jobs == first.jobs
    run_jobs(hub)
    assert statuses(hub, first) == {"a.vtt": "ready"}


def test_a_caption_file_without_captions_replaces_no_transcript(hub, me, tmp_path):
    hub.courses.create(me, "c")
    video(tmp_path / "talk.mp4", seconds=30)
    (tmp_path / "talk.vtt").write_text(VTT)
    hub.ingest.add(me, "c", [tmp_path])
    run_jobs(hub)
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\n")
    added = hub.ingest.add(me, "c", [tmp_path / "talk.vtt"])
    run_jobs(hub)
    assert statuses(hub, added) == {"talk.vtt": "empty"}
    assert len(hub.lessons.transcript(me, "c/talk")[2].segments) == 5
    assert hub.searching.search(me, "c", "posting list")


def test_a_job_on_an_old_version_leaves_nothing_behind(hub, me, tmp_path):
    hub.courses.create(me, "c")
    (tmp_path / "a.md").write_text("The zebra.")
    hub.ingest.add(me, "c", [tmp_path / "a.md"])
    with hub.store.write() as tx:
        old = tx.jobs.claim("slow worker")
    (tmp_path / "a.md").write_text("The giraffe.")
    hub.ingest.add(me, "c", [tmp_path / "a.md"])
    run_jobs(hub)
    hub.working._run(old, threading.Event())  # the slow worker wakes up
    assert hub.searching.search(me, "c", "giraffe")
    assert not any("zebra" in hit.text for hit in hub.searching.search(me, "c", "zebra"))
    assert hub.jobs.get(me, old.id)["state"] == "cancelled"
    assert hub.courses.detail(me, "c")["lessons"][0]["status"] == "ready"


def versions(hub, me, tmp_path, *, worker=""):
    """Two versions of one file; a `worker` may have begun the first before the second came. Return the first's job."""
    hub.courses.create(me, "c")
    (tmp_path / "a.md").write_text("The zebra.")
    (old,) = hub.ingest.add(me, "c", [tmp_path / "a.md"]).jobs
    if worker:
        with hub.store.write() as tx:
            tx.jobs.claim(worker)
    (tmp_path / "a.md").write_text("The giraffe.")
    hub.ingest.add(me, "c", [tmp_path / "a.md"])
    return old


def test_the_job_of_an_old_version_is_not_tried_again(hub, me, tmp_path):
    old = versions(hub, me, tmp_path)
    run_jobs(hub)
    assert [row["superseded"] for row in hub.jobs.page(me)[0]] == [False, True]
    with pytest.raises(InvalidMove, match="newer version"):
        hub.jobs.retry(me, old)
    run_jobs(hub)
    assert hub.jobs.get(me, old)["state"] == "cancelled"
    assert hub.courses.detail(me, "c")["lessons"][0]["status"] == "ready"


def test_a_worker_that_dies_on_an_old_version_does_not_fail_the_new_one(hub, me, tmp_path):
    old = versions(hub, me, tmp_path, worker="elsewhere:1:gone")
    run_jobs(hub)
    assert hub.jobs.get(me, old)["state"] == "running"
    with hub.store.write() as tx:
        assert tx.jobs.reclaim({"elsewhere:1:gone"})
    assert hub.jobs.get(me, old)["state"] == "cancelled"
    assert hub.courses.detail(me, "c")["lessons"][0]["status"] == "ready"


def test_cancelling_the_job_of_an_old_version_does_not_fail_the_new_one(hub, me, tmp_path):
    old = versions(hub, me, tmp_path)
    run_jobs(hub)
    with hub.store.write() as tx:  # as a worker leaves it that gave it back when it ended
        tx.session.run(update(JOB).where(JOB.c.id == old).values(state="queued"))
    assert hub.jobs.cancel(me, old)["state"] == "cancelled"
    assert hub.courses.detail(me, "c")["lessons"][0]["status"] == "ready"


def test_a_job_waits_in_the_trash_with_its_course_and_runs_after_restore(hub, me, tmp_path):
    course = hub.courses.create(me, "c")
    (tmp_path / "a.vtt").write_text(VTT)
    added = hub.ingest.add(me, "c", [tmp_path / "a.vtt"])
    hub.operating.trash(me, "c")
    run_jobs(hub)
    hub.operating.restore(me, course.id)
    run_jobs(hub)
    assert statuses(hub, added) == {"a.vtt": "ready"}


def test_a_busy_database_is_no_fault_of_the_file(hub, me, tmp_path, monkeypatch):
    hub.courses.create(me, "c")
    (tmp_path / "a.vtt").write_text(VTT)
    added = hub.ingest.add(me, "c", [tmp_path / "a.vtt"])
    real, calls = hub.working._pipeline.run, []

    def once_busy(run):
        calls.append(run)
        if len(calls) == 1:
            raise Busy
        return real(run)

    monkeypatch.setattr(working, "PAUSE_S", 0.0)
    monkeypatch.setattr(hub.working._pipeline, "run", once_busy)
    run_jobs(hub)
    assert statuses(hub, added) == {"a.vtt": "ready"}
    assert len(calls) == 2


def test_two_lessons_of_one_slug_in_a_course_file_are_refused(hub, me, tmp_path):
    (tmp_path / "course.yml").write_text("slug: x\nlessons: [{title: Über}, {title: Uber}]\n")
    with pytest.raises(InvalidCourseFile, match="'uber'"):
        hub.ingest.import_folder(me, tmp_path)


def test_a_name_in_decomposed_letters_can_be_added_twice(hub, me, tmp_path):
    hub.courses.create(me, "c")
    name = "caf" + "e\u0301" + ".md"
    (tmp_path / name).write_text("Espresso is served here.")
    hub.ingest.add(me, "c", [tmp_path / name])
    run_jobs(hub)
    again = hub.ingest.add(me, "c", [tmp_path / name])
    assert [row["status"] for entry in again.lessons for row in entry["assets"]] == ["ready"]
