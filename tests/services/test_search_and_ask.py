"""Words and vectors over the same passages; answers whose every sentence is verbatim and cited, or a plain refusal."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator

import pytest

from knowhub_ext.domain.answers import REFUSAL
from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.media import AssetKind
from knowhub_ext.domain.people import Actor, Role
from knowhub_ext.domain.scope import Scope
from knowhub_ext.errors import ChatModelFailed, DiskFull, NotFound, UserError
from knowhub_ext.hub import parts
from knowhub_ext.ports import Hit, Prompt, Vector
from knowhub_ext.services.asking import Asking
from knowhub_ext.services.searching import CANDIDATES, Searching, search_json
from knowhub_ext.testing.hubs import plain_hub, run_jobs


class Scripted:
    """A chat model that says what it is told to, whatever the passages are: it obeys nothing."""

    name = "scripted"

    def __init__(self, *pieces: str | Exception) -> None:
        self.pieces = pieces
        self.prompts: list[Prompt] = []

    def reply(self, prompt: Prompt) -> Iterator[str]:
        self.prompts.append(prompt)
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


def test_the_answer_is_verbatim_and_opens_the_right_second(hub, me, course):
    row = hub.asking.ask(me, "demo", "What happens to the task if the worker dies?").to_json()
    assert row["grounded"]
    assert row["mode"] == "quote"
    first = row["citations"][0]
    assert first["quote"] == "If the worker dies then, the task is lost."
    assert first["locator"] == {"kind": "time", "start": 5.5, "end": 9.0}
    assert row["answer"].startswith(first["quote"])
    assert all(s["supported"] and s["citations"] for s in row["sentences"])


def test_documents_are_cited_by_their_place_in_the_canonical_text(hub, me, course):
    row = hub.asking.ask(me, "demo", "How long is the visibility timeout by default?").to_json()
    [cited] = [c for c in row["citations"] if c["locator"]["kind"] == "text"]
    _, document = hub.lessons.content(me, cited["asset"])
    assert document.text[cited["locator"]["start"] : cited["locator"]["end"]] == cited["quote"]


@pytest.mark.parametrize(("question", "kind", "place"), [
    ("What happens to the task if the worker dies?", "captions", "time"),
    ("How long is the visibility timeout by default?", "document", "text"),
    ("Which command starts the zebra?", "notebook", "cell"),
])
def test_a_citation_says_what_kind_of_source_it_is_as_search_names_it(hub, me, course, tmp_path, question, kind, place):
    cell = {"cell_type": "markdown", "id": "c1", "metadata": {}, "source": "The command zoo starts the zebra."}
    path = tmp_path / "zoo.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    hub.ingest.add(me, "demo", [path])
    run_jobs(hub)
    [cited] = [c for c in hub.asking.ask(me, "demo", question).to_json()["citations"] if c["kind"] == kind]
    assert cited["locator"]["kind"] == place
    only = Scope(kinds=frozenset([AssetKind(kind)]))
    assert cited["asset"] in {hit.passage.asset_id for hit in hub.searching.search(me, "demo", question, scope=only)}


def test_an_answer_is_made_of_places_apart_not_of_one_place_again_and_again(hub, me, tmp_path):
    lines = [f"Celery worker number {n} takes task {n} from the broker." for n in range(40)]
    at = [f"00:{n // 6:02}:{n % 6}" for n in range(40)]
    cues = "".join(f"{t}0.000 --> {t}9.000\n{line}\n\n" for t, line in zip(at, lines, strict=True))
    path = tmp_path / "long.vtt"
    path.write_text(f"WEBVTT\n\n{cues}", encoding="utf-8")
    hub.courses.create(me, "long", "Long")
    hub.ingest.add(me, "long", [path])
    run_jobs(hub)
    first = next(hub.asking.steps(me, "long", "Which task does the Celery worker take from the broker?"))
    spans = sorted((row["locator"]["start"], row["locator"]["end"]) for row in first.data["items"])
    assert len(spans) > 2
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


@pytest.mark.parametrize("question", [
    "Who won the 1974 football world cup?", "how to bake bread", "???", "'; DROP TABLE passage; --", "\u200b", "the of",
])
def test_what_the_course_does_not_say_is_refused_plainly_and_without_sources(hub, me, course, question):
    row = hub.asking.ask(me, "demo", question).to_json()
    assert (row["grounded"], row["citations"], row["sentences"], row["answer"]) == (False, [], [], REFUSAL)


def test_a_refusal_names_the_lessons_that_come_nearest_and_an_answer_none(hub, me, course):
    refused = hub.asking.ask(me, "demo", "Who won the Redis football cup?").to_json()
    assert not refused["grounded"]
    assert refused["nearest"][0]["title"] == "notes"
    assert hub.lessons.find(me, refused["nearest"][0]["lesson"]).title == "notes"
    assert len({row["lesson"] for row in refused["nearest"]}) == len(refused["nearest"])
    answered = hub.asking.ask(me, "demo", "How long is the visibility timeout by default?").to_json()
    assert (answered["grounded"], answered["nearest"]) == (True, [])


@pytest.mark.parametrize(("query", "found"), [
    ("what's a B-tree?", "B-tree"), ("acks_late", "acks_late"), ("GIN posting list", "posting list"),
    ('"posting" AND (list)', "posting list"), ("NEAR(worker dies)", "worker dies"),
])
def test_a_query_is_data_and_code_words_are_found(hub, me, course, query, found):
    assert any(found in hit.text for hit in hub.searching.search(me, "demo", query, limit=2))


def test_hits_do_not_overlap_and_carry_no_score_unless_asked(hub, me, course):
    hits = hub.searching.search(me, "demo", "task worker broker index", limit=10)
    timed = [h.passage.locator for h in hits if isinstance(h.passage.locator, TimeSpan)]
    spans = [(span.start_ms, span.end_ms) for span in timed]
    assert all(a[1] <= b[0] or b[1] <= a[0] for i, a in enumerate(spans) for b in spans[i + 1 :])
    assert "score" not in search_json("q", hits, time.perf_counter())["hits"][0]


def test_a_deleted_course_is_out_of_search_at_once_and_back_after_restore(hub, me, course):
    assert hub.searching.search(me, "demo", "worker")
    hub.operating.trash(me, "demo")
    with pytest.raises(NotFound):
        hub.searching.search(me, "demo", "worker")
    hub.operating.restore(me, course)
    assert hub.searching.search(me, "demo", "worker")


def test_purge_removes_rows_vectors_and_blobs_that_nothing_else_uses(hub, me, course, tmp_path):
    hub.courses.create(me, "other")
    hub.ingest.add(me, "other", [tmp_path / "files" / "notes.md"])
    run_jobs(hub)
    hub.searching.refresh()
    hub.operating.trash(me, "demo")
    report = hub.operating.purge(me, course)
    assert report["blobs_removed"] == 1
    assert len(list(hub.folder.blobs.iterdir())) == 1
    assert hub.searching.search(me, "other", "Redis broker")
    with hub.store.read() as tx:
        assert tx.trash.counts()["courses"] == 1


def test_a_visitor_of_one_course_finds_nothing_of_another(hub, me, course):
    hub.courses.create(me, "other")
    visitor = hub.people.visitor("other")
    with pytest.raises(NotFound):
        hub.searching.search(visitor, "demo", "worker")
    assert hub.searching.search(hub.people.visitor("demo"), "demo", "worker")


def test_nobody_searches_without_a_role(hub, me, course):
    with pytest.raises(NotFound):
        hub.searching.search(Actor(person_id="x"), "demo", "worker")
    assert hub.searching.search(Actor(person_id="x", roles=frozenset({Role.LEARNER})), "demo", "worker")


def test_a_models_citations_are_bound_and_inventions_are_marked(hub, me, course):
    model = Scripted("If the worker dies, the task", " is lost [1]. Quorum queues replicate", " it [1]. ", "See [99].")
    asking = Asking(hub.searching, model, hint="")
    steps = list(asking.steps(me, "demo", "What happens if the worker dies?"))
    assert steps[0].kind == "passages"
    assert "".join(s.data["text"] for s in steps if s.kind == "token").startswith("If the worker dies")
    row = steps[-1].data
    assert [s["supported"] for s in row["sentences"]] == [True, False, False]
    assert len(row["citations"]) == 1
    assert row["citations"][0]["quote"] == "If the worker dies then, the task is lost."
    sentences = [s.data for s in steps if s.kind == "sentence"]
    assert [s["index"] for s in sentences] == [0, 1, 2]
    assert sentences[0]["sources"] == row["citations"]


def test_a_model_that_cites_nothing_gets_a_refusal_not_an_answer(hub, me, course):
    asking = Asking(hub.searching, Scripted("The task is always retried."), hint="")
    row = asking.ask(me, "demo", "worker dies?").to_json()
    assert (row["grounded"], row["answer"], row["citations"]) == (False, REFUSAL, [])


def test_no_evidence_no_model_call(hub, me, course):
    model = Scripted("Germany won [1].")
    row = Asking(hub.searching, model, hint="").ask(me, "demo", "Who won the 1974 football world cup?")
    assert not row.grounded
    assert model.prompts == []


def test_a_failing_model_falls_back_to_quotes_unless_it_was_asked_for(hub, me, course):
    asking = Asking(hub.searching, Scripted(ChatModelFailed()), hint="")
    assert asking.ask(me, "demo", "What happens if the worker dies?").mode == "quote"
    with pytest.raises(ChatModelFailed):
        asking.ask(me, "demo", "What happens if the worker dies?", mode="model")


def test_model_mode_without_a_model_says_how_to_get_one(hub, me, course):
    with pytest.raises(UserError, match="No chat model") as caught:
        hub.asking.ask(me, "demo", "x", mode="model")
    assert "ollama" in caught.value.cure.lower()


def test_a_worker_indexes_while_an_open_server_finds_it_and_a_command_line_searches_too(tmp_path):
    """The worker writes vectors to SQL only; whoever searches feeds its own index from there (design §2.1)."""
    data, file = tmp_path / "data", tmp_path / "late.md"
    with plain_hub(data, door="server", index="chroma") as server:
        me = server.people.local()
        server.courses.create(me, "c")
        assert server.searching.search(me, "c", "zebra") == []
        file.write_text("# Animals\n\nA zebra has stripes.\n")
        with plain_hub(data) as worker:
            worker.ingest.add(me, "c", [file])
            run_jobs(worker)
        with plain_hub(data) as command_line:
            assert command_line.searching.search(me, "c", "zebra")
        assert server.searching.search(me, "c", "zebra")


class Crowded:
    """An index in which other lessons' passages stand nearer to every query than `last`."""

    def __init__(self, last: str) -> None:
        self.hits = [Hit(passage_id=f"other-{n}", score=1.0) for n in range(2 * CANDIDATES)]
        self.hits.append(Hit(passage_id=last, score=0.5))

    def search(self, vector: Vector, *, course_id: str, limit: int) -> list[Hit]:
        return self.hits[:limit]

    def seen(self) -> int:
        return 1_000_000

    def close(self) -> None:
        """Nothing is open."""


