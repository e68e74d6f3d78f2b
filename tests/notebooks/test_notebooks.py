"""Every notebook that is shipped, executed against a real hub with the sample course in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("notebooks", "notebooks/fullstack", "dashboards")
NOTEBOOKS = sorted(str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).glob("*.ipynb"))


def run(name: str, into: Path, **parameters: Any) -> nbformat.NotebookNode:
    return papermill.execute_notebook(
        ROOT / name, into / "out.ipynb", parameters, cwd=(ROOT / name).parent, kernel_name="python3", progress_bar=False
    )


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def said(notebook: nbformat.NotebookNode, stream: str = "stdout") -> str:
    return "".join(output.text for output in outputs(notebook) if output.get("name") == stream)


def shown(notebook: nbformat.NotebookNode, mime: str) -> list[str]:
    return [output.data[mime] for output in outputs(notebook) if mime in output.get("data", {})]


def test_there_are_valid_notebooks_in_every_folder() -> None:
    assert {str(Path(name).parent) for name in NOTEBOOKS} == set(FOLDERS)
    for name in NOTEBOOKS:
        nbformat.validate(nbformat.read(ROOT / name, as_version=4))


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if "/fullstack/" not in name])
def test_what_shows_a_hub_is_kept_without_outputs(name: str) -> None:
    """They would be one machine's; the companions' outputs are part of the lessons."""
    notebook = nbformat.read(ROOT / name, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert [cell.id for cell in code if cell.outputs or cell.execution_count] == []


@pytest.mark.slow
@pytest.mark.usefixtures("sample_hub")
def test_every_notebook_runs_under_nbval() -> None:
    options = ["--noconftest", "--nbval-lax", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    argv = ["-m", "pytest", *options, *NOTEBOOKS]
    ran = subprocess.run([sys.executable, *argv], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.usefixtures("sample_hub")
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_under_papermill(name: str, tmp_path: Path) -> None:
    assert outputs(run(name, tmp_path))


@pytest.mark.slow
@pytest.mark.usefixtures("sample_hub")
def test_the_tour_cites_and_refuses(tmp_path: Path) -> None:
    tour = run("notebooks/quickstart.ipynb", tmp_path)
    assert said(tour, "stderr") == ""
    cited, refused = shown(tour, "text/markdown")[:2]
    assert "](/knowhub/lesson/" in cited
    assert "?t=" in cited
    assert "](/knowhub/lesson/" not in refused
    assert len(shown(tour, "application/vnd.jupyter.widget-view+json")) == 4


@pytest.mark.slow
@pytest.mark.usefixtures("sample_hub")
def test_the_overview_draws_every_sentence_with_its_link(tmp_path: Path) -> None:
    page = run("dashboards/course_overview.ipynb", tmp_path)
    (figure,) = [html for html in shown(page, "text/html") if html.startswith("<svg")]
    assert figure.count('href="/knowhub/lesson/') > 30
    assert len(shown(page, "application/vnd.jupyter.widget-view+json")) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("sample_hub")
def test_the_overview_of_no_course_is_one_sentence(tmp_path: Path) -> None:
    page = run("dashboards/course_overview.ipynb", tmp_path, course="nothing")
    assert len(said(page).splitlines()) == 1
    assert len(outputs(page)) == 1
