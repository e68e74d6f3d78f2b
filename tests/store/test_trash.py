from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from knowhub_ext.domain.documents import CellLink, Document
from knowhub_ext.domain.media import Blob
from knowhub_ext.domain.people import Role
from knowhub_ext.domain.segments import Provenance, Segment
from knowhub_ext.errors import Conflict, NotFound
from knowhub_ext.store.tables import METADATA


def test_a_course_goes_out_of_sight_and_comes_back_whole(store, make):
    asset = make.asset()
    stored = make.passages(asset, ["alpha"])
    with store.read() as tx:
        course = tx.courses.get(asset.course_id)
    with store.write() as tx:
        tx.trash.put(course.id)
        assert tx.courses.all() == []
        assert tx.passages.search(course.id, ["alpha"], limit=5) == []
        assert tx.trash.get(course.id) == course
        assert tx.trash.back(course.id) == course
        assert tx.courses.get(course.slug) == course
        assert [i for i, _ in tx.passages.search(course.id, ["alpha"], limit=5)] == [stored[0].id]
        with pytest.raises(NotFound):
            tx.trash.back(course.id)


def test_a_course_cannot_come_back_while_its_slug_is_taken(store, make):
    old = make.course("one")
    with store.write() as tx:
        tx.trash.put(old.id)
    make.course("one")
    with store.write() as tx, pytest.raises(Conflict):
        tx.trash.back(old.id)


def fill(store, make, asset):
    """Put a row into every table that hangs on an asset."""
    person = make.person()
    stored = make.passages(asset, ["alpha", "beta"])
    make.job(asset)
    with store.write() as tx:
        tx.people.enrol(person, asset.course_id, Role.LEARNER)
        tx.assets.revise(asset.id, blob=Blob(sha256="f" * 64, size=1), path="p", source="s")
        tx.contents.put(asset.id, 2, Document(text="t", blocks=[]))
        tx.links.replace(asset.id, [CellLink(cell="c", media="m", start_ms=0, end_ms=1)])
        transcript = tx.transcripts.begin(asset.id, 2, Provenance(engine="e", model="m"))
        tx.transcripts.append(transcript.id, [Segment(start_ms=0, end_ms=1, text="t")])
        tx.vectors.put("m", [(p.id, [1.0]) for p in stored])
        tx.progress.record(person, asset.id, [("a", 0, 1)], position_ms=1, limit_ms=0)
    return stored


def test_purging_removes_every_row_and_only_blobs_nobody_else_uses(store, make):
    asset, other = make.asset(), make.asset()
    stored = fill(store, make, asset)
    with store.write() as tx:
        tx.assets.revise(other.id, blob=Blob(sha256="f" * 64, size=1), path="p", source="s")
        with pytest.raises(NotFound):
            tx.trash.purge(asset.course_id)
        tx.trash.put(asset.course_id)
        assert tx.trash.purge(asset.course_id) == [asset.sha256]
    with store.read() as tx:
        assert sorted(tx.vectors.changes("m", 0, 9).gone) == sorted(p.id for p in stored)
        assert tx.blobs.get("f" * 64).size == 1
        with pytest.raises(NotFound):
            tx.blobs.get(asset.sha256)
        kept = {"blob", "asset", "asset_revision", "course", "lesson", "person", "counter", "meta", "vector_tombstone"}
        counts = {name: tx.session.scalar(text(f"SELECT count(*) FROM {name}")) for name in METADATA.tables}
        assert {name for name, count in counts.items() if count} == kept
        assert counts["course"] == 1
        assert "passage_fts" in inspect(tx.session.connection).get_table_names()
        assert tx.session.scalar(text("SELECT count(*) FROM passage_fts")) == 0
