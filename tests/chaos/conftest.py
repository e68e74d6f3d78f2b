"""Every chaos test gets a seed that is printed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.harness import SEED, TIMES, World
from tests.store.conftest import postgres_schema


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("KNOWHUB_SEED", str(SEED))  # for those that run a part of the tests beside this process


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.chaos)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"chaos: KNOWHUB_SEED={SEED} KNOWHUB_CHAOS={TIMES} replays this run's choices")


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance that a seed replays; each test has its own, so that one can be replayed alone."""
    print(f"KNOWHUB_SEED={SEED}")
    return random.Random(f"{SEED}:{request.node.name}")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A data folder on SQLite."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A data folder on either database."""
    urls = iter([""]) if request.param == "sqlite" else postgres_schema()
    for url in urls:
        made = World(tmp_path, database_url=url)
        yield made
        made.close()


def must_have(what: bool, why: str) -> None:
    """Skip with a plain word where this machine cannot do something; with CI=true fail."""
    if not what:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
