"""A model's sentences are proven against what is stored now, or stand apart, or are dropped; languages do not mix."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from knowhub_ext.domain.answers import REFUSAL
from knowhub_ext.ports import Prompt
from knowhub_ext.services.asking import IN_ANOTHER_LANGUAGE, Asking, Manner
from knowhub_ext.testing.hubs import run_jobs

DIES = "What happens to the task if the worker dies?"
TRUE, FALSE = "If the worker dies then, the task is lost [1]. ", "The broker then sends a mail to the author [1]. "


class Says:
    """A chat model that says these pieces; `before` is done before the first of them."""

    name = "says"

    def __init__(self, *pieces: str, before: Callable[[], None] = lambda: None) -> None:
        self.pieces, self.before = pieces, before

    def reply(self, prompt: Prompt) -> Iterator[str]:
        self.before()
        yield from self.pieces


def asking(hub, *pieces, unproven="apart", before=lambda: None):
    return Asking(hub.searching, Says(*pieces, before=before), hint="", manner=Manner(unproven=unproven))


def test_what_is_not_proven_stands_apart_and_is_no_part_of_the_answer(hub, me, course):
    row = asking(hub, FALSE, TRUE, FALSE).ask(me, "demo", DIES).to_json()
    assert row["answer"] == "If the worker dies then, the task is lost."
    assert [(s["supported"], len(s["citations"])) for s in row["sentences"]] == [(False, 0), (True, 1), (False, 0)]
    assert "author" not in row["answer"]


def test_dropped_it_is_nowhere_and_its_draft_neither(hub, me, course):
    steps = list(asking(hub, FALSE, TRUE, unproven="drop").steps(me, "demo", DIES))
    assert [s.kind for s in steps] == ["passages", "sentence", "done"]
    assert not any("author" in str(s.data) for s in steps)
    kept = list(asking(hub, FALSE, TRUE).steps(me, "demo", DIES))
    assert [s.kind for s in kept if s.kind == "token"], "the control: apart, the draft is shown"


@pytest.mark.parametrize("unproven", ["apart", "drop"])
def test_where_nothing_is_proven_it_is_a_refusal_that_shows_nothing(hub, me, course, unproven):
    steps = list(asking(hub, FALSE, "It is lost for good. [7]", unproven=unproven).steps(me, "demo", DIES))
    assert [s.kind for s in steps if s.kind == "sentence"] == []
    row = steps[-1].data
    assert (row["grounded"], row["answer"], row["sentences"], row["citations"]) == (False, REFUSAL, [], [])


@pytest.mark.parametrize("changed", [
    "If the worker dies then, the task is not lost [1].", "If the worker dies then, the task is kept [1].",
    "If the broker dies then, the task is lost [1].", "If the worker dies then, the task is lost [2] [9].",
    "If 2 workers die then, the task is lost [1].", "If the worker dies then, the task is lost.",
])  # fmt: skip
def test_one_changed_word_or_mark_is_enough_to_lose_the_proof(hub, me, course, changed):
    assert not asking(hub, changed).ask(me, "demo", DIES).grounded
    assert asking(hub, TRUE).ask(me, "demo", DIES).grounded


def test_what_was_deleted_while_the_model_spoke_is_not_cited(hub, me, course):
    assert asking(hub, TRUE).ask(me, "demo", DIES).grounded
    gone = asking(hub, TRUE, before=lambda: hub.operating.trash(me, "demo")).ask(me, "demo", DIES)
    assert (gone.grounded, gone.citations) == (False, ())


def test_an_answer_in_another_language_is_kept_apart_and_the_course_is_quoted(hub, me, course):
    """Its words cannot stand in the passages, so nothing of it is proven, whatever names and numbers it shares."""
    said = "Wenn der Worker stirbt, ist die Aufgabe verloren [1]. Das ist nicht mit dem Broker von Celery so [1]."
    row = asking(hub, said).ask(me, "demo", DIES).to_json()
    assert row["notice"] == IN_ANOTHER_LANGUAGE
    assert [s["text"] for s in row["sentences"] if not s["supported"]] == [
        "Wenn der Worker stirbt, ist die Aufgabe verloren.", "Das ist nicht mit dem Broker von Celery so.",
    ]
    assert row["citations"][0]["quote"] == "If the worker dies then, the task is lost."
    assert "Aufgabe" not in row["answer"]
    dropped = asking(hub, said, unproven="drop").ask(me, "demo", DIES).to_json()
    assert "Aufgabe" not in str(dropped)
    assert dropped["answer"] == row["answer"]


def test_a_course_in_another_language_is_proven_in_it(hub, me, tmp_path):
    text = "Der Vermittler bewahrt die Nachricht 3600 Sekunden auf. Danach wird sie von ihm nicht mehr zugestellt."
    (tmp_path / "broker.md").write_text(f"# Vermittler\n\n{text}\n", encoding="utf-8")
    hub.courses.create(me, "deutsch")
    hub.ingest.add(me, "deutsch", [tmp_path / "broker.md"])
    run_jobs(hub)
    question = "Wie lange bewahrt der Vermittler die Nachricht auf?"
    true = "Der Vermittler bewahrt die Nachricht 3600 Sekunden auf [1]. Danach wird sie zugestellt [1]."
    row = asking(hub, true).ask(me, "deutsch", question).to_json()
    assert [s["supported"] for s in row["sentences"]] == [True, False]
    assert row["notice"] is None
    assert not asking(hub, true.replace("3600", "60")).ask(me, "deutsch", question).grounded
    english = "The broker keeps the message for 3600 seconds and it is of the course [1]."
    mixed = asking(hub, english).ask(me, "deutsch", question).to_json()
    assert mixed["notice"] == IN_ANOTHER_LANGUAGE
    assert "3600 Sekunden" in mixed["answer"]
