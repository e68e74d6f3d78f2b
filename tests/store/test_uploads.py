"""Uploads in SQL: what counts, whose they are, what room they take."""

from __future__ import annotations

import secrets

import pytest

from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.media import Blob
from knowhub_ext.domain.uploads import Upload, UploadState
from knowhub_ext.errors import NotFound, UploadLocked
from knowhub_ext.store.parts import Parts


@pytest.fixture
def course(make):
    return make.course()


@pytest.fixture
def begin(store, make, course):
    """Begin an upload; whatever is not named is filled in."""

    def begun(person=None, **values):
        values = {"key": "a.mp4", "size": 100, "course_id": course.id, "expires_ms": store.now() + 1000} | values
        upload = Upload(id=new_id(), person_id=person or make.person(), **values)
        with store.write() as tx:
            tx.uploads.add(upload)
        return upload

    return begun


def test_an_upload_comes_back_as_it_was_recorded(store, begin):
    upload = begin(key="wöche/ä.mp4", lesson="L", batch="b", metadata="course Yw==")
    with store.read() as tx:
        assert tx.uploads.get(upload.id) == upload
        with pytest.raises(NotFound):
            tx.uploads.get(new_id())


def test_the_last_byte_makes_it_finishing_and_nothing_moves_it_afterwards(store, begin):
    upload = begin()
    with store.write() as tx:
        half = tx.uploads.advance(upload.id, 50, expires_ms=7)
        assert (half.offset, half.state, half.expires_ms) == (50, UploadState.RECEIVING, 7)
        assert tx.uploads.advance(upload.id, 100, expires_ms=8).state is UploadState.FINISHING
        with pytest.raises(NotFound):
            tx.uploads.advance(upload.id, 60, expires_ms=9)
        assert [row.id for row in tx.uploads.finishing()] == [upload.id]


def test_it_never_counts_more_than_was_declared(store, begin):
    upload = begin()
    with store.write() as tx, pytest.raises(NotFound):
        tx.uploads.advance(upload.id, 101, expires_ms=7)


def test_finishing_ends_once_in_an_asset_or_an_error(store, begin):
    done, failed = begin(), begin()
    with store.write() as tx:
        with pytest.raises(NotFound):
            tx.uploads.finish(done.id, asset_id="a", job_id=None, expires_ms=1)  # not all of it is here
        for upload in (done, failed):
            tx.uploads.advance(upload.id, 100, expires_ms=1)
        tx.uploads.hashed(done.id, "f" * 64)
        assert tx.uploads.holds("f" * 64)
        assert tx.uploads.finish(done.id, asset_id="a", job_id="j", expires_ms=1).state is UploadState.DONE
        assert not tx.uploads.holds("f" * 64)
        error = {"slug": "x", "message": "X.", "cure": "Y."}
        assert tx.uploads.fail(failed.id, error, expires_ms=1).error == error
        for again in (done, failed):
            with pytest.raises(NotFound):
                tx.uploads.fail(again.id, error, expires_ms=1)


def test_a_page_holds_ones_own_unfinished_uploads_of_a_course(store, make, begin):
    me, other = make.person(), make.person()
    mine = [begin(me) for _ in range(3)]
    begin(other)
    elsewhere = begin(me, course_id=make.course().id)
    done = begin(me)
    with store.write() as tx:
        tx.uploads.advance(done.id, 100, expires_ms=1)
        tx.uploads.finish(done.id, asset_id="a", job_id=None, expires_ms=1)
    with store.read() as tx:
        course = mine[0].course_id
        assert [row.id for row in tx.uploads.page(me, course, None, 9)] == [row.id for row in mine]
        assert [row.id for row in tx.uploads.page(me, course, mine[0].id, 1)] == [mine[1].id]
        assert elsewhere.id in [row.id for row in tx.uploads.page(me, None, None, 9)]


