"""Cages to test: each kind that this machine can have, and the child without any as the control."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowhub_ext.backends.cage import walls


def wall_of(kind: str) -> walls.Wall:
    """The cage of that kind; without bubblewrap its tests are skipped, and fail with CI=true."""
    if kind == "bare":
        return walls.BARE
    if kind == "limits":
        return walls.Wall(kind="limits", why="the test asks for it")
    program = shutil.which("bwrap")
    trouble = walls._trouble(program) if program else "bubblewrap is not installed: make unit installs it where it may"
    if trouble and os.environ.get("CI") == "true":
        pytest.fail(trouble)
    if trouble:
        pytest.skip(trouble)
    return walls.Wall(kind="bubblewrap", program=program or "", why="the test asks for it")


@pytest.fixture(params=["bubblewrap", "limits"])
def caged(request: pytest.FixtureRequest) -> Iterator[walls.Wall]:
    with walls.using(wall_of(request.param)) as wall:
        yield wall


@pytest.fixture
def breakouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module of hostile readers, as an installed plugin would be in reach."""
    folder = tmp_path / "plugin"
    folder.mkdir()
    shutil.copy(Path(__file__).parent / "breakouts.py", folder / "knowhub_breakouts.py")
    monkeypatch.syspath_prepend(str(folder))
    return "knowhub_breakouts"
