"""Room for uploads and for what is added, and what is swept or finished later."""

from __future__ import annotations

import shutil
import threading
from collections import namedtuple

import pytest
from sqlalchemy import update

from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.domain.uploads import UploadState
from knowhub_ext.errors import (
    DiskFull,
    NotFound,
    OffsetConflict,
    QuotaExceeded,
    TooLarge,
    UserError,
)
from knowhub_ext.server.tail import visible
from knowhub_ext.services import finishing, room
from knowhub_ext.store.tables import UPLOAD
from knowhub_ext.testing.hubs import plain_hub
from tests.services.uploading import begin, blobs, lessons, parts, send

Usage = namedtuple("Usage", "total used free")



@pytest.fixture
def course(hub, me):
    return hub.courses.create(me, "c")


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


def test_what_is_added_here_keeps_to_both_too_and_the_others_go_on(tmp_path):
    with plain_hub(tmp_path / "data", course_quota_bytes=100, upload_max_bytes=90) as hub:
        me = hub.people.local()
        hub.courses.create(me, "c")
        folder = tmp_path / "files"
        folder.mkdir()
        for name, size in (("a.md", 60), ("b.md", 50), ("c.md", 91), ("d.md", 40)):
            (folder / name).write_text(name[0] * size)

        def rows(added):
            return {
                row["path"][-4:]: (row["error"] or {}).get("message")
                for entry in added.lessons for row in entry["assets"]
            }

        told = {
            "a.md": None, "b.md": "'b.md' has 50 B, but the course takes 60 B of 100 B already.",
            "c.md": "'c.md' has 91 B; at most 90 B are taken.", "d.md": None,
        }
        assert rows(hub.ingest.add(me, "c", [folder])) == told
        assert rows(hub.ingest.add(me, "c", [folder])) == told | {
            "b.md": "'b.md' has 50 B, but the course takes 100 B of 100 B already."
        }, "what is there takes no more"
        (folder / "e.md").write_text("e" * 40)  # as long as one that is there: only its copy tells
        assert "100 B of 100 B" in rows(hub.ingest.add(me, "c", [folder / "e.md"]))["e.md"]
        assert len(blobs(hub)) == 2
        (folder / "course.yml").write_text("slug: x\nlessons: [{title: One, files: [a.md, b.md, c.md, d.md]}]\n")
        assert rows(hub.ingest.import_folder(me, folder)) == told


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


@pytest.mark.parametrize("back", [True, False])
def test_an_upload_waits_too_where_its_course_goes_while_it_is_finishing(hub, me, course, monkeypatch, back):
    real = hub.uploads._finishing._placed

    def trashed_first(upload, blob):
        hub.operating.trash(me, "c")
        if not back:
            hub.operating.purge(me, course.id)
        return real(upload, blob)

    with monkeypatch.context() as patch:
        patch.setattr(hub.uploads._finishing, "_placed", trashed_first)
        assert send(hub, me, "a.md", "Redis.").state is UploadState.FINISHING
    hub.uploads.tend()
    assert len(blobs(hub)) == (1 if back else 0)
    if back:
        hub.operating.restore(me, course.id)
        hub.uploads.tend()
        assert lessons(hub, me) == {"a": ["a.md"]}


def test_a_file_that_comes_to_nothing_leaves_no_content(hub, me, course, monkeypatch):
    def refused(*args):
        raise UserError("No.", cure="None.")

    monkeypatch.setattr(finishing, "store_asset", refused)
    with pytest.raises(UserError):
        send(hub, me, "a.md", "Redis.")
    assert blobs(hub) == parts(hub) == []


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
    (listed,), _ = hub.uploads.page(me, course="c")
    assert (listed["upload"], listed["state"], listed["error"]) == (upload.id, "failed", failed.error)
    with hub.store.write() as tx:
        tx.session.run(update(UPLOAD).values(expires_at=tx.now - 1))
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
