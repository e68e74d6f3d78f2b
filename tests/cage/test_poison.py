"""A file that kills whatever opens it: three attempts, then the reason; worker and queue live on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from knowhub_ext.backends.cage import walls
from knowhub_ext.errors import InvalidSetting, MissingCage
from knowhub_ext.hub import Hub
from knowhub_ext.testing.hubs import plain_hub, run_jobs

#: Takes the place of the reader of texts; what it does, the file's first word says.
POISON = '''
import ctypes, os, signal
from knowhub_ext.domain.documents import Block, Document
from knowhub_ext.domain.locators import TextSpan

class Poison:
    suffixes = frozenset({".txt"})

    def read(self, path, *, name):
        text = path.read_text()
        if text.startswith("crash"):
            ctypes.string_at(0)
        if text.startswith("killed"):
            signal.raise_signal(signal.SIGKILL)
        if text.startswith("hungry"):
            held = [bytearray(64 << 20) for _ in range(1000)]
        return Document(text=text, blocks=[Block(text=text, locator=TextSpan(start=0, end=len(text)))])
'''


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installed plugin with that reader."""
    folder = tmp_path / "plugin"
    about = folder / "zz_poison-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "zz_poison.py").write_text(POISON)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: zz-poison\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[knowhub.readers]\nzz_poison = zz_poison:Poison\n")
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def hub(tmp_path: Path, caged: walls.Wall, poisoned: Path) -> Iterator[Hub]:
    with plain_hub(tmp_path / "data") as made:
        yield made


def test_poison_is_tried_three_times_and_put_aside_and_the_others_go_on(hub: Hub, tmp_path: Path) -> None:
    me = hub.people.local()
    hub.courses.create(me, "c")
    for name in ("crash", "killed", "hungry", "good"):
        (tmp_path / f"{name}.txt").write_text(f"{name} text of a file.")
    added = hub.ingest.add(me, "c", [tmp_path / f"{name}.txt" for name in ("crash", "killed", "hungry", "good")])
    run_jobs(hub)
    jobs = {row["asset"]: row for row in hub.jobs.page(me)[0]}
    rows = [row for lesson in hub.ingest.status(added).lessons for row in lesson["assets"]]
    ended = {Path(row["path"]).stem: (jobs[row["asset"]], row) for row in rows}
    for name, why in (("crash", "SIGSEGV"), ("killed", "SIGKILL")):
        job, row = ended[name]
        assert (job["state"], job["attempts"], row["status"]) == ("dead", 3, "failed")
        assert why in job["error"]["message"]
        assert job["error"]["slug"] == "cage-broke"
        assert "job retry" in job["error"]["cure"]
    job, row = ended["hungry"]
    assert (job["state"], job["attempts"], row["error"]["slug"]) == ("failed", 1, "unreadable-file")
    assert "of memory" in row["error"]["message"]
    assert (ended["good"][0]["state"], ended["good"][1]["status"]) == ("done", "ready")
    assert [child for child in psutil.Process().children() if "cage" in " ".join(child.cmdline())] == []


def test_the_control_without_a_child_takes_the_worker_with_it(poisoned: Path, tmp_path: Path) -> None:
    (tmp_path / "crash.txt").write_text("crash")
    code = "import sys, pathlib, zz_poison; zz_poison.Poison().read(pathlib.Path(sys.argv[1]), name='')"
    environment = {**os.environ, "PYTHONPATH": str(poisoned)}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "crash.txt")], env=environment, check=False)
    assert done.returncode == -11


def test_a_cage_that_is_asked_for_and_not_there_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    try:
        with pytest.raises(MissingCage, match="bubblewrap is not installed"), plain_hub(tmp_path, cage="bubblewrap"):
            pass
        with plain_hub(tmp_path, cage="auto"):
            assert walls.current().kind == "limits"
            assert walls.current().why == "bubblewrap is not installed"
        with pytest.raises(InvalidSetting, match="auto, bubblewrap, limits"), plain_hub(tmp_path, cage="off"):
            pass
    finally:
        walls.use("limits")
        walls.use("auto")
