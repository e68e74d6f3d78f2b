"""Files in: asset, job and event in one transaction; bad files say why and the others go on."""

from __future__ import annotations

import json

import pytest

from knowhub_ext.domain.jobs import JobState
from knowhub_ext.errors import InvalidCourseFile, InvalidMove, NotFound
from knowhub_ext.store import events
from knowhub_ext.testing.fixtures import video
from knowhub_ext.testing.hubs import VTT, run_jobs


def statuses(hub, added):
    rows = [row for entry in hub.ingest.status(added).lessons for row in entry["assets"]]
    return {row["path"].rsplit("/", 1)[-1]: row["status"] for row in rows}


def test_files_of_one_folder_become_lessons_with_ready_assets(hub, me, tmp_path):
    hub.courses.create(me, "c")
    (tmp_path / "a.vtt").write_text(VTT)
    (tmp_path / "b.md").write_text("# Title\n\nSome prose about Redis.")
    (tmp_path / ".hidden.md").write_text("no")
    (tmp_path / "ignored.xyz").write_text("no")
    added = hub.ingest.add(me, "c", [tmp_path])
    run_jobs(hub)
    assert statuses(hub, added) == {"a.vtt": "ready", "b.md": "ready"}
    assert [x["title"] for x in hub.courses.detail(me, "c")["lessons"]] == ["a", "b"]


def test_one_bad_file_says_why_and_the_others_go_on(hub, me, tmp_path):
    hub.courses.create(me, "c")
    files = {"good.vtt": VTT, "broken.srt": "no cues at all", "bad.ipynb": "{", "odd.xyz": "x", "empty.txt": ""}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    added = hub.ingest.add(me, "c", [tmp_path / name for name in files])
    run_jobs(hub)
    result = statuses(hub, added)
    assert result["good.vtt"] == "ready"
    assert {k for k, v in result.items() if v == "failed"} == {"broken.srt", "bad.ipynb", "odd.xyz"}
    assert result["empty.txt"] == "empty"
    for entry in added.lessons:
        for row in entry["assets"]:
            if row["status"] == "failed":
                assert row["error"]["message"].endswith(".")
                assert row["error"]["cure"].endswith(".")


def test_the_same_file_twice_is_a_no_op_and_a_new_version_a_new_revision(hub, me, tmp_path):
    hub.courses.create(me, "c")
    file = tmp_path / "a.vtt"
    file.write_text(VTT)
    first = hub.ingest.add(me, "c", [file])
    run_jobs(hub)
    assert hub.ingest.add(me, "c", [file]).jobs == []
    file.write_text(VTT.replace("Celery", "RabbitMQ"))
    again = hub.ingest.add(me, "c", [file])
    run_jobs(hub)
    [old], [new] = ([r for e in a.lessons for r in e["assets"]] for a in (first, again))
    assert old["asset"] == new["asset"]
    assert hub.lessons.asset(me, new["asset"]).revision == 2
    assert not [h for h in hub.searching.search(me, "c", "Celery") if "Celery" in h.text]
    assert hub.searching.search(me, "c", "RabbitMQ")


def test_a_caption_file_beside_a_medium_joins_its_lesson(hub, me, tmp_path):
    hub.courses.create(me, "c")
    video(tmp_path / "talk.mp4", seconds=30)
    (tmp_path / "talk.en.vtt").write_text(VTT)
    added = hub.ingest.add(me, "c", [tmp_path])
    run_jobs(hub)
    [entry] = hub.ingest.status(added).lessons
    assert {row["kind"]: row["status"] for row in entry["assets"]} == {"video": "ready", "captions": "ready"}
    _, asset, transcript = hub.lessons.transcript(me, entry["lesson"])
    assert asset.kind.value == "video"
    assert transcript.provenance.engine == "captions"
    hit = hub.searching.search(me, "c", "posting list")[0]
    assert hit.passage.asset_id == asset.id


def test_asset_job_and_event_are_committed_together_or_not_at_all(hub, me, tmp_path, monkeypatch):
    hub.courses.create(me, "c")
    (tmp_path / "a.vtt").write_text(VTT)
    with hub.store.read() as tx:
        last = tx.events.last()
    original = events.Events.add
    monkeypatch.setattr(events.Events, "add", lambda self, *a, **k: (_ for _ in ()).throw(RuntimeError("crash")))
    with pytest.raises(RuntimeError):
        hub.ingest.add(me, "c", [tmp_path / "a.vtt"])
    monkeypatch.setattr(events.Events, "add", original)
    with hub.store.read() as tx:
        assert tx.jobs.page(None, None, 10) == []
        assert tx.assets.of_course(hub.courses.get(me, "c").id) == []
        assert tx.events.last() == last
    assert hub.ingest.add(me, "c", [tmp_path / "a.vtt"]).jobs  # positive control: without the crash it is queued


def test_a_path_that_does_not_exist_and_an_unknown_course_are_said(hub, me, tmp_path):
    with pytest.raises(NotFound, match="no course"):
        hub.ingest.add(me, "nope", [tmp_path])
    hub.courses.create(me, "c")
    with pytest.raises(NotFound, match="no file or folder"):
        hub.ingest.add(me, "c", [tmp_path / "gone.mp4"])


def test_the_original_may_vanish_after_it_was_added(hub, me, tmp_path):
    hub.courses.create(me, "c")
    file = tmp_path / "a.vtt"
    file.write_text(VTT)
    added = hub.ingest.add(me, "c", [file])
    file.unlink()
    run_jobs(hub)
    assert statuses(hub, added) == {"a.vtt": "ready"}


