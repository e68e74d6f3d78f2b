"""A model proposes text; only `cite` decides which citations it may carry."""

from __future__ import annotations

import pytest

from knowhub_ext.domain.answers import REFUSAL, Answer, AnswerSentence, Citations, cite
from knowhub_ext.domain.locators import TimeSpan
from knowhub_ext.domain.passages import Passage, Sentence
from knowhub_ext.domain.quoting import best_sentences


def passage(*texts: str, asset: str = "a") -> Passage:
    rows = tuple(
        Sentence(text=t, locator=TimeSpan(start_ms=i * 5_000, end_ms=i * 5_000 + 4_000)) for i, t in enumerate(texts)
    )
    return Passage(text=" ".join(texts), locator=rows[0].locator, sentences=rows, asset_id=asset, lesson_id="l")


CELERY = passage("Celery acknowledges a task before it runs.", "If the worker dies then, the task is lost.")
GIN = passage("A GIN index keeps a posting list per word.", asset="b")


@pytest.mark.parametrize("reply", [
    "If the worker dies, the task is lost [1].", "If the worker dies, the task is lost. [1]",
    "If the worker dies, the task is lost【1】.", "If the worker dies, the task is lost (source 1).",
])
def test_a_mark_is_bound_to_the_sentence_that_supports_it(reply):
    [(text, [(index, sentence)])] = cite(reply, [CELERY, GIN])
    assert text == "If the worker dies, the task is lost."
    assert index == 0
    assert sentence.locator == TimeSpan(start_ms=5_000, end_ms=9_000)


@pytest.mark.parametrize("mark", ["[9]", "[0]", "[99]", "[3, 7]"])
def test_a_mark_of_no_passage_is_dropped(mark):
    assert cite(f"The task is lost {mark}.", [CELERY, GIN]) == [("The task is lost.", [])]


def test_a_mark_of_the_wrong_passage_is_dropped_and_the_right_one_kept():
    reply = "The task is lost when the worker dies [2][1]."
    [(_, pairs)] = cite(reply, [CELERY, GIN])
    assert [index for index, _ in pairs] == [0]


def test_an_invented_sentence_is_not_supported_whatever_it_cites():
    [(_, pairs)] = cite("RabbitMQ uses quorum queues for durability [1].", [CELERY])
    assert pairs == []


def test_each_sentence_keeps_its_own_marks():
    bound = cite("Celery acknowledges a task before it runs. [1] A GIN index keeps a posting list. [2]", [CELERY, GIN])
    assert [[i for i, _ in pairs] for _, pairs in bound] == [[0], [1]]


def test_a_mark_behind_another_scripts_full_stop_belongs_to_the_sentence_before_it():
    said = passage("索引保存每个词的列表。")
    bound = cite("索引保存每个词的列表。[1] 月亮是奶酪做的。 [1]", [said])
    assert [[i for i, _ in pairs] for _, pairs in bound] == [[0], []]


def test_an_answer_without_citations_is_a_refusal_and_shows_nothing_else():
    row = Answer(question="?", mode="model", sentences=(AnswerSentence(index=0, text="Invented."),)).to_json()
    assert row["grounded"] is False
    assert row["answer"] == REFUSAL
    assert row["citations"] == []
    assert row["sentences"] == []


def test_the_same_place_cited_twice_keeps_its_number():
    numbers = Citations()
    first = numbers.number(CELERY, CELERY.sentences[0])
    assert numbers.number(GIN, GIN.sentences[0]) == 2
    assert numbers.number(CELERY, CELERY.sentences[0]) == first == 1
    assert [c.n for c in numbers.all()] == [1, 2]


def test_the_best_supported_sentence_is_quoted_first():
    quotes = best_sentences("What happens to a task when its worker dies?", [GIN, CELERY])
    assert quotes[0].sentence.text == "If the worker dies then, the task is lost."


@pytest.mark.parametrize("question", [
    "Who won the football world cup in 1974?", "How do I bake sourdough bread?", "the of and", "",
])
def test_a_question_the_course_does_not_speak_of_gets_no_quote(question):
    assert best_sentences(question, [CELERY, GIN]) == []


def test_the_sentence_after_the_lecturers_own_question_is_the_answer():
    asked = passage("What happens to a Celery task when its worker dies?", "With the default settings it is lost.",
                    "A worker runs a Celery task and reports it.")
    quotes = best_sentences("What happens to a Celery task when its worker dies?", [asked, GIN])
    assert quotes[0].sentence.text == "With the default settings it is lost."


def test_code_is_never_quoted_as_an_answer():
    rows = (Sentence(text="lost = worker.dies(task)", locator=TimeSpan(start_ms=0, end_ms=1), code=True),)
    code = Passage(text=rows[0].text, locator=rows[0].locator, sentences=rows)
    assert best_sentences("What if the worker dies and the task is lost?", [code]) == []


@pytest.mark.parametrize("code", ["sleep(5)", "items[0]", "(404)", "a[1] + b", "f(x)[2] = y", "matrix[1,2] here"])
def test_brackets_that_belong_to_code_stay_in_the_text(code):
    reply = f"The task is lost when the worker dies, see {code} there [1]."
    [(text, _)] = cite(reply, [CELERY])
    assert text == reply.replace(" [1]", "")


def test_a_mark_glued_to_the_last_word_is_still_a_mark():
    [(text, pairs)] = cite("If the worker dies then, the task is lost[1].", [CELERY])
    assert text == "If the worker dies then, the task is lost."
    assert len(pairs) == 1
