"""Continuous integration calls make targets that exist, pins what it uses, and may do no more than it must."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def targets() -> set[str]:
    """What `make help` lists."""
    return set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))


def suite() -> list[str]:
    """The targets that `make test` is made of."""
    (names,) = re.findall(r"^SUITE := (.*)$", MAKEFILE, re.MULTILINE)
    return names.split()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_pins_actions_and_asks_for_little(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert not [action for action in used if not re.search(r"@[0-9a-f]{40}$", action)]
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_make_targets_that_exist(path: Path) -> None:
    called = [
        word
        for line in re.findall(r"run: make (.*)", path.read_text(encoding="utf-8"))
        for word in line.split()
        if re.fullmatch(r"[a-z-]+", word)
    ]
    assert set(called) <= targets()


def test_ci_runs_every_part_of_the_suite() -> None:
    matrix = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert matrix["jobs"]["test"]["strategy"]["matrix"]["target"] == suite()
    assert set(suite()) <= targets()
