"""`knowhub history`: what was asked is listed, shown again, deleted and brought back."""

from __future__ import annotations

import json

import pytest

DIES = "What happens to the task if the worker dies?"


def listed(run):
    return json.loads(run("history", "demo", "--json")[1])


def test_what_is_asked_is_listed_and_shown_again(run, course):
    answer = json.loads(run("ask", "demo", DIES, "--json")[1])
    row = listed(run)
    assert ([item["entry"] for item in row["items"]], row["next"], row["kept"]) == ([answer["entry"]], None, True)
    _, out, _ = run("history", "demo")
    assert out.startswith(answer["entry"])
    assert out.rstrip().endswith(DIES)
    _, out, _ = run("history", "demo", "--show", answer["entry"])
    assert out.startswith(f"{DIES}\n\nIf the worker dies then, the task is lost. [1]")


def test_a_batch_is_not_kept(run, course, tmp_path):
    (tmp_path / "q.txt").write_text(f"{DIES}\n")
    run("ask", "demo", "--batch", str(tmp_path / "q.txt"))
    assert listed(run)["items"] == []


def test_deleting_one_or_all_says_how_it_comes_back(run, course):
    for question in (DIES, "What is a zebra?"):
        run("ask", "demo", question)
    entry = listed(run)["items"][0]["entry"]
    code, out, err = run("history", "demo", "--delete", entry)
    assert (code, out) == (0, "")
    assert "--restore" in err
    every = json.loads(run("history", "demo", "--delete-all", "--json")[1])
    assert (every["deleted"], listed(run)["items"]) == (1, [])
    assert run("history", "demo", "--restore", every["deletion"])[0] == 0
    assert [item["answer"]["question"] for item in listed(run)["items"]] == [DIES]
    assert "nothing to delete" in [run("history", "demo", "--delete-all"), run("history", "demo", "--delete-all")][1][2]


@pytest.mark.parametrize("wrong", [
    ("history", "nope"), ("history", "demo", "--show", "nope"), ("history", "demo", "--delete", "nope"),
    ("history", "demo", "--restore", "nope"), ("history", "demo", "--delete-all", "--show", "x"),
])  # fmt: skip
def test_a_mistake_is_one_sentence(run, course, wrong):
    code, out, err = run(*wrong)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("knowhub: ")
