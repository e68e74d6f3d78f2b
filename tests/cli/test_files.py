"""`knowhub file`: what is there, out of search and back."""

from __future__ import annotations

import json


def test_a_file_is_taken_out_and_put_back(run, course):
    [row] = json.loads(run("file", "list", "demo", "--json")[1])["items"]
    assert (row["name"], row["kind"], row["status"]) == ("talk.vtt", "captions", "ready")
    code, _, err = run("file", "remove", row["asset"])
    assert code == 0
    assert f"knowhub file restore {row['asset']}" in err
    assert json.loads(run("search", "demo", "visibility timeout", "--json")[1])["hits"] == []
    assert json.loads(run("file", "list", "demo", "--json")[1])["items"] == []
    [gone] = json.loads(run("file", "list", "demo", "--removed", "--json")[1])["items"]
    assert gone["asset"] == row["asset"]
    assert "talk.vtt" in run("file", "list", "demo", "--removed")[1]
    assert "'talk.vtt' is back." in run("file", "restore", row["asset"])[2]
    assert json.loads(run("search", "demo", "visibility timeout", "--json")[1])["hits"]
    assert "No file was removed." in run("file", "list", "demo", "--removed")[2]


def test_mistakes_are_told_with_their_cure(run, course):
    code, _, err = run("file", "restore", "01a2")
    assert code == 2
    assert "knowhub file list COURSE --removed" in err
    assert run("file", "remove", "01a2")[0] == 2