def test_a_cancelled_job_can_be_retried_and_its_neighbour_is_not_touched(hub, me, tmp_path):
    hub.courses.create(me, "c")
    for name in ("a.vtt", "b.vtt"):
        (tmp_path / name).write_text(VTT)
    added = hub.ingest.add(me, "c", [tmp_path / "a.vtt", tmp_path / "b.vtt"])
    first, second = added.jobs
    assert hub.jobs.cancel(me, first)["state"] == "cancelled"
    run_jobs(hub)
    assert statuses(hub, added) == {"a.vtt": "failed", "b.vtt": "ready"}
    assert hub.jobs.retry(me, first)["state"] == "queued"
    run_jobs(hub)
    assert statuses(hub, added)["a.vtt"] == "ready"
    with pytest.raises(InvalidMove):
        hub.jobs.retry(me, second)


def test_a_job_that_breaks_is_tried_again_and_then_put_aside_with_the_reason(hub, me, tmp_path, monkeypatch):
    hub.courses.create(me, "c")
    (tmp_path / "a.vtt").write_text(VTT)
    added = hub.ingest.add(me, "c", [tmp_path / "a.vtt"])
    monkeypatch.setattr(hub.working._pipeline, "run", lambda run: (_ for _ in ()).throw(MemoryError("no room")))
    run_jobs(hub)
    row = hub.jobs.get(me, added.jobs[0])
    assert row["state"] == JobState.DEAD.value
    assert row["attempts"] == 3
    assert "no room" in row["error"]["message"]


def test_a_file_added_again_from_where_it_lies_now_is_found_there_and_nothing_is_done_twice(hub, me, tmp_path):
    hub.courses.create(me, "c")
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    (before / "a.vtt").write_text(VTT)
    hub.ingest.add(me, "c", [before / "a.vtt"])
    run_jobs(hub)
    before.rename(after)
    added = hub.ingest.add(me, "c", [after / "a.vtt"])
    (row,) = added.lessons[0]["assets"]
    asset = hub.lessons.asset(me, row["asset"])
    assert (added.jobs, asset.revision, asset.source) == ([], 1, str((after / "a.vtt").resolve()))


def test_a_course_file_is_imported_again_without_doubling_anything(hub, me, tmp_path):
    (tmp_path / "a.vtt").write_text(VTT)
    (tmp_path / "course.yml").write_text(
        "slug: mine\ntitle: Mine\nhot_words: [Celery]\nlessons:\n"
        "  - {slug: one, title: One, files: [a.vtt], questions: ['What is lost?']}\n"
    )
    hub.ingest.import_folder(me, tmp_path)
    run_jobs(hub)
    assert hub.ingest.import_folder(me, tmp_path).jobs == []
    detail = hub.courses.detail(me, "mine")
    assert [x["title"] for x in detail["lessons"]] == ["One"]
    assert hub.lessons.detail(me, "mine/one", lambda p: None)["questions"] == ["What is lost?"]


@pytest.mark.parametrize(("text", "says"), [
    ("- a", "mapping"), ("titel: x", "unknown key `titel`"), ("lessons: 3", "must be a list"),
    ("slug: A B", "slug"), ("lessons: [{title: x, files: [../y.vtt]}]", "outside"),
    ("lessons: [{title: x, files: [gone.vtt]}]", "not in"), ("a: [", "YAML, line"), ("lessons: [{}]", "title"),
])
def test_a_wrong_course_file_names_what_is_wrong(hub, me, tmp_path, text, says):
    (tmp_path / "course.yml").write_text(text)
    with pytest.raises(InvalidCourseFile, match=says):
        hub.ingest.import_folder(me, tmp_path)


def test_a_cell_of_a_notebook_is_linked_to_the_cue_it_shares_time_with(hub, me, tmp_path):
    video(tmp_path / "talk.mp4", seconds=30)
    (tmp_path / "talk.vtt").write_text(VTT)
    link = {"media": "talk.mp4", "start": 5.4, "end": 9.1, "quote": "If the worker dies then, the task is lost."}
    stale = {"media": "talk.mp4", "start": 29.5, "end": 29.9, "quote": "gone"}
    cells = [
        {"cell_type": "code", "id": "lost", "source": "1", "metadata": {"knowhub": {"segments": [link]}},
         "outputs": [], "execution_count": None},
        {"cell_type": "markdown", "id": "stale", "source": "x", "metadata": {"knowhub": {"segments": [stale]}}},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "talk.ipynb").write_text(json.dumps(notebook))
    hub.courses.create(me, "c")
    hub.ingest.add(me, "c", [tmp_path])
    run_jobs(hub)
    detail = hub.lessons.detail(me, "c/talk", lambda p: p.name)
    links = {row["cell"]: row for row in detail["links"]}
    _, _, transcript = hub.lessons.transcript(me, "c/talk")
    by_id = {s.id: s.text for s in transcript.segments}
    assert by_id[links["lost"]["segment"]] == "If the worker dies then, the task is lost."
    assert links["lost"]["contents_path"] == "talk.ipynb"
    assert links["stale"]["segment"] is None


def test_what_takes_no_time_goes_before_speech(hub, me, tmp_path):
    hub.courses.create(me, "c")
    video(tmp_path / "talk.mp4", seconds=2)
    (tmp_path / "notes.md").write_text("Redis is the broker.")
    added = hub.ingest.add(me, "c", [tmp_path / "talk.mp4", tmp_path / "notes.md"])
    with hub.store.write() as tx:
        assert tx.jobs.claim("w").id == added.jobs[1]