def test_a_course_takes_each_content_once_and_the_promised_sizes_of_open_uploads(store, make, course, begin):
    lesson = make.lesson(course)
    asset = make.asset(lesson)
    with store.write() as tx:
        assert tx.uploads.used(course.id) == asset.size
        twin = asset.__class__(**{f: getattr(asset, f) for f in asset.__slots__} | {"id": new_id(), "key": "twin.mp4"})
        tx.assets.add(twin)
        assert tx.uploads.used(course.id) == asset.size
    upload = begin()
    with store.write() as tx:
        assert tx.uploads.used(course.id) == asset.size + 100
        tx.uploads.advance(upload.id, 30, expires_ms=1)
        assert tx.uploads.used(course.id) == asset.size + 100
        assert tx.uploads.outstanding() == 70
        tx.uploads.fail(upload.id, {}, expires_ms=1)
        assert (tx.uploads.used(course.id), tx.uploads.outstanding()) == (asset.size, 0)
    make.trash("asset", asset.id)
    make.trash("lesson", lesson.id)
    with store.read() as tx:
        assert tx.uploads.used(course.id) == 0


def test_earlier_versions_count_too_each_content_once(store, make, course):
    asset = make.asset(make.lesson(course))
    with store.write() as tx:
        for sha256, size in (("b" * 64, 30), (asset.sha256, asset.size), ("b" * 64, 30)):
            tx.assets.revise(asset.id, blob=Blob(sha256=sha256, size=size), path="", source="")
        assert tx.uploads.used(course.id) == asset.size + 30


def test_what_is_over_is_expired_but_never_what_is_finishing(store, begin, clock):
    old, finishing, young = begin(), begin(), begin(expires_ms=store.now() + 5000)
    with store.write() as tx:
        tx.uploads.advance(finishing.id, 100, expires_ms=store.now() + 1000)
    clock.forward(2000)
    with store.read() as tx:
        assert [row.id for row in tx.uploads.expired()] == [old.id]
        assert tx.uploads.known() == {old.id, finishing.id, young.id}


def test_uploads_of_a_purged_course_go_with_it(store, make, begin):
    upload = begin()
    with store.write() as tx:
        tx.trash.put(upload.course_id)
        tx.trash.purge(upload.course_id)
        assert tx.uploads.known() == set()


def test_a_known_content_is_no_reason_to_hold_it(store):
    with store.write() as tx:
        sha256 = secrets.token_hex(32)
        tx.blobs.put(Blob(sha256=sha256, size=1))
        assert not tx.uploads.holds(sha256)


def test_a_part_has_one_writer_and_is_free_when_it_lets_go(tmp_path):
    parts, name = Parts(tmp_path / "uploads"), new_id()
    part = parts.take(name)
    with pytest.raises(UploadLocked):
        parts.take(name)
    part.close()
    part.close()
    parts.take(name).close()


def test_a_part_that_became_content_is_never_written_again(tmp_path):
    parts, name = Parts(tmp_path / "uploads"), new_id()
    part = parts.take(name)
    part.write(0, b"content")
    parts.path(name).rename(tmp_path / "content")
    with parts.held(name) as fresh:
        fresh.write(0, b"other")
    assert (tmp_path / "content").read_bytes() == b"content"
    part.close()


def test_parts_are_written_where_they_belong_and_hashed_as_they_lie(tmp_path):
    parts, name = Parts(tmp_path / "uploads"), new_id()
    with parts.held(name) as part:
        part.write(3, b"def")
        part.write(0, bytearray(b"abc"))
        part.sync()
        assert part.length() == parts.length(name) == 6
        part.cut(3)
        assert part.digest(3).hexdigest().startswith("ba7816bf")
    assert parts.path(name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "x\0", "CON", "0" * 36])
def test_a_name_that_is_no_id_of_ours_is_no_part(tmp_path, name):
    parts = Parts(tmp_path / "uploads")
    for call in (parts.path, parts.take, parts.remove, parts.length):
        with pytest.raises(NotFound):
            call(name)
    assert not (tmp_path / "uploads").exists()


def test_strays_are_old_files_of_ours_that_belong_to_nobody(tmp_path):
    parts = Parts(tmp_path / "uploads")
    assert parts.strays(set(), older_s=0) == []
    known, stray = new_id(), new_id()
    for name in (known, stray):
        parts.take(name).close()
    (tmp_path / "uploads" / "notes.part").write_text("somebody's")
    assert parts.strays({known}, older_s=-1) == [stray]
    assert parts.strays({known}, older_s=3600) == []
