"""The sample course holds together: what is shipped agrees with its scripts and with the exact sentence times."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest
import yaml

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "notebooks" / "fullstack"
TRUTH = json.loads((ROOT / "tests" / "fixtures" / "fullstack_truth.json").read_text(encoding="utf-8"))
PLAN = yaml.safe_load((COURSE / "course.yml").read_text(encoding="utf-8"))
LESSONS = sorted(TRUTH)


def notebook(lesson: str) -> dict[str, Any]:
    return json.loads((COURSE / f"{lesson}.ipynb").read_text(encoding="utf-8"))


def segments(lesson: str) -> list[dict[str, Any]]:
    links = (cell["metadata"].get("knowhub", {}) for cell in notebook(lesson)["cells"])
    return [segment for link in links for segment in link.get("segments", ())]


def test_the_course_file_names_what_is_there_and_only_one_transcript() -> None:
    files = [name for lesson in PLAN["lessons"] for name in lesson["files"]]
    assert sorted(lesson["slug"] for lesson in PLAN["lessons"]) == LESSONS
    assert [name for name in files if not (COURSE / name).is_file()] == []
    assert [Path(name).suffix for name in files].count(".vtt") == 1
    assert {path.name for path in COURSE.glob("*.vtt")} <= set(files)
    assert all(len(lesson["questions"]) == 3 for lesson in PLAN["lessons"])
    assert {"Celery", "Redis", "PostgreSQL", "GIN", "B-tree"} <= set(PLAN["hot_words"])


def test_the_course_stays_small() -> None:
    assert sum(path.stat().st_size for path in COURSE.rglob("*") if path.is_file()) <= 15_000_000


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_video_is_h264_and_aac_of_two_to_four_minutes_and_as_long_as_its_sentences(lesson: str) -> None:
    with av.open(str(COURSE / f"{lesson}.mp4")) as media:
        codecs = {stream.type: stream.codec_context.name for stream in media.streams}
        seconds = media.duration / av.time_base
        assert "synthetic" in media.metadata["comment"]
    assert codecs == {"video": "h264", "audio": "aac"}
    assert 120 <= seconds <= 240
    assert 1 <= seconds - TRUTH[lesson][-1]["end"] <= 3


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_video_can_be_played_before_it_is_loaded(lesson: str) -> None:
    head = (COURSE / f"{lesson}.mp4").read_bytes()
    assert 0 < head.find(b"moov") < head.find(b"mdat")


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_cell_is_linked_to_the_exact_time_of_a_sentence(lesson: str) -> None:
    exact = {(said["start"], said["end"], said["text"]) for said in TRUTH[lesson]}
    linked = segments(lesson)
    assert len(linked) >= 3
    assert {segment["media"] for segment in linked} == {f"{lesson}.mp4"}
    assert {(segment["start"], segment["end"], segment["quote"]) for segment in linked} <= exact
    assert notebook(lesson)["metadata"]["knowhub"] == {"course": "fullstack", "lesson": lesson}


@pytest.mark.parametrize("lesson", LESSONS)
def test_sentences_follow_each_other_without_overlap(lesson: str) -> None:
    said = TRUTH[lesson]
    assert all(one["start"] < one["end"] < other["start"] for one, other in pairwise(said))


def test_the_script_changes_nothing_that_is_already_linked() -> None:
    watched = [*COURSE.glob("*.ipynb"), *COURSE.glob("*.vtt")]
    before = {path: path.read_bytes() for path in watched}
    subprocess.run([sys.executable, COURSE / "make_media.py", "--relink"], check=True, capture_output=True)
    assert {path.name for path in watched if path.read_bytes() != before[path]} == set()


def test_stored_outputs_are_what_the_notebooks_print() -> None:
    argv = ["-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", str(COURSE)]
    ran = subprocess.run([sys.executable, *argv], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-4000:]
