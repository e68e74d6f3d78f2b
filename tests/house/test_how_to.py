"""docs/how-to/add-a-transcriber.md is executed: its blocks, as they stand, are a package that KnowHub finds and that
keeps the contract."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomllib

from knowhub_ext.testing.contracts.transcribers import TranscriberContract
from tests.house.source import ROOT, text

PAGE = "docs/how-to/add-a-transcriber.md"
BLOCK = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> dict[str, str]:
    """File name -> text, of every block that the page marks."""
    return dict(BLOCK.findall(text(PAGE)))


def write_package(folder: Path, files: dict[str, str]) -> None:
    """What `pip install` would leave behind: the modules, and the entry points beside them."""
    points = tomllib.loads(files["pyproject.toml"])["project"]["entry-points"]
    about = folder / "sample_transcriber-1.0.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: sample-transcriber\nVersion: 1.0\n")
    rows = [line for group, row in points.items() for line in (f"[{group}]", *(f"{k} = {v}" for k, v in row.items()))]
    about.joinpath("entry_points.txt").write_text("\n".join(rows), encoding="utf-8")
    for name, content in files.items():
        folder.joinpath(name).write_text(content, encoding="utf-8")


def run(folder: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run pytest where the package is installed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    env = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }  # fmt: skip
    return subprocess.run(command, cwd=cwd or folder, env=env, capture_output=True, text=True, check=False)


def tried(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the page's own tests, as somebody else's package would."""
    return run(folder, "-x", "-c", os.devnull, "--rootdir", str(folder), str(folder))


def test_the_page_is_a_package_that_keeps_the_contract(tmp_path: Path) -> None:
    write_package(tmp_path, blocks())
    done = tried(tmp_path)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed.group(1)) > len([name for name in vars(TranscriberContract) if name.startswith("test_")])


def test_our_own_contract_tests_find_it_too(tmp_path: Path) -> None:
    write_package(tmp_path, blocks())
    done = run(tmp_path, "-p", "pytest_timeout", "--collect-only", "tests/contracts/test_transcribers.py", cwd=ROOT)
    assert "[srt_program]" in done.stdout
    assert "[captions]" in done.stdout


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('srt_program = "srt_program:SrtProgram"', 'another = "srt_program:SrtProgram"'),
        (" if cue.start_ms >= request.start_ms", ""),
    ],
    ids=["not registered under its name", "gives again what was saved"],
)
def test_a_page_that_is_wrong_would_fail(was: str, becomes: str, tmp_path: Path) -> None:
    files = {name: content.replace(was, becomes) for name, content in blocks().items()}
    assert files != blocks()
    write_package(tmp_path, files)
    assert tried(tmp_path).returncode == 1


def test_the_sample_is_as_clean_as_the_house(tmp_path: Path) -> None:
    for name, content in blocks().items():
        if name.endswith(".py"):
            (tmp_path / name).write_text(content, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", ROOT / "pyproject.toml", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