def test_a_lesson_is_found_by_meaning_though_the_course_holds_nearer_passages(hub, me, course):
    lesson = hub.lessons.find(me, "demo/notes").id
    with hub.store.read() as tx:
        wanted = [p.id for a in tx.assets.of_lesson(lesson) for p in tx.passages.of_asset(a.id)]
    searching = Searching(hub.store, hub.chosen.embedder, lambda: Crowded(wanted[0]))
    scope = Scope(lessons=frozenset([lesson]))
    [hit] = searching.search(me, "demo", "zebras graze", scope=scope)
    assert hit.passage.id in wanted
    assert searching.search(me, "demo", "zebras graze") == []


def test_search_goes_on_while_its_index_finds_no_room(hub, me, course, monkeypatch):
    """New words are found without it, and as soon as there is room it knows them too."""
    words = hub.searching.search(me, "demo", "visibility timeout")

    def full() -> None:
        raise DiskFull("The disk is full.")

    fresh = Searching(hub.store, hub.chosen.embedder, full)
    assert {hit.passage.id for hit in fresh.search(me, "demo", "visibility timeout")} <= {h.passage.id for h in words}
    assert fresh.search(me, "demo", "visibility timeout"), "its index could not even be opened"
    index = parts.exact_index()
    fresh = Searching(hub.store, hub.chosen.embedder, lambda: index)
    with monkeypatch.context() as patch:
        patch.setattr(index, "add", lambda entries: full())
        assert fresh.search(me, "demo", "visibility timeout"), "it could not be fed"
        assert index.seen() == 0
    fresh.search(me, "demo", "visibility timeout")
    assert index.seen() > 0
