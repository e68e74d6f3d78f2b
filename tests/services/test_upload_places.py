"""Where an uploaded file goes: beside its medium, into a lesson of its own, as the next version."""

from __future__ import annotations

import threading
from base64 import b64encode

import pytest

from knowhub_ext.testing.fixtures import video
from knowhub_ext.testing.hubs import VTT, run_jobs
from tests.services.uploading import begin, lessons, send

#: `replace` `yes`, as tus sends it.
REPLACE = f"replace {b64encode(b'yes').decode()}"


@pytest.fixture
def course(hub, me):
    return hub.courses.create(me, "c")


def test_captions_join_the_medium_of_their_stem_in_their_folder_whichever_comes_first(hub, me, course, tmp_path):
    medium = video(tmp_path / "talk.mp4", seconds=30).read_bytes()
    send(hub, me, "w1/talk.mp4", medium, batch="b")
    send(hub, me, "w1/talk.en.vtt", VTT, batch="b")
    send(hub, me, "w2/late.vtt", VTT)
    run_jobs(hub)  # they are a text of their own by now
    assert hub.searching.search(me, "c", "posting list")
    send(hub, me, "w2/late.mp4", medium)
    run_jobs(hub)
    assert lessons(hub, me) == {
        "talk": ["w1/talk.en.vtt", "w1/talk.mp4"], "late": ["w2/late.mp4", "w2/late.vtt"],
    }
    for name in ("talk", "late"):
        lesson, asset, transcript = hub.lessons.transcript(me, f"c/{name}")
        assert (asset.kind.value, transcript.provenance.engine, len(transcript.segments)) == ("video", "captions", 5)
        hits = [hit for hit in hub.searching.search(me, "c", "posting list") if hit.passage.lesson_id == lesson.id]
        assert {hit.passage.asset_id for hit in hits} == {asset.id}, "not twice, not under the caption file"
    assert {row["status"] for row in hub.courses.detail(me, "c")["lessons"]} == {"ready"}


def test_a_worker_on_captions_whose_medium_arrives_leaves_nothing_behind(hub, me, course, tmp_path):
    send(hub, me, "talk.vtt", VTT)
    with hub.store.write() as tx:
        slow = tx.jobs.claim("slow worker")
        tx.assets.set_status(slow.asset_id, hub.lessons.asset(me, slow.asset_id).status.PROCESSING)
    send(hub, me, "talk.mp4", video(tmp_path / "talk.mp4", seconds=30).read_bytes())
    run_jobs(hub)
    hub.working._run(slow, threading.Event())
    _, asset, transcript = hub.lessons.transcript(me, "c/talk")
    assert (asset.kind.value, len(transcript.segments)) == ("video", 5)
    assert {hit.passage.asset_id for hit in hub.searching.search(me, "c", "posting list")} == {asset.id}


