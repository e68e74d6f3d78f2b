"""The command line in this process, on a data folder of its own and with nothing that needs a model."""

from __future__ import annotations

import json

import pytest

from knowhub_ext.cli import main
from knowhub_ext.testing.hubs import PLAIN, VTT


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Run a command; return (exit code, stdout, stderr)."""
    monkeypatch.setenv("KNOWHUB_DATA", str(tmp_path / "data"))
    for name in ("transcriber", "embedder", "index", "chat_model"):
        monkeypatch.setenv(f"KNOWHUB_{name.upper()}", PLAIN[name])

    def call(*arguments: str):
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def course(run, tmp_path):
    (tmp_path / "talk.vtt").write_text(VTT)
    assert run("course", "create", "demo", "--title", "Demo")[0] == 0
    code, out, _ = run("add", "demo", str(tmp_path / "talk.vtt"), "--json")
    assert code == 0
    return json.loads(out)
