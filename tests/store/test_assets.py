from __future__ import annotations

import pytest
from sqlalchemy import text

from knowhub_ext.domain.documents import Block, CellLink, Document
from knowhub_ext.domain.ids import new_id
from knowhub_ext.domain.locators import CellRef, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.media import Asset, AssetKind, AssetStatus, Blob
from knowhub_ext.errors import Conflict, NotFound

ERROR = {"slug": "unreadable-file", "message": "It is damaged.", "cure": "Export it again."}


def test_content_is_known_once_however_often_it_is_put(store):
    blob = Blob(sha256="a" * 64, size=5_000_000_000)
    with store.write() as tx:
        tx.blobs.put(blob)
        tx.blobs.put(blob)
        assert tx.blobs.get("a" * 64) == blob
        with pytest.raises(NotFound):
            tx.blobs.get("b" * 64)


def test_an_asset_comes_back_with_all_its_values(store, make):
    lesson = make.lesson()
    asset = Asset(
        id=new_id(), lesson_id=lesson.id, course_id=lesson.course_id, key="a/b.mp4", kind=AssetKind.VIDEO,
        sha256="c" * 64, size=7, path="./a/b.mp4", source="/x/a/b.mp4", revision=1, primary=True,
        duration_ms=90_061_001, status=AssetStatus.FAILED, error=ERROR,
    )
    with store.write() as tx:
        tx.assets.add(asset)
    with store.read() as tx:
        assert tx.assets.get(asset.id) == asset
        assert tx.assets.by_key(lesson.id, "a/b.mp4") == asset
        assert tx.assets.by_key(lesson.id, "b.mp4") is None
        assert tx.blobs.get("c" * 64).size == 7
        with pytest.raises(NotFound):
            tx.assets.get(new_id())


def test_a_key_is_taken_once_in_a_lesson(store, make):
    lesson = make.lesson()
    old = make.asset(lesson, "a.mp4")
    make.asset(make.lesson(), "a.mp4")
    with pytest.raises(Conflict, match=r"a\.mp4"):
        make.asset(lesson, "a.mp4")
    make.trash("asset", old.id)
    make.asset(lesson, "a.mp4")


def test_a_lessons_assets_come_primary_first_then_by_key(store, make):
    lesson = make.lesson()
    for key, primary in (("c.md", False), ("z.mp4", True), ("a.vtt", False), ("b.ipynb", False)):
        make.asset(lesson, key, primary)
    with store.read() as tx:
        assert [asset.key for asset in tx.assets.of_lesson(lesson.id)] == ["z.mp4", "a.vtt", "b.ipynb", "c.md"]


def test_a_courses_assets_come_in_the_order_of_its_lessons(store, make):
    course = make.course()
    last, first = make.lesson(course, position=1), make.lesson(course, position=0)
    for lesson, key in ((last, "a"), (first, "c"), (first, "b"), (last, "d")):
        make.asset(lesson, key)
    make.asset(make.lesson(), "elsewhere")
    with store.read() as tx:
        assert [asset.key for asset in tx.assets.of_course(course.id)] == ["b", "c", "a", "d"]


def test_the_primary_medium_comes_first(store, make):
    lesson = make.lesson()
    one, two = make.asset(lesson, "1.mp4"), make.asset(lesson, "2.mp4", True)
    with store.read() as tx:
        assert [(a.id, a.primary) for a in tx.assets.of_lesson(lesson.id)] == [(two.id, True), (one.id, False)]


def test_status_and_duration_are_set_and_an_error_is_cleared(store, make):
    asset = make.asset()
    with store.write() as tx:
        tx.assets.set_status(asset.id, AssetStatus.FAILED, ERROR)
        tx.assets.set_duration(asset.id, 3_600_000)
        found = tx.assets.get(asset.id)
        assert (found.status, found.error, found.duration_ms) == (AssetStatus.FAILED, ERROR, 3_600_000)
        tx.assets.set_status(asset.id, AssetStatus.READY)
        found = tx.assets.get(asset.id)
        assert (found.status, found.error) == (AssetStatus.READY, None)


def test_new_content_makes_the_next_revision_and_the_old_one_is_remembered(store, make):
    asset = make.asset()
    with store.write() as tx:
        tx.assets.set_status(asset.id, AssetStatus.FAILED, ERROR)
        tx.assets.revise(asset.id, blob=Blob(sha256="d" * 64, size=9), path="p2", source="s2")
        found = tx.assets.revise(asset.id, blob=Blob(sha256="e" * 64, size=10), path="p3", source="s3")
        assert (found.id, found.key, found.revision, found.sha256, found.size) == (asset.id, asset.key, 3, "e" * 64, 10)
        assert (found.status, found.error, found.path, found.source) == (AssetStatus.QUEUED, None, "p3", "s3")
        rows = tx.session.rows(text("SELECT revision, sha256, path FROM asset_revision ORDER BY revision"))
        assert [tuple(row.values()) for row in rows] == [(1, asset.sha256, asset.path), (2, "d" * 64, "p2")]


