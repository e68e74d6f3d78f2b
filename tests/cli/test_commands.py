"""The command line's contract: documents on stdout alone, messages on stderr, 0 / 2 / 1."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from knowhub_ext.cli import following, knowhub
from knowhub_ext.domain.answers import REFUSAL
from knowhub_ext.testing.hubs import VTT
from tests.standins import crossencoders


def test_add_prints_its_document_and_nothing_else_on_stdout(course):
    assert course["course"] == "demo"
    [asset] = course["lessons"][0]["assets"]
    assert {"asset", "kind", "path", "status", "error", "notes", "place"} == set(asset)
    assert (asset["kind"], asset["status"], asset["error"], asset["notes"]) == ("captions", "ready", None, [])
    assert len(course["jobs"]) == 1


def test_what_was_left_out_of_a_file_is_said_on_stderr_and_in_the_document(run, course, tmp_path):
    path = tmp_path / "bad.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\ngood\n\n2\n00:00:04,000 --> 00:00:03,000\nbad\n")
    code, out, err = run("add", "demo", str(path), "--json")
    [asset] = json.loads(out)["lessons"][0]["assets"]
    said = "line 6: a cue whose end is before its start was left out: “00:00:04,000 --> 00:00:03,000”."
    assert (code, asset["status"], asset["notes"]) == (0, "ready", [{"line": 6, "page": None, "message": said}])
    assert f"bad.srt: {said}" in err


def test_search_ask_transcript_and_jobs_print_one_document(run, course):
    hits = json.loads(run("search", "demo", "posting list", "--json", "--limit", "1")[1])
    assert {"query", "took_ms", "hits"} == set(hits)
    assert {"rank", "lesson", "asset", "title", "locator", "text", "preview", "score"} == set(hits["hits"][0])
    answer = json.loads(run("ask", "demo", "What happens if the worker dies?", "--json")[1])
    assert answer["grounded"] is True
    assert {"n", "lesson", "asset", "title", "kind", "locator", "quote"} == set(answer["citations"][0])
    row = json.loads(run("transcript", "demo/talk", "--json")[1])
    assert row["segments"][0]["start"] == 1.0
    [job] = json.loads(run("jobs", "--json")[1])
    assert {"job", "kind", "state", "stage", "progress", "eta_s", "attempts", "error"} <= set(job)


def test_a_hit_is_printed_as_its_sentence_with_bold_marks_on_a_terminal_alone(run, course):
    """One line a hit below its place, however long its passage is."""
    _, out, _ = run("search", "demo", "posting lists", "--limit", "1")
    assert out.splitlines() == [" 1. talk · 0:20–0:29", "    0:20  A GIN index keeps a posting list for every word."]
    on_terminal = CliRunner().invoke(knowhub, ["search", "demo", "posting lists", "--limit", "1"], color=True)
    assert "keeps a \x1b[1mposting list\x1b[0m for" in on_terminal.output


def test_a_refusal_is_a_success_without_citations(run, course):
    code, out, _ = run("ask", "demo", "Who won the 1974 world cup?", "--json")
    row = json.loads(out)
    assert (code, row["grounded"], row["citations"], row["answer"]) == (0, False, [], REFUSAL)


def test_a_follow_up_is_asked_after_the_question_before_it(run, course):
    code, out, _ = run("ask", "demo", "and why?", "--after", "What happens to the task if the worker dies?")
    assert code == 0
    assert out.splitlines()[:2] == ["Searched for: task worker dies", ""]
    assert "If the worker dies then, the task is lost. [1]" in out


def test_a_second_without_its_lesson_is_a_mistake(run, course):
    code, _, err = run("ask", "demo", "and that?", "--at", "1:41")
    assert (code, err.count("\n")) == (2, 1)
    assert "belongs to a lesson" in err
    assert run("ask", "demo", "Who?", "--at", "x")[0] == 2


def test_a_source_is_printed_with_its_kind(run, course, tmp_path):
    (tmp_path / "notes.md").write_text("# Redis\n\nThe visibility timeout is one hour by default.\n")
    assert run("add", "demo", str(tmp_path / "notes.md"))[0] == 0
    _, out, _ = run("ask", "demo", "How long is the visibility timeout by default?")
    assert "[1] document · notes · characters" in out
    _, out, _ = run("ask", "demo", "What happens to the task if the worker dies?")
    assert "[1] captions · talk · 0:05–0:09" in out


def test_batch_prints_one_document_a_line(run, course, tmp_path):
    (tmp_path / "q.txt").write_text("worker dies\n\nposting list\n")
    _, out, _ = run("search", "demo", "--batch", str(tmp_path / "q.txt"))
    assert [json.loads(line)["query"] for line in out.splitlines()] == ["worker dies", "posting list"]


@pytest.mark.parametrize("form", ["vtt", "srt", "txt", "ttml", "ass"])
def test_a_transcript_comes_in_every_format(run, course, form):
    code, out, _ = run("transcript", "demo/talk", "--format", form)
    assert code == 0
    assert "If the worker dies then, the task is lost." in out


@pytest.mark.parametrize("arguments", [
    ("add", "nope", "."), ("course", "show", "nope"), ("course", "create", "Not A Slug"), ("frobnicate",),
    ("search", "demo"), ("job", "cancel", "nope"), ("transcript", "nope/nope"), ("ask", "demo", "x", "--mode", "model"),
    ("restore", "/nonexistent"), ("backup", "/nonexistent/all.tar"), ("course", "purge", "x"),
    ("add", "demo", "/no/such/file.mp4"),
])
def test_a_users_mistake_is_one_line_on_stderr_and_exit_2(run, course, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("knowhub: ")
    assert err.rstrip().endswith((".", "`"))


def test_our_own_fault_is_exit_1(run, course, monkeypatch):
    from knowhub_ext.errors import DiskFull
    from knowhub_ext.services.courses import Courses

    monkeypatch.setattr(Courses, "create", lambda *a: (_ for _ in ()).throw(DiskFull()))
    code, _, err = run("course", "create", "x")
    assert code == 1
    assert "full" in err


def test_a_failed_file_still_prints_the_document_and_exits_2(run, course, tmp_path):
    (tmp_path / "bad.ipynb").write_text("{")
    code, out, _ = run("add", "demo", str(tmp_path / "bad.ipynb"), "--json")
    assert code == 2
    assert json.loads(out)["lessons"][0]["assets"][0]["error"]["slug"] == "unreadable-file"


def test_no_wait_without_a_worker_queues_and_says_so(run, course, tmp_path):
    (tmp_path / "more.vtt").write_text(VTT)
    code, out, err = run("add", "demo", str(tmp_path / "more.vtt"), "--no-wait", "--json")
    assert code == 0
    assert json.loads(out)["lessons"][0]["assets"][0]["status"] == "queued"
    assert "No worker is running" in err
    _, out, _ = run("jobs", "--json")
    assert [row["state"] for row in json.loads(out)] == ["queued", "done"]


def test_jobs_beyond_the_first_page_are_listed_too(run, course, tmp_path, monkeypatch):
    monkeypatch.setattr(following, "_PAGE", 2)
    for n in range(4):
        (tmp_path / f"note-{n}.md").write_text(f"# Note {n}\n")
    run("add", "demo", *(str(tmp_path / f"note-{n}.md") for n in range(4)))
    rows = json.loads(run("jobs", "--json")[1])
    assert len({row["job"] for row in rows}) == len(rows) == 5


def test_a_watched_job_is_printed_when_it_changes_and_the_watch_ends_with_the_last(run, monkeypatch):
    looks = [[("a", "running", 0.1), ("b", "queued", 0.0)], [("a", "running", 0.1), ("b", "queued", 0.0)],
             [("a", "done", 1.0), ("b", "running", 0.5)], [("a", "done", 1.0), ("b", "failed", 0.5)]]
    waits = []
    monkeypatch.setattr(following, "_until_interrupted", lambda: nullcontext(SimpleNamespace(within=waits.append)))
    monkeypatch.setattr(following._Wanted, "rows", lambda wanted: [
        {"job": job, "state": state, "progress": share} for job, state, share in looks[len(waits)]
    ])
    code, out, _ = run("jobs", "--watch", "--json")
    seen = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(row["job"], row["state"]) for row in seen] == [
        ("a", "running"), ("b", "queued"), ("a", "done"), ("b", "running"), ("b", "failed"),
    ]


def test_delete_restore_and_purge(run, course):
    gone = json.loads(run("course", "delete", "demo", "--json")[1])
    assert run("search", "demo", "worker")[0] == 2
    assert run("course", "restore", gone["id"])[0] == 0
    assert run("search", "demo", "worker")[0] == 0
    run("course", "delete", "demo")
    assert json.loads(run("course", "purge", gone["id"], "--yes", "--json")[1])["blobs_removed"] == 1
    assert json.loads(run("course", "list", "--json")[1]) == []


def test_backup_and_restore_bring_everything_back(run, course, tmp_path):
    archive = tmp_path / "all.tar"
    assert run("backup", str(archive))[0] == 0
    run("course", "delete", "demo")
    code, out, _ = run("restore", str(archive), "--json")
    assert code == 0
    assert run("ask", "demo", "What happens if the worker dies?")[0] == 0
    assert json.loads(out)["previous"]
    archive.write_bytes(b"no archive")
    assert run("restore", str(archive))[0] == 2
    assert run("course", "show", "demo")[0] == 0  # untouched


def test_media_that_are_missing_are_said_and_counted(run, course, tmp_path):
    (blob,) = (tmp_path / "data" / "blobs").iterdir()
    blob.unlink()
    code, _, err = run("backup", str(tmp_path / "all.tar"))
    assert (code, "1 media files that the database lists are missing from the data folder" in err) == (0, True)
    assert json.loads(run("backup", str(tmp_path / "more.tar"), "--json")[1])["missing"] == 1
    assert "missing from the backup" in run("restore", str(tmp_path / "all.tar"))[2]


def test_restore_is_refused_while_another_database_is_set(run, course, tmp_path, monkeypatch):
    run("backup", str(tmp_path / "all.tar"))
    monkeypatch.setenv("KNOWHUB_DATABASE_URL", "postgresql+psycopg://ada:hush@db/knowhub")
    code, _, err = run("restore", str(tmp_path / "all.tar"))
    assert (code, "KNOWHUB_DATABASE_URL" in err, "hush" in err) == (2, True, False)
    monkeypatch.delenv("KNOWHUB_DATABASE_URL")
    assert run("course", "show", "demo")[0] == 0


def test_restore_waits_for_no_one_but_names_who_has_the_data_open(run, course, tmp_path):
    archive = tmp_path / "all.tar"
    run("backup", str(archive))
    code = (
        "import sys, time\nfrom knowhub_ext.config import load\nfrom knowhub_ext.hub import build\n"
        "hub = build(load())\nprint('open', flush=True)\ntime.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "open\n"
        status, _, err = run("restore", str(archive))
        assert status == 2
        assert f"process {holder.pid}" in err
    finally:
        holder.kill()
        holder.wait()


def test_doctor_says_what_is_in_use_and_why(run):
    code, out, _ = run("doctor", "--json")
    rows = {row["what"]: row for row in json.loads(out)["checks"]}
    assert code == 0
    assert rows["speech recognition"]["found"] == "captions"
    assert rows["answers"]["why"]
    assert (rows["reading hits again"]["found"], rows["reading hits again"]["ok"]) == ("none", True)


def test_doctor_tries_the_reranker_that_is_set(run, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    options = {"folder": str(tmp_path / "model")}
    settings = {"KnowHub": {"reranker": "cross_encoder", "reranker_options": options}}
    (tmp_path / "jupyter_knowhub_config.json").write_text(json.dumps(settings))
    code, out, _ = run("doctor", "--json")
    [row] = [row for row in json.loads(out)["checks"] if row["what"] == "reading hits again"]
    assert (code, row["ok"]) == (1, False), "every search would end like this"
    assert "model.onnx" in row["found"]
    assert "reranker_options" in row["cure"]
    crossencoders.write(tmp_path / "model")
    _, out, _ = run("doctor", "--json")
    [row] = [row for row in json.loads(out)["checks"] if row["what"] == "reading hits again"]
    assert (row["ok"], row["found"]) == (True, "cross_encoder · cross-encoder:model")


def walk(command: click.Command, path: str = "knowhub"):
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from walk(child, f"{path} {name}")


def test_every_command_has_help_and_takes_json_and_data():
    for path, command in walk(knowhub):
        assert command.help, f"{path} is missing its help"
        if not isinstance(command, click.Group):
            assert {"as_json", "data"} <= {p.name for p in command.params}, path
