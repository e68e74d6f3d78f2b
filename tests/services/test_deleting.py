"""A file that is taken out of its lesson is out of search and answers with the next question, in every process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from knowhub_ext.domain.media import AssetStatus
from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.errors import Conflict, Forbidden, NotFound
from knowhub_ext.testing.hubs import plain_hub, run_jobs, sample_course

GIN = "What does a GIN index keep for every word?"


@pytest.mark.parametrize(("door", "index"), [("cli", "memory"), ("server", "memory"), ("server", "chroma")])
def test_the_next_search_and_the_next_answer_know_nothing_of_it(tmp_path, door, index):
    """Another process deletes; this one has an index of its own, warm and full."""
    with plain_hub(tmp_path / "data", door=door, index=index) as hub:
        me = hub.people.local()
        sample_course(hub, tmp_path / "files")
        asset = hub.searching.search(me, "demo", "GIN posting list")[0].passage.asset_id
        with hub.store.read() as tx:
            gone = {p.id for p in tx.passages.of_asset(asset)}
        vector = hub.chosen.embedder.embed(["GIN posting list"])[0]
        course = hub.courses.get(me, "demo").id
        held = hub.searching._shelves.chosen._index.search(vector, course_id=course, limit=100)
        assert gone <= {hit.passage_id for hit in held}, "the control"
        assert hub.asking.ask(me, "demo", GIN).grounded, "the control"
        subprocess.run([sys.executable, "-c", ELSEWHERE, str(tmp_path / "data"), asset], check=True, timeout=120)
        assert not any(hit.passage.id in gone for hit in hub.searching.search(me, "demo", "GIN posting list"))
        left = hub.searching._shelves.chosen._index.search(vector, course_id=course, limit=100)
        assert not gone & {hit.passage_id for hit in left}
        assert left, "the other file's passages stay"
        answer = hub.asking.ask(me, "demo", GIN)
        assert (answer.grounded, answer.citations) == (False, ())
        assert hub.asking.ask(me, "demo", "How long is the visibility timeout by default?").grounded


#: Deletes a file as a process of its own.
ELSEWHERE = """
import sys
from pathlib import Path
from knowhub_ext.testing.hubs import plain_hub
with plain_hub(Path(sys.argv[1])) as hub:
    hub.removing.remove(hub.people.local(), sys.argv[2])
