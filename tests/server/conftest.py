"""One seeded data folder and one Jupyter server for all tests of the server; each test brings its own clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowhub_ext.backends.runners.embedded import EmbeddedRunner
from tests.server.harness import Jupyter, jupyter, seed
from tests.server.serving import Serving, serving

#: Who was asked to wake a worker: tests run jobs themselves, so that no other process changes what they look at.
woken: list[EmbeddedRunner] = []


@contextmanager
def nobody_woken() -> Iterator[None]:
    """Note wakes instead of starting workers. Only while a test of this folder runs: others share the process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmbeddedRunner, "wake", lambda runner: woken.append(runner))
        yield


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Jupyter, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("server")
    with nobody_woken():
        known = seed(folder / "data", folder / "files")
    with jupyter(folder, folder / "data") as server:
        # It lives while tests of other folders run as well, and must not start a worker for jobs that were left then.
        runner = server.on_loop(server.extension.wing.hub).runner
        runner.wake = lambda: woken.append(runner)
        yield server, known | {"data": folder / "data"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with nobody_woken():
        yield


@pytest.fixture
def server(world: tuple[Jupyter, dict[str, Any]]) -> Iterator[Jupyter]:
    yield world[0]
    world[0].close_clients()


@pytest.fixture
def alpha(world: tuple[Jupyter, dict[str, Any]]) -> dict[str, str]:
    return world[1]["alpha"]  # type: ignore[no-any-return]


@pytest.fixture
def beta(world: tuple[Jupyter, dict[str, Any]]) -> dict[str, str]:
    return world[1]["beta"]  # type: ignore[no-any-return]


@pytest.fixture
def data(world: tuple[Jupyter, dict[str, Any]]) -> Path:
    return world[1]["data"]  # type: ignore[no-any-return]


@pytest.fixture
def wakes() -> list[EmbeddedRunner]:
    """Every wake so far."""
    return woken


@pytest.fixture
def api(server: Jupyter) -> httpx.Client:
    """A client with the API token."""
    return server.holder()


@pytest.fixture
def person(server: Jupyter) -> httpx.Client:
    """A client signed in to Jupyter by cookie."""
    return server.person()


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Another seeded data folder, for `serve` alone: the ids of its courses, and `data`, where it is."""
    folder = tmp_path_factory.mktemp("serve")
    return seed(folder / "data", folder / "files") | {"data": folder / "data"}


@pytest.fixture(scope="session")
def served(known: dict[str, Any]) -> Iterator[Serving]:
    with serving(known["data"], "--course", "alpha") as running:
        yield running
