"""Which cage is chosen, what it lets the child read, and what may cross: values checked against their types."""

from __future__ import annotations

import platform
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from knowhub_ext.backends.cage import forms, kernel, places, seccomp, walls
from knowhub_ext.backends.cage.caged import CagedReader, CagedTranscriber, target_of
from knowhub_ext.backends.cage.limits import MB, limits_of
from knowhub_ext.backends.cage.tasks import Captions
from knowhub_ext.backends.readers.notebook import NotebookReader
from knowhub_ext.backends.readers.text import TextReader
from knowhub_ext.domain.documents import Block, CellLink, Document
from knowhub_ext.domain.jobs import Stage
from knowhub_ext.domain.locators import CellRef, PageRef, TextSpan, TimeSpan
from knowhub_ext.domain.media import MediaInfo
from knowhub_ext.domain.segments import Provenance, Segment, Word
from knowhub_ext.errors import MissingBackend, MissingCage, UnreadableFile
from knowhub_ext.hub.cages import standing
from knowhub_ext.ports import SpeechRequest
from knowhub_ext.testing import fixtures
from tests.cage.watching import watched

ROOT = Path(__file__).parents[2]
REFUSES = """#!/bin/sh
echo "bwrap: No permissions to create new namespace." >&2
exit 1
"""