"""


def test_who_may_not_change_the_course_deletes_nothing(hub, me, course):
    asset = hub.searching.search(me, "demo", "GIN posting list")[0].passage.asset_id
    learner = Actor(person_id="x", roles=frozenset({Role.LEARNER}))
    with pytest.raises(Forbidden):
        hub.removing.remove(learner, asset)
    with pytest.raises(NotFound):
        hub.removing.remove(hub.people.visitor("demo"), "0198")
    assert hub.searching.search(me, "demo", "GIN posting list")
    hub.removing.remove(me, asset)
    with pytest.raises(NotFound):
        hub.lessons.asset_detail(me, asset, lambda path: None)


def test_the_same_file_can_be_added_again(hub, me, course, tmp_path):
    asset = hub.searching.search(me, "demo", "Redis broker")[0].passage.asset_id
    hub.removing.remove(me, asset)
    assert not any("Redis" in hit.text for hit in hub.searching.search(me, "demo", "Redis broker"))
    hub.ingest.add(me, "demo", [tmp_path / "files" / "notes.md"])
    run_jobs(hub)
    assert "Redis" in hub.searching.search(me, "demo", "Redis broker")[0].text
    assert hub.searching.search(me, "demo", "Redis broker")[0].passage.asset_id != asset


def test_a_job_that_is_under_way_brings_nothing_back(hub, me, tmp_path):
    """It is asked to stop; and what it should write after all lives no more than its file."""
    (tmp_path / "late.md").write_text("# Zebra\n\nA zebra has stripes.\n", encoding="utf-8")
    hub.courses.create(me, "late")
    added = hub.ingest.add(me, "late", [tmp_path / "late.md"])
    asset = added.lessons[0]["assets"][0]["asset"]
    hub.removing.remove(me, asset)
    run_jobs(hub)
    assert hub.searching.search(me, "late", "zebra stripes") == []


def test_a_file_comes_back_with_all_that_was_made_of_it(hub, me, course):
    before = hub.searching.search(me, "demo", "GIN posting list")
    asset, lesson = before[0].passage.asset_id, before[0].passage.lesson_id
    answer = hub.asking.ask(me, "demo", GIN)
    hub.removing.remove(me, asset)
    [row] = hub.removing.removed(me, "demo")
    assert (row["asset"], row["lesson"], row["name"]) == (asset, lesson, "celery.vtt")
    back = hub.removing.put_back(me, asset)
    assert (back.id, back.status) == (asset, AssetStatus.READY)
    assert hub.removing.removed(me, "demo") == []
    words = hub.searching.search(me, "demo", "GIN posting list")
    assert before[0].text in [hit.text for hit in words], "found by its words before its vectors are made"
    with hub.store.read() as tx:
        assert tx.vectors.lacking(asset, hub.chosen.embedder.name), "the control"
    run_jobs(hub)
    with hub.store.read() as tx:
        assert not tx.vectors.lacking(asset, hub.chosen.embedder.name)
    after = hub.searching.search(me, "demo", "GIN posting list")
    assert [hit.text for hit in after] == [hit.text for hit in before]
    assert hub.asking.ask(me, "demo", GIN).text == answer.text


def test_what_was_not_finished_goes_on(hub, me, tmp_path):
    (tmp_path / "late.md").write_text("# Zebra\n\nA zebra has stripes.\n", encoding="utf-8")
    hub.courses.create(me, "late")
    asset = hub.ingest.add(me, "late", [tmp_path / "late.md"]).lessons[0]["assets"][0]["asset"]
    hub.removing.remove(me, asset)
    run_jobs(hub)
    assert hub.removing.put_back(me, asset).status is AssetStatus.QUEUED
    run_jobs(hub)
    assert hub.searching.search(me, "late", "zebra stripes")


def test_a_file_whose_name_is_taken_again_stays_removed(hub, me, course, tmp_path):
    asset = hub.searching.search(me, "demo", "Redis broker")[0].passage.asset_id
    hub.removing.remove(me, asset)
    again = hub.ingest.add(me, "demo", [tmp_path / "files" / "notes.md"])
    run_jobs(hub)
    with pytest.raises(Conflict, match=r"has a file .notes\.md. again"):
        hub.removing.put_back(me, asset)
    hub.removing.remove(me, again.lessons[0]["assets"][0]["asset"])
    assert hub.removing.put_back(me, asset).id == asset
    assert len(hub.removing.removed(me, "demo")) == 1


def test_only_who_may_change_the_course_sees_and_puts_back(hub, me, course):
    asset = hub.searching.search(me, "demo", "GIN posting list")[0].passage.asset_id
    hub.removing.remove(me, asset)
    learner = Actor(person_id="x", roles=frozenset({Role.LEARNER}))
    with pytest.raises(Forbidden):
        hub.removing.put_back(learner, asset)
    with pytest.raises(Forbidden):
        hub.removing.removed(learner, "demo")
    with pytest.raises(NotFound):
        hub.removing.put_back(me, "0198")
    hub.operating.trash(me, "demo")
    with pytest.raises(NotFound):
        hub.removing.put_back(me, asset)


def test_a_course_on_its_way_to_another_model_gets_both_vectors_of_what_comes_back(hub, me, course):
    asset = hub.searching.search(me, "demo", "GIN posting list")[0].passage.asset_id
    hub.removing.remove(me, asset)
    hub.embeddings.rebuild(me, ["demo"], model="hashing-16")
    hub.removing.put_back(me, asset)
    run_jobs(hub)
    with hub.store.read() as tx:
        assert tx.embeddings.serving(hub.courses.get(me, "demo").id).model == "hashing-16"
        assert not tx.vectors.lacking(asset, "hashing-16")
    assert hub.searching.search(me, "demo", "GIN posting list")
