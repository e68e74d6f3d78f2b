"""`knowhub index`: documents on stdout, what a person reads on stderr, the cure for every refusal."""

from __future__ import annotations

import json

import pytest


def shown(run):
    code, out, _ = run("index", "show", "--json")
    assert code == 0
    return json.loads(out)


def test_rebuild_makes_what_is_missing_and_nothing_twice(run, course):
    row = json.loads(run("index", "rebuild", "--json")[1])
    assert (row["jobs"], row["vectors_made"], row["stale"]) == ([], 0, [])
    assert row["change"] > 0
    row = json.loads(run("index", "rebuild", "demo", "--all", "--json")[1])
    assert (len(row["jobs"]), row["done"], row["courses"], row["model"]) == (1, 1, ["demo"], "hashing-256")
    assert row["vectors_made"] == shown(run)["totals"]["vectors"] > 0


def test_show_says_the_model_how_much_there_is_and_what_is_out_of_date(run, course):
    row = shown(run)
    assert row["chosen"] == {"model": "hashing-256", "dimensions": 256, "semantic": False}
    [model] = row["models"]
    assert (model["vectors"], model["bytes"]) == (row["totals"]["passages"], row["totals"]["passages"] * 1024)
    [one] = row["courses"]
    assert (one["course"], one["state"], one["stale"]) == ("demo", "current", 0)
    code, out, _ = run("index", "show")
    assert code == 0
    assert "hashing-256 · 256 dimensions" in out
    assert "demo" in out
    assert "complete" in out


def test_another_model_takes_over_and_the_old_one_can_be_deleted(run, course):
    code, out, err = run("index", "rebuild", "--model", "hashing-64")
    assert (code, out) == (0, "")
    assert "brought up to date with hashing-64" in err
    assert shown(run)["courses"][0]["model"] == "hashing-64"
    assert "used by no course" in run("index", "show")[1]
    code, _, err = run("index", "delete", "hashing-256")
    assert code == 2
    assert "--yes" in err
    code, out, _ = run("index", "delete", "hashing-256", "--yes", "--json")
    assert code == 0
    assert json.loads(out)["deleted"] > 0
    assert [model["model"] for model in shown(run)["models"]] == ["hashing-64"]


def test_what_is_in_use_is_not_deleted_and_a_model_that_is_not_here_is_refused(run, course):
    code, _, err = run("index", "delete", "hashing-256", "--yes")
    assert code == 2
    assert "in use by demo" in err
    code, _, err = run("index", "rebuild", "--model", "nonesuch")
    assert code == 2
    assert "Choose one of hashing (hashing-256)" in err
    assert run("index", "rebuild", "nonesuch")[0] == 2


def test_without_waiting_it_says_that_they_wait_and_cancel_takes_them_back(run, course):
    code, out, err = run("index", "rebuild", "--model", "hashing-64", "--no-wait", "--json")
    assert code == 0
    assert len(json.loads(out)["jobs"]) == 1
    assert "No worker is running" in err
    row = shown(run)["courses"][0]
    assert (row["state"], row["coming"], row["jobs"]) == ("building", "hashing-64", 1)
    assert json.loads(run("index", "cancel", "--json")[1]) == {"cancelled": 1}
    row = shown(run)["courses"][0]
    assert (row["state"], row["coming"], row["jobs"], row["model"]) == ("current", None, 0, "hashing-256")


def test_doctor_says_when_words_alone_are_searched(run, course, monkeypatch):
    def line():
        rows = json.loads(run("doctor", "--json")[1])["checks"]
        return next(row for row in rows if row["what"] == "vectors")

    assert line()["ok"]
    monkeypatch.setattr("knowhub_ext.backends.embedders.hashing.HashingEmbedder.named", lambda model: None)
    assert run("index", "rebuild", "--all")[0] == 0
    assert line()["ok"], "control"
    monkeypatch.setattr("knowhub_ext.services.embedding.Embedders.named", lambda self, model: None)
    row = line()
    assert not row["ok"]
    assert "demo" in row["found"]
    assert "index rebuild" in row["cure"]


@pytest.mark.parametrize("old", ["passage SET cut = 1", "vector SET recipe = 1"])
def test_doctor_says_when_something_is_out_of_date(run, course, tmp_path, old):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "data" / "knowhub.sqlite3")) as database, database:
        database.execute(f"UPDATE {old}")
    rows = json.loads(run("doctor", "--json")[1])["checks"]
    row = next(row for row in rows if row["what"] == "vectors")
    assert not row["ok"]
    assert not row["needed"], "search works"
    assert "of date" in row["found"]