@pytest.fixture
def forbidding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bubblewrap that cannot start, as in a container that allows no namespaces."""
    (tmp_path / "bwrap").write_text(REFUSES)
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_where_bubblewrap_cannot_start_the_kernel_s_own_limits_are_used_and_why_is_said(forbidding: None) -> None:
    wall = walls._choose("auto")
    assert (wall.kind, wall.why) == ("limits", "bubblewrap cannot start here: No permissions to create new namespace")
    with walls.using(wall):
        found = standing()
    assert found.why == wall.why
    assert "apt install bubblewrap" in found.cure
    with pytest.raises(MissingCage, match="No permissions"):
        walls._choose("bubblewrap")


def test_the_layers_are_told_from_inside(caged: walls.Wall) -> None:
    found = standing()
    assert found.tight
    assert found.kind == caged.kind
    wanted = {"rlimits", "seccomp"} | ({"landlock"} if caged.kind == "limits" else set())
    assert wanted <= set(found.layers)


def test_the_control_has_no_layer_and_is_not_called_tight() -> None:
    with walls.using(walls.BARE):
        found = standing()
    assert (found.layers, found.tight) == ((), False)


def test_of_a_checkout_the_child_sees_the_package_alone() -> None:
    seen = [Path(place) for place in places.readable(())]
    assert ROOT / "knowhub_ext" in seen or any(place.name == "site-packages" for place in seen)
    assert not any((ROOT / "tests").is_relative_to(place) for place in seen)
    assert not any(Path.home().is_relative_to(place) for place in seen)
    assert Path("/etc") not in seen
    assert Path("/") not in seen


def test_nothing_of_our_environment_goes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWHUB_API_TOKEN", "secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert set(walls.environment()) <= {"LANG", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "LD_LIBRARY_PATH"}
    words = walls.command_line(walls.Wall(kind="bubblewrap", program="bwrap"), "/file", (), code="pass")
    assert "secret" not in " ".join(words)
    assert {"--unshare-all", "--die-with-parent", "--new-session", "--clearenv"} <= set(words)
    assert "--proc" not in words


def test_an_unknown_machine_has_no_filter_and_a_known_one_has(monkeypatch: pytest.MonkeyPatch) -> None:
    for known in ("x86_64", "aarch64"):
        monkeypatch.setattr(platform, "machine", lambda known=known: known)
        strict, loose = seccomp.program(writing=False), seccomp.program(writing=True)
        assert strict is not None
        assert loose is not None
        assert len(strict) > len(loose) > 800
        assert len(strict) % 8 == 0
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert seccomp.program(writing=False) is None
    assert kernel.filter_calls(None) is False


def test_elsewhere_than_on_linux_the_kernel_is_asked_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    asked = (kernel.die_with_parent(0), kernel.leave_network(), kernel.drop_capabilities(), kernel.read_only(["/"]))
    assert asked == (False,) * 4
    assert walls._choose("auto").kind == "limits"


def test_limits_grow_with_the_file_and_have_an_end() -> None:
    for task in ("sound", "read", "captions"):
        small, large, huge = (limits_of(task, size) for size in (0, 100 * MB, 1 << 40))
        assert 0 < small.cpu_s < large.cpu_s <= huge.cpu_s <= 4 * 3600
        assert small.wall_s > small.cpu_s
        assert huge.memory <= 2048 * MB
    assert limits_of("probe", 1 << 40) == limits_of("probe", 0)


VALUES = [
    (MediaInfo(container="mov", duration_ms=5, has_audio=True, has_video=False), MediaInfo),
    (Document(
        text="äöü\u2028 \U0001f600", blocks=[
            Block(text="a", locator=TextSpan(start=0, end=1)), Block(text="b", locator=PageRef(page=2), kind="heading"),
            Block(text="c", locator=CellRef(cell="x"), kind="code"),
            Block(text="d", locator=TimeSpan(start_ms=1, end_ms=2)),
        ],
        links=[CellLink(cell="x", media="a.mp4", start_ms=0, end_ms=9, quote="q")], hot_words=("a", "b"),
    ), Document),
    (Captions(
        provenance=Provenance(engine="e", model="m", options={"problems": [{"line": 3}]}, hot_words=("w",)),
        segments=(Segment(start_ms=1, end_ms=2, text="t", words=(Word(start_ms=1, end_ms=2, text="t"),)),),
    ), Captions),
]  # fmt: skip


@pytest.mark.parametrize(("value", "kind"), VALUES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_value_crosses_and_is_the_same(value: Any, kind: type) -> None:
    assert forms.decode(forms.encode(value), kind) == value


@dataclass(frozen=True)
class Grown:
    """A dataclass that somebody gave a field of its own."""

    known: int
    new: tuple[str, ...] = ()
    stage: Stage = Stage.PROBE
    side: Literal["left", "right"] | None = None


def test_a_field_that_is_new_needs_nothing_here() -> None:
    for value in (Grown(1, ("a",)), Grown(1, stage=Stage.READ, side="left")):
        assert forms.decode(forms.encode(value), Grown) == value
    for name in ("stage", "side"):
        with pytest.raises(forms.BadForm):
            forms.decode({"=": "Grown", "known": 1, name: "nowhere"}, Grown)
    assert forms.decode({"=": "Grown", "known": 1}, Grown) == Grown(1)
    with pytest.raises(forms.BadForm, match="lacks known"):
        forms.decode({"=": "Grown"}, Grown)
    for wrong in (True, 1.0, "1", None, [1], 1 << 70):
        with pytest.raises(forms.BadForm):
            forms.decode({"=": "Grown", "known": wrong}, Grown)


def test_caged_readers_answer_as_they_do_without(caged: walls.Wall, tmp_path: Path) -> None:
    notebook, text = fixtures.notebook(tmp_path / "a.ipynb"), tmp_path / "a.md"
    text.write_text(fixtures.MARKDOWN, encoding="utf-8")
    for path, name, plain in ((notebook, "notebook", NotebookReader()), (text, "text", TextReader())):
        shut, free = CagedReader(target_of("readers", name), plain.suffixes), plain.read(path, name=path.name)
        found = shut.read(path, name=path.name)
        assert (found.text, list(found.blocks), list(found.links), found.hot_words) == (
            free.text, list(free.blocks), list(free.links), free.hot_words,
        )  # fmt: skip
    with pytest.raises(MissingBackend):
        target_of("readers", "none")


@pytest.mark.parametrize("line", ["00:00.000 --> 00:01.000\n<b>text</b>\n\n", "-->" * 40 + "\n\n", "<v " * 9 + "x\n\n"])
def test_a_megabyte_of_captions_takes_little_memory(line: str, tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text("WEBVTT\n\n" + line * (MB // len(line)), encoding="utf-8")
    shut = CagedTranscriber(target_of("transcribers", "captions"))
    with watched() as peak:
        with suppress(UnreadableFile):
            list(shut.transcribe(path, SpeechRequest(name="a.vtt")).segments)
    assert peak.child < 160 * MB


