"""Uploads as a service: pieces, and whose they are."""

from __future__ import annotations

import hashlib
import shutil

import pytest

from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.domain.uploads import Checksum, Offer, UploadState
from knowhub_ext.errors import (
    ChecksumMismatch,
    Forbidden,
    NotFound,
    OffsetConflict,
    TooLarge,
    UnsupportedFile,
    UploadLocked,
)
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.services.uploading import begin, blobs, lessons, parts, send


@pytest.fixture
def course(hub, me):
    return hub.courses.create(me, "c")


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
