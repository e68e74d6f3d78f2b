"""Uploads as a service: room, whose they are, pieces, where a whole file goes, what is swept."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections import namedtuple

import pytest

from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.domain.uploads import Checksum, Offer, UploadState
from knowhub_ext.errors import (
    ChecksumMismatch,
    DiskFull,
    Forbidden,
    NotFound,
    OffsetConflict,
    QuotaExceeded,
    TooLarge,
    UnsupportedFile,
    UploadLocked,
    UserError,
)
from knowhub_ext.server.tail import visible
from knowhub_ext.services import finishing, room
from knowhub_ext.testing.fixtures import video
from knowhub_ext.testing.hubs import VTT, plain_hub, run_jobs

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def course(hub, me):
    return hub.courses.create(me, "c")


def begin(hub, me, key, size, **more):
    return hub.uploads.create(me, Offer(course="c", key=key, size=size, **more))


def send(hub, me, key, content, **more):
    """Upload a file in one piece; return what became of it."""
    content = content.encode() if isinstance(content, str) else content
    upload = begin(hub, me, key, len(content), **more)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(content)
        return receiver.finish()


def lessons(hub, me):
    """Title -> keys of its assets."""
    return {
        row["title"]: sorted(a["key"] for a in hub.lessons.detail(me, row["lesson"], lambda path: None)["assets"])
        for row in hub.courses.detail(me, "c")["lessons"]
    }


def parts(hub):
    folder = hub.folder.uploads
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def blobs(hub):
    return sorted(path.name for path in hub.folder.blobs.iterdir()) if hub.folder.blobs.exists() else []


# --- pieces


def test_a_file_in_pieces_is_an_asset_with_a_job_after_the_last(hub, me, course):
    upload = begin(hub, me, "notes.md", 11)
    for at, piece in ((0, b"# Re"), (4, b"dis w")):
        with hub.uploads.open(me, upload.id, at, length=len(piece)) as receiver:
            receiver.write(piece)
            assert receiver.finish().state is UploadState.RECEIVING
    assert lessons(hub, me) == {}, "nothing is seen before it is whole"
    with hub.uploads.open(me, upload.id, 9) as receiver:
        receiver.write(b"as")
        done = receiver.finish()
    assert (done.state, done.offset) == (UploadState.DONE, 11)
    assert hub.jobs.get(me, done.job_id)["state"] == "queued"
    assert blobs(hub) == [hashlib.sha256(b"# Redis was").hexdigest()]
    assert parts(hub) == []
    assert hub.uploads.find(me, upload.id) == done, "HEAD after the end still answers"


def test_a_piece_anywhere_else_is_refused_and_changes_no_byte(hub, me, course):
    upload = begin(hub, me, "notes.md", 10)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"abcde")
        receiver.finish()
    before = (hub.folder.uploads / parts(hub)[0]).read_bytes()
    for offset in (0, 4, 6, 10, 11):
        with pytest.raises(OffsetConflict, match="byte 5"):
            hub.uploads.open(me, upload.id, offset)
    assert (hub.folder.uploads / parts(hub)[0]).read_bytes() == before
    assert hub.uploads.find(me, upload.id).offset == 5


def test_more_than_was_declared_is_refused_before_and_cut_on_the_way(hub, me, course):
    upload = begin(hub, me, "notes.md", 10)
    with pytest.raises(TooLarge, match="only 10 are missing"):
        hub.uploads.open(me, upload.id, 0, length=11)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"abcde")
        with pytest.raises(TooLarge, match="declared"):
            receiver.write(b"fghijk")
    assert hub.uploads.find(me, upload.id).offset == 0
    assert (hub.folder.uploads / parts(hub)[0]).stat().st_size <= 10


def test_a_wrong_checksum_keeps_nothing_and_the_right_one_everything(hub, me, course):
    upload = begin(hub, me, "notes.md", 6)
    wrong = Checksum(algorithm="sha1", digest=b"x" * 20)
    with hub.uploads.open(me, upload.id, 0, checksum=wrong) as receiver:
        receiver.write(b"abc")
        with pytest.raises(ChecksumMismatch):
            receiver.finish()
    assert hub.uploads.find(me, upload.id).offset == 0
    for at, piece in ((0, b"ABC"), (3, b"DEF")):
        right = Checksum(algorithm="sha256", digest=hashlib.sha256(piece).digest())
        with hub.uploads.open(me, upload.id, at, checksum=right) as receiver:
            receiver.write(piece)
            receiver.finish()
    assert blobs(hub) == [hashlib.sha256(b"ABCDEF").hexdigest()], "the hash forgot the piece that did not count"


def test_what_came_before_a_cut_counts_but_not_of_a_piece_with_a_checksum(hub, me, course):
    upload = begin(hub, me, "notes.md", 9)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"abc")
        receiver.cut()
    assert hub.uploads.find(me, upload.id).offset == 3
    with hub.uploads.open(me, upload.id, 3, checksum=Checksum(algorithm="sha1", digest=b"x" * 20)) as receiver:
        receiver.write(b"def")
        receiver.cut()
    assert hub.uploads.find(me, upload.id).offset == 3


def test_two_writers_are_one_writer_also_from_another_server(hub, me, course):
    upload = begin(hub, me, "notes.md", 9)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"abc")
        with plain_hub(hub.folder.path) as other:
            for service in (hub.uploads, other.uploads):
                with pytest.raises(UploadLocked):
                    service.open(me, upload.id, 0)
                with pytest.raises(UploadLocked):
                    service.end(me, upload.id)
        receiver.finish()
    hub.uploads.open(me, upload.id, 3).close()


def test_an_empty_file_is_whole_when_it_begins(hub, me, course):
    done = begin(hub, me, "empty.md", 0)
    assert (done.state, done.asset_id is not None) == (UploadState.DONE, True)


def test_the_same_content_twice_is_one_blob_and_the_same_path_one_asset(hub, me, course):
    first, other, again = (send(hub, me, key, "Redis.") for key in ("a.md", "b.md", "a.md"))
    assert len(blobs(hub)) == 1
    assert first.asset_id == again.asset_id != other.asset_id
    run_jobs(hub)
    assert send(hub, me, "a.md", "Redis.").job_id is None, "ready already"


def test_a_whole_file_is_hashed_from_the_disk_after_a_restart(hub, me, course):
    content = b"# A file\n\nof two halves."
    upload = begin(hub, me, "notes.md", len(content))
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(content[:9])
        receiver.finish()
    with plain_hub(hub.folder.path) as fresh, fresh.uploads.open(me, upload.id, 9) as receiver:
        receiver.write(content[9:])
        receiver.finish()
    assert blobs(hub) == [hashlib.sha256(content).hexdigest()]


def test_a_file_that_is_shorter_than_what_was_counted_is_honest_about_it(hub, me, course):
    upload = begin(hub, me, "notes.md", 9)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"abcdef")
        receiver.finish()
    shutil.rmtree(hub.folder.uploads)  # a restored backup has the row and not the file
    assert hub.uploads.find(me, upload.id).offset == 0
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"abcdefghi")
        assert receiver.finish().state is UploadState.DONE
    assert blobs(hub) == [hashlib.sha256(b"abcdefghi").hexdigest()]


# --- who


def test_an_upload_of_somebody_else_does_not_exist(hub, me, course):
    upload = begin(hub, me, "notes.md", 9)
    with hub.store.write() as tx:
        stranger = Actor(person_id=tx.people.ensure("local", "other"), roles=frozenset({Role.OWNER}))
    for call in (hub.uploads.find, hub.uploads.detail, hub.uploads.end):
        with pytest.raises(NotFound):
            call(stranger, upload.id)
    with pytest.raises(NotFound):
        hub.uploads.open(stranger, upload.id, 0)
    assert hub.uploads.page(stranger, course="c") == ([], None)
    assert [row["upload"] for row in hub.uploads.page(me, course="c")[0]] == [upload.id], "the control"


@pytest.mark.parametrize(("role", "refused"), [(Role.LEARNER, Forbidden), (Role.VIEWER, Forbidden)])
def test_whoever_may_not_add_may_not_upload(hub, me, course, role, refused):
    actor = Actor(person_id=me.person_id, roles=frozenset({role}))
    with pytest.raises(refused):
        begin(hub, actor, "notes.md", 9)
    upload = begin(hub, Actor(person_id=me.person_id, roles=frozenset({Role.EDUCATOR})), "notes.md", 9)
    with pytest.raises(refused):
        hub.uploads.open(actor, upload.id, 0)  # the right was taken away in between
    with pytest.raises(NotFound):
        begin(hub, Actor(person_id="link:x", roles=frozenset({Role.VIEWER}), course="x"), "notes.md", 9)


def test_an_unknown_course_and_an_unsupported_file_are_said_at_the_beginning(hub, me, course):
    with pytest.raises(NotFound, match="no course"):
        hub.uploads.create(me, Offer(course="nope", key="a.md", size=1))
    with pytest.raises(UnsupportedFile, match=r"\.exe files cannot"):
        begin(hub, me, "a.exe", 1)
    with pytest.raises(UnsupportedFile, match="such files"):
        begin(hub, me, "README", 1)


# --- room


def test_quota_counts_files_and_promises_and_a_file_has_a_limit(tmp_path):
    with plain_hub(tmp_path / "data", course_quota_bytes=100, upload_max_bytes=90) as hub:
        me = hub.people.local()
        hub.courses.create(me, "c")
        with pytest.raises(TooLarge, match="91 B; at most 90 B"):
            begin(hub, me, "a.md", 91)
        send(hub, me, "a.md", b"x" * 40)
        open_one = begin(hub, me, "b.md", 50)
        with pytest.raises(QuotaExceeded, match="90 B of 100 B"):
            begin(hub, me, "d.md", 11)
        hub.uploads.end(me, open_one.id)
        begin(hub, me, "d.md", 11)


def test_ten_uploads_at_once_do_not_pass_the_quota_together(tmp_path):
    with plain_hub(tmp_path / "data", course_quota_bytes=1000) as hub:
        me = hub.people.local()
        hub.courses.create(me, "c")
        gate, made, refused = threading.Barrier(10), [], []

        def offer(number):
            gate.wait()
            try:
                made.append(begin(hub, me, f"{number}.md", 300))
            except QuotaExceeded as error:
                refused.append(error)

        threads = [threading.Thread(target=offer, args=(n,)) for n in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(made), len(refused)) == (3, 7)
        with hub.store.read() as tx:
            assert tx.uploads.used(hub.courses.get(me, "c").id) == 900


def test_control_without_the_reservation_they_would(tmp_path, monkeypatch):
    with plain_hub(tmp_path / "data", course_quota_bytes=1000) as hub:
        me = hub.people.local()
        hub.courses.create(me, "c")
        monkeypatch.setattr("knowhub_ext.store.uploads.Uploads.used", lambda self, course_id: 0)
        assert len([begin(hub, me, f"{n}.md", 300) for n in range(10)]) == 10


def test_the_floor_of_free_disk_refuses_uploads_and_adding_and_nothing_else(hub, me, course, tmp_path, monkeypatch):
    upload = begin(hub, me, "big.md", 4000)
    (tmp_path / "small.md").write_text("Redis.")
    free = hub.settings.free_disk_floor_bytes + 5000
    monkeypatch.setattr(room.shutil, "disk_usage", lambda path: Usage(0, 0, free))
    with pytest.raises(DiskFull, match="kept free"):
        begin(hub, me, "more.md", 1001)  # 4000 are promised already
    begin(hub, me, "more.md", 900)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"x" * 1000)
        monkeypatch.setattr(room.shutil, "disk_usage", lambda path: Usage(0, 0, free - 5001))
        with pytest.raises(DiskFull):
            receiver.write(b"x" * 1000)
        receiver.cut()
    assert hub.uploads.find(me, upload.id).offset == 1000, "what came before stays"
    with pytest.raises(DiskFull):
        hub.uploads.open(me, upload.id, 1000)
    with pytest.raises(DiskFull):
        hub.ingest.add(me, "c", [tmp_path / "small.md"])
    monkeypatch.setattr(room.shutil, "disk_usage", lambda path: Usage(0, 0, free - 5000 + 5))
    (row,) = hub.ingest.add(me, "c", [tmp_path / "small.md"]).lessons[0]["assets"]
    assert (row["status"], row["error"]["slug"]) == ("failed", "disk-full")
    hub.courses.create(me, "goes-on")
    monkeypatch.undo()
    assert hub.ingest.add(me, "c", [tmp_path / "small.md"]).jobs, "the control"


# --- where a file goes


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


# --- ends


def test_what_happens_to_an_upload_is_told_to_its_sender_alone(hub, me, course):
    hub.uploads.end(me, begin(hub, me, "a.md", 9).id)
    visitor = Actor(person_id="link:x", roles=frozenset({Role.VIEWER}), course=course.id)
    with hub.store.read() as tx:
        rows = [row for row in tx.events.after(0, limit=99, course_ids=None) if row.kind.startswith("upload.")]
    assert [row.kind for row in rows] == ["upload.created", "upload.ended"]
    assert all(visible(row, me) and not visible(row, visitor) for row in rows)


def test_one_that_is_ended_leaves_nothing_and_one_that_is_done_leaves_its_asset(hub, me, course):
    upload = begin(hub, me, "a.md", 9)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"abc")
        receiver.finish()
    hub.uploads.end(me, upload.id)
    assert parts(hub) == []
    with pytest.raises(NotFound):
        hub.uploads.find(me, upload.id)
    done = send(hub, me, "b.md", "Redis.")
    hub.uploads.end(me, done.id)
    assert hub.lessons.asset(me, done.asset_id).key == "b.md"


def test_an_expired_upload_is_swept_with_its_file_and_a_young_one_stays(hub, me, course, monkeypatch):
    old, young = begin(hub, me, "old.md", 9), begin(hub, me, "young.md", 9)
    for upload in (old, young):
        with hub.uploads.open(me, upload.id, 0) as receiver:
            receiver.write(b"abc")
            receiver.finish()
    with hub.store.write() as tx:
        tx.uploads.advance(old.id, 3, expires_ms=tx.now - 1)
    monkeypatch.setattr(finishing, "SWEEP_S", 0.0)
    with hub.uploads.open(me, old.id, 3):
        hub.uploads.tend()
        assert len(parts(hub)) == 2, "one in use is left alone"
    hub.uploads.tend()
    assert parts(hub) == [f"{young.id}.part"]
    with pytest.raises(NotFound):
        hub.uploads.find(me, old.id)
    assert hub.uploads.find(me, young.id).offset == 3


def test_a_stray_file_is_swept_when_it_is_old(hub, me, course, monkeypatch):
    upload = begin(hub, me, "a.md", 9)
    hub.uploads.open(me, upload.id, 0).close()
    with hub.store.write() as tx:
        tx.uploads.remove(upload.id)
    monkeypatch.setattr(finishing, "SWEEP_S", 0.0)
    hub.uploads.tend()
    assert len(parts(hub)) == 1
    monkeypatch.setattr(finishing, "STRAY_S", -1.0)
    hub.uploads.tend()
    assert parts(hub) == []


def test_what_a_full_disk_left_finishing_is_finished_later(hub, me, course, monkeypatch):
    def full(*args, **kwargs):
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(type(hub.uploads._finishing._blobs), "adopt", full)
        waiting = send(hub, me, "a.md", "Redis.")
        assert (waiting.state, waiting.offset) == (UploadState.FINISHING, 6)
        hub.uploads.tend()
        assert hub.uploads.find(me, waiting.id).state is UploadState.FINISHING
        with pytest.raises(OffsetConflict):
            hub.uploads.end(me, waiting.id)
    hub.uploads.tend()
    assert hub.uploads.find(me, waiting.id).state is UploadState.DONE


def test_an_upload_waits_for_its_course_to_come_back_from_the_trash(hub, me, course):
    upload = begin(hub, me, "a.md", 6)
    with hub.uploads.open(me, upload.id, 0) as receiver:
        receiver.write(b"Redis.")
        hub.operating.trash(me, "c")
        assert receiver.finish().state is UploadState.FINISHING
    hub.uploads.tend()
    assert hub.uploads.find(me, upload.id).state is UploadState.FINISHING
    hub.operating.restore(me, course.id)
    hub.uploads.tend()
    assert lessons(hub, me) == {"a": ["a.md"]}


def test_what_is_lost_is_said(hub, me, course, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(type(hub.uploads._finishing), "finish", lambda self, upload, part, sha256: upload)
        upload = send(hub, me, "a.md", "Redis.")
    shutil.rmtree(hub.folder.uploads)
    hub.uploads.tend()
    failed = hub.uploads.find(me, upload.id)
    assert (failed.state, failed.error["cure"]) == (UploadState.FAILED, "Upload it again.")
    with pytest.raises(UserError, match="is lost"):
        hub.uploads.open(me, upload.id, 6)
    assert hub.uploads.page(me, course="c") == ([], None)


def test_a_purge_leaves_alone_what_an_upload_is_about_to_use(hub, me, course, tmp_path, monkeypatch):
    other = hub.courses.create(me, "other")
    (tmp_path / "a.md").write_text("Redis.")
    hub.ingest.add(me, "other", [tmp_path / "a.md"])
    real = hub.uploads._finishing._placed

    def purged_first(upload, blob):
        hub.operating.trash(me, "other")
        assert hub.operating.purge(me, other.id)["blobs_removed"] == 0
        return real(upload, blob)

    monkeypatch.setattr(hub.uploads._finishing, "_placed", purged_first)
    done = send(hub, me, "a.md", "Redis.")
    assert hub.uploads._finishing._blobs.path(hub.lessons.asset(me, done.asset_id).sha256).read_bytes() == b"Redis."
