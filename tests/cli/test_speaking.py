"""`knowhub speech` and `knowhub recognise`: what they show, and what they refuse."""

from __future__ import annotations

import json

import pytest

from knowhub_ext.testing.fixtures import video
from knowhub_ext.testing.hubs import VTT


@pytest.fixture
def lesson(run, tmp_path):
    video(tmp_path / "talk.mp4", seconds=30)
    (tmp_path / "talk.vtt").write_text(VTT)
    (tmp_path / "talk.md").write_text("# PostgreSQL\n\nProse.\n")
    assert run("course", "create", "demo")[0] == 0
    files = [str(tmp_path / f"talk.{suffix}") for suffix in ("mp4", "vtt", "md")]
    assert run("add", "demo", *files)[0] == 0
    return "demo/talk"


def test_speech_shows_words_with_their_files_and_the_settings(run, lesson):
    code, out, _ = run("speech", "demo", "--json")
    row = json.loads(out)
    assert code == 0
    word = {"word": "PostgreSQL", "source": "document", "from": "talk.md", "kept": True, "given": True}
    assert row["hot_words"] == [word]
    assert (row["model"], row["language"], row["task"]) == ("auto", None, "transcribe")
    assert (row["limit"], row["fill"]) == (40, 25)
    assert "* PostgreSQL" in run("speech", "demo")[1]


def test_recognise_leaves_captions_made_by_hand_unless_asked(run, lesson):
    code, out, err = run("recognise", lesson, "--no-wait")
    assert (code, out) == (2, "")
    assert "caption file" in err
    stretch = ("--from", "0:05", "--to", "20")
    code, out, _ = run("recognise", lesson, "--no-wait", "--replace-captions", "--json", *stretch)
    row = json.loads(out)
    assert (code, row["kind"], row["state"]) == (0, "recognise", "queued")


@pytest.mark.parametrize("wish", [
    ("--from", "1:61"), ("--from", "soon"), ("--from", "20", "--to", "10"), ("--from", "31"), ("--from", "-1"),
])
def test_a_stretch_that_is_none_is_a_users_mistake(run, lesson, wish):
    code, out, err = run("recognise", lesson, "--replace-captions", *wish)
    assert (code, out) == (2, "")
    assert err.startswith("knowhub: ")


def test_a_lesson_that_does_not_exist_is_a_users_mistake(run, lesson):
    assert run("recognise", "demo/nope")[0] == 2
    assert run("speech", "nope")[0] == 2


def test_a_language_is_a_code_or_auto(run, lesson):
    code, out, err = run("recognise", lesson, "--replace-captions", "--language", "klingon")
    assert (code, out) == (2, "")
    assert "There is no language 'klingon'" in err
    assert run("recognise", lesson, "--replace-captions", "--no-wait", "--language", "auto")[0] == 0
