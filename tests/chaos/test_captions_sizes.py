"""B8: a caption file of 1 MiB, as bad as it can be, costs its reader little memory, and time in line with its size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.conftest import must_have
from tests.chaos.harness import ROOT, at_most

KIB = 1 << 10
SMALL, LARGE = 256 * KIB, 1024 * KIB
#: The most that a reader may grow by, bytes.
GROWTH = 64 << 20
#: How many times as long four times as much may take; squared it would be sixteen.
STEEP = 8
#: Below that a clock says nothing about growth, seconds.
BLINK_S = 0.02

TT = '<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
EVENTS = "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, Text\n"
#: Format -> what its file begins with, what a cue begins with and ends with, and how markup opens and closes.
FORMATS = {
    "a.vtt": ("WEBVTT\n\n", "00:01.000 --> 00:02.000\n", "\n\n", "<b>", "</b>"),
    "a.srt": ("", "1\n00:00:01,000 --> 00:00:02,000\n", "\n\n", "<i>", "</i>"),
    "a.ass": (EVENTS, "Dialogue: 0,0:00:01.00,0:00:02.00,Default,Ada,", "\n", "{\\i1}", "{\\i0}"),
    "a.sbv": ("", "0:00:01.000,0:00:02.000\n", "\n\n", "<b>", "</b>"),
    "a.ttml": (TT, '<p begin="1s" end="2s">', "</p>\n", "<span>", "</span>"),
}


def filled(unit: str, size: int) -> str:
    return unit * (size // len(unit))


def one_cue(name: str, size: int) -> str:
    """One cue that holds everything."""
    head, begin, end, *_ = FORMATS[name]
    return head + begin + filled("word ", size) + end


def lines(name: str, size: int) -> str:
    """Short lines that say nothing: half a million of them in 1 MiB."""
    head, begin, *_ = FORMATS[name]
    return head + begin + filled("a\n", size)


def empty_lines(name: str, size: int) -> str:
    """A million line ends, and a cue before and behind them."""
    head, begin, end, *_ = FORMATS[name]
    return head + begin + "a" + end + filled("\n", size) + begin + "a" + end


def cues(name: str, size: int) -> str:
    """As many cues as there is room for."""
    head, begin, end, *_ = FORMATS[name]
    return head + filled(begin + "a" + end, size)


def broken_cues(name: str, size: int) -> str:
    """Lines that look like the beginning of a cue and are none."""
    head, begin, *_ = FORMATS[name]
    return head + filled(begin.replace("1", "x").strip() + "\n", size)


def nested(name: str, size: int) -> str:
    """Markup in markup, all of it closed."""
    head, begin, end, opens, closes = FORMATS[name]
    depth = size // len(opens + closes)
    return head + begin + opens * depth + "a" + closes * depth + end


def opened(name: str, size: int) -> str:
    """Markup in markup, none of it closed; and what begins like markup and is none."""
    head, begin, end, opens, _ = FORMATS[name]
    return head + begin + filled(opens, size // 2) + filled(opens[0], size // 2) + end


@pytest.mark.parametrize("name", FORMATS)
def test_the_worst_files_cost_little_memory_and_time_in_line_with_their_size(
    tmp_path: Path, figure: Callable[[str], None], name: str
) -> None:
    must_have(sys.platform == "linux", "how much a process grew is measured on Linux")
    shapes = (one_cue, lines, empty_lines, cues, broken_cues, nested, opened)
    paths = []
    for shape in shapes:
        for size in (SMALL, LARGE):
            paths.append(tmp_path / f"{shape.__name__}-{size}")
            paths[-1].write_text(shape(name, size), encoding="utf-8")
    found = measured(name, paths)
    for shape, large in zip(shapes, found[1::2], strict=True):
        what = f"B8 {name[2:]}, 1 MiB, {shape.__name__}"
        figure(f"{what}: {large['seconds']:.2f} s, grown by {large['grown'] / (1 << 20):.0f} MiB")
        at_most(1, large["seconds"], what)
    for shape, small, large in zip(shapes, found[::2], found[1::2], strict=True):
        assert large["grown"] <= GROWTH, (shape.__name__, large)
        assert steepness(small, large) <= STEEP, (shape.__name__, small, large)


def test_control_a_reader_whose_time_runs_away_and_who_takes_much_memory_shows(tmp_path: Path) -> None:
    must_have(sys.platform == "linux", "how much a process grew is measured on Linux")
    paths = [tmp_path / str(size) for size in (SMALL, LARGE)]
    for path in paths:
        path.write_text(one_cue("a.vtt", int(path.name)), encoding="utf-8")
    small, large = measured("a.vtt", paths, KNOWHUB_PLANTED_BUG="1")
    assert steepness(small, large) > STEEP
    assert large["grown"] > GROWTH


def steepness(small: dict[str, float], large: dict[str, float]) -> float:
    return large["seconds"] / max(small["seconds"], BLINK_S)


def measured(name: str, paths: list[Path], **more: str) -> list[dict[str, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.captions_sizes", name, *map(str, paths)], cwd=ROOT, text=True,
        env={**os.environ, **more}, capture_output=True, timeout=300, check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == len(paths), f"one of them was the death of its reader\n{done.stderr[-3000:]}"
    return rows
