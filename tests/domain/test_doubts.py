"""What nobody said is told from what somebody said, repeated or not."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.doubts import Heard, is_speech, is_suspect, repeats, without_loops
from knowhub_ext.domain.segments import Word

HOT_WORDS = ("Celery", "Redis", "PostgreSQL")


def said(text: str, seconds: float, *, each_ms: int = 0) -> list[Word]:
    """Words spread evenly over so many seconds, or `each_ms` long one after the other."""
    parts = text.split()
    step = each_ms or round(seconds * 1000 / len(parts))
    return [Word(start_ms=n * step, end_ms=(n + 1) * step, text=f" {part}") for n, part in enumerate(parts)]


def heard(text: str, seconds: float = 10, **about: float) -> Heard:
    return Heard(
        words=said(text, seconds), seconds=seconds, no_speech=about.get("no_speech", 0.05),
        confidence=about.get("confidence", -0.2), compression=about.get("compression", 1.2),
    )


FINE = heard("The worker takes the task and acknowledges it after it has run to its end and not before that")


def test_what_people_say_is_neither_suspect_nor_dropped():
    assert not is_suspect(FINE)
    assert is_speech(FINE, HOT_WORDS, "")
    assert without_loops(FINE.words) == FINE.words


@pytest.mark.parametrize("hearing", [
    heard("the task " * 30, compression=9.0), heard("so it is " * 5 + "done", compression=1.9), heard("Yes.", 8),
], ids=["compresses", "a phrase five times", "too little"])
def test_loops_and_sparse_text_are_heard_again(hearing):
    assert is_suspect(hearing)


@pytest.mark.parametrize(("hearing", "before"), [
    (heard("thank you for watching " * 20, 12, compression=8.0, confidence=-0.8), ""),
    (heard("Oh, oh.", 20, no_speech=0.8, confidence=-0.9), ""),
    (heard("Thank you.", 28, confidence=-0.6), ""),
    (heard("Redis, PostgreSQL.", 3, no_speech=0.5), ""),
    (heard("I am sorry about it.", 4, confidence=-0.8), "I am sorry about it."),
    (heard(". . .", 3), ""),
], ids=["loop", "no speech", "stock phrase over half a minute", "hot words read back", "the same again", "no word"])
def test_what_nobody_said_is_dropped(hearing, before):
    assert not is_speech(hearing, HOT_WORDS, before)


@pytest.mark.parametrize(("hearing", "before"), [
    (heard("Thank you.", 1.0, confidence=-0.3), ""),
    (heard("Redis, PostgreSQL.", 2), ""),
    (heard("Redis, PostgreSQL.", 3, no_speech=0.5), ""),
    (heard("I am sorry about it.", 2), "I am sorry about it."),
], ids=["short and sure", "hot words that were said", "no such hot words", "the same again, and sure"])
def test_control_the_same_text_where_it_was_said_is_kept(hearing, before):
    words = ("Celery",) if "3" in str(hearing.seconds) else HOT_WORDS
    assert is_speech(hearing, words, before)


def test_loops_are_found_by_length_and_times():
    assert repeats(said("a b " + "the task " * 4 + "c", 5)) == [(2, 2, 4)]
    assert repeats(said("no " * 5, 5)) == []
    assert repeats(said("no " * 6, 5)) == [(0, 1, 6)]


def test_a_loop_in_no_time_keeps_one_round_and_a_person_who_repeats_himself_keeps_all():
    fast, slow = said("start " + "the task " * 8 + "end", 0, each_ms=30), said("the task " * 8, 8)
    assert "".join(word.text for word in without_loops(fast)) == " start the task end"
    assert without_loops(slow) == slow
