"""Vectors made anew: search goes on with the old ones, what was made is not made again, nothing else is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from sqlalchemy import select, text, update

from knowhub_ext.domain.embeddings import Serving
from knowhub_ext.domain.jobs import EMBED
from knowhub_ext.domain.passages import CUT
from knowhub_ext.services import vectorising
from knowhub_ext.store.tables import COURSE, PASSAGE, VECTOR
from knowhub_ext.testing.hubs import plain_hub, run_jobs
from tests.services.embedded import LONG, OTHER, count, grow_old, one_job, serving, standing, vector_hits


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(vectorising, "TELL_S", 0.0)


def test_a_new_course_is_searched_by_the_model_that_is_set_and_nothing_is_stale(hub, me, course):
    assert serving(hub, course) == Serving(model="hashing-256")
    row = standing(hub, me)
    assert (row["state"], row["stale"], row["model"], row["search"]) == ("current", 0, "hashing-256", "vectors")
    assert row["passages"] > 0
    assert hub.embeddings.rebuild(me)["jobs"] == []


def test_what_older_rules_made_is_cut_and_embedded_anew_and_found_meanwhile(hub, me, course):
    fresh = [(h.passage.text, h.locator) for h in hub.searching.search(me, "demo", "visibility timeout")]
    grow_old(hub)
    row = standing(hub, me)
    assert (row["state"], row["coarse"], row["outdated"]) == ("stale", row["passages"], row["passages"])
    made = hub.embeddings.rebuild(me, ["demo"])
    assert len(made["jobs"]) == 2
    assert standing(hub, me)["state"] == "building"
    assert vector_hits(hub, me), "search goes on with the old ones"
    assert one_job(hub)
    assert vector_hits(hub, me)
    assert 0 < standing(hub, me)["stale"] < row["passages"]
    run_jobs(hub)
    assert {job["state"] for job in hub.jobs.some(me, made["jobs"])} == {"done"}
    row = standing(hub, me)
    assert (row["state"], row["stale"]) == ("current", 0)
    assert [(h.passage.text, h.locator) for h in hub.searching.search(me, "demo", "visibility timeout")] == fresh


def test_progress_transcripts_and_files_stay_as_they_are(hub, me, course):
    tables = ("course", "lesson", "asset", "blob", "content", "transcript", "segment", "watch_event", "watch_state",
              "person", "membership")

    def rows():
        with hub.store.read() as tx:
            return {name: [dict(r) for r in tx.session.rows(text(f"SELECT * FROM {name}"))] for name in tables}

    grow_old(hub)
    before = rows()
    hub.embeddings.rebuild(me)
    run_jobs(hub)
    after = rows()
    assert after == before
    assert before["segment"], "control: there was something to lose"


def test_another_model_is_searched_only_when_all_of_it_is_there_and_the_old_one_stays(hub, me, course):
    before = count(hub, "hashing-256")
    made = hub.embeddings.rebuild(me, model=OTHER)
    assert serving(hub, course) == Serving(model="hashing-256", coming=OTHER)
    assert len(made["jobs"]) == 2
    assert one_job(hub)
    assert count(hub, OTHER) > 0
    assert serving(hub, course).model == "hashing-256", "half of it is no reason to change"
    assert vector_hits(hub, me)
    run_jobs(hub)
    assert serving(hub, course) == Serving(model=OTHER)
    assert (count(hub, OTHER), count(hub, "hashing-256")) == (before, before)
    assert hub.searching.search(me, "demo", "visibility timeout")
    assert vector_hits(hub, me)
    assert standing(hub, me)["state"] == "other"


def test_back_to_a_model_whose_vectors_are_there_is_done_at_once(hub, me, course):
    hub.embeddings.rebuild(me, model=OTHER)
    run_jobs(hub)
    assert hub.embeddings.rebuild(me)["jobs"] == []
    assert serving(hub, course) == Serving(model="hashing-256")
    assert vector_hits(hub, me)


def test_a_file_that_comes_meanwhile_gets_vectors_of_both(hub, me, course, tmp_path):
    hub.embeddings.rebuild(me, model=OTHER)
    (tmp_path / "late.md").write_text("# Late\n\nPostgreSQL keeps a write-ahead log.\n")
    hub.ingest.add(me, "demo", [tmp_path / "late.md"])
    assert one_job(hub), "the file goes before the vectors"
    assert (count(hub, OTHER), hub.jobs.page(me)[0][0]["state"]) == (2, "done")
    assert serving(hub, course).model == "hashing-256"
    found = vector_hits(hub, me, "write-ahead log")
    run_jobs(hub)
    assert serving(hub, course) == Serving(model=OTHER)
    assert set(found) & set(vector_hits(hub, me, "write-ahead log"))


def test_a_file_added_after_the_change_gets_vectors_of_the_model_the_course_has(hub, me, course, tmp_path):
    hub.embeddings.rebuild(me, model=OTHER)
    run_jobs(hub)
    before = count(hub, "hashing-256")
    (tmp_path / "late.md").write_text("# Late\n\nPostgreSQL keeps a write-ahead log.\n")
    hub.ingest.add(me, "demo", [tmp_path / "late.md"])
    run_jobs(hub)
    assert count(hub, "hashing-256") == before
    assert standing(hub, me)["stale"] == 0


def test_coarse_passages_of_a_course_on_its_way_to_another_model_stay_found_by_the_old_one(hub, me, course):
    grow_old(hub)
    hub.embeddings.rebuild(me, model=OTHER)
    assert one_job(hub)
    assert serving(hub, course).model == "hashing-256"
    with hub.store.read() as tx:
        cut = {row["id"] for row in tx.session.rows(select(PASSAGE.c.id).where(PASSAGE.c.cut == CUT))}
        assert set(tx.vectors.some("hashing-256", sorted(cut))) == set(tx.vectors.some(OTHER, sorted(cut))) == cut
    assert cut
    run_jobs(hub)
    assert serving(hub, course) == Serving(model=OTHER)


def test_where_the_old_model_is_not_here_words_answer_and_it_is_said(hub, me, course):
    with hub.store.write() as tx:
        tx.session.run(update(VECTOR).values(model="lost-model"))
        tx.session.run(update(COURSE).values(vector_model="lost-model"))
    row = standing(hub, me)
    assert (row["state"], row["search"], row["model"]) == ("words", "words", "lost-model")
    hits = hub.searching.search(me, "demo", "visibility timeout")
    assert hits, "words answer"
    assert "visibility timeout" in hits[0].text
    assert vector_hits(hub, me) == {}
    hub.embeddings.rebuild(me)
    run_jobs(hub)
    assert standing(hub, me)["search"] == "vectors"
    assert vector_hits(hub, me), "control: with a model that is here it is there again"


def test_cancelling_keeps_what_was_made_and_the_next_rebuild_goes_on_from_there(hub, me, course, monkeypatch):
    hub.embeddings.rebuild(me, model=OTHER)
    assert one_job(hub)
    half = count(hub, OTHER)
    assert 0 < half < count(hub, "hashing-256")
    assert hub.embeddings.cancel(me, ["demo"]) == {"cancelled": 1}
    assert serving(hub, course) == Serving(model="hashing-256")
    run_jobs(hub)
    assert count(hub, OTHER) == half
    with hub.store.read() as tx:
        last = tx.vectors.last()
    made = hub.embeddings.rebuild(me, model=OTHER)
    assert len(made["jobs"]) == 1
    run_jobs(hub)
    assert hub.embeddings.made(OTHER, last) == count(hub, "hashing-256") - half
    assert serving(hub, course) == Serving(model=OTHER)


def test_a_running_one_stops_at_its_next_batch(hub, me, tmp_path, monkeypatch):
    monkeypatch.setattr(vectorising, "BATCH", 4)
    hub.courses.create(me, "c")
    (tmp_path / "long.md").write_text(LONG)
    hub.ingest.add(me, "c", [tmp_path / "long.md"])
    run_jobs(hub)
    [job] = hub.embeddings.rebuild(me, model=OTHER)["jobs"]
    engine, calls = hub.embeddings._embedders.named(OTHER), []
    real = engine.embed

    def embed(texts):
        calls.append(len(texts))
        if len(calls) == 3:
            hub.jobs.cancel(me, job)
        return real(texts)

    monkeypatch.setattr(engine, "embed", embed)
    run_jobs(hub)
    found = hub.jobs.get(me, job)
    assert found["state"] == "cancelled"
    assert 0 < found["progress"] < 0.2
    assert count(hub, OTHER) == 12
    hub.jobs.retry(me, job)
    run_jobs(hub)
    assert hub.jobs.get(me, job)["state"] == "done"
    assert count(hub, OTHER) == count(hub, "hashing-256")


def test_asking_twice_queues_once_and_asking_for_another_model_cancels_the_first(hub, me, course):
    first = hub.embeddings.rebuild(me, model=OTHER)["jobs"]
    assert hub.embeddings.rebuild(me, model=OTHER)["jobs"] == first
    second = hub.embeddings.rebuild(me, model="hashing-32")["jobs"]
    assert {job["state"] for job in hub.jobs.some(me, first)} == {"cancelled"}
    run_jobs(hub)
    assert {job["state"] for job in hub.jobs.some(me, second)} == {"done"}
    assert serving(hub, course) == Serving(model="hashing-32")
    assert count(hub, OTHER) == 0


def test_everything_anew_replaces_vectors_that_are_current(hub, me, course):
    with hub.store.read() as tx:
        last = tx.vectors.last()
    hub.embeddings.rebuild(me, everything=True)
    run_jobs(hub)
    assert hub.embeddings.made("hashing-256", last) == count(hub, "hashing-256")


def test_passages_that_go_while_their_vectors_are_made_leave_none(hub, me, course, monkeypatch):
    hub.embeddings.rebuild(me, model=OTHER)
    engine, gone = hub.embeddings._embedders.named(OTHER), []
    real = engine.embed

    def embed(texts):
        if not gone:
            with hub.store.write() as tx:
                gone.append(tx.session.row(select(PASSAGE.c.asset_id))["asset_id"])
                for row in tx.session.rows(select(PASSAGE.c.asset_id).distinct()):
                    tx.passages.replace(row["asset_id"], tx.passages.of_asset(row["asset_id"]))
        return real(texts)

    monkeypatch.setattr(engine, "embed", embed)
    run_jobs(hub)
    assert gone
    assert {row["state"] for row in hub.jobs.page(me)[0] if row["kind"] == EMBED} == {"done"}
    assert standing(hub, me)["missing"] == 0
    assert serving(hub, course) == Serving(model=OTHER)


_KILLED = """
import sys, time
from knowhub_ext.backends.embedders.hashing import HashingEmbedder
from knowhub_ext.cli import main
real = HashingEmbedder.embed
def slow(self, texts):
    time.sleep(0.1)
    return real(self, texts)
