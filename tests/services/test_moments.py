"""A question about the last minute is looked up there first, then in the lesson, then in the course."""

from __future__ import annotations

import pytest
from sqlalchemy import text as text_of

from knowhub_ext.domain.contexts import Context
from knowhub_ext.domain.locators import PageRef
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.domain.slides import SlideSpan
from knowhub_ext.errors import NotFound, UserError
from knowhub_ext.testing.fixtures import tone
from knowhub_ext.testing.hubs import run_jobs

#: Second by which each is begun -> what is said for nine seconds.
SAID = {
    10: "A GIN index keeps a posting list for every word.",
    20: "The posting list names the rows that hold the word.",
    70: "Celery sends a task to the broker.",
    80: "A worker acknowledges the task before it runs.",
    90: "If the worker dies after the acknowledgement, the broker has forgotten the task.",
    100: "Late acknowledgement means the worker acknowledges after it ran.",
    190: "The visibility timeout says when Redis gives a task back.",
}
WHAT = "what does he mean by that?"


@pytest.fixture
def lecture(hub, me, tmp_path):
    """A lesson of four minutes; another lesson of the course speaks of zebras."""
    cues = "".join(f"00:{t // 60:02}:{t % 60:02}.000 --> 00:{(t + 9) // 60:02}:{(t + 9) % 60:02}.000\n{said}\n\n"
                   for t, said in SAID.items())
    (tmp_path / "talk.vtt").write_text(f"WEBVTT\n\n{cues}", encoding="utf-8")
    (tmp_path / "zoo.md").write_text("# Zoo\n\nThe zebra of the zoo eats hay in the morning.\n", encoding="utf-8")
    hub.courses.create(me, "c")
    hub.ingest.add(me, "c", [tone(tmp_path / "talk.wav", seconds=240), tmp_path / "talk.vtt", tmp_path / "zoo.md"])
    run_jobs(hub)
    return hub.lessons.find(me, "c/talk").id


def ask(hub, me, lecture, question, at_ms, **more):
    context = Context(at_ms=at_ms, **more)
    return hub.asking.ask(me, "c", question, lesson=lecture, context=context).to_json()


def starts(row):
    return [cited["locator"]["start"] for cited in row["citations"]]


def test_that_is_what_was_said_in_the_last_minute(hub, me, lecture):
    row = ask(hub, me, lecture, WHAT, 112_000)
    assert row["moment"] == {"lesson": lecture, "start": 52.0, "end": 112.0}
    assert {"broker", "worker", "task"} <= set(row["rewritten_query"].split())
    assert row["grounded"]
    assert all(52 <= start < 112 for start in starts(row))
    other = ask(hub, me, lecture, WHAT, 40_000)
    assert all(start < 40 for start in starts(other)), "the control: another minute, another answer"


def test_it_leans_on_the_minute_and_not_on_the_question_before_it(hub, me, lecture):
    row = ask(hub, me, lecture, WHAT, 112_000, previous=("What does a GIN index keep?",))
    assert "GIN" not in row["rewritten_query"]


def test_a_question_that_stands_alone_is_asked_as_it_is_and_answered_from_there(hub, me, lecture):
    row = ask(hub, me, lecture, "When does the worker acknowledge the task?", 112_000)
    assert row["rewritten_query"] is None
    assert all(52 <= start < 112 for start in starts(row))


def test_what_the_minute_does_not_say_is_found_in_the_lesson_then_in_the_course(hub, me, lecture):
    row = ask(hub, me, lecture, "What does a GIN index keep for every word?", 112_000)
    assert starts(row)[0] == 10.0
    row = ask(hub, me, lecture, "What does the zebra of the zoo eat?", 112_000)
    assert row["citations"][0]["title"] == "zoo"
    row = ask(hub, me, lecture, "Who won the football cup?", 112_000)
    assert (row["grounded"], row["moment"]["end"]) == (False, 112.0)


@pytest.mark.parametrize("at_ms", [0, 5_000, 10**12])
def test_where_nothing_was_said_it_is_a_question_like_any_other(hub, me, lecture, at_ms):
    row = ask(hub, me, lecture, "What does a GIN index keep for every word?", at_ms)
    assert (row["grounded"], row["moment"], starts(row)[0]) == (True, None, 10.0)
    assert not ask(hub, me, lecture, WHAT, at_ms)["grounded"]


def test_the_slide_that_was_shown_is_looked_at_too(hub, me, lecture):
    with hub.store.write() as tx:
        medium = next(asset for asset in tx.assets.of_lesson(lecture) if asset.primary)
        deck = tx.assets.of_lesson(hub.lessons.find(me, "c/zoo").id)[0]
        text = "Prefetch multiplier: how many tasks a worker reserves."
        tx.passages.replace(deck.id, [
            Passage(text=text, locator=PageRef(page=n), sentences=(Sentence(text=text, locator=PageRef(page=n)),))
            for n in (1, 2)
        ])
        tx.session.run(text_of("UPDATE asset SET lesson_id = :l WHERE id = :a"),
                       {"l": lecture, "a": deck.id})
        span = SlideSpan(page=2, start_ms=60_000, end_ms=120_000, score=1.0, deck=deck.id, media=medium.id)
        tx.slides.replace(deck.id, medium.id, [span])
    row = ask(hub, me, lecture, "What is the prefetch multiplier?", 112_000)
    assert [cited["locator"] for cited in row["citations"]] == [{"kind": "page", "page": 2}]


def test_a_second_needs_a_lesson_that_is_there(hub, me, lecture):
    with pytest.raises(UserError, match="belongs to a lesson"):
        hub.asking.ask(me, "c", WHAT, context=Context(at_ms=1000))
    with pytest.raises(NotFound):
        hub.asking.ask(me, "c", WHAT, lesson="nope", context=Context(at_ms=1000))


def test_no_model_is_asked_to_rewrite_what_leans_on_the_minute(hub, me, lecture, monkeypatch):
    monkeypatch.setattr("knowhub_ext.services.rewriting.accepted", lambda *_: pytest.fail("it was asked"))
    assert ask(hub, me, lecture, WHAT, 112_000)["rewritten_query"]
