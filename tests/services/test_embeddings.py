"""What an operator may do with vectors, and what is refused with its cure."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.errors import Conflict, Forbidden, InvalidSetting, NotFound
from knowhub_ext.testing.hubs import plain_hub, run_jobs, sample_course
from tests.services.embedded import OTHER, count, one_job, serving, vector_hits


def test_a_vector_set_in_use_is_not_deleted_and_one_out_of_use_is(hub, me, course):
    with pytest.raises(Conflict, match="in use by demo") as told:
        hub.embeddings.delete(me, "hashing-256")
    assert "index rebuild" in told.value.cure
    with pytest.raises(NotFound):
        hub.embeddings.delete(me, OTHER)
    hub.embeddings.rebuild(me, model=OTHER)
    one_job(hub)
    with pytest.raises(Conflict):
        hub.embeddings.delete(me, OTHER)
    run_jobs(hub)
    held = count(hub, "hashing-256")
    assert hub.embeddings.delete(me, "hashing-256") == {
        "model": "hashing-256", "deleted": held, "bytes": held * 256 * 4
    }
    assert (count(hub, "hashing-256"), count(hub, OTHER)) == (0, held)
    assert vector_hits(hub, me)


def test_a_set_that_a_course_in_the_trash_uses_is_not_deleted(hub, me, course):
    hub.operating.trash(me, "demo")
    with pytest.raises(Conflict, match="trash"):
        hub.embeddings.delete(me, "hashing-256")
    hub.operating.purge(me, course)
    with pytest.raises(NotFound):
        hub.embeddings.delete(me, "hashing-256")


def test_a_model_that_is_not_here_is_refused_with_those_that_are(hub, me, course):
    with pytest.raises(InvalidSetting) as told:
        hub.embeddings.rebuild(me, model="nonesuch")
    assert "hashing (hashing-256)" in told.value.cure
    assert serving(hub, course).coming == ""


@pytest.mark.parametrize("role", [Role.LEARNER, Role.VIEWER])
def test_only_who_may_change_courses_sees_and_rebuilds_and_only_the_owner_deletes(hub, me, course, role):
    nobody = Actor(person_id="x", roles=frozenset({role}))
    for act in (
        lambda: hub.embeddings.standing(nobody), lambda: hub.embeddings.rebuild(nobody),
        lambda: hub.embeddings.rebuild(nobody, ["demo"]), lambda: hub.embeddings.cancel(nobody),
        lambda: hub.embeddings.cancel(nobody, ["demo"]), lambda: hub.embeddings.delete(nobody, "hashing-256"),
    ):
        with pytest.raises(Forbidden):
            act()
    teacher = Actor(person_id="y", roles=frozenset({Role.EDUCATOR}))
    assert hub.embeddings.standing(teacher)["courses"]
    with pytest.raises(Forbidden):
        hub.embeddings.delete(teacher, "hashing-256")


def test_an_index_that_was_fed_before_they_were_deleted_is_fed_anew(tmp_path):
    """The server's index lies on disk: what is deleted must not stay in it."""
    data = tmp_path / "data"
    with plain_hub(data, door="server", index="chroma") as hub:
        me = hub.people.local()
        sample_course(hub, tmp_path / "files")
        course = hub.courses.get(me, "demo").id
        assert vector_hits(hub, me)
        before = set(index_of(hub).search([1.0] + [0.0] * 255, course_id=course, limit=99))
        hub.embeddings.rebuild(me, model=OTHER)
        run_jobs(hub)
    with plain_hub(data, door="server", index="chroma") as hub:  # the control: nothing was deleted
        assert set(index_of(hub).search([1.0] + [0.0] * 255, course_id=course, limit=99)) == before
        hub.embeddings.delete(hub.people.local(), "hashing-256")
    with plain_hub(data, door="server", index="chroma") as hub:
        assert index_of(hub).search([1.0] + [0.0] * 255, course_id=course, limit=99) == []
        hub.embeddings.rebuild(hub.people.local())
        run_jobs(hub)
        assert vector_hits(hub, hub.people.local()), "and fed again when they are made again"


def index_of(hub):
    hub.searching.refresh()
    return hub.searching._shelves.chosen._index
