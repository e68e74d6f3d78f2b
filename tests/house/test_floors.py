"""The floors of ARCHITECTURE.md hold, and the linter that says so would notice if they did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, ROOT

#: file -> the line that breaks a rule, and what the linter must say about it.
PLANTED = {
    "a backend reaches for a service": (
        "backends/runners/inline.py", "import knowhub_ext.services.ingest",
        "not allowed to import knowhub_ext.services",
    ),
    "a widget opens the store": (
        "widgets/views.py", "import knowhub_ext.store.courses", "not allowed to import knowhub_ext.store",
    ),
    "the domain knows the store": (
        "domain/jobs.py", "import knowhub_ext.store.jobs", "not allowed to import knowhub_ext.store",
    ),
    "a service knows a vendor": (
        "services/asking.py", "import langchain", "not allowed to import langchain",
    ),
    "one door knows another": (
        "worker.py", "import knowhub_ext.cli", "not allowed to import knowhub_ext.cli",
    ),
    "two families of backends meet": (
        "backends/indexes/memory.py", "import knowhub_ext.backends.embedders.hashing",
        "not allowed to import knowhub_ext.backends.embedders",
    ),
    "a module stands on no floor": ("helpers.py", "", "helpers"),
}  # fmt: skip


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package that lies in `folder`, by the contracts of its pyproject.toml."""
    code = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=folder, env={"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's Python alone, with the contracts beside it."""
    keep = shutil.ignore_patterns("labextension", "static", "__pycache__", "*.yaml", "*.mako")
    shutil.copytree(PACKAGE, tmp_path / "knowhub_ext", ignore=keep)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_module_imports_only_what_stands_below_it() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_import_is_caught(case: str, copy: Path) -> None:
    name, line, complaint = PLANTED[case]
    path = copy / "knowhub_ext" / name
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout
    assert complaint in " ".join(done.stdout.split())
