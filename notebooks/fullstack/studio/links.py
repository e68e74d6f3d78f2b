"""What hangs on sentence times: the ground truth of the tests, the caption file, and the cells' segments.

Times are seconds from the start of the video, to the millisecond.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from studio.script import Lecture

Truth = dict[str, list[dict[str, Any]]]


def spoken(lecture: Lecture, spans: list[tuple[float, float]]) -> list[dict[str, Any]]:
    """One `{"start", "end", "text"}` a sentence."""
    pairs = zip(lecture.sentences, spans, strict=True)
    return [
        {"start": round(start, 3), "end": round(end, 3), "text": said.text} for said, (start, end) in pairs
    ]


def read_truth(path: Path) -> Truth:
    """The stored truth of all lectures, empty when there is none yet."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_truth(path: Path, truth: Truth) -> None:
    """Store the truth, one sentence a line, so that a change of one sentence is a change of one line."""
    lessons = []
    for lesson, sentences in sorted(truth.items()):
        lines = ",\n".join("    " + json.dumps(sentence, ensure_ascii=False) for sentence in sentences)
        lessons.append(f"  {json.dumps(lesson)}: [\n{lines}\n  ]")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(lessons) + "\n}\n", encoding="utf-8")


def write_captions(path: Path, sentences: list[dict[str, Any]]) -> None:
    """A WebVTT file with one sentence a cue, broken into at most two balanced lines."""
    cues = [
        f"{number}\n{_clock(said['start'])} --> {_clock(said['end'])}\n{_two_lines(said['text'])}\n"
        for number, said in enumerate(sentences, start=1)
    ]
    path.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")


def relink(notebook: Path, lecture: Lecture, sentences: list[dict[str, Any]]) -> int:
    """Write each cell's segments from the script, and return how many cells are linked.

    Raises ValueError when the script names a cell that the notebook does not have, or when the times are
    those of another script.
    """
    if [said["text"] for said in sentences] != [said.text for said in lecture.sentences]:
        raise ValueError(f"The stored times are of another {lecture.lesson} script. Film the lecture again.")
    book = json.loads(notebook.read_text(encoding="utf-8"))
    wanted = _segments(lecture, sentences)
    if unknown := wanted.keys() - {cell["id"] for cell in book["cells"]}:
        names = ", ".join(sorted(unknown))
        raise ValueError(f"{notebook.name} has no cell {names}. Correct `cells:` in the script.")
    for cell in book["cells"]:
        cell["metadata"].pop("knowhub", None)
        if cell["id"] in wanted:
            cell["metadata"]["knowhub"] = {"segments": wanted[cell["id"]]}
    book["metadata"]["knowhub"] = {"course": "fullstack", "lesson": lecture.lesson}
    text = json.dumps(book, indent=1, sort_keys=True, ensure_ascii=False, separators=(",", ": "))
    notebook.write_text(text + "\n", encoding="utf-8")
    return len(wanted)


def _segments(lecture: Lecture, sentences: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    linked: dict[str, list[dict[str, Any]]] = {}
    for said, timed in zip(lecture.sentences, sentences, strict=True):
        times = {"start": timed["start"], "end": timed["end"]}
        segment = {"media": f"{lecture.lesson}.mp4", **times, "quote": said.text}
        for cell in said.cells:
            linked.setdefault(cell, []).append(segment)
    return linked


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def _two_lines(text: str) -> str:
    if len(text) <= 60:
        return text
    words = text.split()
    breaks = [(abs(len(" ".join(words[:at])) - len(text) / 2), at) for at in range(1, len(words))]
    at = min(breaks)[1]
    return " ".join(words[:at]) + "\n" + " ".join(words[at:])
