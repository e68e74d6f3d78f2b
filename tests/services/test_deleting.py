"""A file that is taken out of its lesson is out of search and answers with the next question, in every process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.errors import Forbidden, NotFound
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
    hub.operating.remove(hub.people.local(), sys.argv[2])
"""


def test_who_may_not_change_the_course_deletes_nothing(hub, me, course):
    asset = hub.searching.search(me, "demo", "GIN posting list")[0].passage.asset_id
    learner = Actor(person_id="x", roles=frozenset({Role.LEARNER}))
    with pytest.raises(Forbidden):
        hub.operating.remove(learner, asset)
    with pytest.raises(NotFound):
        hub.operating.remove(hub.people.visitor("demo"), "0198")
    assert hub.searching.search(me, "demo", "GIN posting list")
    hub.operating.remove(me, asset)
    with pytest.raises(NotFound):
        hub.lessons.asset_detail(me, asset, lambda path: None)


def test_the_same_file_can_be_added_again(hub, me, course, tmp_path):
    asset = hub.searching.search(me, "demo", "Redis broker")[0].passage.asset_id
    hub.operating.remove(me, asset)
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
    hub.operating.remove(me, asset)
    run_jobs(hub)
    assert hub.searching.search(me, "late", "zebra stripes") == []
