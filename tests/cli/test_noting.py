"""`knowhub note`: taken at a second, listed, edited, deleted and brought back, written to a file."""

from __future__ import annotations

import json

import nbformat
import pytest


@pytest.fixture
def lesson(run, course):
    return json.loads(run("course", "show", "demo", "--json")[1])["lessons"][0]["lesson"]


def add(run, *arguments):
    code, out, err = run("note", "add", "demo/talk", *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def listed(run, *arguments):
    return json.loads(run("note", "list", "demo", *arguments, "--json")[1])


def test_a_note_is_taken_at_a_second_and_listed(run, lesson):
    note = add(run, "Why **then**?", "--at", "0:06")
    assert (note["locator"], note["quote"]) == (
        {"kind": "time", "start": 6.0, "end": 7.0}, "If the worker dies then, the task is lost."
    )
    mark = add(run, "--at", "1.5")
    assert listed(run) == {"items": [mark, note], "next": None}
    assert listed(run, "--lesson", lesson, "--words", "then?")["items"] == [note]
    assert listed(run, "--limit", "1") == {"items": [mark], "next": mark["note"]}
    assert listed(run, "--limit", "1", "--after", mark["note"])["items"] == [note]
    _, out, _ = run("note", "list", "demo")
    assert out == (
        f"talk\n  {mark['note']}  0:01–0:02  bookmark: Celery acknowledges a task before it runs.\n"
        f"  {note['note']}  0:06–0:07  Why **then**?\n"
    )
    code, out, err = run("note", "add", "demo/talk", "x", "--at", "9")
    assert (code, out) == (0, "")
    assert err.startswith("Noted at 0:09–0:10: ")


def test_it_is_edited_by_version_deleted_and_brought_back(run, course):
    note = add(run, "one", "--at", "6")["note"]
    assert json.loads(run("note", "edit", note, "two", "--version", "1", "--json")[1])["version"] == 2
    code, out, err = run("note", "edit", note, "three", "--version", "1")
    assert (code, out, "version 2" in err) == (2, "", True)
    assert "version 3" in run("note", "edit", note, "three")[2]
    code, out, err = run("note", "remove", note)
    assert (code, out) == (0, "")
    assert f"knowhub note restore {note}" in err
    assert "No notes here." in run("note", "list", "demo")[2]
    assert [row["note"] for row in listed(run, "--deleted")["items"]] == [note]
    assert "It is back at 0:06" in run("note", "restore", note)[2]
    assert [row["body"] for row in listed(run)["items"]] == ["three"]


def test_it_is_written_to_standard_output_or_to_a_new_file(run, course, tmp_path):
    add(run, "Why?", "--at", "6")
    code, out, err = run("note", "export", "demo")
    assert (code, err) == (0, "")
    assert out.startswith("# Notes: Demo\n\n## talk\n\n**0:06**\n\n> If the worker")
    file = tmp_path / "notes.ipynb"
    made = json.loads(run(
        "note", "export", "demo", "--lesson", "demo/talk", "--format", "ipynb", "--output", str(file), "--json"
    )[1])
    assert made == {"name": "notes-talk.ipynb", "notes": 1, "file": str(file), "text": None}
    nbformat.validate(nbformat.read(file, as_version=4))
    before = file.read_bytes()
    code, _, err = run("note", "export", "demo", "--output", str(file))
    assert (code, "is there already" in err, file.read_bytes()) == (2, True, before)
    assert "1 note saved in" in run("note", "export", "demo", "--output", str(tmp_path / "other.md"))[2]
    assert json.loads(run("note", "export", "demo", "--json")[1])["text"] == out


@pytest.mark.parametrize("wrong", [
    ("list", "nope"), ("add", "demo/nope", "x", "--at", "1"), ("add", "demo/talk", "x"),
    ("add", "demo/talk", "x", "--at", "1", "--page", "2"), ("add", "demo/talk", "x", "--page", "2"),
    ("edit", "nope", "x"), ("remove", "nope"), ("restore", "nope"), ("export", "nope"),
    ("export", "demo", "--output", "/nowhere/at/all.md"), ("list", "demo", "--after", "nope"),
])  # fmt: skip
def test_a_mistake_is_one_sentence(run, course, wrong):
    code, out, err = run("note", *wrong)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert err.startswith("knowhub: ")
