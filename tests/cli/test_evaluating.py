"""`knowhub eval`: a folder of questions in a hub of its own, or a file of questions about one's own course."""

from __future__ import annotations

import json

import pytest

from knowhub_ext.testing.hubs import VTT


@pytest.fixture
def sets(tmp_path):
    for name, question in (("lectures", "When is the task lost?"), ("other", "Who tamed the horse?")):
        folder = tmp_path / "sets" / name
        folder.mkdir(parents=True)
        row = {"question": question, "video": name, "start": 5.5, "end": 9}
        (folder / "questions.jsonl").write_text(json.dumps(row), encoding="utf-8")
        text = VTT if name == "lectures" else VTT.replace("task", "horse").replace("Celery", "A rider tamed and")
        (folder / f"{name}.vtt").write_text(text, encoding="utf-8")
    return tmp_path / "sets"


def test_a_folder_is_measured_in_a_hub_of_its_own(run, sets, tmp_path):
    code, out, err = run("eval", str(sets), "--json")
    assert code == 0, err
    first, second = json.loads(out)["sets"]
    assert [first["set"], second["set"]] == ["lectures", "other"]
    assert list(first["systems"]) == [
        "KnowHub", "FTS5, porter, bm25", "vectors", "both, reciprocal rank fusion"
    ]
    ours = first["systems"]["KnowHub"]
    assert [ours[name] for name in ("hit@1", "mrr@10", "ndcg@10", "opens_within_5s")] == [1, 1, 1, 1]
    assert first["answers"]["first_citation_right"] == 1
    assert first["refusals"]["far_refused"] == 1
    assert not (tmp_path / "data").exists(), "one's own data are not touched"


def test_the_table_names_the_peers_and_what_is_kept_is_used_again(run, sets, tmp_path):
    code, out, _ = run("eval", str(sets), "--set", "lectures", "--keep", str(tmp_path / "kept"))
    assert code == 0
    assert "hit@1" in out
    assert "both, reciprocal rank fusion" in out
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").rglob("blobs/**/*") if path.is_file()}
    assert made
    assert run("eval", str(sets), "--set", "lectures", "--keep", str(tmp_path / "kept"))[0] == 0
    assert {path: path.stat().st_mtime_ns for path in made} == made


def test_of_recordings_the_cited_second_is_measured_and_printed_with_its_aim(run, tmp_path):
    """A caption file stands for a recording: what is measured is the same."""
    folder = tmp_path / "sets" / "spoken"
    folder.mkdir(parents=True)
    (folder / "talk.vtt").write_text(VTT, encoding="utf-8")
    lost, late = "If the worker dies then, the task is lost.", "A GIN index keeps a posting list for every word."
    made = {
        "qa": [
            {"question": "When is the task lost?", "sentence_start": 5.0, "sentence_end": 9.0},
            {"question": "What keeps a posting list?", "sentence_start": 15.0, "sentence_end": 24.0},
        ],
        "sentences": [{"text": lost, "start": 5.0}, {"text": late, "start": 15.0}],
    }
    (folder / "talk.json").write_text(json.dumps(made), encoding="utf-8")
    code, out, err = run("eval", str(tmp_path / "sets"))
    assert code == 0, err
    assert "from right sentence 1.000, of these within 2s 0.500 (aim ≥ 0.80)" in out
    _, out, _ = run("eval", str(tmp_path / "sets"), "--json")
    (one,) = json.loads(out)["sets"]
    assert (one["answers"]["of_these_within_2s"], one["aims"]["of_these_within_2s"]) == (0.5, {"at_least": 0.8})


def test_a_course_of_ones_own(run, tmp_path):
    (tmp_path / "talk.vtt").write_text(VTT, encoding="utf-8")
    run("course", "create", "demo")
    run("add", "demo", str(tmp_path / "talk.vtt"))
    file = tmp_path / "mine.jsonl"
    row = {"question": "When is the task lost?", "lesson": "talk", "start": 5.5, "end": 9}
    file.write_text(json.dumps(row), encoding="utf-8")
    code, out, err = run("eval", str(file), "--course", "demo", "--json")
    assert code == 0, err
    assert json.loads(out)["sets"][0]["systems"]["KnowHub"]["hit@1"] == 1


@pytest.mark.parametrize(("arguments", "said"), [
    (["sets"], "holds no set of questions"), (["file.jsonl"], "--course COURSE"),
    (["sets", "--course", "demo"], "is a folder"), (["file.jsonl", "--course", "none"], "course"),
])
def test_mistakes_are_told_with_their_cure(run, tmp_path, arguments, said):
    (tmp_path / "sets").mkdir()
    (tmp_path / "file.jsonl").write_text("", encoding="utf-8")
    code, out, err = run("eval", str(tmp_path / arguments[0]), *arguments[1:])
    assert (code, out) == (2, "")
    assert said in err
