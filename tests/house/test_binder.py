"""Binder's files are what Binder expects; the journey beside this runs postBuild for real."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tomllib
import yaml

ROOT = Path(__file__).resolve().parents[2]
BINDER = ROOT / "binder"


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_a_script_is_executable_and_reads_as_bash(name: str) -> None:
    assert os.access(BINDER / name, os.X_OK)
    assert subprocess.run(["bash", "-n", BINDER / name], check=False).returncode == 0


def test_the_environment_has_a_python_that_the_package_accepts() -> None:
    packages = yaml.safe_load((BINDER / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    (python,) = (package for package in packages if package.startswith("python="))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={python.partition('=')[2]}"
    assert "nodejs>=20" in packages


def test_start_hands_over_to_the_server_with_the_course_it_finds() -> None:
    show = "import os; print(os.environ['KNOWHUB_DATA']); raise SystemExit(3)"
    env = {name: value for name, value in os.environ.items() if name != "KNOWHUB_DATA"}
    command = [BINDER / "start", sys.executable, "-c", show]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 3
    assert Path(done.stdout.strip()) == ROOT / ".knowhub"
