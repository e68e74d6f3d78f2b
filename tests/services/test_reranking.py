"""The best hits are read again together with the question, outside every transaction; errors come through."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import pytest

from knowhub_ext.domain.passages import Passage
from knowhub_ext.domain.texts import words
from knowhub_ext.errors import MissingWeights
from knowhub_ext.hub import Hub
from knowhub_ext.hub.parts import exact_index
from knowhub_ext.ports import Reranker
from knowhub_ext.services.reranking import READ_AGAIN
from knowhub_ext.services.searching import Searching
from knowhub_ext.testing.hubs import plain_hub, run_jobs, sample_course
from tests.standins import crossencoders

QUERY = "What does the worker do with a task?"


class Wishing:
    """Finds that the text with a word answers best, and remembers what it was given."""

    name, weight = "wishing", 50.0

    def __init__(self, word: str) -> None:
        self.word = word
        self.read: list[tuple[str, list[str]]] = []
        self.meanwhile = lambda: None

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.read.append((question, list(texts)))
        self.meanwhile()
        return [float(self.word in text) for text in texts]


def searching(hub: Hub, reranker: Reranker | None = None) -> Searching:
    return Searching(hub.store, hub.chosen.embedder, exact_index, reranker=reranker)


def test_what_it_prefers_comes_first_and_nothing_is_lost(hub, me, course):
    plain = searching(hub).search(me, "demo", QUERY)
    last = plain[-1].passage
    wishing = Wishing(last.near)
    hits = searching(hub, wishing).search(me, "demo", QUERY)
    assert hits[0].passage.id == last.id
    assert hits[0].passage.id != plain[0].passage.id, "the control: it was not the first before"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    [(question, texts)] = wishing.read
    assert question == QUERY
    assert last.near in texts


def test_only_the_best_are_read_and_the_rest_is_still_found(hub, me, tmp_path):
    many = "WEBVTT\n" + "".join(
        f"\n{n // 60:02}:{n % 60:02}:00.000 --> {n // 60:02}:{n % 60:02}:05.000\nThe worker takes task number {n}.\n"
        for n in range(90)
    )
    (tmp_path / "talk.vtt").write_text(many)
    hub.courses.create(me, "long")
    hub.ingest.add(me, "long", [tmp_path / "talk.vtt"])
    run_jobs(hub)
    wishing = Wishing("nothing")
    assert len(searching(hub, wishing).search(me, "long", QUERY, limit=60)) > READ_AGAIN
    [(_, texts)] = wishing.read
    assert len(texts) == READ_AGAIN


def test_no_transaction_is_open_while_it_reads(hub, me, course):
    """Another one checkpoints the whole log, which a reader that is still open would keep it from."""
    wishing = Wishing("task")
    done = []

    def checkpoint() -> None:
        hub.courses.create(me, f"meanwhile-{len(done)}")
        with sqlite3.connect(hub.folder.path / "knowhub.sqlite3", timeout=0) as other:
            done.append(other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])

    wishing.meanwhile = checkpoint
    assert searching(hub, wishing).search(me, "demo", QUERY)
    assert done == [0]
    with hub.store.read() as tx:
        tx.courses.get("demo")
        checkpoint()
    assert done == [0, 1], "the control: a reader that is open does keep it from that"


def test_a_question_that_finds_nothing_reads_nothing(hub, me, course):
    wishing = Wishing("task")
    assert searching(hub, wishing).search(me, "demo", "?!") == []
    assert wishing.read == []


def test_the_one_that_is_set_is_used(tmp_path):
    settings = {"reranker": "cross_encoder", "reranker_options": {
        "folder": str(crossencoders.write(tmp_path / "model")), "weight": 50}}
    question = "visibility timeout again broker delivers rows gin index"
    with plain_hub(tmp_path / "data", **settings) as hub:
        sample_course(hub, tmp_path / "files")
        hub.searching.warm()
        [first, *_] = hub.searching.search(hub.people.local(), "demo", question)
        shared = {p.id: len(set(question.split()) & set(words(p.near))) for p in passages_of(hub)}
        assert shared[first.passage.id] == max(shared.values())
    with plain_hub(tmp_path / "data") as hub:
        assert hub.chosen.reranker is None


def passages_of(hub: Hub) -> list[Passage]:
    me = hub.people.local()
    lessons = [hub.lessons.find(me, f"demo/{name}").id for name in ("celery", "notes")]
    with hub.store.read() as tx:
        assets = [asset.id for lesson in lessons for asset in tx.assets.of_lesson(lesson)]
        return [passage for asset in assets for passage in tx.passages.of_asset(asset)]


def test_a_model_that_is_not_there_is_said_by_the_search_not_before(tmp_path):
    """A worker builds the same hub: adding files goes on."""
    settings = {"reranker": "cross_encoder", "reranker_options": {"folder": str(tmp_path / "nowhere")}}
    with plain_hub(tmp_path / "data", **settings) as hub:
        sample_course(hub, tmp_path / "files")
        with pytest.raises(MissingWeights, match="nowhere"):
            hub.searching.search(hub.people.local(), "demo", "worker")
