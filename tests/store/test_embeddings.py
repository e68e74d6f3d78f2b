"""By which model a course is searched, which one is coming, and what is stale for it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from knowhub_ext.domain.embeddings import RECIPE, Serving
from knowhub_ext.domain.passages import CUT
from knowhub_ext.store.tables import PASSAGE


@pytest.fixture
def asset(make):
    return make.asset()


def vectors(store, model, passages, **more):
    with store.write() as tx:
        tx.vectors.put(model, [(p.id, [1.0, 0.0]) for p in passages], **more)


def age(store, passages):
    """Let passages be as older rules cut them."""
    with store.write() as tx:
        tx.session.run(update(PASSAGE).where(PASSAGE.c.id.in_([p.id for p in passages])).values(cut=CUT - 1))


def counts(store, chosen="m"):
    with store.read() as tx:
        [row] = tx.embeddings.of_courses(chosen)
    return row.passages, row.missing, row.outdated, row.coarse, row.stale


def test_a_course_begins_with_its_first_model_and_changes_when_it_is_told(store, asset):
    with store.write() as tx:
        assert tx.embeddings.serving(asset.course_id) == Serving()
        tx.embeddings.begin(asset.course_id, "a")
        tx.embeddings.begin(asset.course_id, "b")
        assert tx.embeddings.serving(asset.course_id) == Serving(model="a")
        tx.embeddings.expect(asset.course_id, "b")
        assert tx.embeddings.serving(asset.course_id) == Serving(model="a", coming="b")
        assert tx.embeddings.used() == {"a", "b"}
        tx.embeddings.serve(asset.course_id, "b")
        assert tx.embeddings.serving(asset.course_id) == Serving(model="b")
        assert tx.embeddings.serving("nothing") == Serving()


def test_writing_a_course_leaves_its_model_alone(store, asset):
    with store.write() as tx:
        tx.embeddings.begin(asset.course_id, "a")
        tx.embeddings.expect(asset.course_id, "b")
        tx.courses.update(tx.courses.get(asset.course_id))
        assert tx.embeddings.serving(asset.course_id) == Serving(model="a", coming="b")


def test_what_lacks_a_vector_is_old_or_is_coarse_is_stale_and_counted_once(store, make, asset):
    stored = make.passages(asset, ["a", "b", "c", "d"])
    vectors(store, "m", stored[:1])
    vectors(store, "m", stored[1:2], recipe=RECIPE - 1)
    vectors(store, "other", stored)
    age(store, stored[1:3])
    assert counts(store) == (4, 2, 1, 2, 3)
    assert counts(store, "other") == (4, 0, 0, 2, 2)
    with store.read() as tx:
        assert tx.embeddings.stale_assets(asset.course_id, "m") == [asset.id]
        assert not tx.embeddings.whole(asset.course_id, "m")


def test_what_is_current_is_not_stale_but_where_all_is_wanted_anew(store, make, asset):
    stored = make.passages(asset, ["a", "b"])
    vectors(store, "m", stored)
    with store.read() as tx:
        last = tx.vectors.last()
        assert tx.embeddings.stale_assets(asset.course_id, "m") == []
        assert tx.embeddings.stale_assets(asset.course_id, "m", after=last) == [asset.id]
        assert tx.embeddings.whole(asset.course_id, "m")
        assert tx.vectors.pending(asset.id, "m", 9) == []
        assert len(tx.vectors.pending(asset.id, "m", 9, after=last)) == tx.vectors.lacking(
            asset.id, "m", after=last
        ) == 2
        assert (tx.vectors.made("m", 0), tx.vectors.made("m", last), tx.vectors.made("other", 0)) == (2, 0, 0)
    assert counts(store) == (2, 0, 0, 0, 0)


def test_vectors_of_an_older_recipe_are_pending_and_are_replaced(store, make, asset):
    stored = make.passages(asset, ["a", "b"])
    vectors(store, "m", stored, recipe=RECIPE - 1)
    with store.read() as tx:
        assert [p.id for p in tx.vectors.pending(asset.id, "m", 9)] == [p.id for p in stored]
        assert len(tx.vectors.some("m", [p.id for p in stored])) == 2, "until then search has them"
    vectors(store, "m", stored)
    with store.read() as tx:
        assert tx.vectors.pending(asset.id, "m", 9) == []
        assert [one.count for one in tx.embeddings.sets()] == [2]


def test_a_course_is_counted_towards_what_is_coming_else_what_it_has_else_what_is_set(store, make, asset):
    stored = make.passages(asset, ["a", "b"])
    vectors(store, "a", stored)
    vectors(store, "b", stored[:1])
    assert counts(store, "c")[1] == 2
    with store.write() as tx:
        tx.embeddings.begin(asset.course_id, "a")
    assert counts(store, "c")[1] == 0
    with store.write() as tx:
        tx.embeddings.expect(asset.course_id, "b")
    assert counts(store, "c")[1] == 1


def test_what_lies_in_the_trash_is_not_stale(store, make):
    course = make.course()
    kept, gone = make.asset(make.lesson(course)), make.asset(make.lesson(course))
    vectors(store, "m", make.passages(kept, ["a"]))
    make.passages(gone, ["b", "c"])
    assert counts(store) == (3, 2, 0, 0, 2)
    make.trash("asset", gone.id)
    assert counts(store) == (1, 0, 0, 0, 0)
    with store.read() as tx:
        assert tx.embeddings.whole(course.id, "m")
        assert tx.embeddings.stale_assets(course.id, "m") == []
    make.trash("course", course.id)
    with store.read() as tx:
        assert tx.embeddings.of_courses("m") == []


def test_a_course_without_passages_stands_there_with_nothing(store, make):
    make.course()
    assert counts(store) == (0, 0, 0, 0, 0)


def test_sets_say_how_much_there_is_of_each_model_and_one_can_be_deleted(store, make, asset):
    stored = make.passages(asset, ["a", "b", "c"])
    vectors(store, "m", stored)
    vectors(store, "other", stored[:1])
    with store.write() as tx:
        found = [(one.model, one.dimensions, one.count, one.size) for one in tx.embeddings.sets()]
        assert found == [("m", 2, 3, 24), ("other", 2, 1, 8)]
        assert tx.embeddings.delete("m") == 3
        assert tx.embeddings.delete("m") == 0
        assert [one.model for one in tx.embeddings.sets()] == ["other"]


def test_new_passages_are_cut_by_the_rules_of_today(store, make, asset):
    stored = make.passages(asset, ["a", "b"])
    age(store, stored[1:])
    with store.write() as tx:
        assert tx.passages.coarse(asset.id)
        tx.passages.keep_coarse(asset.id)
        assert not tx.passages.coarse(asset.id)
    age(store, stored)
    make.passages(asset, ["a", "b"])
    with store.read() as tx:
        assert not tx.passages.coarse(asset.id)


def test_unfinished_jobs_of_a_kind_are_those_that_wait_or_run(store, make, asset):
    other = make.asset()
    jobs = [make.job(one, kind="embed", params={"model": "m"}) for one in (asset, other)]
    make.job(asset)
    with store.write() as tx:
        assert [job.id for job in tx.jobs.unfinished_of("embed")] == [job.id for job in jobs]
        tx.jobs.request_cancel(jobs[0].id)
        assert tx.jobs.unfinished_of("embed", asset.course_id) == []
        assert [job.id for job in tx.jobs.unfinished_of("embed", other.course_id)] == [jobs[1].id]


def test_when_vectors_of_a_model_were_deleted_is_remembered_and_renewed(store):
    with store.write() as tx:
        assert tx.meta.deleted("m") == 0
        tx.meta.note_deleted("m", 5)
        tx.meta.note_deleted("m", 9)
        assert (tx.meta.deleted("m"), tx.meta.deleted("other")) == (9, 0)
        assert tx.meta.identity()
