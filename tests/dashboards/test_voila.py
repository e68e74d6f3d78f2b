"""The course page under Voila alone: no hub, so one sentence with the cure and nothing else."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
SENTENCE = (
    "This page shows a KnowHub hub, and none runs at this address. "
    "Start JupyterLab where knowhub-ext is installed and open /voila at its address."
)


def page(url: str, patience_s: float = 60) -> str:
    """The finished page: Voila sends it while the notebook runs."""
    end = time.monotonic() + patience_s
    while True:
        try:
            return httpx.get(url, timeout=60).text
        except httpx.ConnectError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.mark.slow
def test_voila_alone_shows_the_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNOWHUB_API_URL", raising=False)
    monkeypatch.setenv("KNOWHUB_DATA", str(tmp_path / "data"))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    options = ["--no-browser", "--port", str(port), "--Voila.ip=127.0.0.1"]
    argv = ["-m", "voila", "dashboards/course_overview.ipynb", *options]
    process = subprocess.Popen([sys.executable, *argv], cwd=ROOT)
    try:
        text = page(f"http://127.0.0.1:{port}/")
    finally:
        process.terminate()
        process.wait(20)
    assert SENTENCE in text
    assert not re.search("Traceback|widget-view\\+json", text)
    assert not (tmp_path / "data").exists()  # no private hub was started: no browser could log in to it
