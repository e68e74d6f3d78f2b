"""Decks and captions through the whole pipeline: notes, pages in search and citations, slides beside speech."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from knowhub_ext.domain.locators import PageRef
from knowhub_ext.domain.media import AssetStatus
from knowhub_ext.testing import papers
from knowhub_ext.testing.fixtures import video
from knowhub_ext.testing.hubs import VTT, run_jobs
from tests.cage import bombs

DECK = [
    {"title": "Acknowledging a task", "lines": ["Celery acknowledges before it runs", "a worker that dies loses it"]},
    {"title": "acks_late", "lines": ["the broker delivers again", "visibility timeout"]},
    {"title": "GIN index", "lines": ["a posting list for every word"]},
    {"title": "B-tree", "lines": ["whole values in order", "no word inside a document"]},
]
OTHER = [{"title": f"Cooking {word}", "lines": ["with butter and salt", word]} for word in ("rice", "beans", "pasta")]


def lesson_of(hub, me, folder: Path, deck, *, vtt: str = VTT):
    folder.mkdir(exist_ok=True)
    video(folder / "talk.mp4", seconds=30)
    (folder / "talk.vtt").write_text(vtt)
    papers.deck(folder / "talk.pptx", deck)
    hub.courses.create(me, "c")
    added = hub.ingest.add(me, "c", [folder])
    run_jobs(hub)
    return added.lessons[0]["lesson"]


def detail(hub, me, lesson: str):
    return hub.lessons.detail(me, lesson, lambda path: None)


def test_a_deck_is_laid_beside_what_is_said(hub, me, tmp_path):
    found = detail(hub, me, lesson_of(hub, me, tmp_path / "d", DECK))
    deck = next(a["asset"] for a in found["assets"] if a["name"] == "talk.pptx")
    assert [(s["asset"], s["page"], s["start"], s["end"]) for s in found["slides"]] == [
        (deck, 1, 1.0, 10.0), (deck, 2, 10.0, 20.0), (deck, 3, 20.0, 25.0), (deck, 4, 25.0, 29.0)
    ]


def test_a_deck_of_something_else_is_laid_beside_nothing(hub, me, tmp_path):
    assert detail(hub, me, lesson_of(hub, me, tmp_path / "d", OTHER))["slides"] == []


def test_a_new_deck_or_new_captions_align_again(hub, me, tmp_path):
    folder = tmp_path / "d"
    lesson = lesson_of(hub, me, folder, OTHER)
    papers.deck(folder / "talk.pptx", DECK)
    hub.ingest.add(me, "c", [folder])
    run_jobs(hub)
    assert [s["page"] for s in detail(hub, me, lesson)["slides"]] == [1, 2, 3, 4]
    (folder / "talk.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:05.000\nRice.\n\n00:06.000 --> 00:09.000\nBeans.\n")
    hub.ingest.add(me, "c", [folder])
    run_jobs(hub)
    assert detail(hub, me, lesson)["slides"] == []


def test_search_and_answers_over_a_document_name_the_page(hub, me, tmp_path):
    pages = [[(72, 700, 11, "Celery acknowledges early.")], [(72, 700, 11, "Quorum queues of RabbitMQ replicate.")]]
    papers.pdf(tmp_path / "notes.pdf", pages)
    hub.courses.create(me, "c")
    hub.ingest.add(me, "c", [tmp_path / "notes.pdf"])
    run_jobs(hub)
    [hit, *_] = hub.searching.search(me, "c", "quorum queues")
    assert hit.locator == PageRef(page=2)
    answer = hub.asking.ask(me, "c", "What do quorum queues of RabbitMQ do?", mode="quote").to_json()
    assert [row["locator"] for row in answer["citations"]] == [{"kind": "page", "page": 2}]


def test_a_scan_is_empty_and_says_why(hub, me, tmp_path):
    papers.pdf(tmp_path / "scan.pdf", [[], []])
    hub.courses.create(me, "c")
    added = hub.ingest.add(me, "c", [tmp_path / "scan.pdf"])
    run_jobs(hub)
    [row] = hub.ingest.status(added).lessons[0]["assets"]
    assert (row["status"], row["error"]) == ("empty", None)
    assert "no text layer" in row["notes"][0]["message"]


def pictures_in_word(path):
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.add_picture(io.BytesIO(bombs.picture(2)))
    made.save(str(path))


@pytest.mark.parametrize(("name", "make", "said"), [
    ("scan.docx", pictures_in_word, "'scan.docx' holds pictures only; there is no text in it."),
    ("bare.docx", lambda path: papers.word(path, [("Normal", " ")]), "'bare.docx' is empty; there is no text in it."),
    ("shots.html", lambda path: path.write_text("<title>Shots</title><img src=a.png>"), "'shots.html' holds pictures"),
    ("bare.htm", lambda path: path.write_text("<title>Bare</title><script>run()</script>"), "'bare.htm' is empty;"),
])
def test_a_document_without_text_is_empty_and_says_so(hub, me, tmp_path, name, make, said):
    make(tmp_path / name)
    papers.word(tmp_path / "text.docx", [("Normal", "There is text in this one.")])
    (tmp_path / "text.html").write_text("<title>Text</title><img src=a.png><p>There is text in this one.")
    hub.courses.create(me, "c")
    added = hub.ingest.add(me, "c", [tmp_path / name, tmp_path / "text.docx", tmp_path / "text.html"])
    run_jobs(hub)
    files = {a["path"]: a for lesson in hub.ingest.status(added).lessons for a in lesson["assets"]}
    row = files.pop(str(tmp_path / name))
    assert (row["status"], row["error"]) == ("empty", None)
    assert row["notes"][0]["message"].startswith(said)
    assert [(other["status"], other["notes"]) for other in files.values()] == [("ready", [])] * 2, "control"


def test_left_out_cues_are_noted_with_their_line_until_the_file_is_corrected(hub, me, tmp_path):
    bad = VTT + "\n00:00:29.500 --> 00:00:29.000\nbackwards\n\n00:01:00.000 --> 00:01:02.000\ntoo late\n"
    lesson = lesson_of(hub, me, tmp_path / "d", DECK, vtt=bad)
    asset = next(a for a in detail(hub, me, lesson)["assets"] if a["kind"] == "captions")
    line = bad.split("\n").index("00:00:29.500 --> 00:00:29.000") + 1
    assert [(n["line"], n["message"]) for n in asset["notes"]] == [
        (line, f"line {line}: a cue whose end is before its start was left out: “00:00:29.500 --> 00:00:29.000”."),
        (None, "a cue at 00:01:00.000 begins after the recording's end: left out."),
    ]
    _, _, transcript = hub.lessons.transcript(me, lesson)
    assert max(s.end_ms for s in transcript.segments) <= 30_000
    (tmp_path / "d" / "talk.vtt").write_text(VTT)
    hub.ingest.add(me, "c", [tmp_path / "d"])
    run_jobs(hub)
    assert [a["notes"] for a in detail(hub, me, lesson)["assets"] if a["kind"] == "captions"] == [[]]


def test_an_old_format_says_what_to_save_it_as(hub, me, tmp_path):
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    hub.courses.create(me, "c")
    [row] = hub.ingest.add(me, "c", [tmp_path / "old.doc"]).lessons[0]["assets"]
    assert row["error"]["slug"] == "unsupported-file"
    assert row["error"]["cure"] == "Save old.doc as .docx in its own program and add that file."


def test_a_notebook_is_read_with_code_and_output_by_cell(hub, me, tmp_path):
    cell = {"cell_type": "code", "id": "run-it", "metadata": {}, "execution_count": 1, "source": "print(zebra_stripes)",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "okapi counted"}]}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "a.ipynb").write_text(json.dumps(book))
    hub.courses.create(me, "c")
    hub.ingest.add(me, "c", [tmp_path / "a.ipynb"])
    run_jobs(hub)
    for words in ("zebra_stripes", "okapi"):
        [hit, *_] = hub.searching.search(me, "c", words)
        assert hit.locator.to_json() == {"kind": "cell", "cell": "run-it"}


@pytest.mark.parametrize("name", ["a.pdf", "a.pptx", "a.docx"])
def test_a_damaged_document_fails_alone_with_its_cure(hub, me, tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04 not really" * 9)
    hub.courses.create(me, "c")
    added = hub.ingest.add(me, "c", [tmp_path / name])
    run_jobs(hub)
    [row] = hub.ingest.status(added).lessons[0]["assets"]
    assert row["status"] == AssetStatus.FAILED.value
    assert row["error"]["slug"] == "unreadable-file"
    assert name in row["error"]["message"]
