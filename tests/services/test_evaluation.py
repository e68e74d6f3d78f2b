"""Sets of questions are read as they are written, judged by what is known, and measured beside the peers."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from knowhub_ext.domain.locators import TextSpan, TimeSpan
from knowhub_ext.errors import UserError
from knowhub_ext.hub.parts import exact_index
from knowhub_ext.services.evaluation.judging import (
    Place,
    cites_right,
    first_right,
    is_right,
    off_from_said_ms,
    opens_off_ms,
)
from knowhub_ext.services.evaluation.measuring import Answered, answer_figures, foreign
from knowhub_ext.services.evaluation.peers import NAMES
from knowhub_ext.services.evaluation.running import OURS, Running, Tools
from knowhub_ext.services.evaluation.sets import Paragraph, Question, QuestionSet, Stretch, halves, read_own, read_sets
from knowhub_ext.testing.hubs import VTT, run_jobs


def lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """A folder with a set of each form."""
    base = tmp_path / "sets"
    lines(base / "lectures" / "questions.jsonl", [
        {"question": "When is the task lost?", "video": "celery", "start": 5.5, "end": 9},
        {"question": "What keeps a posting list for every word?", "video": "celery", "start": 20, "end": 24},
    ])
    (base / "lectures" / "celery.vtt").write_text(VTT, encoding="utf-8")
    (base / "lectures" / "README.md").write_text("No lecture.", encoding="utf-8")
    lines(base / "articles" / "questions.jsonl", [
        {"question": "Where do zebras live?", "document": "zebra", "paragraph": "Zebras live in Africa."},
        {"question": "Who painted the ceiling?", "answerable": False},
    ])
    (base / "articles" / "zebra.md").write_text("# Zebra\n\nThey have stripes.\n\nZebras live in Africa.\n", "utf-8")
    lines(base / "claims" / "corpus.jsonl", [
        {"_id": "7", "title": "Zebras", "text": "Zebras live in Africa."},
        {"_id": "8", "title": "Bears", "text": "Bears sleep."},
    ])
    queries = [{"_id": "q", "text": "zebras in Africa"}, {"_id": "unjudged", "text": "x"}]
    lines(base / "claims" / "queries_dev.jsonl", queries)
    (base / "claims" / "qrels_dev.tsv").write_text("query-id\tcorpus-id\tscore\nq\t7\t1\nq\t8\t0\n", encoding="utf-8")
    lines(base / "read" / "talk[1].json", [
        {"qa": [{"question": "What is said?", "sentence_start": 1.5, "sentence_end": 3}], "sentences": []},
    ])
    (base / "read" / "talk[1].m4a").write_bytes(b"sound")
    (base / "nothing").mkdir()
    return base


def test_the_four_forms_are_read(folder, tmp_path):
    found = read_sets(folder, tmp_path / "scratch")
    articles, claims, lectures, spoken = found
    assert [one.kind for one in found] == ["paragraphs", "documents", "seconds", "seconds"]
    assert [path.name for path in lectures.files] == ["celery.vtt"]
    assert lectures.questions[0].wanted == (Stretch(document="celery", start_ms=5_500, end_ms=9_000),)
    assert [question.answerable for question in articles.questions] == [True, False]
    assert [question.grades for question in claims.questions] == [{"7": 1}], "what nobody judged is left out"
    assert [path.name for path in claims.files] == ["7.md", "8.md"]
    assert claims.files[0].read_text("utf-8") == "# Zebras\n\nZebras live in Africa.\n"
    assert [path.name for path in spoken.files] == ["talk[1].m4a"]
    assert spoken.questions[0].wanted[0].within_ms == 2_000
    assert read_sets(folder / "lectures", tmp_path) == [lectures]


def test_a_course_has_its_own_file(tmp_path):
    lines(tmp_path / "mine.jsonl", [
        {"question": "a", "lesson": "celery", "start": 1, "end": 2},
        {"question": "b", "lesson": "Notes", "quote": "one hour"},
        {"question": "c", "answerable": False},
    ])
    own = read_own(tmp_path / "mine.jsonl")
    assert [question.answerable for question in own.questions] == [True, True, False]
    assert own.questions[1].wanted == (Paragraph(document="Notes", text="one hour", quote=True),)


@pytest.mark.parametrize(("text", "said"), [
    ('{"question": "a", "answerable": false}\n{"question"', "Line 2 of mine.jsonl is not JSON"),
    ('{"question": "a", "lesson": "x", "start": 1}', "Row 1 of mine.jsonl is no question: KeyError 'end'"),
    ('{"question": "a", "lesson": "x", "start": "soon", "end": 2}', "Row 1 of mine.jsonl is no question"),
])
def test_what_cannot_be_read_is_told_by_line(tmp_path, text, said):
    (tmp_path / "mine.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        read_own(tmp_path / "mine.jsonl")


def test_a_folder_without_a_set_is_refused(tmp_path):
    with pytest.raises(UserError, match="holds no set of questions"):
        read_sets(tmp_path, tmp_path)


def at(start, end, document="v", text=""):
    return Place(document=document, locator=TimeSpan(start_ms=start, end_ms=end), text=text)


def test_a_hit_is_right_where_it_overlaps_and_is_no_half_lecture():
    asked = Question(text="?", wanted=(Stretch(document="v", start_ms=10_000, end_ms=20_000),))
    assert is_right(asked, at(19_999, 30_000))
    assert not is_right(asked, at(20_000, 30_000)), "half-open"
    assert not is_right(asked, at(0, 60_001)), "too long to be an answer"
    assert not is_right(asked, at(10_000, 20_000, document="w"))
    assert first_right(asked, [at(0, 1), at(5, 9), at(12_000, 13_000)]) == 3
    assert first_right(asked, []) is None
    assert opens_off_ms(asked, at(7_000, 20_000)) == 3_000


def test_a_citation_of_a_sentence_opens_within_two_seconds_of_it():
    asked = Question(text="?", wanted=(Stretch(document="v", start_ms=10_000, end_ms=15_000, within_ms=2_000),))
    assert cites_right(asked, at(8_000, 9_000))
    assert cites_right(asked, at(6_000, 10_500)), "it holds the beginning"
    assert not cites_right(asked, at(12_001, 15_000)), "though it overlaps"
    assert is_right(asked, at(12_001, 15_000))


def test_a_citation_of_the_right_sentence_is_told_by_its_words_and_judged_by_its_second():
    wanted = Stretch(document="v", start_ms=10_000, end_ms=15_000, text="The task is lost when the worker dies.")
    asked = Question(text="?", wanted=(wanted,))
    assert off_from_said_ms(asked, at(11_500, 15_000, text="the task is lost when a worker dyes")) == 1_500
    assert off_from_said_ms(asked, at(7_000, 15_000, text="And so the task is lost when the worker dies")) == 3_000
    assert off_from_said_ms(asked, at(10_000, 15_000, text="A broker keeps messages.")) is None
    assert off_from_said_ms(asked, at(10_000, 15_000, document="w", text=wanted.text)) is None
    assert off_from_said_ms(Question(text="?", wanted=(replace(wanted, text=""),)), at(1, 2, text="a")) is None


def test_function_words_make_no_sentence_the_right_one():
    said = "It was the first of the lost tasks in the queue."
    wanted = Stretch(document="v", start_ms=10_000, end_ms=15_000, text=said)
    asked = Question(text="?", wanted=(wanted,))
    assert off_from_said_ms(asked, at(90_000, 95_000, text="This is the one that was in the lead of it.")) is None
    assert off_from_said_ms(asked, at(10_400, 15_000, text="The first lost task in a queue.")) == 400


def answered(*, told=True, off_ms=None):
    return Answered(refused=False, right=(True,), took_ms=1.0, told=told, off_ms=off_ms)


def test_of_the_questions_answered_from_the_right_sentence_those_within_two_seconds_are_counted():
    rows = [answered(off_ms=off) for off in (0, 2_000, 2_001, None, None)]
    figures = answer_figures(rows)
    assert figures["from_right_sentence"] == 0.6
    assert figures["of_these_within_2s"] == pytest.approx(2 / 3)
    none = answer_figures([answered(), answered()])
    assert none["from_right_sentence"] == 0, "that nothing is right is a figure, not none"
    assert math.isnan(none["of_these_within_2s"])
    assert "from_right_sentence" not in answer_figures([answered(told=False)]), "nobody knows which sentence it is"
    mixed = answer_figures([answered(off_ms=0), answered(told=False)])
    assert mixed["from_right_sentence"] == 1


def test_a_hit_opens_in_the_paragraph_or_holds_the_quote():
    text = TextSpan(start=0, end=9)
    asked = Question(text="?", wanted=(Paragraph(document="d", text="Zebras  live\nin Africa. They graze."),))
    assert is_right(asked, Place(document="d", locator=text, text="Zebras live in Africa. They graze."))
    assert is_right(asked, Place(document="d", locator=text, text="They graze."))
    assert not is_right(asked, Place(document="d", locator=text, text="Bears. Zebras live in Africa."))
    quoted = Question(text="?", wanted=(Paragraph(document="d", text="in Africa", quote=True),))
    assert is_right(quoted, Place(document="d", locator=text, text="Bears. Zebras live in Africa."))
    assert not is_right(quoted, Place(document="d", locator=text, text="Africa"))
    assert cites_right(quoted, Place(document="d", locator=text, text="Zebras live in Africa."))
    assert not cites_right(quoted, Place(document="d", locator=text, text="Bears."))


def test_halves_keep_the_questions_about_one_document_together():
    questions = [
        Question(text=f"{name}{n}", wanted=(Stretch(document=name, start_ms=0, end_ms=1),))
        for n in range(3) for name in "cab"
    ]
    first, second = halves([*questions, Question(text="nowhere")])
    assert {questions[n].documents.copy().pop() for n in first if n < 9} == {"a", "c"}
    assert {questions[n].documents.copy().pop() for n in second} == {"b"}


def test_foreign_questions_are_of_sets_that_share_nothing():
    def made(name, kind, *texts):
        return QuestionSet(name=name, kind=kind, files=(), questions=tuple(Question(text=text) for text in texts))

    one, shared = made("one", "seconds", "same", "mine"), made("shared", "seconds", "same", "more")
    apart, claims = made("apart", "seconds", "else"), made("claims", "documents", "claim")
    assert [q.text for q in foreign(one, [one, shared, apart, claims])] == ["else"]


@pytest.fixture
def tools(hub):
    return Tools(
        store=hub.store, searching=hub.searching, asking=hub.asking, embedder=hub.chosen.embedder,
        empty_index=exact_index,
    )


def test_own_questions_are_measured_beside_the_peers(hub, me, course, tools, tmp_path):
    lines(tmp_path / "mine.jsonl", [
        {"question": "What happens to the task if the worker dies?", "lesson": "celery", "start": 5.5, "end": 9},
        {"question": "How long is the visibility timeout by default?", "lesson": "demo notes?", "quote": "one hour"},
        {"question": "Who won the 1974 football world cup?", "answerable": False},
    ])
    running = Running(tools, me, "demo", own=True)
    own = read_own(tmp_path / "mine.jsonl")
    with pytest.raises(UserError, match="no lesson 'demo notes\\?'"):
        running.known(own)
    text = (tmp_path / "mine.jsonl").read_text("utf-8").replace("demo notes?", "notes")
    (tmp_path / "mine.jsonl").write_text(text, encoding="utf-8")
    own, ticks = running.known(read_own(tmp_path / "mine.jsonl")), []
    measured = running.rank(own, lambda: ticks.append(1))
    assert measured.questions == 2, "the one without an answer is not searched for"
    assert list(measured.systems) == [OURS, *NAMES]
    assert len(ticks) == 8
    assert measured.systems[OURS]["hit@5"] == 1
    answers = running.answer(own, lambda: None)
    assert (answers["refused"], answers["first_citation_right"]) == (0, 1)
    refusals = running.refuse(own, [Question(text="how to bake bread")], lambda: None)
    assert refusals["marked_refused"] == refusals["far_refused"] == 1
    assert refusals["answerable_refused"] == 0
    assert refusals["near_auc"] == 1, "without its lesson nothing of it is left"
    json.dumps(measured.to_json(), allow_nan=False)


def test_a_hit_that_opens_at_the_heading_above_the_paragraph_is_right(hub, me, tools, tmp_path):
    bears, zebras = "Bears live in woods and eat honey. " * 4, "Zebras live in Africa and eat grass. " * 4
    (tmp_path / "animals.md").write_text(f"# Of bears\n\n{bears}\n\n# Of zebras\n\n{zebras}\n", encoding="utf-8")
    hub.courses.create(me, "zoo", "Zoo")
    hub.ingest.add(me, "zoo", [tmp_path / "animals.md"])
    run_jobs(hub)
    wanted = Paragraph(document="animals", text=zebras)
    asked = QuestionSet(name="zoo", kind="paragraphs", files=(), questions=(
        Question(text="Of zebras: where do they live?", wanted=(wanted,)),
    ))
    found = hub.searching.search(me, "zoo", asked.questions[0].text, limit=1)[0]
    assert found.text.startswith("# Of zebras Zebras"), "control: the hit begins at the heading"
    assert Running(tools, me, "zoo").rank(asked, lambda: None).systems[OURS]["hit@1"] == 1
    other = replace(asked, questions=(Question(text="Where do bears live?", wanted=(wanted,)),))
    assert Running(tools, me, "zoo").rank(other, lambda: None).systems[OURS]["hit@1"] == 0, "control"