def test_files_of_one_name_in_different_folders_stay_apart(hub, me, course):
    for folder in ("week1", "week2"):
        send(hub, me, f"{folder}/intro.md", f"In {folder}.", batch="b")
        send(hub, me, f"{folder}/intro.ipynb", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    assert lessons(hub, me) == {
        "intro": ["week1/intro.ipynb", "week1/intro.md"], "week2 · intro": ["week2/intro.ipynb", "week2/intro.md"],
    }


def test_the_same_path_is_the_next_version_but_not_within_one_drop(hub, me, course):
    first = send(hub, me, "notes/a.md", "one", batch="monday")
    second = send(hub, me, "notes/a.md", "two", batch="tuesday")
    assert first.asset_id == second.asset_id
    assert hub.lessons.asset(me, first.asset_id).revision == 2
    other = send(hub, me, "notes/a.md", "three", batch="tuesday")  # from another folder called notes
    assert other.asset_id != first.asset_id
    assert set(lessons(hub, me)) == {"a", "notes · a"}
    assert send(hub, me, "notes/a.md", "two", batch="tuesday").asset_id == first.asset_id


def test_a_named_lesson_takes_all_of_a_drop(hub, me, course):
    for key in ("slides.md", "more/handout.md"):
        send(hub, me, key, key, lesson="B-trees")
    assert lessons(hub, me) == {"B-trees": ["more/handout.md", "slides.md"]}


def test_captions_that_are_uploaded_join_a_medium_that_was_added_here_and_the_other_way_round(
    hub, me, course, tmp_path
):
    hub.ingest.add(me, "c", [video(tmp_path / "here.mp4", seconds=2)])
    send(hub, me, "here.vtt", VTT)
    send(hub, me, "there.mp4", (tmp_path / "here.mp4").read_bytes())
    (tmp_path / "there.vtt").write_text(VTT)
    hub.ingest.add(me, "c", [tmp_path / "there.vtt"])
    assert lessons(hub, me) == {"here": ["here.mp4", "here.vtt"], "there": ["there.mp4", "there.vtt"]}


def test_a_bare_name_with_other_content_takes_nobodys_place_unless_that_is_said(hub, me, course):
    first = send(hub, me, "zoom_0.md", "Lecture one.", batch="monday")
    second = send(hub, me, "zoom_0.md", "Lecture two.", batch="tuesday")
    assert lessons(hub, me) == {"zoom 0": ["zoom_0.md"], "zoom 0 (2)": ["zoom_0.md"]}
    assert [send(hub, me, "zoom_0.md", f"Lecture {n}.").asset_id for n in ("one", "two")] == [
        first.asset_id, second.asset_id
    ]
    third = send(hub, me, "zoom_0.md", "Lecture one, corrected.", metadata=REPLACE)
    assert third.asset_id == first.asset_id
    assert hub.lessons.asset(me, first.asset_id).revision == 2
    assert len(lessons(hub, me)) == 2
    places = [hub.uploads.detail(me, upload.id)["place"] for upload in (second, third)]
    assert places == ["beside", "replaced"]
    run_jobs(hub)
    same = send(hub, me, "zoom_0.md", "Lecture two.")
    assert (same.job_id, hub.uploads.detail(me, same.id)["place"]) == (None, None)


def test_a_bare_name_in_a_named_lesson_is_kept_beside_too(hub, me, course):
    ids = {send(hub, me, "a.md", text, lesson="B-trees").asset_id for text in ("one", "two", "one", "two")}
    assert len(ids) == 2
    assert lessons(hub, me) == {"B-trees": ["a (2).md", "a.md"]}


@pytest.mark.parametrize("captions_first", [True, False])
def test_captions_follow_the_medium_of_their_drop(hub, me, course, tmp_path, captions_first):
    send(hub, me, "zoom_0.mp4", video(tmp_path / "a.mp4", seconds=2).read_bytes(), batch="monday")
    other = video(tmp_path / "b.mp4", seconds=3).read_bytes()
    medium = begin(hub, me, "zoom_0.mp4", len(other), batch="tuesday")
    if captions_first:
        send(hub, me, "zoom_0.vtt", VTT, batch="tuesday")
    with hub.uploads.open(me, medium.id, 0) as receiver:
        receiver.write(other)
        receiver.finish()
    if not captions_first:
        send(hub, me, "zoom_0.vtt", VTT, batch="tuesday")
    assert lessons(hub, me) == {"zoom 0": ["zoom_0.mp4"], "zoom 0 (2)": ["zoom_0.mp4", "zoom_0.vtt"]}


def test_captions_beside_the_same_medium_on_its_way_again_join_it(hub, me, course, tmp_path):
    content = video(tmp_path / "a.mp4", seconds=2).read_bytes()
    send(hub, me, "zoom_0.mp4", content, batch="monday")
    begin(hub, me, "zoom_0.mp4", len(content), batch="tuesday")
    send(hub, me, "zoom_0.vtt", VTT, batch="tuesday")
    assert lessons(hub, me) == {"zoom 0": ["zoom_0.mp4", "zoom_0.vtt"]}


def test_a_file_added_from_another_place_takes_nobodys_place_unless_that_is_said(hub, me, course, tmp_path):
    def add(folder, text, **how):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "zoom_0.md").write_text(text)
        (entry,) = hub.ingest.add(me, "c", [tmp_path / folder / "zoom_0.md"], **how).lessons
        return entry["title"], entry["assets"][0]["place"]

    send(hub, me, "zoom_0.md", "Uploaded.")
    assert add("w1", "Another.") == ("w1 · zoom 0", "beside")
    assert add("w1", "Another, corrected.") == ("w1 · zoom 0", "replaced")
    (tmp_path / "w1" / "zoom_0.md").unlink()
    assert add("w2", "A third.") == ("w2 · zoom 0", "beside")
    assert add("w3", "Uploaded, corrected.", replaces=True) == ("zoom 0", "replaced")
    assert add("w3", "Uploaded, corrected.")[0] == "zoom 0"
    assert len(lessons(hub, me)) == 3