HashingEmbedder.embed = slow
main(["index", "rebuild", "--model", "hashing-64", "--data", sys.argv[1], "--json"])
"""


def test_killed_in_the_middle_it_goes_on_after_the_last_batch(tmp_path, monkeypatch):
    data = tmp_path / "data"
    with plain_hub(data) as hub:
        me = hub.people.local()
        hub.courses.create(me, "c")
        for name in ("one", "two"):
            (tmp_path / f"{name}.md").write_text(LONG.replace("topic", f"{name}topic"))
            hub.ingest.add(me, "c", [tmp_path / f"{name}.md"])
        run_jobs(hub)
        total = count(hub, "hashing-256")
        environment = os.environ | {
            "KNOWHUB_TRANSCRIBER": "captions", "KNOWHUB_EMBEDDER": "hashing", "KNOWHUB_INDEX": "memory",
            "KNOWHUB_CHAT_MODEL": "quote",
        }
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(data)], env=environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + 120
            while count(hub, OTHER) < 64:
                assert child.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < deadline
                time.sleep(0.02)
        finally:
            child.kill()
            child.wait()
        half = count(hub, OTHER)
        assert 0 < half < total
        assert serving(hub, hub.courses.get(me, "c").id) == Serving(model="hashing-256", coming=OTHER)
        assert vector_hits(hub, me, "onetopic7 topic7", course="c"), "search goes on"
        with hub.store.read() as tx:
            last = tx.vectors.last()
        jobs = hub.embeddings.rebuild(me, model=OTHER)["jobs"]
        run_jobs(hub)
        assert {job["state"] for job in hub.jobs.some(me, jobs)} == {"done"}
        assert count(hub, OTHER) == total
        assert hub.embeddings.made(OTHER, last) == total - half, "what was made before the kill was not made again"
        assert serving(hub, hub.courses.get(me, "c").id) == Serving(model=OTHER)