def test_when_files_were_replaced_and_read_is_known(store, make, clock):
    asset, other = make.asset(), make.asset()
    seen = []
    with store.write() as tx:
        tx.contents.put(asset.id, 1, Document(text="old", blocks=[]))
        seen.append(tx.now)
    for number in (1, 2):
        clock.forward(10)
        with store.write() as tx:
            tx.assets.revise(asset.id, blob=Blob(sha256=f"{number}" * 64, size=9), path="p", source="s")
            tx.contents.put(asset.id, number + 1, Document(text="new", blocks=[]))
            seen.append(tx.now)
    with store.read() as tx:
        assert tx.assets.replaced_at([asset.id, other.id]) == {asset.id: [(1, seen[1]), (2, seen[2])]}
        assert tx.contents.read_at([asset.id, other.id]) == {asset.id: seen[2]}
        assert tx.transcripts.changed_at([asset.id]) == tx.contents.read_at([]) == {}
    assert seen[0] < seen[1] < seen[2]


@pytest.mark.parametrize("table", ["asset", "lesson", "course"])
def test_assets_are_not_found_once_they_or_what_holds_them_are_in_the_trash(store, make, table):
    asset = make.asset()
    make.trash(table, {"asset": asset.id, "lesson": asset.lesson_id, "course": asset.course_id}[table])
    with store.read() as tx:
        assert tx.assets.of_lesson(asset.lesson_id) == []
        assert tx.assets.of_course(asset.course_id) == []
        assert tx.assets.by_key(asset.lesson_id, asset.key) is None
        with pytest.raises(NotFound):
            tx.assets.get(asset.id)


def test_a_file_name_that_is_not_utf_8_can_be_stored_and_found_again(store, make):
    asset = make.asset(key="caf\udce9.mp4")
    with store.read() as tx:
        found = tx.assets.by_key(asset.lesson_id, "caf\udce9.mp4")
    assert found is not None
    assert found.key == "caf\ufffd.mp4"


def test_a_document_comes_back_as_it_was_read(store, make):
    asset = make.asset()
    link = CellLink(cell="c1", media="lecture.mp4", start_ms=101_000, end_ms=104_500, quote="a GIN index")
    document = Document(
        text="Title\n\nBody with \u00fc and \U0001f600.",
        blocks=[
            Block(text="Title", locator=TextSpan(start=0, end=5), kind="heading"),
            Block(text="x = 1", locator=CellRef(cell="c1"), kind="code"),
            Block(text="slide", locator=PageRef(page=3)),
            Block(text="said", locator=TimeSpan(start_ms=1, end_ms=2)),
        ],
        links=[link], hot_words=("GIN", "B-tree"),
    )
    with store.write() as tx:
        assert tx.contents.get(asset.id) is None
        tx.contents.put(asset.id, 1, Document(text="first reading", blocks=[]))
        tx.contents.put(asset.id, 1, document)
        tx.links.replace(asset.id, document.links)
    with store.read() as tx:
        assert tx.contents.get(asset.id) == document


def test_the_document_of_an_older_revision_is_not_shown(store, make):
    asset = make.asset()
    with store.write() as tx:
        tx.contents.put(asset.id, 1, Document(text="old", blocks=[]))
        tx.assets.revise(asset.id, blob=Blob(sha256="d" * 64, size=9), path="p", source="s")
        assert tx.contents.get(asset.id) is None
        tx.contents.put(asset.id, 2, Document(text="new", blocks=[]))
        assert tx.contents.get(asset.id).text == "new"


def test_links_are_replaced_and_shown_by_lesson_in_order_of_time(store, make):
    lesson = make.lesson()
    one, two, apart = make.asset(lesson, "1.ipynb"), make.asset(lesson, "2.ipynb"), make.asset()

    def link(cell: str, start: int) -> CellLink:
        return CellLink(cell=cell, media="m.mp4", start_ms=start, end_ms=start + 5)

    with store.write() as tx:
        tx.links.replace(one.id, [link("old", 1)])
        tx.links.replace(one.id, [link("c", 30), link("a", 10)])
        tx.links.replace(two.id, [link("b", 20)])
        tx.links.replace(apart.id, [link("x", 5)])
    with store.read() as tx:
        assert tx.links.of_lesson(lesson.id) == [
            (one.id, link("a", 10)), (two.id, link("b", 20)), (one.id, link("c", 30)),
        ]
    make.trash("asset", one.id)
    with store.read() as tx:
        assert tx.links.of_lesson(lesson.id) == [(two.id, link("b", 20))]
