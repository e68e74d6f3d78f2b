"""What Binder does while it builds: postBuild, for real, into an environment that is there already."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.models
def test_post_build_leaves_a_course_that_answers(tmp_path: Path) -> None:
    env = {**os.environ, "KNOWHUB_VENV": sys.prefix, "KNOWHUB_DATA": str(tmp_path / "data")}
    built = subprocess.run([ROOT / "binder" / "postBuild"], env=env, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    assert "JupyterLab on the lesson" not in built.stdout
    ask = [ROOT / "binder" / "start", Path(sys.prefix) / "bin" / "knowhub", "search", "fullstack", "visibility timeout"]
    found = subprocess.run(ask, env=env, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert "timeout" in found.stdout
