"""The sample course for all notebooks, as the command a person would type makes it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import sample


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with the sample course in it; the private servers that notebooks start on it are ended."""
    data = sample.sample_data(tmp_path_factory.mktemp("sample") / "data")
    yield data
    for file in data.glob("run/server-*.json"):
        pid = int(json.loads(file.read_text())["pid"])
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            continue


@pytest.fixture
def sample_hub(sample_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a notebook outside JupyterLab: a data folder and nothing else."""
    for name in ("KNOWHUB_API_URL", "KNOWHUB_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KNOWHUB_DATA", str(sample_data))
    return sample_data
